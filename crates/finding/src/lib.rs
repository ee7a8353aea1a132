#![doc = include_str!("../README.md")]

mod error;
mod finding;
mod findings;
mod kind;
mod statute;
mod verdict;

pub use error::Error;
pub use finding::{Bilingual, Finding, Measure, Priority, Unit};
pub use findings::{Findings, Lawful, Suppressed, Undecided};
pub use kind::Kind;
pub use statute::Statute;
pub use verdict::Verdict;
