//! Quality checks of a folder of photos, before anyone leaves the site.

mod inspection;
mod problem;

pub use inspection::{FlightSummary, Georeference, Inspection, inspect};
pub use problem::{Problem, ProblemKind, Text};
