//! Resumable upload after tus 1.0: what a flaky link brings is kept, and what is complete goes into the store exactly once.

mod checksum;
mod handlers;
mod headers;
mod intake;
mod kind;
mod metadata;
mod names;
mod offer;
mod vault;

pub(crate) use handlers::{create, describe, end, follow, write};
pub(crate) use headers::named;
pub(crate) use intake::recover;
pub(crate) use kind::is_photo;
pub(crate) use names::identifier;
pub(crate) use offer::{Offer, digest};
pub(crate) use vault::Vault;
