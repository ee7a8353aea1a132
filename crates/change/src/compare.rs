use image::{GrayImage, Luma};
use imageproc::distance_transform::Norm;
use imageproc::morphology::dilate;
use ndarray::{Array2, Zip};
use plumbline_raster::Raster;
use serde::{Deserialize, Serialize};

use crate::components::{components, picture, radius_cells, without_thin_parts};
use crate::dominant::{ascending, median, spread};
use crate::scene::Scene;
use crate::{
    Comparability, Comparison, EpochSurface, Error, Offset, Registration, TerrainOptions, above_ground, detection,
    terrain,
};

/// What counts as a change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CompareOptions {
    /// Smallest level of detection of a cell, metres; default 0.3.
    pub floor_m: f64,
    /// Smallest dominant change of height of a region, metres; default 0.5.
    pub min_height_m: f64,
    /// Smallest region, square metres; default 3.
    pub min_area_m2: f64,
    /// Parts thinner than twice this are dropped, metres; default 0.4.
    pub thin_m: f64,
    /// How the ground is found.
    pub terrain: TerrainOptions,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self { floor_m: 0.3, min_height_m: 0.5, min_area_m2: 3.0, thin_m: 0.4, terrain: TerrainOptions::default() }
    }
}

/// Walls may lie apart by this many registration sigmas (95 %) and one cell without counting as a change.
const WALL_SIGMAS: f64 = 1.96;
/// Cells this close to the ground of both epochs tie the heights together, metres.
const STABLE_M: f32 = 0.5;
/// Fewest ground cells that may do so: 100 m2 of cells of 0.1 m.
const MIN_STABLE_CELLS: usize = 10_000;

/// Holds two epochs of one map against each other on the grid of the later one.
pub fn compare(
    before: &EpochSurface,
    after: &EpochSurface,
    registration: &Registration,
    options: &CompareOptions,
) -> Result<Comparison, Error> {
    require_one_map(before, after)?;
    if !registration.comparable {
        return Ok(refused(after, registration, options));
    }
    let mut before_on_grid = on_grid(before, after);
    let grounds = (terrain(&before_on_grid.dsm, &options.terrain), terrain(&after.dsm, &options.terrain));
    let offset = height_offset(&before_on_grid.dsm, &after.dsm, &grounds);
    before_on_grid.dsm.cells += offset.up_m as f32;
    let ground_before = Raster { cells: grounds.0.cells + offset.up_m as f32, grid: grounds.0.grid };
    let detection = detection::level(&before_on_grid.sigma, &after.sigma, registration, options);
    let cell_m = after.dsm.grid.cell_m;
    let wall_cells = (WALL_SIGMAS * registration.u_xy_m / cell_m).ceil() as usize + 1;
    let certain = detection::certain(&before_on_grid.dsm.cells, &after.dsm.cells, &detection.cells, wall_cells);
    let difference =
        Raster { grid: after.dsm.grid.clone(), cells: &after.dsm.cells - &before_on_grid.dsm.cells };
    let mask = comparability(&before_on_grid.dsm, &after.dsm);
    let heights = [
        above_ground(&before_on_grid.dsm, &ground_before),
        above_ground(&after.dsm, &ground_before),
        above_ground(&after.dsm, &grounds.1),
    ];
    let scene = Scene::new((&before_on_grid, after), &difference, heights, registration);
    let mut regions = Vec::new();
    for sign in [1, -1] {
        let cells = changed(&difference, &certain, &detection, sign, wall_cells as u8);
        let kept = without_thin_parts(&cells, radius_cells(options.thin_m, cell_m));
        let sets = components(&kept).into_iter().filter(|set| area(set, cell_m) >= options.min_area_m2);
        regions.extend(sets.filter_map(|set| scene.region(&set, f64::from(sign))));
    }
    regions.retain(|region| region.height_change_m.abs() >= options.min_height_m);
    regions.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    let coverage = share(&mask.cells);
    Ok(Comparison { difference, detection, mask, terrain: grounds.1, offset, regions, coverage, refused: None })
}

fn area(set: &[(usize, usize)], cell_m: f64) -> f64 {
    set.len() as f64 * cell_m * cell_m
}

fn require_one_map(before: &EpochSurface, after: &EpochSurface) -> Result<(), Error> {
    for epoch in [before, after] {
        epoch.require_sound()?;
    }
    if before.dsm.grid.crs == after.dsm.grid.crs {
        return Ok(());
    }
    let (left, right) = (before.dsm.grid.crs.definition(), after.dsm.grid.crs.definition());
    let what = format!("is on the map {left}, but epoch {} on {right}", after.id);
    Err(Error::Grids { epoch: before.id.clone(), what })
}

/// The earlier epoch on the cells of the later one.
fn on_grid(before: &EpochSurface, after: &EpochSurface) -> EpochSurface {
    let mut moved = before.clone();
    if before.dsm.grid != after.dsm.grid {
        moved.dsm = before.dsm.onto(&after.dsm.grid);
        moved.sigma = before.sigma.onto(&after.dsm.grid);
    }
    moved
}

/// Median height of the later ground above the earlier one.
fn height_offset(before: &Raster<f32>, after: &Raster<f32>, grounds: &(Raster<f32>, Raster<f32>)) -> Offset {
    let low_before = Zip::from(&before.cells).and(&grounds.0.cells).map_collect(|&h, &g| h - g < STABLE_M);
    let low_after = Zip::from(&after.cells).and(&grounds.1.cells).map_collect(|&h, &g| h - g < STABLE_M);
    let both = low_before.iter().zip(&low_after).map(|(a, b)| *a && *b);
    let differences = after.cells.iter().zip(&before.cells).map(|(a, b)| a - b);
    let stable = ascending(both.zip(differences).filter(|(both, _)| *both).map(|(_, d)| d));
    let enough = stable.len() >= MIN_STABLE_CELLS;
    Offset {
        up_m: if enough { median(&stable) } else { 0.0 },
        spread_m: spread(&stable),
        cells: stable.len(),
    }
}

fn comparability(before: &Raster<f32>, after: &Raster<f32>) -> Raster<Comparability> {
    let cells = Zip::from(&before.cells).and(&after.cells).map_collect(|before, after| {
        match (before.is_finite(), after.is_finite()) {
            (true, true) => Comparability::Comparable,
            (false, true) => Comparability::NoDataBefore,
            (true, false) => Comparability::NoDataAfter,
            (false, false) => Comparability::NoData,
        }
    });
    Raster { grid: after.grid.clone(), cells }
}

/// Share of the cells with data after that could be compared.
fn share(mask: &Array2<Comparability>) -> f64 {
    let count = |wanted: Comparability| mask.iter().filter(|&&cell| cell == wanted).count() as f64;
    let comparable = count(Comparability::Comparable);
    comparable / (comparable + count(Comparability::NoDataBefore)).max(1.0)
}

/// Cells that changed in one direction: certain ones, and those around them whose own difference counts.
fn changed(
    difference: &Raster<f32>,
    certain: &Array2<i8>,
    detection: &Raster<f32>,
    sign: i8,
    reach: u8,
) -> GrayImage {
    let mut grown = dilate(&picture(certain, |&c| c == sign), Norm::LInf, reach);
    for ((row, col), d) in difference.cells.indexed_iter() {
        let counts = f32::from(sign) * d > detection.cells[(row, col)];
        if !counts {
            grown.put_pixel(col as u32, row as u32, Luma([0]));
        }
    }
    grown
}

/// What is left when the registration says that the epochs must not be compared.
fn refused(after: &EpochSurface, registration: &Registration, options: &CompareOptions) -> Comparison {
    let grid = || after.dsm.grid.clone();
    Comparison {
        difference: Raster::filled(grid(), f32::NAN),
        detection: Raster::filled(grid(), f32::NAN),
        mask: Raster::filled(grid(), Comparability::NotComparable),
        terrain: terrain(&after.dsm, &options.terrain),
        offset: Offset::default(),
        regions: Vec::new(),
        coverage: 0.0,
        refused: Some(registration.reason.clone()),
    }
}
