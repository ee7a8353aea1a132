//! One lead's evidence, to be handed over: it verifies without the catalog it came from.

mod check;
mod gather;
mod page;
mod parts;
mod write;

pub use check::{BundleFault, verify_bundle};

pub(crate) use parts::{Part, Parts};
