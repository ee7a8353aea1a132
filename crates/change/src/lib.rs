#![doc = include_str!("../README.md")]

mod comparison;
mod deck;
mod displacement;
mod epoch;
mod error;
mod footprint;
mod ground;
mod region;
mod registration;
mod structure;

pub use comparison::{Comparability, Comparison};
pub use deck::Deck;
pub use displacement::{Displacement, Excess};
pub use epoch::EpochSurface;
pub use error::Error;
pub use footprint::Footprint;
pub use ground::GroundLevel;
pub use region::{ChangeClass, ChangeRegion};
pub use registration::{Offset, Registration};
pub use structure::Structure;
