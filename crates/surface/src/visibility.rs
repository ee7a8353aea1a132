//! Which views can see a cell, given a surface that may hide it.

use crate::hypotheses::Hypotheses;
use crate::lattice::Lattice;
use crate::select::Winners;
use crate::view_choice::TileView;

/// Hypotheses by which an occluder must rise above a ray: less is matching noise.
const CLEARANCE: f64 = 4.0;

/// One word a cell: bit `i` is set where the `i`th view of the tile sees the cell's height.
pub(crate) struct Visibility {
    lattice: Lattice,
    words: Vec<u32>,
}

impl Visibility {
    /// Follows the rays from all cells to all views. Only winners clear of their rivals hide anything: a false tower would
    /// take the views away that could disprove it.
    pub fn of(hypotheses: &Hypotheses, winners: &Winners, views: &[TileView], min_margin: f64) -> Self {
        let lattice = hypotheses.lattice;
        let occluders: Vec<f32> = winners
            .z
            .iter()
            .zip(&winners.margin)
            .map(|(&z, &margin)| if margin as f64 >= min_margin { z } else { f32::NEG_INFINITY })
            .collect();
        let scene = Occluders {
            lattice,
            top: occluders.iter().copied().fold(f32::NEG_INFINITY, f32::max) as f64,
            heights: occluders,
            clearance: CLEARANCE * hypotheses.step_m,
        };
        let words = (0..lattice.len())
            .map(|cell| {
                let z = winners.z[cell] as f64;
                let sees = |(i, view): (usize, &TileView)| u32::from(scene.lets_pass(cell, z, view)) << i;
                views.iter().enumerate().map(sees).sum()
            })
            .collect();
        Self { lattice, words }
    }

    /// The word of the cell that holds a cell of half its size.
    pub fn of_half_cell(&self, row: usize, col: usize) -> u32 {
        self.words[row / 2 * self.lattice.cols + col / 2]
    }
}

/// A surface that rays may hit.
struct Occluders {
    lattice: Lattice,
    heights: Vec<f32>,
    top: f64,
    clearance: f64,
}

impl Occluders {
    /// Whether nothing stands between a cell and a view.
    fn lets_pass(&self, cell: usize, z: f64, view: &TileView) -> bool {
        let lattice = &self.lattice;
        let (row, col) = (cell / lattice.cols, cell % lattice.cols);
        let center = lattice.center(row, col);
        let away = (view.center.xy() - center) / lattice.cell_m;
        let distance = away.norm();
        if distance < 1.0 || view.center.z <= z {
            return true;
        }
        let (right, down) = (away.x / distance, -away.y / distance);
        let rise = (view.center.z - z) / distance;
        let steps = ((self.top - z) / rise).min(distance) as usize;
        for step in 1..=steps {
            let (r, c) = (row as f64 + 0.5 + down * step as f64, col as f64 + 0.5 + right * step as f64);
            if r < 0.0 || c < 0.0 || r >= lattice.rows as f64 || c >= lattice.cols as f64 {
                return true;
            }
            let occluder = self.heights[r as usize * lattice.cols + c as usize] as f64;
            if occluder > z + rise * step as f64 + self.clearance {
                return false;
            }
        }
        true
    }
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
        z[10] = 8.0;
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
        assert_eq!(seen.of_half_cell(0, 2 * 12), 0b11, "in front of it");
    }
}
