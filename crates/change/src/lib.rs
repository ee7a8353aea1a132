#![doc = include_str!("../README.md")]

mod appearance;
mod boundary;
mod bridge;
mod cells;
mod classify;
mod compare;
mod comparison;
mod components;
mod coregistration;
mod coverage;
mod deck;
mod detection;
mod displacement;
mod dominant;
mod epoch;
mod error;
mod extremum;
mod facing;
mod footprint;
mod ground;
mod neighbour;
mod outline;
mod region;
mod registration;
mod scene;
mod structure;
mod terrain;
#[cfg(test)]
mod testing;
mod texture;

pub use appearance::{AppearanceChange, appearance};
pub use compare::{CompareOptions, compare};
pub use comparison::{Comparability, Comparison};
pub use coregistration::{Coregistration, Shift, coregister};
pub use coverage::coverage;
pub use deck::{Deck, HeightProfile};
pub use displacement::{Displacement, Excess};
pub use epoch::EpochSurface;
pub use error::Error;
pub use footprint::Footprint;
pub use ground::GroundLevel;
pub use region::{ChangeClass, ChangeRegion};
pub use registration::{Offset, Registration};
pub use structure::{Structure, StructureOptions, structures};
pub use terrain::{TerrainOptions, above_ground, terrain};
