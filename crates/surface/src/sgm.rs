//! Semi-global aggregation (Hirschmueller 2008) over the cells of a lattice, each with its own band of hypotheses
//! (Rothermel et al. 2012).

use crate::hypotheses::{Hypotheses, LANES};

/// Penalties of height changes between neighbouring cells, in units of cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Penalties {
    /// One hypothesis up or down.
    pub small: u8,
    /// Any larger jump.
    pub large: u8,
}

/// Sums the path costs of eight directions; the layout is that of `costs`.
pub(crate) fn aggregate(hypotheses: &Hypotheses, costs: &[u8], penalties: Penalties) -> Vec<u16> {
    let mut sums = vec![0_u16; costs.len()];
    for backward in [false, true] {
        Sweep::new(hypotheses, costs, penalties, backward).run(&mut sums);
    }
    sums
}

/// Paths into a cell from the row before and from the cell before: straight, both diagonals, sideways.
const PATHS: usize = 4;

/// One pass over all rows from the first (or, backward, from the last).
struct Sweep<'a> {
    hypotheses: &'a Hypotheses,
    costs: &'a [u8],
    penalties: Penalties,
    backward: bool,
    previous: [PathRow; PATHS],
    current: [PathRow; PATHS],
    padded: Vec<u8>,
}

/// Path costs of one direction in one row.
#[derive(Default, Clone)]
struct PathRow {
    values: Vec<u8>,
    minima: Vec<u8>,
}

impl<'a> Sweep<'a> {
    fn new(hypotheses: &'a Hypotheses, costs: &'a [u8], penalties: Penalties, backward: bool) -> Self {
        Self {
            hypotheses,
            costs,
            penalties,
            backward,
            previous: Default::default(),
            current: Default::default(),
            padded: Vec::new(),
        }
    }

    fn run(&mut self, sums: &mut [u16]) {
        let rows = self.hypotheses.lattice.rows;
        for i in 0..rows {
            let row = if self.backward { rows - 1 - i } else { i };
            self.run_row(row, i > 0, sums);
            std::mem::swap(&mut self.previous, &mut self.current);
        }
    }

    fn run_row(&mut self, row: usize, has_previous: bool, sums: &mut [u16]) {
        let cols = self.hypotheses.lattice.cols;
        let row_start = self.hypotheses.starts[row * cols];
        let row_len = self.hypotheses.starts[(row + 1) * cols] - row_start;
        for path in &mut self.current {
            path.values.resize(row_len, 0);
            path.minima.resize(cols, 0);
        }
        let behind: isize = if self.backward { 1 } else { -1 };
        for i in 0..cols {
            let col = if self.backward { cols - 1 - i } else { i };
            let aside = |by: isize| col.checked_add_signed(by).filter(|&c| c < cols);
            let above = |by: isize| if has_previous { aside(by) } else { None };
            let from = [above(0), above(-1), above(1), aside(behind)];
            for (path, from) in from.into_iter().enumerate() {
                self.step(path, row, col, from, sums);
            }
        }
    }

    /// Path cost of a cell: its own cost plus the cheapest way from the cell before.
    fn step(&mut self, path: usize, row: usize, col: usize, from: Option<usize>, sums: &mut [u16]) {
        let cols = self.hypotheses.lattice.cols;
        let cell = row * cols + col;
        let starts = &self.hypotheses.starts;
        let row_start = starts[row * cols];
        let costs = &self.costs[starts[cell]..starts[cell + 1]];
        let sums = &mut sums[starts[cell]..starts[cell + 1]];
        let at = starts[cell] - row_start;
        let sideways = path == PATHS - 1;
        let from_row = if sideways {
            row
        } else if self.backward {
            row + 1
        } else {
            row.wrapping_sub(1)
        };
        let mut floor = 0;
        match from {
            None => {
                self.padded.clear();
                self.padded.resize(costs.len() + 2, 0);
            }
            Some(from_col) => {
                let from_cell = from_row * cols + from_col;
                let source = if sideways { &self.current[path] } else { &self.previous[path] };
                let from_at = starts[from_cell] - starts[from_row * cols];
                let values = &source.values[from_at..from_at + self.hypotheses.count[from_cell] as usize];
                floor = source.minima[from_col];
                let jump = floor.saturating_add(self.penalties.large);
                let shift =
                    self.hypotheses.first[from_cell] as isize - self.hypotheses.first[cell] as isize + 1;
                lay(&mut self.padded, values, shift, costs.len() + 2, jump);
            }
        }
        let target = &mut self.current[path];
        let values = &mut target.values[at..at + costs.len()];
        let jump = floor.saturating_add(self.penalties.large);
        target.minima[col] = extend(values, sums, costs, &self.padded, self.penalties.small, (jump, floor));
    }
}

/// Writes `values`, shifted, into a band of `len` whose uncovered places hold `outside`.
fn lay(padded: &mut Vec<u8>, values: &[u8], shift: isize, len: usize, outside: u8) {
    padded.clear();
    padded.resize(len, outside);
    let skip = (-shift).max(0) as usize;
    let at = shift.max(0) as usize;
    if skip < values.len() && at < len {
        let n = (values.len() - skip).min(len - at);
        padded[at..at + n].copy_from_slice(&values[skip..skip + n]);
    }
}

/// The recursion of semi-global matching for all hypotheses of a cell; returns the new minimum.
#[inline]
fn extend(
    values: &mut [u8],
    sums: &mut [u16],
    costs: &[u8],
    before: &[u8],
    small: u8,
    (jump, floor): (u8, u8),
) -> u8 {
    let n = costs.len();
    let before = lanes(&before[..n]).iter().zip(lanes(&before[1..=n])).zip(lanes(&before[2..n + 2]));
    let (values, _) = values.as_chunks_mut::<LANES>();
    let (sums, _) = sums.as_chunks_mut::<LANES>();
    let mut minima = [u8::MAX; LANES];
    for (((values, sums), costs), ((below, same), above)) in
        values.iter_mut().zip(sums).zip(lanes(costs)).zip(before)
    {
        for lane in 0..LANES {
            let neighbour = below[lane].min(above[lane]).saturating_add(small);
            let cheapest = same[lane].min(neighbour).min(jump);
            values[lane] = costs[lane].saturating_add(cheapest - floor);
            sums[lane] += u16::from(values[lane]);
            minima[lane] = minima[lane].min(values[lane]);
        }
    }
    minima.into_iter().fold(u8::MAX, u8::min)
}

/// Values in whole lanes, as bands come.
fn lanes(values: &[u8]) -> &[[u8; LANES]] {
    values.as_chunks().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::Lattice;

    fn hypotheses(rows: usize, cols: usize, low: f32, high: f32) -> Hypotheses {
        let lattice = Lattice { west: 0.0, north: 0.0, cell_m: 1.0, rows, cols };
        Hypotheses::between(lattice, 1.0, &vec![low; rows * cols], &vec![high; rows * cols])
    }

    fn winner(sums: &[u16]) -> usize {
        (0..sums.len()).min_by_key(|&d| sums[d]).unwrap()
    }

    #[test]
    fn a_cell_without_texture_takes_the_height_of_its_neighbours() {
        let h = hypotheses(3, 3, 0.0, 9.0);
        let mut costs = vec![30_u8; h.len()];
        for cell in (0..9).filter(|&cell| cell != 4) {
            costs[h.starts[cell] + 6] = 2;
        }
        let sums = aggregate(&h, &costs, Penalties { small: 3, large: 20 });
        assert_eq!(winner(&sums[h.starts[4]..h.starts[5]]), 6);
    }

    #[test]
    fn bands_that_do_not_start_together_are_compared_at_the_same_height() {
        let lattice = Lattice { west: 0.0, north: 0.0, cell_m: 1.0, rows: 1, cols: 2 };
        let h = Hypotheses::between(lattice, 1.0, &[0.0, 4.0], &[9.0, 8.0]);
        let mut costs = vec![30_u8; h.len()];
        let height = |cell: usize, i: usize| h.z((h.first[cell] as usize + i) as f64);
        let five = (0..LANES).find(|&i| (height(0, i) - 5.0).abs() < 1e-9).unwrap();
        costs[five] = 2;
        let sums = aggregate(&h, &costs, Penalties { small: 3, large: 20 });
        assert!((height(1, winner(&sums[h.starts[1]..])) - 5.0).abs() < 1e-9);
    }
}
