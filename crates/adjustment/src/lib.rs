#![doc = include_str!("../README.md")]

mod adjust;
mod error;
mod options;
mod report;

pub use adjust::{Adjustment, adjust};
pub use error::Error;
pub use options::{Calibration, Options};
pub use report::{CameraReport, LeftOut, LeftOutReason, Remark, Report, Tie, TieVerdict, ViewReport};
