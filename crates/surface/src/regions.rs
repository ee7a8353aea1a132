use crate::lattice::Lattice;

/// The four neighbours of a cell that lie on the lattice.
pub(crate) fn neighbours(lattice: &Lattice, cell: usize) -> impl Iterator<Item = usize> {
    let (row, col, cols) = (cell / lattice.cols, cell % lattice.cols, lattice.cols);
    let candidates = [
        (row > 0).then(|| cell - cols),
        (col > 0).then(|| cell - 1),
        (col + 1 < cols).then(|| cell + 1),
        (row + 1 < lattice.rows).then(|| cell + cols),
    ];
    candidates.into_iter().flatten()
}

/// Connected regions of the cells that are `wanted`, in the order of their first cell.
pub(crate) fn regions(
    lattice: &Lattice,
    z: &[f32],
    wanted: impl Fn(f32) -> bool,
    connected: impl Fn(f32, f32) -> bool,
) -> Vec<Vec<usize>> {
    let mut taken = vec![false; z.len()];
    let mut regions = Vec::new();
    for seed in 0..z.len() {
        if taken[seed] || !wanted(z[seed]) {
            continue;
        }
        taken[seed] = true;
        let mut region = vec![seed];
        let mut next = 0;
        while let Some(&cell) = region.get(next) {
            next += 1;
            for neighbour in neighbours(lattice, cell) {
                if !taken[neighbour] && wanted(z[neighbour]) && connected(z[cell], z[neighbour]) {
                    taken[neighbour] = true;
                    region.push(neighbour);
                }
            }
        }
        regions.push(region);
    }
    regions
}
