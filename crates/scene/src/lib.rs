#![doc = include_str!("../README.md")]

mod attitude;
mod block;
mod photos;
mod prior;
mod track;

pub use attitude::Attitude;
pub use block::{Block, Observation, Track, View};
pub use photos::{Photos, PhotosError};
pub use prior::{CameraPrior, FlightPrior, ViewPrior};
pub use track::PixelTrack;
