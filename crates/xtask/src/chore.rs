use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// How a chore ends: well, or with a sentence that says what to do.
pub type Outcome<T = ()> = Result<T, String>;

/// Runs a program and shows what it prints; a failure names the command line.
pub fn run(program: &str, args: &[&str]) -> Outcome {
    run_with(program, args, &[])
}

/// As [`run`], with environment variables.
pub fn run_with(program: &str, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
    run_in(Path::new("."), program, args, variables)
}

/// As [`run_with`], in a folder.
pub fn run_in(folder: &Path, program: &str, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
    println!("\n$ {program} {}", args.join(" "));
    let status = fresh(program)
        .current_dir(folder)
        .args(args)
        .envs(variables.iter().copied())
        .status()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    succeeded(status, program, args)
}

/// As [`run`], with a line for the program to read.
pub fn run_fed(program: &str, args: &[&str], line: &str) -> Outcome {
    println!("\n$ {program} {}", args.join(" "));
    let mut child = fresh(program)
        .args(args)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    let told = child.stdin.take().map_or(Ok(()), |mut input| writeln!(input, "{line}"));
    let status = told.and_then(|()| child.wait());
    succeeded(status.map_err(|error| format!("{program} does not answer: {error}"))?, program, args)
}

fn succeeded(status: ExitStatus, program: &str, args: &[&str]) -> Outcome {
    if status.success() { Ok(()) } else { Err(format!("failed ({status}): {program} {}", args.join(" "))) }
}

/// A program without what `cargo run` says of this one: build scripts that look at it would build everything again.
fn fresh(program: &str) -> Command {
    let mut command = Command::new(program);
    let of_this = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars().filter(|(name, _)| of_this(name)) {
        command.env_remove(name);
    }
    command
}

/// Whether a program succeeds, without showing what it prints.
pub fn succeeds(program: &str, args: &[&str]) -> bool {
    fresh(program).args(args).output().is_ok_and(|output| output.status.success())
}

/// Text of a file; the error names it.
pub fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
