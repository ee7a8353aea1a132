//! Flights that were uploaded: their files, the check at once, the run in its turn.

mod check;
mod child;
mod folder;
mod handlers;
mod queue;
mod record;

pub(crate) use folder::Flights;
pub(crate) use handlers::{Completion, complete, list, log, show};
pub(crate) use queue::work;
