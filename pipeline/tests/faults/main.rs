//! What goes wrong in the field: whatever it is, the flight is placed rightly, or somebody is told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attitudes;
mod cameras;
mod control;
mod epochs;
mod flight;
mod folder;
mod heights;
mod outcome;
mod overlap;
mod pixels;
mod positions;
#[expect(dead_code, reason = "these tests write their photos themselves")]
#[path = "../site/mod.rs"]
mod site;

use flight::Flight;
use outcome::Outcome;
