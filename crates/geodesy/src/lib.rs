#![doc = include_str!("../README.md")]

mod crs;
mod error;
mod gcj02;
mod heights;
mod position;
mod quality;
mod survey_frame;
mod undulation_grid;
mod vertical;

pub use crs::Crs;
pub use error::Error;
pub use gcj02::Gcj02;
pub use heights::{HeightDatum, HeightSource, Heights};
pub use position::{Lla, MapPoint};
pub use quality::{SurveyClass, SurveyQuality};
pub use survey_frame::SurveyFrame;
pub use undulation_grid::UndulationGrid;
pub use vertical::VerticalModel;
