//! Simulated flights with known truth: how far the block lies off, in pixels on the ground.
//!
//! `simulated PROGRAM FOLDER`: flights are simulated once and kept in FOLDER; then each is placed and held against check
//! points that took no part.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::path::{Path, PathBuf};

use nalgebra::Vector3;
use plumbline_benches::{CheckError, Georeferenced, arguments, check_errors, ratio, sag};
use plumbline_fixtures::{FlightPlan, PositionError, Preset, Recipe, simulate_city};

/// Seed of the cities and of their flights.
const SEED: u64 = 1;

/// A flight that is judged.
struct Case {
    name: &'static str,
    city: Recipe,
    /// Whether the control points hold the block.
    controlled: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [program, folder, ..] = arguments.as_slice() else {
        return Err("give the program and a folder to keep the flights in".into());
    };
    println!(
        "{:<28} {:>6} {:>7} {:>7} {:>7} {:>7} {:>9} {:>8} {:>6}",
        "flight", "photos", "gsd cm", "xy gsd", "z gsd", "sag gsd", "err/sigma", "seconds", "MB"
    );
    for case in cases() {
        let city = folder.join(case.name);
        if !city.exists() {
            simulate_city(&city, &case.city, SEED, &|_, _| ())?;
        }
        println!("{:<28} {}", case.name, row(program, &city, &case)?);
    }
    println!(
        "{:<28} {:>7} {:>7} {:>7} {:>7} {:>10} {:>10}",
        "two dates", "gsd cm", "points", "xy gsd", "z gsd", "said xy", "said z"
    );
    for percent in [30, 70] {
        let name = format!("rebuilt_{percent}");
        let city = folder.join(&name);
        let recipe = Recipe::rebuilt(f64::from(percent) / 100.0, REBUILT_WIDTH_PX, SEED as u32);
        if !city.exists() {
            simulate_city(&city, &recipe, SEED, &|_, _| ())?;
        }
        println!("{name:<28} {}", tied(program, &city, &recipe)?);
    }
    Ok(())
}

/// Width of the photos of two dates, pixels.
const REBUILT_WIDTH_PX: u32 = 1000;

/// Places two dates and describes how far apart they lie on ground that is the same on both.
fn tied(program: &Path, city: &Path, recipe: &Recipe) -> Result<String, Box<dyn Error>> {
    let [first, second] = [0, 1].map(|i| recipe.epochs[i].id.as_str());
    let flight = |id: &str, more: &str| {
        format!(
            "[[flight]]\nid = {id:?}\nphotos = \"flights/{id}\"\ncheck = \"truth/check_points_seen.txt\"\n{more}\n"
        )
    };
    let head = "[project]\nname = \"two dates\"\ncrs = \"EPSG:4547\"\n";
    let tied = format!("compare_with = {first:?}");
    let project = city.join("georeference.toml");
    std::fs::write(&project, [head, &flight(first, ""), &flight(second, &tied)].concat())?;
    let out = city.join("out");
    let made = Georeferenced::by(program, &project, &out, &[])?;
    let earlier = serde_json::from_slice(&std::fs::read(out.join("epochs").join(first).join("block.json"))?)?;
    let (before, after) = (check_errors(city, &earlier)?, check_errors(city, &made.block)?);
    let apart: Vec<Vector3<f64>> =
        after.iter().filter_map(|e| Some(e.off - before.iter().find(|b| b.name == e.name)?.off)).collect();
    let mean = |of: &dyn Fn(&Vector3<f64>) -> f64| apart.iter().map(of).sum::<f64>() / apart.len() as f64;
    let gsd_m = made.number("gsd_m")?;
    let tie = &made.block["report"]["tie"];
    let said = |key: &str| tie[key].as_f64().unwrap_or(f64::NAN) / gsd_m;
    Ok(format!(
        "{:>7.2} {:>7} {:>7.2} {:>7.2} {:>10.2} {:>10.2}  {}",
        100.0 * gsd_m,
        apart.len(),
        (0.5 * mean(&|d| d.xy().norm_squared())).sqrt() / gsd_m,
        mean(&|d| d.z * d.z).sqrt() / gsd_m,
        said("residual_xy_m"),
        said("residual_z_m"),
        tie["verdict"].as_str().unwrap_or_default()
    ))
}

/// The block of 60 photos at 2 cm with control points; and RTK without any, at a quarter of its pixels.
fn cases() -> [Case; 3] {
    let block = Preset::Block.recipe(SEED);
    let rtk = |passes_deg: Vec<f64>| {
        let camera = block.flight.camera.resized(2000, 1500);
        let flight = FlightPlan { camera, passes_deg, error: PositionError::rtk(), ..block.flight.clone() };
        Recipe { flight, ..block.clone() }
    };
    let (oblique, nadir) = (rtk(vec![90.0, 60.0]), rtk(vec![90.0]));
    [
        Case { name: "block", city: block, controlled: true },
        Case { name: "rtk_nadir_and_oblique", city: oblique, controlled: false },
        Case { name: "rtk_nadir", city: nadir, controlled: false },
    ]
}

/// Places a flight and describes how far it lies off.
fn row(program: &Path, city: &Path, case: &Case) -> Result<String, Box<dyn Error>> {
    let photos = city.join("flights").join(&case.city.epochs[0].id);
    let (check, control) = (city.join("truth/check_points_seen.txt"), city.join("gcp.txt"));
    let mut arguments: Vec<&Path> = vec!["--crs".as_ref(), "EPSG:4547".as_ref(), "--check".as_ref(), &check];
    if case.controlled {
        arguments.extend::<[&Path; 2]>(["--control".as_ref(), &control]);
    }
    let made = Georeferenced::by(program, &photos, &city.join("out"), &arguments)?;
    let gsd_m = made.number("gsd_m")?;
    let errors = check_errors(city, &made.block)?;
    let mean = |of: &dyn Fn(&CheckError) -> f64| errors.iter().map(of).sum::<f64>() / errors.len() as f64;
    let xy = (0.5 * mean(&|e| e.off.xy().norm_squared())).sqrt();
    let z = mean(&|e| e.off.z * e.off.z).sqrt();
    let ratio = ratio(&errors);
    Ok(format!(
        "{:>6} {:>7.2} {:>7.2} {:>7.2} {:>7.2} {ratio:>9.2} {:>8.1} {:>6.0}",
        made.number("adjusted")?,
        100.0 * gsd_m,
        xy / gsd_m,
        z / gsd_m,
        sag(&errors) / gsd_m,
        made.seconds,
        made.peak_memory_mb
    ))
}
