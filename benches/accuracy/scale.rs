//! How time and memory of `plumbline georeference` grow with the number of photos.
//!
//! `scale PROGRAM FOLDER [TABLE]`: photos of 240 x 180 pixels are simulated along the layout of a real flight, as
//! `exiftool -csv` tells it, or along a lawn-mower's of the same size, and kept in FOLDER for the next time.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::path::{Path, PathBuf};

use plumbline_benches::{Georeferenced, HEIGHT_M, arguments, plain_flight, take_photos};
use plumbline_fixtures::read_layout;

/// Photos of the whole flight and of its halves.
const COUNTS: [usize; 4] = [180, 363, 726, 1452];
/// Width of a photo, pixels.
const WIDTH_PX: u32 = 240;
/// Strips of the lawn-mower's layout, and photos in each.
const LAWN: (u32, u32) = (22, 66);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [program, folder, table @ ..] = arguments.as_slice() else {
        return Err("give the program and a folder to keep the photos in".into());
    };
    let photos = folder.join("photos");
    if !photos.exists() {
        let layout = table.first().map(std::fs::read_to_string).transpose()?;
        let stations = layout.map(|table| read_layout(&table, HEIGHT_M)).transpose()?;
        take_photos(&plain_flight(LAWN.0, LAWN.1, WIDTH_PX), stations.as_deref(), &photos)?;
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
