#![doc = include_str!("../README.md")]

pub mod cog;
mod error;
mod foreign;
mod grid;
mod raster;
mod roughness;
mod undulation;

pub use error::Error;
pub use foreign::Foreign;
pub use grid::{Grid, Window};
pub use raster::{Raster, Rgba};
pub use undulation::read_undulations;
