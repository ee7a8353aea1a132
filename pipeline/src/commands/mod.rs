//! The commands of the command line.

mod check;
mod run;
mod simulate;
mod status;

use std::error::Error as _;
use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::config::Project;
use crate::error::Error;

/// Does what the command line says.
pub fn execute(cli: &Cli) -> Result<ExitCode, Error> {
    match &cli.command {
        Command::Check(arguments) => check::check(arguments),
        Command::Process(arguments) => {
            let project = Project::of_folder(&arguments.folder, arguments.crs.clone())?;
            run::run(project, &arguments.out, arguments.json)
        }
        Command::Run(arguments) => {
            run::run(Project::read(&arguments.project)?, &arguments.out, arguments.json)
        }
        Command::Status(arguments) => status::status(arguments),
        Command::Simulate(arguments) => simulate::simulate(arguments),
    }
}

/// Prints an error with everything that led to it.
#[expect(clippy::print_stderr, reason = "errors go to the terminal, data to stdout")]
pub fn explain(error: &Error) {
    eprintln!("error 错误: {error}");
    let mut cause = error.source();
    while let Some(reason) = cause {
        eprintln!("  because 原因: {reason}");
        cause = reason.source();
    }
}

/// Prints data to stdout.
#[expect(clippy::print_stdout, reason = "data goes to stdout, so that it can be piped")]
fn print(text: &str) {
    println!("{text}");
}

/// Prints a value as JSON to stdout.
fn print_json(value: &impl serde::Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|source| Error::Json { path: "stdout".into(), source })?;
    print(&text);
    Ok(())
}
