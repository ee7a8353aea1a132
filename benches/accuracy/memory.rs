//! How the memory of `plumbline process` grows with the number of photos.
//!
//! `memory PROGRAM FOLDER [WIDTH]`: flights of 250, 500 and 1,000 photos of WIDTH pixels (1280) are simulated once and kept in
//! FOLDER; then the products of each are made. Of the cells that three photos see, nearly all must have heights.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::path::PathBuf;

use plumbline_benches::{Georeferenced, Processed, arguments, plain_flight, take_photos};
use plumbline_raster::cog::read_f32;

/// Strips of each flight.
const STRIPS: [u32; 3] = [10, 20, 40];
/// Photos of a strip.
const PER_STRIP: u32 = 25;
/// Width of a photo, pixels.
const WIDTH_PX: u32 = 1280;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [program, folder, more @ ..] = arguments.as_slice() else {
        return Err("give the program and a folder to keep the photos in".into());
    };
    let width = more.first().and_then(|width| width.to_str()?.parse().ok()).unwrap_or(WIDTH_PX);
    println!(
        "{:>6} {:>7} {:>6} {:>7} {:>7} {:>6} {:>8} {:>10}",
        "photos", "placed", "MP", "Mcells", "heights", "MP/s", "place MB", "process MB"
    );
    for strips in STRIPS {
        let photos = folder.join(format!("{strips}_{width}"));
        let flight = plain_flight(strips, PER_STRIP, width);
        if !photos.exists() {
            take_photos(&flight, None, &photos)?;
        }
        let out = folder.join(format!("out_{strips}_{width}"));
        let placed = Georeferenced::by(program, &photos, &out, &[])?;
        let made = Processed::by(program, &photos, &out, &[])?;
        let heights = read_f32(&made.epoch.join("dsm.tif"))?.cells;
        let known = heights.iter().filter(|height| height.is_finite()).count();
        let count = f64::from(strips * PER_STRIP);
        let camera = &flight.flight.camera;
        let megapixels = count * f64::from(camera.width) * f64::from(camera.height) * 1e-6;
        println!(
            "{count:>6} {:>7} {megapixels:>6.0} {:>7.1} {:>6.1}% {:>6.2} {:>8.0} {:>10.0}",
            placed.number("adjusted")?,
            heights.len() as f64 * 1e-6,
            100.0 * known as f64 / heights.len() as f64,
            megapixels / (placed.seconds + made.spent.seconds),
            placed.peak_memory_mb,
            made.peak_memory_mb
        );
    }
    Ok(())
}
