#![doc = include_str!("../README.md")]

mod act;
mod clock;
mod document_number;
mod error;
mod evidence;
mod filing_form;
mod lead;
mod mask;
mod merge;
pub mod picture;
mod presence;
mod round;
mod sight;
mod sighting;
mod state;
#[cfg(test)]
mod testing;
mod transition;

pub use clock::{Clock, Due, Procedure, TermUnit};
pub use document_number::{DocumentNumber, Paper};
pub use error::Error;
pub use evidence::{Evidence, Review, What};
pub use filing_form::{Field, FilingForm};
pub use lead::Lead;
pub use mask::Mask;
pub use merge::merge;
pub use presence::Presence;
pub use round::Round;
pub use sight::{Look, Sight};
pub use sighting::{Saw, Sighting};
pub use state::State;
pub use transition::{Actor, Officer, Officers, StatusChange};
