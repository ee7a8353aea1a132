#![doc = include_str!("../README.md")]

mod cli;
mod commands;
mod config;
mod crop;
mod decoded;
mod drawn_plan;
mod error;
mod executor;
mod flight;
mod flow;
mod progress;
mod record;
mod steps;
mod store;
mod track_table;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match commands::execute(&cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            commands::explain(&error);
            ExitCode::FAILURE
        }
    }
}
