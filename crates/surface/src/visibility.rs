//! Which views can see a cell, given a surface that may hide it.

use nalgebra::Vector2;

use crate::height_range::spread;
use crate::hypotheses::Hypotheses;
use crate::lattice::Lattice;
use crate::select::Winners;
use crate::view_choice::TileView;

/// Hypotheses by which an occluder must rise above a ray: less is matching noise.
const CLEARANCE: f64 = 4.0;

/// Cells by which coarse windows make a wall thicker than it is.
const TOO_THICK: usize = 1;

/// One word a cell: bit `i` is set where the `i`th view of the tile sees the cell's height.
pub(crate) struct Visibility {
    lattice: Lattice,
    words: Vec<u32>,
}

impl Visibility {
    /// Holds every cell against what stands between it and each view. Only winners clear of their rivals hide anything: a
    /// false tower would take the views away that could disprove it.
    pub fn of(hypotheses: &Hypotheses, winners: &Winners, views: &[TileView], min_margin: f64) -> Self {
        let lattice = hypotheses.lattice;
        let clearance = (CLEARANCE * hypotheses.step_m) as f32;
        let hides = |(&z, &margin): (&f32, &f32)| {
            if f64::from(margin) >= min_margin { z - clearance } else { f32::NEG_INFINITY }
        };
        let occluders: Vec<f32> = winners.z.iter().zip(&winners.margin).map(hides).collect();
        let occluders = spread(&occluders, &lattice, TOO_THICK, f32::min);
        let mut words = vec![0_u32; lattice.len()];
        for (i, view) in views.iter().enumerate() {
            let outlook = Outlook::new(&lattice, view);
            let horizon = outlook.horizon(&occluders);
            for (cell, word) in words.iter_mut().enumerate() {
                let sees = outlook.slant(cell, winners.z[cell]) >= horizon[cell];
                *word |= u32::from(sees) << i;
            }
        }
        Self { lattice, words }
    }

    /// The word of the cell that holds a cell of half its size.
    pub fn of_half_cell(&self, row: usize, col: usize) -> u32 {
        self.words[row / 2 * self.lattice.cols + col / 2]
    }
}

/// A lattice as a view sees it: from the plumb point below the view outward, a line of sight leans ever more.
struct Outlook {
    lattice: Lattice,
    /// Row and column of the plumb point.
    foot: Vector2<f32>,
    /// Height of the view.
    eye_z: f32,
}

impl Outlook {
    fn new(lattice: &Lattice, view: &TileView) -> Self {
        let row = (lattice.north - view.center.y) / lattice.cell_m;
        let col = (view.center.x - lattice.west) / lattice.cell_m;
        Self { lattice: *lattice, foot: Vector2::new(row as f32, col as f32), eye_z: view.center.z as f32 }
    }

    /// From a cell's centre to the plumb point, rows and columns.
    fn to_foot(&self, cell: usize) -> Vector2<f32> {
        let (row, col) = (cell / self.lattice.cols, cell % self.lattice.cols);
        self.foot - Vector2::new(row as f32 + 0.5, col as f32 + 0.5)
    }

    /// How far the line of sight to a height in a cell leans, cells a metre; infinite from above the view.
    fn slant(&self, cell: usize, z: f32) -> f32 {
        let below = self.eye_z - z;
        if below > 0.0 { self.to_foot(cell).norm() / below } else { f32::INFINITY }
    }

    /// How far lines of sight must lean, at least, to reach each cell over everything nearer to the plumb point. Each cell goes on from the two cells
    /// before it on its line of sight (as in Franklin and Ray, "Higher isn't necessarily better", 1994).
    fn horizon(&self, occluders: &[f32]) -> Vec<f32> {
        let Lattice { rows, cols, .. } = self.lattice;
        let mut horizon = vec![0.0_f32; occluders.len()];
        for row in outward(self.foot.x, rows) {
            for col in outward(self.foot.y, cols) {
                let cell = row * cols + col;
                let to_foot = self.to_foot(cell);
                let major = to_foot.amax();
                if major < 1.0 {
                    continue;
                }
                let step = to_foot / major;
                let reached = |row_step: f32, col_step: f32| {
                    let before = row
                        .checked_add_signed(row_step as isize)
                        .zip(col.checked_add_signed(col_step as isize));
                    let before = before.filter(|&(r, c)| r < rows && c < cols).map(|(r, c)| r * cols + c);
                    before.map_or(0.0, |b| horizon[b].max(self.slant(b, occluders[b])))
                };
                let (straight, aside, share) = if step.x.abs() >= step.y.abs() {
                    (reached(step.x, 0.0), reached(step.x, step.y.signum()), step.y.abs())
                } else {
                    (reached(0.0, step.y), reached(step.x.signum(), step.y), step.x.abs())
                };
                horizon[cell] = straight + (aside - straight) * share;
            }
        }
        horizon
    }
}

/// The places of a line in the order of their distance from a position on it, first those behind it.
fn outward(position: f32, len: usize) -> impl Iterator<Item = usize> + Clone {
    let first = (position.max(0.0) as usize).min(len);
    (first..len).chain((0..first).rev())
}

#[cfg(test)]
mod tests {
    use nalgebra::Vector3;

    use super::*;

    #[test]
    fn a_wall_hides_the_cells_behind_it_from_a_low_view_only() {
        let lattice = Lattice { west: 0.0, north: 1.0, cell_m: 1.0, rows: 1, cols: 20 };
        let h = Hypotheses::between(lattice, 0.1, &[0.0; 20], &[10.0; 20]);
        let mut z = vec![0.0; 20];
        z[9..12].fill(8.0);
        let winners = Winners {
            rival_z: z.clone(),
            z,
            cost: vec![0; 20],
            margin: vec![1.0; 20],
            curvature: vec![0.0; 20],
        };
        let view = |x: f64| TileView { view_idx: 0, center: Vector3::new(x, 0.5, 50.0) };
        let seen = Visibility::of(&h, &winners, &[view(7.0), view(60.0)], 0.1);
        assert_eq!(seen.of_half_cell(0, 2 * 8), 0b01, "behind the wall as the far view sees it");
        assert_eq!(seen.of_half_cell(0, 2 * 13), 0b11, "in front of it");
    }
}
