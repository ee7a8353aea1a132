#![doc = include_str!("../README.md")]

mod absolute_pose;
mod convergence;
mod essential;
mod homography;
mod rigid3;
mod similarity3;
mod triangulation;

pub use absolute_pose::p3p;
pub use essential::Essential;
pub use homography::Homography;
pub use rigid3::Rigid3;
pub use similarity3::Similarity3;
pub use triangulation::{Ray, triangulate};

/// A point or direction in the plane.
pub type Vec2 = nalgebra::Vector2<f64>;
/// A point or direction in space.
pub type Vec3 = nalgebra::Vector3<f64>;
