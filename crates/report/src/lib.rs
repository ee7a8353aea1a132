#![doc = include_str!("../README.md")]

mod card;
mod chart;
mod epoch_summary;
mod error;
mod map;
mod picture;
mod report;
mod texts;

pub use chart::{PlanOutline, PlanRole};
pub use epoch_summary::{EpochSummary, LeftOut};
pub use error::Error;
pub use map::Map;
pub use report::{Report, write};
