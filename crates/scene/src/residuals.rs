use nalgebra::Vector2;

use crate::Block;

/// Cells across and down a photo.
const CELLS: (usize, usize) = (12, 9);
/// Width of a class of sizes, pixels.
const CLASS_PX: f64 = 0.1;
/// Classes of sizes; the last takes all that is larger.
const CLASSES: usize = 25;

/// What a camera's pixels miss, gathered over its photos. A pattern that repeats from photo to photo is an error of the lens
/// model, not of the pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Residuals {
    /// Mean of observed minus projected pixel in each cell of the frame that was observed.
    pub cells: Vec<MeanResidual>,
    /// Observations by the size of their miss, in classes of [`Residuals::CLASS_PX`]; the last takes all larger ones.
    pub sizes: Vec<usize>,
}

/// A part of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanResidual {
    /// Its centre, pixels.
    pub at: Vector2<f64>,
    /// Mean of observed minus projected pixel.
    pub mean_px: Vector2<f64>,
    /// Number of observations.
    pub observations: usize,
}

impl Residuals {
    /// Width of a class of sizes, pixels.
    pub const CLASS_PX: f64 = CLASS_PX;

    /// Of one camera of a block.
    pub fn of(block: &Block, camera_idx: usize) -> Self {
        let camera = &block.cameras[camera_idx];
        let cell =
            Vector2::new(f64::from(camera.width) / CELLS.0 as f64, f64::from(camera.height) / CELLS.1 as f64);
        let mut sums = vec![(Vector2::zeros(), 0_usize); CELLS.0 * CELLS.1];
        let mut sizes = vec![0; CLASSES];
        for (track, seen) in block.tracks.iter().flat_map(|t| t.observations.iter().map(move |o| (t, o))) {
            let view = &block.views[seen.view_idx];
            if view.camera_idx != camera_idx {
                continue;
            }
            let Some(pixel) = block.pixel(view, &track.point) else { continue };
            let miss = seen.pixel - pixel;
            let at = seen.pixel.component_div(&cell);
            let (col, row) = ((at.x as usize).min(CELLS.0 - 1), (at.y as usize).min(CELLS.1 - 1));
            let (sum, n) = &mut sums[row * CELLS.0 + col];
            *sum += miss;
            *n += 1;
            sizes[((miss.norm() / CLASS_PX) as usize).min(CLASSES - 1)] += 1;
        }
        let mean = |(i, &(sum, observations)): (usize, &(Vector2<f64>, usize))| {
            let place = Vector2::new((i % CELLS.0) as f64 + 0.5, (i / CELLS.0) as f64 + 0.5);
            let at = place.component_mul(&cell);
            (observations > 0).then(|| MeanResidual { at, mean_px: sum / observations as f64, observations })
        };
        Self { cells: sums.iter().enumerate().filter_map(mean).collect(), sizes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nadir_block;
    use crate::{Observation, Track};
    use nalgebra::Vector3;

    #[test]
    fn a_miss_that_all_share_is_the_mean_of_its_cell() {
        let mut block = nadir_block(&[0.0]);
        let point = Vector3::new(10.0, 5.0, 0.0);
        let off = Vector2::new(0.3, -0.4);
        let pixel = block.project(&block.views[0], &point).unwrap() + off;
        block.tracks = vec![Track { point, observations: vec![Observation { view_idx: 0, pixel }] }; 3];
        let residuals = Residuals::of(&block, 0);
        assert_eq!(residuals.cells.len(), 1);
        assert!((residuals.cells[0].mean_px - off).norm() < 1e-9);
        assert!((residuals.cells[0].at - pixel).abs().max() <= 37.5);
        assert_eq!(residuals.sizes.iter().sum::<usize>(), 3);
        assert_eq!(residuals.sizes[4] + residuals.sizes[5], 3);
    }
}
