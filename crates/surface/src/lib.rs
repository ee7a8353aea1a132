#![doc = include_str!("../README.md")]

pub mod basis;
mod census;
mod cost;
mod error;
mod filter;
mod grid;
mod height_range;
mod hypotheses;
mod lattice;
mod options;
mod pyramid;
mod rectify;
mod regions;
mod select;
mod sgm;
mod sigma;
mod surface;
mod tile;
mod view_choice;
mod visibility;

pub use error::Error;
pub use grid::grid;
pub use options::Options;
pub use pyramid::Pyramids;
pub use surface::{Surface, surface};
pub use tile::{surface_tile, tiles};
