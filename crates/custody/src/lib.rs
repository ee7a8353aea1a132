#![doc = include_str!("../README.md")]

mod checked_file;
mod digest;
mod digests;
mod durable;
mod error;
mod evidence_store;
mod listing;
mod sm3;
mod store_check;
mod store_fault;
mod stored;

pub use checked_file::CheckedFile;
pub use digest::Digest;
pub use digests::{Digests, Hashing};
pub use error::Error;
pub use evidence_store::EvidenceStore;
pub use listing::{Listed, Listing};
pub use sm3::Sm3;
pub use store_fault::StoreFault;
pub use stored::Stored;
