#![doc = include_str!("../README.md")]

mod error;
mod evidence;
mod lead;
mod state;
mod transition;

pub use error::Error;
pub use evidence::{Evidence, Review, What};
pub use lead::{Lead, merge};
pub use state::State;
pub use transition::{Actor, Officer, Officers, StatusChange};
