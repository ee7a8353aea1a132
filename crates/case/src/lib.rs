#![doc = include_str!("../README.md")]

mod error;
mod evidence;
mod filing_form;
mod lead;
pub mod picture;
mod state;
mod transition;

pub use error::Error;
pub use evidence::{Evidence, Review, What};
pub use filing_form::{Field, FilingForm};
pub use lead::{Lead, merge};
pub use state::State;
pub use transition::{Actor, Officer, Officers, StatusChange};
