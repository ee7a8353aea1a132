//! What is done to the winners before they are called heights.

use crate::lattice::Lattice;
use crate::regions::{neighbours, regions};

/// Cells of an island of heights that is too small to be believed.
const SPECKLE: usize = 60;

/// Cells of a hole that its rim may fill.
const PINHOLE: usize = 40;

/// Hypotheses between neighbours that still belong to one surface.
const SAME_SURFACE: f32 = 3.0;

/// Height between a cell of a roof and one of the ground beside it, metres.
const WALL_M: f32 = 0.8;

/// Cells behind the edge of a roof that are still roof.
const ROOF: isize = 3;

/// Hypotheses between neighbours that are averaged.
const SAME_PLANE: f32 = 1.5;

/// Cells on each side that are averaged.
const SMOOTHING: usize = 1;

/// A height field on its way out.
pub(crate) struct Field<'a> {
    pub lattice: &'a Lattice,
    /// Height of a hypothesis, metres.
    pub step_m: f32,
    /// World heights; NaN for holes.
    pub z: Vec<f32>,
}

impl Field<'_> {
    /// Removes small islands that hang above or below their surroundings; returns the cells.
    pub fn drop_speckles(&mut self) -> Vec<usize> {
        let tolerance = SAME_SURFACE * self.step_m;
        let connected = |a: f32, b: f32| (a - b).abs() <= tolerance;
        let regions = regions(self.lattice, &self.z, |z| !z.is_nan(), connected);
        let dropped: Vec<usize> =
            regions.into_iter().filter(|region| region.len() < SPECKLE).flatten().collect();
        for &cell in &dropped {
            self.z[cell] = f32::NAN;
        }
        dropped
    }

    /// Moves walls inward by a cell: a census window matches at the height of a roof as soon as it holds the roof's edge. Things
    /// that are narrower than a roof keep their width: a window hardly sees them.
    pub fn draw_in_walls(&mut self) {
        let Lattice { rows, cols, .. } = *self.lattice;
        let before = self.z.clone();
        let z = |row: Option<usize>, col: Option<usize>| match (row, col) {
            (Some(row), Some(col)) if row < rows && col < cols => before[row * cols + col],
            _ => f32::NAN,
        };
        for (cell, &here) in before.iter().enumerate() {
            let (row, col) = (cell / cols, cell % cols);
            let step = |(down, right): (isize, isize), steps: isize| {
                z(row.checked_add_signed(down * steps), col.checked_add_signed(right * steps))
            };
            let is_roof =
                |away: &(isize, isize)| (1..=ROOF).all(|steps| (step(*away, -steps) - here).abs() < WALL_M);
            let drops =
                [(-1, 0), (0, 1), (1, 0), (0, -1)].into_iter().filter(is_roof).map(|away| step(away, 1));
            let lowest = drops.fold(f32::NAN, f32::min);
            if here - lowest > WALL_M {
                self.z[cell] = lowest;
            }
        }
    }

    /// Fills small holes whose rim lies on one surface; returns the cells.
    pub fn fill_pinholes(&mut self) -> Vec<usize> {
        let mut filled = Vec::new();
        for region in regions(self.lattice, &self.z, f32::is_nan, |_, _| true) {
            if region.len() > PINHOLE {
                continue;
            }
            let rim: Vec<f32> = region
                .iter()
                .flat_map(|&cell| neighbours(self.lattice, cell))
                .map(|cell| self.z[cell])
                .filter(|z| !z.is_nan())
                .collect();
            let (low, high) =
                rim.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), &z| (l.min(z), h.max(z)));
            if high - low <= SAME_SURFACE * self.step_m {
                let mean = rim.iter().sum::<f32>() / rim.len() as f32;
                for &cell in &region {
                    self.z[cell] = mean;
                }
                filled.extend(region);
            }
        }
        filled
    }

    /// Means of the neighbours on the same plane: levels the ripple of matching and leaves edges where they are.
    pub fn smooth(&mut self) {
        let (rows, cols) = (self.lattice.rows, self.lattice.cols);
        let tolerance = SAME_PLANE * self.step_m;
        let before = self.z.clone();
        for row in 0..rows {
            for col in 0..cols {
                let z = before[row * cols + col];
                let (mut sum, mut n) = (0.0, 0.0_f32);
                for r in row.saturating_sub(SMOOTHING)..(row + SMOOTHING + 1).min(rows) {
                    for &other in
                        &before[r * cols..][col.saturating_sub(SMOOTHING)..(col + SMOOTHING + 1).min(cols)]
                    {
                        if (other - z).abs() <= tolerance {
                            sum += other - z;
                            n += 1.0;
                        }
                    }
                }
                if n > 0.0 {
                    self.z[row * cols + col] = z + sum / n;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATTICE: Lattice = Lattice { west: 0.0, north: 0.0, cell_m: 1.0, rows: 10, cols: 10 };

    fn field(z: Vec<f32>) -> Field<'static> {
        Field { lattice: &LATTICE, step_m: 0.1, z }
    }

    #[test]
    fn a_pinhole_in_a_roof_is_filled_and_one_on_an_edge_is_not() {
        let mut roof = vec![5.0; 100];
        roof[44] = f32::NAN;
        let mut edge = roof.clone();
        edge[45] = 0.0;
        let (mut roof, mut edge) = (field(roof), field(edge));
        assert_eq!(roof.fill_pinholes(), [44]);
        assert!((roof.z[44] - 5.0).abs() < 1e-6);
        assert!(edge.fill_pinholes().is_empty());
    }

    #[test]
    fn smoothing_levels_ripple_and_keeps_a_step() {
        let z = (0..100)
            .map(|i| if i % 10 < 5 { 0.0 } else { 3.0 } + if i % 2 == 0 { 0.05 } else { -0.05 })
            .collect();
        let mut f = field(z);
        f.smooth();
        assert!(f.z[54].abs() < 0.03 && (f.z[55] - 3.0).abs() < 0.03, "{} {}", f.z[54], f.z[55]);
    }

    #[test]
    fn a_speckle_becomes_a_hole() {
        let mut z = vec![0.0; 100];
        z[55] = 4.0;
        let mut f = field(z);
        assert_eq!(f.drop_speckles(), [55]);
        assert!(f.z[55].is_nan() && f.z.iter().filter(|z| z.is_nan()).count() == 1);
    }

    #[test]
    fn the_walls_of_a_roof_are_drawn_in_and_a_mast_keeps_its_width() {
        let z = (0..100).map(|i| if (2..7).contains(&(i % 10)) || i % 10 == 8 { 6.0 } else { 0.0 }).collect();
        let mut f = field(z);
        f.draw_in_walls();
        let row: Vec<usize> = (0..10).filter(|col| f.z[50 + col] > 3.0).collect();
        assert_eq!(row, [3, 4, 5, 8]);
    }
}
