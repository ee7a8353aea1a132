#![doc = include_str!("../README.md")]

mod calibration;
pub mod check;
mod decode;
mod error;
mod exif_tags;
mod flight;
mod jpeg;
mod maker_xmp;
mod mrk;
mod photo;
mod position;
mod sensor;
#[cfg(test)]
mod testing;

pub use calibration::{Calibration, CalibrationSource, Shutter, cameras};
pub use decode::decode;
pub use error::Error;
pub use flight::{candidate_files, read_flight};
pub use mrk::{ExposureEvent, read_mrk};
pub use photo::{CameraId, CaptureTime, Gimbal, Photo};
pub use position::{GnssPosition, PositionSource, RtkFlag};
