#![doc = include_str!("../README.md")]

mod balance;
mod choice;
mod error;
mod eye;
mod height_field;
mod holes;
mod inquiry;
mod mosaic;
mod options;
mod raised;
mod sampling;
mod sightings;
mod witness;

pub use error::Error;
pub use mosaic::{NO_SOURCE, Ortho, orthophoto};
pub use options::Options;
pub use sightings::{Sighting, Sightings};
pub use witness::UNCONFIRMED;
