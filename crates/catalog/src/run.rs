//! The static catalog that a run writes into its own folder.

mod contents;
mod custody_log;
mod epoch_item;
mod epoch_record;
mod evidence_item;
mod filing;
mod index;
mod lead_item;
mod photo_item;
mod photo_record;
mod run_catalog;

pub use contents::{Contents, Software};
pub use custody_log::{Action, CustodyEvent, CustodyLog};
pub use epoch_record::{EpochRecord, Product, ProductKind};
pub use photo_record::{FlightRecord, PhotoRecord};
pub use run_catalog::RunCatalog;

pub(crate) use filing::COLLECTIONS;
pub(crate) use photo_item::ORIGINALS;
