//! A small simulated site on disk, and the program run on it.

use std::path::Path;
use std::process::{Command, Output};

use nalgebra::Vector2;
use plumbline_fixtures::{FlightPlan, Preset, Recipe, simulate_city};
use serde_json::Value;
use tempfile::TempDir;

/// The middle of the demonstration site on disk.
pub fn small_site(dates: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    simulate_city(folder.path(), &recipe(dates), SEED, &|_, _| ()).unwrap();
    folder
}

/// The middle of the demonstration site: two strips of three photos of 0.3 megapixels a date.
pub fn recipe(dates: usize) -> Recipe {
    let demo = Preset::Demo.recipe(SEED);
    let flight = FlightPlan {
        camera: demo.flight.camera.resized(640, 480),
        reach: Vector2::new(21.0, 24.0),
        ..demo.flight.clone()
    };
    let epochs = demo.epochs[..dates].to_vec();
    Recipe { flight, epochs, truth_cell_m: 1.0, control: Vec::new(), check_points: 0, ..demo }
}

/// Seed of the site.
pub const SEED: u64 = 5;

/// The program, ready to be given arguments.
pub fn plumbline() -> Command {
    Command::new(env!("CARGO_BIN_EXE_plumbline"))
}

/// Runs a command to its end; panics with its messages where it fails.
pub fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A JSON document in a file.
pub fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
