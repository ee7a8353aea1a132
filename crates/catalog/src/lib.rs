#![doc = include_str!("../README.md")]

mod catalog;
mod contents;
mod custody;
mod epoch_item;
mod epoch_record;
mod error;
mod evidence_item;
mod fault;
mod filing;
mod footprint;
mod index;
mod lead_item;
mod photo_item;
mod photo_record;
pub mod stac;

pub use catalog::Catalog;
pub use contents::{Contents, Software};
pub use custody::{Action, CustodyEvent, CustodyLog};
pub use epoch_record::{EpochRecord, Product, ProductKind};
pub use error::Error;
pub use fault::Fault;
pub use photo_record::{FlightRecord, PhotoRecord};
