//! What inspectors look at, and what they say of it.

mod attachment;
mod bundle;
mod dossier;
mod number;
mod profile;
mod read;
mod say;

pub(crate) use bundle::bundle;
pub(crate) use dossier::dossier;
pub(crate) use number::{TakeNumber, VoidNumber, take, void};
pub(crate) use profile::profile;
pub(crate) use read::{list, show};
pub(crate) use say::{Advance, Decide, Review, SecondWord, advance, decide, review, same_person, second};
