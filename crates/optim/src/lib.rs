#![doc = include_str!("../README.md")]

mod loss;
mod ransac;

pub use loss::Loss;
pub use ransac::{Consensus, Estimator, Fit, Msac, RansacOptions, Sampler, UniformSampler, ransac};
