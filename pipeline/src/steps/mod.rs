//! The units of the run. Each loads, calls one crate, saves and reports.

pub mod adjustment;
pub mod block_page;
pub mod case;
pub mod catalog;
pub mod change;
mod clerk;
pub mod epoch;
pub mod evidence;
pub mod features;
pub mod finding;
pub mod flown;
pub mod import;
pub mod judged;
pub mod ledger;
pub mod ortho;
pub mod photo;
pub mod plan;
pub mod report;
mod sight;
pub mod stage;
pub mod surface;
pub mod terrain;
mod velocity;
pub mod vertical;

use std::path::Path;

use crate::config::Project;
use crate::flight::Flight;
use crate::store::Store;
use crate::workspace::Workspace;

/// What every step needs.
#[derive(Debug)]
pub struct Context {
    /// What to do.
    pub project: Project,
    /// Where things go.
    pub workspace: Workspace,
    /// What is already done.
    pub store: Store,
}

impl Context {
    /// The folder of a flight's photos; empty where the project has no such photos.
    pub fn photo_folder(&self, flight_id: &str) -> &Path {
        let flight = self.project.flights.iter().find(|flight| flight.id == flight_id);
        flight.and_then(Flight::folder).unwrap_or(Path::new(""))
    }
}
