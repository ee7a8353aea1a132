//! Quality checks of a folder of photos, in seconds, before anyone leaves the site.

mod coverage;
mod inspection;
mod pixels;
mod place;
mod problem;
mod rules;
mod verdict;
mod wording;

pub use inspection::{Inspection, inspect};
pub use problem::{Problem, ProblemKind, Text};
pub use verdict::{FlightSummary, Georeference};
