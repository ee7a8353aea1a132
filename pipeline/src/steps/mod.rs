//! The units of the run. Each loads, calls one crate, saves and reports.

pub mod adjustment;
pub mod block_page;
pub mod case;
pub mod catalog;
pub mod change;
pub mod epoch;
pub mod evidence;
pub mod features;
pub mod finding;
pub mod ortho;
pub mod photo;
pub mod plan;
pub mod report;
pub mod stage;
pub mod surface;
mod velocity;
pub mod vertical;

use crate::config::Project;
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
