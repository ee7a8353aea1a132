//! The commands of the command line.

mod account;
mod bundle;
mod check;
mod dossier;
mod export;
mod file;
mod import;
mod ledger;
mod photo_at;
mod plan;
mod retention;
mod run;
mod serve;
mod shared;
mod simulate;
mod status;
mod verify;

use std::error::Error as _;
use std::process::ExitCode;

use crate::cli::{self, Cli, Command};
use crate::config::Project;
use crate::error::Error;
use crate::flow;

/// Does what the command line says.
pub fn execute(cli: &Cli) -> Result<ExitCode, Error> {
    match &cli.command {
        Command::Account(arguments) => account::account(arguments),
        Command::Bundle(arguments) => bundle::bundle(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::File(arguments) => file::file(arguments),
        Command::Georeference(arguments) => {
            let cli::Georeference { flights, out, options, json } = arguments;
            let project = if flights.is_dir() {
                Project::of_folder(flights, options)?
            } else {
                Project::read_without(flights, options)?
            };
            run::run(out, *json, |out| flow::georeference(project, out))
        }
        Command::Dossier(arguments) => dossier::dossier(arguments),
        Command::Export(arguments) => export::export(arguments),
        Command::Import(arguments) => import::import(arguments),
        Command::Ledger(arguments) => ledger::ledger(arguments),
        Command::PhotoAt(arguments) => photo_at::photo_at(arguments),
        Command::Plan(cli::Plan::Inspect(arguments)) => plan::inspect(arguments),
        Command::Process(arguments) => {
            let project = Project::of_folder(&arguments.folder, &arguments.options)?;
            let work = if arguments.quick { flow::quick_look } else { flow::run };
            run::run(&arguments.out, arguments.json, |out| work(project, out))
        }
        Command::Retention(command) => retention::retention(command),
        Command::Run(arguments) => {
            let project = Project::read(&arguments.project)?;
            run::run(&arguments.out, arguments.json, |out| flow::run(project, out))
        }
        Command::Serve(arguments) => serve::serve(arguments),
        Command::Status(arguments) => status::status(arguments),
        Command::Simulate(arguments) => simulate::simulate(arguments),
        Command::Verify(arguments) => verify::catalog(arguments),
        Command::VerifyBundle(arguments) => verify::bundle(arguments),
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

/// Asks for something on the terminal, without ending the line.
#[expect(clippy::print_stderr, reason = "questions go to the terminal, data to stdout")]
fn ask(question: &str) {
    eprint!("{question}");
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
