#![doc = include_str!("../README.md")]

mod attitude;
mod block;
mod control_file;
mod coverage;
mod error;
pub mod exchange;
mod ground_point;
mod photos;
mod prior;
mod residuals;
#[cfg(test)]
mod testing;
mod thinning;
mod track;
mod weak_area;

pub use attitude::Attitude;
pub use block::{Block, Observation, Track, View};
pub use control_file::{control_middle, read_control};
pub use coverage::{Coverage, CoveredCell};
pub use error::Error;
pub use ground_point::{GroundPoint, GroundRole};
pub use photos::{Photos, PhotosError};
pub use prior::{CameraPrior, FlightPrior, ViewPrior};
pub use residuals::{MeanResidual, Residuals};
pub use thinning::{ThinOptions, thin_tracks};
pub use track::PixelTrack;
pub use weak_area::WeakArea;
