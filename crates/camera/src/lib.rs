#![doc = include_str!("../README.md")]

mod camera;

pub use camera::{Camera, PARAMETERS, Projection};
