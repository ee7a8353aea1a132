#![doc = include_str!("../README.md")]

mod error;
mod grid;
mod options;
mod pyramid;
mod surface;
mod tile;

pub use error::Error;
pub use grid::grid;
pub use options::Options;
pub use pyramid::Pyramids;
pub use surface::{Surface, surface};
pub use tile::{surface_tile, tiles};
