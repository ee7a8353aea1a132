use std::path::Path;
use std::process::Command;

/// How a chore ends: well, or with a sentence that says what to do.
pub type Outcome<T = ()> = Result<T, String>;

/// Runs a program and shows what it prints; a failure names the command line.
pub fn run(program: &str, args: &[&str]) -> Outcome {
    run_with(program, args, &[])
}

/// As [`run`], with environment variables.
pub fn run_with(program: &str, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
    println!("\n$ {program} {}", args.join(" "));
    let status = Command::new(program)
        .args(args)
        .envs(variables.iter().copied())
        .status()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("failed ({status}): {program} {}", args.join(" "))) }
}

/// Whether a program succeeds, without showing what it prints.
pub fn succeeds(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}

/// Text of a file; the error names it.
pub fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
