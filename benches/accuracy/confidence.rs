//! How far simulated flights of many seeds lie off, over how far they say they may.
//!
//! `confidence PROGRAM FOLDER`: each seed is a city, a camera, a flight and a survey of its own. One flight alone cannot tell: the
//! height of a block without control is a single draw.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::path::{Path, PathBuf};

use plumbline_benches::{CheckError, Georeferenced, arguments, check_errors, ratio};
use plumbline_fixtures::{FlightPlan, PositionError, Preset, Recipe, normal, simulate_city};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

/// Seeds of the flights.
const SEEDS: std::ops::Range<u64> = 1..9;
/// Size of the photos, pixels: the block of 2 cm at a quarter of its resolution.
const SIZE_PX: (u32, u32) = (1000, 750);
/// Standard uncertainty that a maker's calibration is taken to have, as a fraction of the focal length.
const MAKERS_SIGMA_REL: f64 = 0.003;

/// A kind of flight.
struct Kind {
    name: &'static str,
    passes_deg: &'static [f64],
    error: PositionError,
    /// Whether the control points hold the block.
    is_controlled: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [program, folder, ..] = arguments.as_slice() else {
        return Err("give the program and a folder to keep the flights in".into());
    };
    println!("{:<28} {:>7} {:>7} {:>9}  of each seed", "flight", "flights", "points", "err/sigma");
    for kind in kinds() {
        let flights = SEEDS
            .map(|seed| errors(program, &folder.join(format!("{}_{seed}", kind.name)), &kind, seed))
            .collect::<Result<Vec<_>, _>>()?;
        let each: Vec<String> = flights.iter().map(|errors| format!("{:.2}", ratio(errors))).collect();
        let points: usize = flights.iter().map(Vec::len).sum();
        let all = ratio(flights.iter().flatten());
        println!("{:<28} {:>7} {points:>7} {all:>9.2}  {}", kind.name, flights.len(), each.join(" "));
    }
    Ok(())
}

fn kinds() -> [Kind; 3] {
    let (single, rtk) = (PositionError::single_point(), PositionError::rtk());
    [
        Kind { name: "nadir_5_control_points", passes_deg: &[90.0], error: single, is_controlled: true },
        Kind { name: "rtk_nadir", passes_deg: &[90.0], error: rtk, is_controlled: false },
        Kind { name: "rtk_nadir_and_oblique", passes_deg: &[90.0, 60.0], error: rtk, is_controlled: false },
    ]
}

/// Flies and places a seed.
fn errors(program: &Path, city: &Path, kind: &Kind, seed: u64) -> Result<Vec<CheckError>, Box<dyn Error>> {
    let recipe = recipe(kind, seed);
    if !city.exists() {
        simulate_city(city, &recipe, seed, &|_, _| ())?;
    }
    let photos = city.join("flights").join(&recipe.epochs[0].id);
    let (check, control) = (city.join("truth/check_points_seen.txt"), city.join("gcp.txt"));
    let mut arguments: Vec<&Path> = vec!["--crs".as_ref(), "EPSG:4547".as_ref(), "--check".as_ref(), &check];
    if kind.is_controlled {
        arguments.extend::<[&Path; 2]>(["--control".as_ref(), &control]);
    }
    let made = Georeferenced::by(program, &photos, &city.join("out"), &arguments)?;
    check_errors(city, &made.block)
}

fn recipe(kind: &Kind, seed: u64) -> Recipe {
    let block = Preset::Block.recipe(seed);
    let focal_error_rel = MAKERS_SIGMA_REL * normal(&mut Pcg64Mcg::seed_from_u64(seed));
    let flight = FlightPlan {
        camera: block.flight.camera.resized(SIZE_PX.0, SIZE_PX.1),
        passes_deg: kind.passes_deg.to_vec(),
        error: kind.error,
        focal_error_rel,
        ..block.flight
    };
    Recipe { flight, ..block }
}
