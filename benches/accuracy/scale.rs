//! How time and memory of `plumbline georeference` grow with the number of photos.
//!
//! `scale PROGRAM FOLDER [TABLE]`: photos of 240 x 180 pixels are simulated along the layout of a real flight, as
//! `exiftool -csv` tells it, or along a lawn-mower's of the same size, and kept in FOLDER for the next time.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::path::{Path, PathBuf};

use nalgebra::Vector2;
use plumbline_benches::{Georeferenced, arguments};
use plumbline_fixtures::{FlightPlan, PhotoFile, Recipe, read_layout};

/// Photos of the whole flight and of its halves.
const COUNTS: [usize; 4] = [180, 363, 726, 1452];
/// Width of a photo, pixels.
const WIDTH_PX: u32 = 240;
/// Height of the flight above the ground, metres: photos overlap by 84 % along and 65 % across the real layout.
const HEIGHT_M: f64 = 120.0;
/// Distance between strips and between photos of a strip of the real layout, metres.
const SPACING_M: (f64, f64) = (59.6, 21.1);
/// Strips of the lawn-mower's layout, and photos in each.
const LAWN: (f64, f64) = (22.0, 66.0);
/// Seed of the terrain and of the flight.
const SEED: u32 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [program, folder, table @ ..] = arguments.as_slice() else {
        return Err("give the program and a folder to keep the photos in".into());
    };
    let photos = folder.join("photos");
    if !photos.exists() {
        simulate(&photos, table.first().map(PathBuf::as_path))?;
    }
    println!(
        "{:>6} {:>7} {:>6} {:>11} {:>9} {:>8}",
        "photos", "placed", "parts", "pairs/photo", "seconds", "peak MB"
    );
    for count in COUNTS {
        let flight = first_photos(&photos, &folder.join(format!("first_{count}")), count)?;
        let out = folder.join(format!("out_{count}"));
        let made = Georeferenced::by(program, &flight, &out, &[])?;
        let pairs = std::fs::read_dir(out.join("work/matches"))?.count();
        let placed = made.number("adjusted")?;
        let left_out = count as f64 - placed;
        println!(
            "{count:>6} {placed:>7} {left_out:>6} {:>11.1} {:>9.1} {:>8.0}",
            pairs as f64 / count as f64,
            made.seconds,
            made.peak_memory_mb
        );
    }
    Ok(())
}

/// Flies the layout and writes its photos.
fn simulate(folder: &Path, table: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let spacing = Vector2::new(SPACING_M.0, SPACING_M.1);
    let reach = 0.5 * Vector2::new(LAWN.0 - 1.0, LAWN.1 - 1.0).component_mul(&spacing);
    let plain = Recipe::plain(reach, WIDTH_PX, SEED);
    let plain = Recipe { flight: FlightPlan { height_m: HEIGHT_M, reach, spacing, ..plain.flight }, ..plain };
    let card = match table {
        Some(table) => {
            let stations = read_layout(&std::fs::read_to_string(table)?, HEIGHT_M)?;
            plain.card_along(&stations, 0, SEED.into())?
        }
        None => plain.card(0, SEED.into())?,
    };
    std::fs::create_dir_all(folder)?;
    for photo in &card.photos {
        PhotoFile::write(photo, folder)?;
    }
    Ok(())
}

/// A folder of the photos that were taken first.
fn first_photos(photos: &Path, folder: &Path, count: usize) -> Result<PathBuf, Box<dyn Error>> {
    if !folder.exists() {
        std::fs::create_dir_all(folder)?;
        for number in 1..=count {
            let name = format!("DJI_{number:04}.JPG");
            std::fs::hard_link(photos.join(&name), folder.join(&name))?;
        }
    }
    Ok(folder.to_owned())
}
