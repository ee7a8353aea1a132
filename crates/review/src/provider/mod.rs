//! The bureau's identity provider (统一身份认证): who somebody is; what they may do the account of that name says.

mod client;
mod handlers;
mod journey;
mod settings;

pub(crate) use client::Provider;
pub(crate) use handlers::{begin, end, ways};

/// Where the provider sends people back to.
const RETURN: &str = "/api/session/provider/return";
