#![doc = include_str!("../README.md")]

pub mod cog;
mod error;
mod grid;
mod raster;
mod undulation;

pub use error::Error;
pub use grid::{Grid, Window};
pub use raster::{Raster, Rgba};
pub use undulation::read_undulations;
