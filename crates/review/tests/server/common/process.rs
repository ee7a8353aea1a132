//! A server in a process of its own, which can be killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use plumbline_review::{Config, serve};

use super::{config, settle};

/// Says to the test's own binary that it shall be a server, over which folder and at which port.
const FOLDER: &str = "PLUMBLINE_TEST_FOLDER";
const PORT: &str = "PLUMBLINE_TEST_PORT";

/// A server that ends with the test.
pub struct Process {
    child: Child,
    pub port: u16,
}

impl Process {
    /// Starts a server over a folder that was settled; at any port where `port` is 0.
    pub fn start(folder: &Path, port: u16) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", "common::process::a_server_of_its_own"])
            .env(FOLDER, folder)
            .env(PORT, port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line =
            lines.find_map(|line| line.ok()?.split_once("listening ").map(|(_, port)| port.to_owned()));
        let port = line.expect("the server starts").trim().parse().unwrap();
        // Whatever else the test harness prints there has somewhere to go.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What the process does: nothing unless it was told to.
#[test]
#[ignore = "a process for other tests, not a test"]
#[allow(clippy::print_stdout, reason = "the test reads which port it is")]
fn a_server_of_its_own() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let port: u16 = std::env::var(PORT).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = config(Path::new(&folder));
    let config = Config { bind: ([127, 0, 0, 1], port).into(), ..config };
    runtime.block_on(serve(config, |address| println!("listening {}", address.port()))).unwrap();
}

/// Makes the accounts of a folder.
pub fn settled(folder: &Path) {
    tokio::runtime::Runtime::new().unwrap().block_on(settle(folder));
}

/// A folder with Python programs from the package index; none, with the reason printed, where they cannot be installed.
pub fn judges(packages: &[&str]) -> Option<std::path::PathBuf> {
    // One test installs what the others then find.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("judges");
    let python = target.join("bin/python");
    let has = |package: &&&str| {
        let shown = Command::new(&python).args(["-m", "pip", "show", "-q", package]).status();
        shown.is_ok_and(|status| status.success())
    };
    if !python.exists() {
        Command::new("python3").args(["-m", "venv"]).arg(&target).status().ok();
    }
    let missing: Vec<_> = packages.iter().filter(|package| !has(package)).collect();
    if missing.is_empty() {
        return Some(target);
    }
    let installed = Command::new(&python).args(["-m", "pip", "install", "-q"]).args(missing).output();
    match installed {
        Ok(output) if output.status.success() => Some(target),
        Ok(output) => skip(&String::from_utf8_lossy(&output.stderr)),
        Err(error) => skip(&error.to_string()),
    }
}

#[allow(clippy::print_stdout, reason = "a test that is left out says so")]
fn skip(why: &str) -> Option<std::path::PathBuf> {
    println!("skipped: the Python judges cannot be installed: {why}");
    None
}
