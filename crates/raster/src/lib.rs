#![doc = include_str!("../README.md")]

pub mod cog;
mod error;
mod grid;
mod raster;

pub use error::Error;
pub use grid::{Grid, Window};
pub use raster::{Raster, Rgba};
