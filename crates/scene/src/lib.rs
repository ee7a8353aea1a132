#![doc = include_str!("../README.md")]

mod attitude;
mod block;
mod ground_point;
mod photos;
mod prior;
mod track;

pub use attitude::Attitude;
pub use block::{Block, Observation, Track, View};
pub use ground_point::{GroundPoint, GroundRole};
pub use photos::{Photos, PhotosError};
pub use prior::{CameraPrior, FlightPrior, ViewPrior};
pub use track::PixelTrack;
