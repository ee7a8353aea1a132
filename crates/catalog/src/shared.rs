//! The catalog that many runs and producers share.

mod account;
mod act;
mod catalog;
mod collections;
mod decide;
mod decision;
mod document;
mod event;
mod file;
mod filed;
mod incoming;
mod item_columns;
mod lead_file;
mod lead_page;
mod lead_row;
mod place;
mod project;
mod review;
mod session;
mod state;
mod tables;
mod writing;

pub use account::{Account, Role};
pub use act::Act;
pub use catalog::Catalog;
pub use decision::{Decision, DecisionFile, Outcome, Second};
pub use event::Event;
pub use file::{FileKind, StoredFile};
pub use filed::Filed;
pub use incoming::TABLES;
pub use lead_file::{EpochFiles, LeadFile};
pub use lead_page::{LeadPage, LeadQuery};
pub use lead_row::LeadRow;
pub use place::Place;
pub use project::Project;
pub use review::{ReviewFile, ReviewKind};
pub use session::Session;

pub(crate) use document::{Document, parsed, parsed_value};
pub(crate) use filed::blocking;
pub(crate) use incoming::IncomingFile;
pub(crate) use item_columns::{ItemColumns, bbox_of};
pub(crate) use lead_row::LeadColumns;
pub(crate) use tables::Engine;
pub(crate) use writing::Writing;
