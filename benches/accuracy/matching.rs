//! A whole city's plan held against a flight: time and memory of judging many changes on many plan elements.
//!
//! `matching [SEED]`: lots of 24 m with a lawful building, an approved one or a temporary one each, twenty lots to a parcel; changes
//! raise some, stand beside some and are new between others. Every change is judged by every rule; no raster is made.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::time::Instant;

use chrono::NaiveDate;
use geo::{MultiPolygon, Polygon, Rect, Rotate};
use plumbline_benches::arguments;
use plumbline_change::{ChangeClass, ChangeRegion, Comparability, Comparison, Offset, Structure};
use plumbline_finding::{EpochRef, Judgement, JurisdictionPack, judge};
use plumbline_geodesy::{Crs, SurveyClass, SurveyQuality};
use plumbline_plan::{Building, Existing, Origin, Parcel, Plan, Reading, Source, Temporary, Understood};
use plumbline_raster::{Grid, Raster};
use plumbline_stage::{Outcome, PhysicalStage, StageObservation, Unseen};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Plan elements about, and changes; ten times the elements and the changes must not take a hundred times as long.
const SIZES: [(usize, usize); 3] = [(10_000, 100), (100_000, 1_000), (1_000_000, 10_000)];
/// Side of a lot, metres, and lots of a parcel east and north.
const LOT_M: f64 = 24.0;
const PARCEL: (usize, usize) = (5, 4);
/// Share of the lots with a lawful existing building, and with an approved one; the others have a temporary structure.
const LOTS: (f64, f64) = (0.74, 0.95);
/// South-west corner on the map, metres.
const CORNER: (f64, f64) = (540_000.0, 4_100_000.0);

fn main() -> Result<(), Box<dyn Error>> {
    let seed = arguments().next().map_or(Ok(1), |seed| seed.to_string_lossy().parse())?;
    println!(
        "{:>10} {:>8} {:>10} {:>10} {:>9} {:>9}",
        "elements", "changes", "findings", "explained", "seconds", "peak MB"
    );
    for (elements, changes) in SIZES {
        let city = City::drawn(elements, changes, seed);
        let start = Instant::now();
        let found = city.judged()?;
        let (seconds, findings) = (start.elapsed().as_secs_f64(), found.findings.len());
        let explained = found.suppressed.len();
        println!(
            "{:>10} {:>8} {findings:>10} {explained:>10} {seconds:>9.2} {:>9.0}",
            city.plan.len(),
            city.comparison.regions.len(),
            peak_memory_mb()
        );
    }
    Ok(())
}

/// A city and what a flight shows of it.
struct City {
    plan: Plan,
    comparison: Comparison,
    structures: Vec<Structure>,
    stages: Vec<StageObservation>,
}

impl City {
    fn drawn(elements: usize, changes: usize, seed: u64) -> Self {
        let mut chance = Pcg64Mcg::seed_from_u64(seed);
        let side = (elements as f64 / (1.0 + 1.0 / 20.0)).sqrt().round() as usize;
        let plan = plan(side, &mut chance);
        let regions = (0..changes).map(|_| region(side, &mut chance)).collect::<Vec<_>>();
        let structures = regions.iter().map(standing).collect();
        let stages = plan.buildings.iter().map(untouched).collect();
        Self { plan, comparison: comparison(side, regions), structures, stages }
    }

    fn judged(&self) -> Result<plumbline_finding::Findings, Box<dyn Error>> {
        let day = |text: &str| -> Result<EpochRef, chrono::ParseError> {
            Ok(EpochRef { id: text.to_owned(), captured_on: text.parse()? })
        };
        let (earlier, epoch) = (day("2025-03-10")?, day("2025-06-12")?);
        let quality =
            SurveyQuality { class: SurveyClass::RtkGcp, u_xy_m: 0.05, u_z_m: 0.08, u_height_m: 0.06 };
        Ok(judge(&Judgement {
            epoch: &epoch,
            quality,
            earlier: Some(&earlier),
            plan: Some(&self.plan),
            comparison: Some(&self.comparison),
            structures: &self.structures,
            stages: &self.stages,
            footprints: &[],
            pack: &JurisdictionPack::sample()?,
        })?)
    }
}

fn plan(side: usize, chance: &mut Pcg64Mcg) -> Plan {
    let mut plan = Plan { sources: vec![source()], ..Plan::default() };
    for lot in 0..side * side {
        let (row, col) = (lot / side, lot % side);
        let origin = Origin { source_idx: 0, layer: "lots".to_owned(), feature_id: lot as u64 };
        if row % PARCEL.1 == 0 && col % PARCEL.0 == 0 {
            plan.parcels.push(parcel((row, col), origin.clone()));
        }
        let outline = MultiPolygon::from(house((row, col), chance));
        let use_of = chance.random::<f64>();
        let (building_no, height_m) = (format!("{lot}"), Some(12.0));
        if use_of < LOTS.0 {
            let (building_no, storeys_above) = (Some(building_no), Some(4));
            plan.existing.push(Existing { building_no, storeys_above, height_m, outline, origin });
        } else if use_of < LOTS.1 {
            let storeys_above = Some(4);
            plan.buildings.push(Building {
                storeys_above,
                height_m,
                ..Building::outlined(building_no, outline, origin)
            });
        } else {
            let expires_at = NaiveDate::from_ymd_opt(2025, 5, 1);
            plan.temporaries.push(Temporary {
                permit_no: Some(building_no),
                expires_at,
                height_m,
                outline,
                origin,
            });
        }
    }
    plan
}

fn source() -> Source {
    Source {
        file: "city.gpkg".into(),
        sha256: String::new(),
        reading: Reading::default(),
        version: "1".to_owned(),
        valid_from: None,
        superseded_by: None,
        classification: None,
        u_m: 0.02,
        registration: None,
        understood: Understood::default(),
    }
}

fn corner((row, col): (usize, usize)) -> (f64, f64) {
    (CORNER.0 + col as f64 * LOT_M, CORNER.1 + row as f64 * LOT_M)
}

fn parcel((row, col): (usize, usize), origin: Origin) -> Parcel {
    let (south_west, north_east) = (corner((row, col)), corner((row + PARCEL.1, col + PARCEL.0)));
    Parcel {
        project_no: None,
        name: None,
        land_permit_no: None,
        site: None,
        developer: None,
        site_area_m2: None,
        outline: Rect::new(south_west, north_east).to_polygon().into(),
        origin,
    }
}

/// A house somewhere on its lot, at any angle.
fn house(lot: (usize, usize), chance: &mut Pcg64Mcg) -> Polygon<f64> {
    let (west, south) = corner(lot);
    let (wide, deep) = (chance.random_range(7.0..13.0), chance.random_range(7.0..11.0));
    let (east, north) = (west + LOT_M / 2.0, south + LOT_M / 2.0);
    let level = Rect::new((east - wide / 2.0, north - deep / 2.0), (east + wide / 2.0, north + deep / 2.0));
    level.to_polygon().rotate_around_center(chance.random_range(0.0..90.0))
}

/// A change on a lot: its house raised, or something new in a corner of it.
fn region(side: usize, chance: &mut Pcg64Mcg) -> ChangeRegion {
    let lot = (chance.random_range(0..side), chance.random_range(0..side));
    let (west, south) = corner(lot);
    let raised = chance.random::<f64>() < 0.5;
    let outline = if raised {
        house(lot, chance)
    } else {
        Rect::new((west - 4.0, south - 4.0), (west + 3.0, south + 3.0)).to_polygon()
    };
    ChangeRegion {
        outline,
        edge_sigma_m: 0.1,
        area_m2: 49.0,
        area_sigma_m2: 3.0,
        height_change_m: 3.0,
        height_change_sigma_m: 0.1,
        height_before_m: if raised { 12.0 } else { 0.0 },
        height_above_ground_m: if raised { 15.0 } else { 3.0 },
        volume_m3: 147.0,
        roughness_m: 0.05,
        greenness: Some(0.0),
        blind_border: 0.0,
        class: if raised { ChangeClass::Heightened } else { ChangeClass::NewStructure },
    }
}

fn standing(region: &ChangeRegion) -> Structure {
    Structure {
        outline: region.outline.clone(),
        edge_sigma_m: region.edge_sigma_m,
        area_m2: region.area_m2,
        height_m: region.height_above_ground_m,
        height_sigma_m: 0.1,
        plane_share: 0.9,
        roughness_m: region.roughness_m,
        greenness: region.greenness,
    }
}

fn untouched(building: &Building) -> StageObservation {
    let unseen = StageObservation::unseen(&building.building_no, 4, Unseen::NotCovered);
    StageObservation {
        outcome: Outcome::Observed,
        stage_hi: PhysicalStage::Unstarted,
        storeys_hi: 0,
        ..unseen
    }
}

/// A comparison of everything, in cells of a lot.
fn comparison(side: usize, regions: Vec<ChangeRegion>) -> Comparison {
    let (width, bounds) = (side as f64 * LOT_M, CORNER);
    let bounds = (bounds.0, bounds.1, bounds.0 + width, bounds.1 + width);
    let grid = Grid::covering(Crs::nowhere(), bounds, LOT_M);
    let flat = Raster::filled(grid.clone(), 0.0_f32);
    Comparison {
        difference: flat.clone(),
        detection: flat.clone(),
        mask: Raster::filled(grid, Comparability::Comparable),
        terrain: flat,
        offset: Offset::default(),
        regions,
        coverage: 1.0,
        refused: None,
    }
}

/// High-water mark of this process's memory as Linux counts it.
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}
