#![doc = include_str!("../README.md")]

mod decide;
mod error;
mod gate;
mod observation;
mod observe;
mod physical_stage;

pub use error::Error;
pub use observation::{Outcome, Overbuilt, StageObservation, Unseen, ZeroLevel, ZeroSource};
pub use observe::observe;
pub use physical_stage::PhysicalStage;
