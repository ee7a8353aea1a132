#![doc = include_str!("../README.md")]

mod bundle;
mod checked_file;
mod checkpoint;
mod consistency_proof;
#[cfg(test)]
mod crash_tests;
mod digest;
mod digests;
mod disk;
pub mod durable;
mod edge;
mod entries;
mod error;
mod evidence_store;
#[cfg(test)]
mod failing_disk;
mod inclusion_proof;
mod judge;
mod listing;
mod log;
mod log_check;
mod log_fault;
mod log_files;
mod merkle;
mod note;
mod prover;
mod receipt;
mod seen;
mod signer;
mod sm3;
mod store_check;
mod store_fault;
mod stored;
mod tile;
mod tile_folder;
mod verifier;
mod walk;

pub use checked_file::CheckedFile;
pub use checkpoint::Checkpoint;
pub use consistency_proof::ConsistencyProof;
pub use digest::Digest;
pub use digests::{Digests, Hashing};
pub use entries::Entries;
pub use error::Error;
pub use evidence_store::EvidenceStore;
pub use inclusion_proof::InclusionProof;
pub use listing::{Listed, Listing};
pub use log::Log;
pub use log_check::LogCheck;
pub use log_fault::LogFault;
pub use receipt::Receipt;
pub use signer::Signer;
pub use sm3::Sm3;
pub use store_fault::StoreFault;
pub use stored::Stored;
pub use verifier::Verifier;
