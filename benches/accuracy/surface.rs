//! Surface models and orthophotos of simulated flights against the truth.
//!
//! `surface PROGRAM FOLDER [WIDTH]`: flights of photos of WIDTH pixels (4000: pixels of 2 cm) are simulated once and kept in
//! FOLDER; then each is placed, its products are made and held against the city.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::path::{Path, PathBuf};

use plumbline_benches::{
    Georeferenced, OrthoScore, Processed, SEED, SurfaceScore, arguments, products_score, surface_flights,
};
use plumbline_fixtures::{Recipe, simulate_city};

/// Width of the photos whose pixels measure 2 cm.
const WIDTH_PX: u32 = 4000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [program, folder, more @ ..] = arguments.as_slice() else {
        return Err("give the program and a folder to keep the flights in".into());
    };
    let width = more.first().and_then(|width| width.to_str()?.parse().ok()).unwrap_or(WIDTH_PX);
    println!(
        "{:<18} {} {} {:>7} {:>7} {:>6}",
        "flight",
        SurfaceScore::head(),
        OrthoScore::head(),
        "s/Mcell",
        "MP/s",
        "MB"
    );
    for (name, city) in surface_flights(width) {
        let site = folder.join(format!("{name}_{width}"));
        if !site.exists() {
            simulate_city(&site, &city, SEED, &|_, _| ())?;
        }
        println!("{name:<18} {}", row(program, &site, &city)?);
    }
    Ok(())
}

/// Makes the products of a flight and describes how far they lie off.
fn row(program: &Path, city: &Path, recipe: &Recipe) -> Result<String, Box<dyn Error>> {
    let photos = city.join("flights").join(&recipe.epochs[0].id);
    let arguments: [&Path; 2] = ["--crs".as_ref(), "EPSG:4547".as_ref()];
    let out = city.join("out");
    let placed = Georeferenced::by(program, &photos, &out, &arguments)?;
    let made = Processed::by(program, &photos, &out, &arguments)?;
    let (score, grid) = products_score(city, recipe, &made.epoch)?;
    let cells = (grid.rows * grid.cols) as f64;
    let camera = &recipe.flight.camera;
    let pixels = placed.number("adjusted")? * f64::from(camera.width) * f64::from(camera.height);
    Ok(format!(
        "{score} {:>7.2} {:>7.2} {:>6.0}",
        1e6 * made.spent.core_seconds / cells,
        1e-6 * pixels / (placed.seconds + made.spent.seconds),
        made.peak_memory_mb
    ))
}
