//! What inspectors look at, and what they say of it.

mod profile;
mod read;
mod say;

pub(crate) use profile::profile;
pub(crate) use read::{list, show};
pub(crate) use say::{Advance, Decide, Review, SecondWord, advance, decide, review, second};
