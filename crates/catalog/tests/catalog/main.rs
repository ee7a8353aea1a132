//! The catalogs as their users have them, on SQLite and on `PostgreSQL`: what is filed, found, kept, altered and killed.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod bucket;
mod card;
mod common;
mod crash;
mod discs;
mod numbers;
mod records;
mod retention;
mod run;
mod search;
mod shared;
mod tamper;
