use geo::{Area, Euclidean, Length, Polygon};
use image::{GrayImage, Luma};
use plumbline_raster::{Grid, Raster};
use serde::{Deserialize, Serialize};

use crate::classify::is_wild;
use crate::components::{components, picture, radius_cells};
use crate::deck::CORRELATION_M;
use crate::dominant::{ascending, dominant, median, spread};
use crate::footprint::{draw_set, edge_sigma_m, relief, standing};
use crate::{EpochSurface, Error, above_ground, texture};

/// Something built that stands in one epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    /// Regularised outline, east and north in the survey CRS, metres.
    pub outline: Polygon<f64>,
    /// Position of the outline's edges within the epoch, metres (1 sigma).
    pub edge_sigma_m: f64,
    /// Area of the outline, square metres.
    pub area_m2: f64,
    /// Height of its dominant plane above the ground, metres.
    pub height_m: f64,
    /// Standard uncertainty of the height, metres.
    pub height_sigma_m: f64,
    /// Share of its cells on the dominant plane, 0 to 1.
    pub plane_share: f64,
    /// Robust roughness about a local plane, metres.
    pub roughness_m: f64,
    /// Share of green cells, 0 to 1; `None` without an orthophoto.
    pub greenness: Option<f64>,
}

/// What counts as a structure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StructureOptions {
    /// Lowest structure, metres above the ground; default 1.5.
    pub min_height_m: f64,
    /// Smallest structure, square metres; default 10.
    pub min_area_m2: f64,
}

impl Default for StructureOptions {
    fn default() -> Self {
        Self { min_height_m: 1.5, min_area_m2: 10.0 }
    }
}

/// Cells rougher than this and green are crowns, metres.
const CROWN_BEND_M: f32 = 0.2;
/// Crowns are closed over gaps of this size, metres: leaves hide and show the ground.
const CROWN_GAP_M: f64 = 0.6;
/// Share of its cells that may be crown in a structure: ivy and roof gardens, not groves.
const MAX_GREEN: f64 = 0.5;
/// Fences, walls, and the smear along the gaps beside tall buildings are thinner, metres: twice the area over the length
/// of the outline.
const MIN_WIDTH_M: f64 = 1.2;

/// Everything that stands on a ground, plants left out, largest first.
pub fn structures(
    epoch: &EpochSurface,
    terrain: &Raster<f32>,
    options: &StructureOptions,
) -> Result<Vec<Structure>, Error> {
    epoch.require_sound()?;
    if terrain.grid != epoch.dsm.grid {
        let what = "the terrain is not on the grid of the heights".to_owned();
        return Err(Error::Grids { epoch: epoch.id.clone(), what });
    }
    let heights = above_ground(&epoch.dsm, terrain);
    let relief = relief(&heights, options.min_height_m);
    let mut built = standing(&heights, &relief, options.min_height_m);
    take_away(&mut built, &crowns(epoch));
    let least = options.min_area_m2 / epoch.dsm.grid.cell_area_m2();
    let sets = components(&built).into_iter().filter(|set| set.len() as f64 >= least);
    let mut found: Vec<_> = sets.filter_map(|set| measure(epoch, &heights, &relief, &set)).collect();
    let noise_m = epoch.dsm.noise().unwrap_or(0.0);
    found.retain(|s| s.area_m2 >= options.min_area_m2 && is_built(s, noise_m));
    found.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    Ok(found)
}

/// Crowns of plants: green and rough, gaps closed.
fn crowns(epoch: &EpochSurface) -> GrayImage {
    let rough = texture::bends(&epoch.dsm);
    let mut crowns = texture::green_cells(epoch);
    crowns.zip_mut_with(&rough, |crown, &bend| *crown &= bend >= CROWN_BEND_M || bend.is_nan());
    let radius = radius_cells(CROWN_GAP_M, epoch.dsm.grid.cell_m).max(1);
    let norm = imageproc::distance_transform::Norm::LInf;
    imageproc::morphology::close(&picture(&crowns, |&crown| crown), norm, radius)
}

fn take_away(from: &mut GrayImage, what: &GrayImage) {
    for (cell, gone) in from.pixels_mut().zip(what.pixels()) {
        if gone.0[0] > 0 {
            *cell = Luma([0]);
        }
    }
}

fn measure(
    epoch: &EpochSurface,
    heights: &Raster<f32>,
    relief: &Raster<f32>,
    set: &[(usize, usize)],
) -> Option<Structure> {
    let grid: &Grid = &heights.grid;
    let outline = draw_set(relief, set)?;
    let sorted = ascending(set.iter().map(|&cell| heights.cells[cell]));
    let plane = dominant(&sorted);
    let cell_sigma_m = median(&ascending(set.iter().map(|&cell| epoch.sigma.cells[cell])));
    let independent = (plane.len() as f64 * grid.cell_area_m2() / CORRELATION_M.powi(2)).max(1.0);
    let noise_m = spread(plane).max(cell_sigma_m) / independent.sqrt();
    Some(Structure {
        area_m2: outline.polygon.unsigned_area(),
        outline: outline.polygon,
        edge_sigma_m: edge_sigma_m(outline.residual_m, grid.cell_m),
        height_m: median(plane),
        height_sigma_m: noise_m.hypot(epoch.quality.u_height_m),
        plane_share: plane.len() as f64 / sorted.len() as f64,
        roughness_m: texture::roughness(&epoch.dsm, set),
        greenness: texture::greenness(epoch, set),
    })
}

fn is_built(structure: &Structure, noise_m: f64) -> bool {
    let mean_width_m = 2.0 * structure.area_m2 / Euclidean.length(structure.outline.exterior());
    structure.greenness.is_none_or(|green| green < MAX_GREEN)
        && !is_wild(structure.area_m2, structure.roughness_m, noise_m)
        && mean_width_m >= MIN_WIDTH_M
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Site, block};
    use crate::{TerrainOptions, terrain};

    #[test]
    fn buildings_are_found_and_trees_beside_them_are_not() {
        let epoch = Site::flat(100.0, 4)
            .with(&block((30.0, 30.0), (24.0, 12.0), 15.0), 58.4)
            .with(&block((70.0, 60.0), (6.0, 4.0), 0.0), 52.6)
            .with_tree((45.5, 33.0), 4.0, 8.0)
            .with_tree((20.0, 80.0), 5.0, 10.0)
            .noisy(0.05)
            .epoch(0.05);
        let ground = terrain(&epoch.dsm, &TerrainOptions::default());
        let found = structures(&epoch, &ground, &StructureOptions::default()).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].area_m2 / 288.0 - 1.0).abs() < 0.05, "{:?}", found[0]);
        assert!((found[0].height_m - 8.4).abs() < 2.0 * found[0].height_sigma_m, "{:?}", found[0]);
        assert!((found[1].area_m2 / 24.0 - 1.0).abs() < 0.08, "{:?}", found[1]);
    }
}
