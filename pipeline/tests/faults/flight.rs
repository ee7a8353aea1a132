//! A sound flight that a test may spoil before the program sees it.

use std::path::PathBuf;
use std::sync::LazyLock;

use nalgebra::Vector2;
use plumbline_fixtures::{Card, FlightPlan, PhotoFile, Preset, Recipe};
use tempfile::TempDir;

use crate::Outcome;
use crate::site::{self, SEED};

/// Photos over the middle of the demonstration site: three strips of four, 19 cm pixels, fixed RTK.
static SOUND: LazyLock<Card> = LazyLock::new(|| card(&recipe(flight_plan()), 0));

/// A flight like the sound one.
pub fn flight_plan() -> FlightPlan {
    FlightPlan { reach: Vector2::new(42.0, 36.0), ..site::recipe(1).flight }
}

/// The first date of the site, flown in another way.
pub fn recipe(flight: FlightPlan) -> Recipe {
    // Nearer to the middle than on the whole site, and on its streets as there.
    let control = Preset::Demo.recipe(SEED).control.iter().map(|at| 0.6 * at).collect();
    Recipe { flight, control, ..site::recipe(2) }
}

fn card(recipe: &Recipe, epoch_idx: usize) -> Card {
    recipe.card(epoch_idx, SEED).unwrap()
}

/// Photos with their truth, and the folder they are written to.
pub struct Flight {
    /// The photos and where they were really taken.
    pub card: Card,
    /// Coordinate system of the result.
    pub crs: &'static str,
    /// Arguments of the program beside the folders.
    pub arguments: Vec<String>,
    room: TempDir,
}

impl Flight {
    /// A flight without any fault.
    pub fn sound() -> Self {
        Self::of(SOUND.clone())
    }

    /// A flight of one's own over the same site.
    pub fn flown(plan: FlightPlan) -> Self {
        Self::of(card(&recipe(plan), 0))
    }

    /// A flight over a village: nothing there looks like anything on the site.
    pub fn elsewhere() -> Self {
        let village = Recipe::plain(Vector2::new(100.0, 90.0), 640, 77);
        Self::of(card(&Recipe { flight: flight_plan(), ..village }, 0))
    }

    /// The sound flight's site three months later.
    pub fn later() -> Self {
        Self::of(card(&recipe(flight_plan()), 1))
    }

    fn of(card: Card) -> Self {
        let room = tempfile::tempdir().unwrap();
        std::fs::create_dir(room.path().join("flight")).unwrap();
        Self { card, crs: "EPSG:4547", arguments: Vec::new(), room }
    }

    /// The folder of photos; may be filled with more than the photos.
    pub fn folder(&self) -> PathBuf {
        self.room.path().join("flight")
    }

    /// Writes a file beside the folder of photos; returns its path.
    pub fn beside(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.room.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// Keeps only the photos of these numbers, counted from zero.
    pub fn keep(&mut self, wanted: impl Fn(usize) -> bool) {
        let mut number = 0..;
        self.card.views.retain(|_| number.next().is_some_and(&wanted));
        let mut number = 0..;
        self.card.photos.retain(|_| number.next().is_some_and(&wanted));
    }

    /// Changes all photos.
    pub fn each(&mut self, change: impl Fn(usize, &mut PhotoFile)) {
        self.card.photos.iter_mut().enumerate().for_each(|(i, photo)| change(i, photo));
    }

    /// Writes the photos and lets the program place them.
    pub fn place(&self) -> Outcome {
        self.write();
        self.place_as_written()
    }

    /// Lets the program place what lies in the folder.
    pub fn place_as_written(&self) -> Outcome {
        Outcome::of("georeference", self, &self.room.path().join("out"))
    }

    /// Lets the program make products of what lies in the folder.
    pub fn process_as_written(&self) -> Outcome {
        Outcome::of("process", self, &self.room.path().join("out"))
    }

    /// Writes the photos.
    pub fn write(&self) {
        self.card.photos.iter().for_each(|photo| photo.write(&self.folder()).unwrap());
    }
}
