#![doc = include_str!("../README.md")]

mod covariance;
mod error;
mod levenberg;
mod linear;
mod loss;
mod problem;
mod ransac;
mod reduced;
mod symmetric;

pub use covariance::{Covariance, Sensitivity};
pub use error::Error;
pub use levenberg::{LevenbergOptions, Minimum, minimize};
pub use loss::Loss;
pub use problem::{Equation, Normal, Problem, Step};
pub use ransac::{Consensus, Estimator, Fit, Msac, RansacOptions, Sampler, UniformSampler, ransac};
