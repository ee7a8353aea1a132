//! A simulated town judged date by date, and how right the judgement is.

mod flag;
mod flown;
mod offsets;
mod place;
mod power;
mod recall;
mod score;
mod stages;
mod tile;
mod truth;

pub use power::Power;
pub use score::DistrictScore;
