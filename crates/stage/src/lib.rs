#![doc = include_str!("../README.md")]

mod error;
mod observation;
mod physical_stage;

pub use error::Error;
pub use observation::{Deck, Outcome, Overbuilt, StageObservation, Unseen, ZeroLevel, ZeroSource};
pub use physical_stage::PhysicalStage;
