#![doc = include_str!("../README.md")]

mod adjust;
mod alignment;
mod bundle;
mod calibration_prior;
mod check;
mod control;
mod control_fault;
mod correlation;
mod error;
mod fix;
mod focal;
mod gimbal;
mod gnss;
mod ground;
mod ground_report;
mod growth;
mod intersection;
mod network;
mod options;
mod outcome;

mod plausibility;
mod quality;
mod refine;
mod relative;
mod report;
mod reprojection;
mod resection;
mod seed;
mod start;
mod survey;
mod tie;
mod uncertainty;
mod upside_down;
mod views;

pub use adjust::{Adjustment, adjust};
pub use error::Error;
pub use focal::FocalStrength;
pub use ground_report::{GroundPointReport, GroundReport, MarkReport};
pub use options::{Calibration, Focal, Options};
pub use report::{
    CameraReport, LeftOut, LeftOutReason, Reference, Remark, Report, Tie, TieVerdict, ViewReport,
};
pub use survey::Survey;
