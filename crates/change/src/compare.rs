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
    ChangeRegion, Comparability, Comparison, EpochSurface, Error, Offset, Registration, TerrainOptions,
    above_ground, detection, terrain,
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
        Self {
            floor_m: 0.3,
            min_height_m: 0.5,
            min_area_m2: 3.0,
            thin_m: 0.4,
            terrain: TerrainOptions::default(),
        }
    }
}

/// Walls may lie apart by this many registration sigmas (95 %) and one cell without counting as a change.
const WALL_SIGMAS: f64 = 1.96;
/// Cells this close to the ground of both epochs tie the heights together, metres.
const STABLE_M: f32 = 0.5;
/// Fewest ground cells that may do so: 100 m2 of cells of 0.1 m.
pub(crate) const MIN_STABLE_CELLS: usize = 10_000;

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
    let mut before = on_grid(before, after);
    let grounds = (terrain(&before.dsm, &options.terrain), terrain(&after.dsm, &options.terrain));
    let offset = height_offset(&before.dsm, &after.dsm, &grounds);
    before.dsm.cells += offset.up_m as f32;
    let ground_before = Raster { cells: grounds.0.cells + offset.up_m as f32, grid: grounds.0.grid };
    let heights = [
        above_ground(&before.dsm, &ground_before),
        above_ground(&after.dsm, &ground_before),
        above_ground(&after.dsm, &grounds.1),
    ];
    let difference = above_ground(&after.dsm, &before.dsm);
    let detection = detection::level(&before.sigma, &after.sigma, registration, options);
    let scene = Scene::new((&before, after), &difference, heights, registration);
    let regions = regions(&scene, &detection, options);
    let mask = comparability(&before.dsm, &after.dsm);
    let coverage = share(&mask.cells);
    Ok(Comparison {
        difference,
        detection,
        mask,
        terrain: grounds.1,
        offset,
        regions,
        coverage,
        refused: None,
    })
}

/// What rose and what fell, largest first.
fn regions(scene: &Scene<'_>, detection: &Raster<f32>, options: &CompareOptions) -> Vec<ChangeRegion> {
    let cell_m = detection.grid.cell_m;
    let wall_cells = (WALL_SIGMAS * scene.registration.u_xy_m / cell_m).ceil() as usize + 1;
    let (before, after) = (&scene.before.dsm.cells, &scene.after.dsm.cells);
    let certain = detection::certain(before, after, &detection.cells, wall_cells);
    let mut regions = Vec::new();
    for sign in [1, -1] {
        let cells = changed(scene.difference, &certain, detection, sign, wall_cells.min(250) as u8);
        let kept = without_thin_parts(&cells, radius_cells(options.thin_m, cell_m));
        let sets = components(&kept).into_iter().filter(|set| area(set, cell_m) >= options.min_area_m2);
        regions.extend(sets.filter_map(|set| scene.region(&set, f64::from(sign))));
    }
    regions.retain(|region| region.height_change_m.abs() >= options.min_height_m);
    regions.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    regions
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
pub(crate) fn height_offset(
    before: &Raster<f32>,
    after: &Raster<f32>,
    grounds: &(Raster<f32>, Raster<f32>),
) -> Offset {
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

#[cfg(test)]
mod tests {
    use geo::{Area, MultiPolygon, Translate};

    use super::*;
    use crate::displacement::overlap;
    use crate::testing::{Site, block, registered};
    use crate::{ChangeClass, ChangeRegion};

    fn changes(before: Site, after: Site) -> Vec<ChangeRegion> {
        let (before, after) = (before.noisy(0.1).epoch(0.1), after.noisy(0.1).epoch(0.1));
        compare(&before, &after, &registered(0.2, 0.1), &CompareOptions::default()).unwrap().regions
    }

    fn hall() -> MultiPolygon<f64> {
        block((25.0, 30.0), (20.0, 14.0), 10.0)
    }

    #[test]
    fn noise_alone_changes_nothing() {
        for seed in 0..100 {
            let found = changes(Site::flat(30.0, 2 * seed), Site::flat(30.0, 2 * seed + 1));
            assert!(found.is_empty(), "seed {seed}: {found:?}");
        }
    }

    #[test]
    fn a_building_displaced_by_the_registration_error_leaves_no_strips() {
        let site = |seed, shift: f64| Site::flat(60.0, seed).with(&hall().translate(shift, -shift), 62.0);
        assert_eq!(changes(site(1, 0.0), site(2, 0.2)), []);
        assert_eq!(changes(site(3, 0.0), site(4, -0.35)), []);
    }

    #[test]
    fn a_new_building_is_found_with_its_outline_area_and_height() {
        let found = changes(Site::flat(70.0, 1), Site::flat(70.0, 2).with(&hall(), 59.0));
        assert_eq!(found.len(), 1, "{found:?}");
        let region = &found[0];
        assert_eq!(region.class, ChangeClass::NewStructure);
        assert!((region.area_m2 / 280.0 - 1.0).abs() < 0.05, "{region:?}");
        assert!(overlap(&MultiPolygon(vec![region.outline.clone()]), &hall()) > 0.95);
        assert!((region.height_change_m - 9.0).abs() < 2.0 * region.height_change_sigma_m, "{region:?}");
        assert!((region.volume_m3 / (280.0 * 9.0) - 1.0).abs() < 0.05);
    }

    /// What one change is taken for.
    fn class_of(before: Site, after: Site) -> ChangeClass {
        let found = changes(before, after);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].class
    }

    #[test]
    fn the_ways_a_building_can_change_are_told_apart() {
        let site = |seed, level: f32| Site::flat(70.0, seed).with(&hall(), level);
        let shed = block((28.0, 31.0), (6.0, 4.0), 10.0);
        assert_eq!(class_of(site(1, 59.0), site(2, 62.0)), ChangeClass::Heightened);
        assert_eq!(class_of(site(1, 59.0), Site::flat(70.0, 2)), ChangeClass::Demolished);
        assert_eq!(class_of(site(1, 62.0), site(2, 56.0)), ChangeClass::Lowered);
        assert_eq!(class_of(site(1, 62.0), site(2, 62.0).with(&shed, 64.8)), ChangeClass::RoofAddition);
    }

    #[test]
    fn what_is_no_building_is_told_apart() {
        let flat = |seed| Site::flat(70.0, seed);
        let car = block((30.0, 30.0), (4.6, 1.9), 30.0);
        assert_eq!(class_of(flat(1), flat(2).with(&hall(), 46.0)), ChangeClass::Earthwork);
        assert_eq!(class_of(flat(1), flat(2).with(&car, 51.5)), ChangeClass::Temporary);
        assert_eq!(class_of(flat(1), flat(2).with_tree((35.0, 35.0), 4.0, 9.0)), ChangeClass::Vegetation);
        assert_eq!(class_of(flat(1).with_tree((35.0, 35.0), 4.0, 9.0), flat(2)), ChangeClass::Vegetation);
    }

    #[test]
    fn a_height_offset_between_the_epochs_is_measured_and_taken_out() {
        let mut raised = Site::flat(60.0, 2).with(&hall(), 59.0);
        raised.dsm.cells += 0.8;
        let (before, after) =
            (Site::flat(60.0, 1).with(&hall(), 59.0).epoch(0.1), raised.noisy(0.1).epoch(0.1));
        let found = compare(&before, &after, &registered(0.2, 0.1), &CompareOptions::default()).unwrap();
        assert!((found.offset.up_m - 0.8).abs() < 0.01, "{:?}", found.offset);
        assert!(found.regions.is_empty());
    }

    #[test]
    fn what_was_not_flown_is_no_data_and_not_a_change() {
        let mut before = Site::flat(60.0, 1).epoch(0.1);
        before.dsm.cells.slice_mut(ndarray::s![.., ..150]).fill(f32::NAN);
        let after = Site::flat(60.0, 2).with(&hall(), 59.0).epoch(0.1);
        let found = compare(&before, &after, &registered(0.2, 0.1), &CompareOptions::default()).unwrap();
        assert_eq!(*found.mask.at(10.0, 30.0).unwrap(), Comparability::NoDataBefore);
        assert!((found.coverage - 0.5).abs() < 0.01);
        let area: f64 = found.regions.iter().map(|region| region.outline.unsigned_area()).sum();
        assert!((20.0..100.0).contains(&area), "only the part east of 30 m: {area}");
    }

    #[test]
    fn epochs_that_must_not_be_compared_are_not() {
        let (before, after) = (Site::flat(30.0, 1).epoch(0.1), Site::flat(30.0, 2).epoch(0.1));
        let loose = Registration { comparable: false, reason: "no ties".to_owned(), ..registered(1.5, 1.0) };
        let found = compare(&before, &after, &loose, &CompareOptions::default()).unwrap();
        assert_eq!(found.refused.as_deref(), Some("no ties"));
        assert_eq!(*found.mask.at(10.0, 10.0).unwrap(), Comparability::NotComparable);
    }
}
