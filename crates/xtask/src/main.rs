#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "chores talk to the person at the terminal")]

mod chore;
mod demo;
mod house;
mod layers;
mod page;
mod seeded;
mod setup;
mod size;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the project.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

/// The chores.
#[derive(Debug, Clone, Copy, Subcommand)]
enum Chore {
    /// Install the system packages.
    Setup,
    /// Set up, build, and run the whole pipeline on a simulated site of two dates.
    Demo,
    /// Everything that continuous integration checks.
    Test,
    /// Check the dependencies between the crates.
    Layers,
    /// Check the sizes of files and functions.
    Size,
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Setup => setup::setup(),
        Chore::Demo => demo::demo(),
        Chore::Test => test::test(),
        Chore::Layers => layers::layers(),
        Chore::Size => size::size(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            println!("\n{reason}");
            ExitCode::FAILURE
        }
    }
}
