#![doc = include_str!("../README.md")]

mod balance;
mod choice;
mod error;
mod eye;
mod height_field;
mod holes;
mod mosaic;
mod options;
mod sampling;
mod sightings;

pub use error::Error;
pub use mosaic::{NO_SOURCE, Ortho, orthophoto};
pub use options::Options;
pub use sightings::{Sighting, Sightings};
