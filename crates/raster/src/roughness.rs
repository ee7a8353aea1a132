use crate::Raster;

/// Second differences are taken over this distance, metres: beyond the correlation of matching, below roof details.
const REACH_M: f64 = 0.6;
/// No plane bends more than this under noise, metres: what does is an edge or a plant.
const PLANE_M: f32 = 0.5;
/// Fewest cells on planes that tell the noise.
const LEAST_CELLS: usize = 1000;
/// About as many cells are looked at.
const SAMPLES: usize = 1_000_000;
/// No surface matched in photos is better than this, metres.
const LEAST_NOISE_M: f64 = 0.02;

impl Raster<f32> {
    /// Height of a cell above the mean of its four neighbours 0.6 m away, metres: zero on planes of any tilt, NaN beside
    /// cells without data. Of white noise it has sqrt(1.25) times the sigma.
    pub fn bend(&self, row: usize, col: usize) -> f32 {
        let reach = (REACH_M / self.grid.cell_m).round().max(1.0) as usize;
        let at = |row: usize, col: usize| self.cells.get((row, col)).copied().unwrap_or(f32::NAN);
        let around = at(row.wrapping_sub(reach), col)
            + at(row + reach, col)
            + at(row, col.wrapping_sub(reach))
            + at(row, col + reach);
        at(row, col) - around / 4.0
    }

    /// Standard deviation of the heights on locally planar cells about their planes, metres, never below 2 cm; `None` with
    /// too few of them. Noise that neighbours 0.6 m apart share, and anything that bends a whole block, does not show.
    pub fn noise(&self) -> Option<f64> {
        let cols = self.grid.cols;
        let step = (self.cells.len() / SAMPLES).max(1);
        let bends = (0..self.cells.len()).step_by(step).map(|i| self.bend(i / cols, i % cols).abs());
        let mut planar: Vec<f32> = bends.filter(|bend| *bend <= PLANE_M).collect();
        planar.sort_by(f32::total_cmp);
        // The median of the magnitude of normal noise is 0.6745 sigma.
        let median = planar.get(planar.len() / 2).filter(|_| planar.len() >= LEAST_CELLS)?;
        Some((f64::from(*median) / 0.6745 / 1.25_f64.sqrt()).max(LEAST_NOISE_M))
    }
}

#[cfg(test)]
mod tests {
    use plumbline_geodesy::Crs;

    use super::*;
    use crate::Grid;

    /// Level ground and a tilted roof; noise from a fixed sequence of uniform numbers, twelve a cell.
    fn surface(sigma_m: f32) -> Raster<f32> {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 40.0, 40.0), 0.2);
        let mut surface = Raster::filled(grid, 50.0_f32);
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1_u64 << 24) as f32
        };
        for ((row, col), height) in surface.cells.indexed_iter_mut() {
            if (60..120).contains(&row) && (60..140).contains(&col) {
                *height += 9.0 + 0.1 * (col - 60) as f32;
            }
            *height += sigma_m * ((0..12).map(|_| uniform()).sum::<f32>() - 6.0);
        }
        surface
    }

    #[test]
    fn noise_is_told_by_the_planes_and_walls_do_not_count() {
        let noise = surface(0.08).noise().unwrap();
        assert!((noise / 0.08 - 1.0).abs() < 0.1, "{noise}");
        assert!((surface(0.0).noise().unwrap() - 0.02).abs() < 1e-9);
    }

    #[test]
    fn a_surface_of_holes_tells_nothing() {
        let mut holes = surface(0.08);
        holes.cells.fill(f32::NAN);
        assert_eq!(holes.noise(), None);
    }
}
