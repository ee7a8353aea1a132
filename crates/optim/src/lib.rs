#![doc = include_str!("../README.md")]

mod error;
mod levenberg;
mod linear;
mod loss;
mod problem;
mod ransac;
mod reduced;

pub use error::Error;
pub use levenberg::{Covariance, LevenbergOptions, Minimum, covariance, minimize};
pub use loss::Loss;
pub use problem::{Equation, Normal, Problem, Step};
pub use ransac::{Consensus, Estimator, Fit, Msac, RansacOptions, Sampler, UniformSampler, ransac};
