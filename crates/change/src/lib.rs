#![doc = include_str!("../README.md")]

mod boundary;
mod cells;
mod comparison;
mod components;
mod coverage;
mod deck;
mod displacement;
mod epoch;
mod error;
mod extremum;
mod footprint;
mod ground;
mod outline;
mod region;
mod registration;
mod structure;
#[cfg(test)]
mod testing;

pub use comparison::{Comparability, Comparison};
pub use coverage::coverage;
pub use deck::{Deck, HeightProfile};
pub use displacement::{Displacement, Excess};
pub use epoch::EpochSurface;
pub use error::Error;
pub use footprint::Footprint;
pub use ground::GroundLevel;
pub use region::{ChangeClass, ChangeRegion};
pub use registration::{Offset, Registration};
pub use structure::Structure;
