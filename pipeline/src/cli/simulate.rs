//! Arguments of `simulate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// Folder to write; it must not exist or be empty.
    pub out: PathBuf,
    /// Which city: the same seed always gives the same city.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How much of it.
    #[arg(long, value_enum, default_value_t = Preset::Demo)]
    pub preset: Preset,
}

/// Sizes of the simulated city.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Preset {
    /// A site of 200 m with two dates and one of everything.
    Demo,
    /// One date at 2 cm with ground control.
    Block,
    /// A district with many sites and dates.
    District,
}
