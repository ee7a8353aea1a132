//! The server as its clients meet it: pilots on poor links, people who review, programs of others, and those who mean harm.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod common;
mod flight;
mod hostile;
mod judges;
mod kill;
mod matrix;
mod provider;
mod record;
mod retention;
mod review;
mod session;
mod stac;
mod upload;
