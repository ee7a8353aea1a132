#![doc = include_str!("../README.md")]

mod crs;
mod error;
mod position;
mod quality;
mod survey_frame;

pub use crs::Crs;
pub use error::Error;
pub use position::{HeightDatum, Lla, MapPoint};
pub use quality::{SurveyClass, SurveyQuality};
pub use survey_frame::SurveyFrame;
