//! Flights over plain country, for measuring how work and memory grow.

use std::error::Error;
use std::path::Path;

use nalgebra::Vector2;
use plumbline_fixtures::{FlightPlan, PhotoFile, Recipe, Station};

use crate::SEED;

/// Height of a flight above the ground, metres: photos overlap by 84 % along and 65 % across.
pub const HEIGHT_M: f64 = 120.0;
/// Distance between strips and between photos of a strip, metres, as on a real flight.
const SPACING_M: (f64, f64) = (59.6, 21.1);

/// A lawn-mower's flight of so many strips of so many photos, `width_px` wide.
pub fn plain_flight(strips: u32, per_strip: u32, width_px: u32) -> Recipe {
    let spacing = Vector2::new(SPACING_M.0, SPACING_M.1);
    let reach = 0.5 * Vector2::new(f64::from(strips - 1), f64::from(per_strip - 1)).component_mul(&spacing);
    let plain = Recipe::plain(reach, width_px, SEED as u32);
    Recipe { flight: FlightPlan { height_m: HEIGHT_M, reach, spacing, ..plain.flight }, ..plain }
}

/// Takes the photos of a flight, along a layout where there is one, and writes them into a new folder.
pub fn take_photos(flight: &Recipe, along: Option<&[Station]>, folder: &Path) -> Result<(), Box<dyn Error>> {
    let card = match along {
        Some(stations) => flight.card_along(stations, 0, SEED)?,
        None => flight.card(0, SEED)?,
    };
    std::fs::create_dir_all(folder)?;
    for photo in &card.photos {
        PhotoFile::write(photo, folder)?;
    }
    Ok(())
}
