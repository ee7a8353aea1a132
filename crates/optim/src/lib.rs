#![doc = include_str!("../README.md")]

mod error;
mod loss;
mod ransac;

pub use error::Error;
pub use loss::Loss;
pub use ransac::{Consensus, Estimator, Fit, Msac, RansacOptions, Sampler, UniformSampler, ransac};
