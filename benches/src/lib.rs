#![doc = include_str!("../README.md")]

mod check_points;
mod program;

pub use check_points::{CheckError, check_errors, ratio, sag};
pub use program::{Georeferenced, arguments};
