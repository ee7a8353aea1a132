//! How long things are kept, and what is left of them afterwards.

mod disc;
mod discs;
mod grade;
mod grading;
mod hold;
mod keep;
mod pin;
mod rules;
mod sweep;
mod tombstone;

pub use disc::{BurnedDisc, Disc, DiscCheck, DiscFile, DiscRules, MANIFEST};
pub use grade::{Grade, GradeFile, Graded, Lowering};
pub use hold::Hold;
pub use keep::{Keep, Reason};
pub use pin::Pin;
pub use rules::RetentionRules;
pub use sweep::Swept;
pub use tombstone::Tombstone;
