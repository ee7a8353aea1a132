#![doc = include_str!("../README.md")]

mod block_offset;
mod check_points;
mod district;
mod edges;
mod jpeg;
mod ortho_score;
mod plain_flight;
mod products;
mod program;
mod small_things;
mod surface_flights;
mod surface_score;
mod true_site;

pub use block_offset::BlockOffset;
pub use check_points::{CheckError, check_errors, ratio, sag};
pub use district::{DistrictScore, Power};
pub use jpeg::jpeg;
pub use ortho_score::OrthoScore;
pub use plain_flight::{HEIGHT_M, plain_flight, take_photos};
pub use products::products_score;
pub use program::{Georeferenced, Processed, Spent, arguments};
pub use surface_flights::{SEED, surface_flights};
pub use surface_score::{Scatter, SurfaceScore};
pub use true_site::{Kind, TrueCells, TrueSite};
