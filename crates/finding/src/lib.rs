#![doc = include_str!("../README.md")]

mod calendar;
mod candidate;
mod error;
mod finding;
mod findings;
mod geojson;
mod geometry;
mod judge;
mod kind;
mod outset;
mod pack;
mod planned_footprint;
mod ruled_out;
mod rules;
mod site;
mod statute;
mod suppress;
mod table;
mod verdict;

pub use calendar::Calendar;
pub use error::Error;
pub use finding::{Bilingual, Finding, Measure, Priority, Unit};
pub use findings::{Findings, Lawful, Suppressed, Undecided};
pub use geojson::to_geojson;
pub use judge::{EpochRef, Judgement, judge, judge_after};
pub use kind::Kind;
pub use pack::{
    JurisdictionPack, Least, LineCheck, OutlineModel, Patrol, Quantity, SiteHut, StatuteRow, Tolerance,
};
pub use planned_footprint::PlannedFootprint;
pub use ruled_out::ruled_out;
pub use statute::Statute;
pub use table::to_table;
pub use verdict::Verdict;
