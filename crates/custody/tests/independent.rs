//! What somebody else's verifier says of these logs: aics-tlog from `PyPI`, which needs Python 3.12.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use common::{grown, signer, written};
use plumbline_custody::Log;

mod common;

/// The verifier, pinned.
const VERIFIER: &str = "aics-tlog==0.2.1";

/// The first Python here that is new enough.
const FIND_PYTHON: &str = "for python in python3 python3.12 python3.13 python3.14 ~/.pyenv/versions/*/bin/python3; do \
    $python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $python && exit; done; exit 1";

/// A Python that has the verifier; else why there is none.
static PYTHON: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("independent");
    let python = venv.join("bin/python");
    if run(Command::new(&python).args(["-c", "import aics_tlog"])).is_err() {
        let found = run(Command::new("sh").args(["-c", FIND_PYTHON])).map_err(|_| "no Python 3.12 here")?;
        run(Command::new(found.trim()).args(["-m", "venv", "--clear"]).arg(&venv))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", VERIFIER];
        run(Command::new(&python).args(pip))?;
    }
    Ok(python)
});

/// What a command prints; what it complains of, where it fails.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// What the verifier says of each path; none where it cannot be had.
fn verdicts(paths: &[PathBuf]) -> Option<Vec<bool>> {
    let python = match &*PYTHON {
        Ok(python) => python,
        Err(why) => {
            println!("SKIPPED: {VERIFIER} cannot be installed: {why}");
            return None;
        }
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_log.py");
    let key = signer().verifier().to_string();
    let said = run(Command::new(python).arg(script).arg(key).args(paths)).unwrap();
    println!("{said}");
    Some(said.lines().map(|line| line.starts_with("ok ")).collect())
}

#[test]
fn an_independent_verifier_finds_untouched_logs_and_receipts_whole() {
    let home = tempfile::tempdir().unwrap();
    let logs = [0, 1, 255, 256, 257, 600, 70_000].map(|size| grown(&[size]).0);
    let mut paths: Vec<PathBuf> = logs.iter().map(|log| log.path().to_owned()).collect();
    let large = Log::open(logs[6].path(), signer()).unwrap();
    for index in [0, 3, 255, 65_535, 65_536, 69_999] {
        let path = home.path().join(format!("{index}.tlog-proof"));
        fs::write(&path, large.receipt(index).unwrap().encode()).unwrap();
        paths.push(path);
    }
    if let Some(verdicts) = verdicts(&paths) {
        assert_eq!(verdicts, vec![true; paths.len()]);
    }
}

#[test]
fn and_finds_a_changed_byte_in_every_file_of_a_log() {
    let (_folder, states) = grown(&[600]);
    let altered: Vec<_> = states[0]
        .keys()
        .map(|name| {
            let mut files = states[0].clone();
            files.get_mut(name).unwrap()[40] ^= 1;
            written(&files)
        })
        .collect();
    let paths: Vec<PathBuf> = altered.iter().map(|folder| folder.path().to_owned()).collect();
    if let Some(verdicts) = verdicts(&paths) {
        assert_eq!(verdicts, vec![false; paths.len()]);
    }
}
