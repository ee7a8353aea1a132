#![doc = include_str!("../README.md")]

mod error;
mod mosaic;
mod options;

pub use error::Error;
pub use mosaic::{NO_SOURCE, Ortho, orthophoto};
pub use options::Options;
