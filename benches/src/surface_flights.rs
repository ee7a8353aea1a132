//! The flights that surface models are judged on.

use plumbline_fixtures::{FlightPlan, PositionError, Preset, Recipe};

/// Seed of the cities and of their flights.
pub const SEED: u64 = 1;

/// The accuracy block with photos of `width` pixels, flown with RTK: looking down, and looking down and aside.
pub fn surface_flights(width: u32) -> [(&'static str, Recipe); 2] {
    let block = Preset::Block.recipe(SEED);
    let flown = |passes_deg: Vec<f64>| {
        let camera = block.flight.camera.resized(width, width * 3 / 4);
        let flight = FlightPlan { camera, passes_deg, error: PositionError::rtk(), ..block.flight.clone() };
        Recipe { flight, ..block.clone() }
    };
    [("nadir", flown(vec![90.0])), ("nadir_and_oblique", flown(vec![90.0, 60.0]))]
}
