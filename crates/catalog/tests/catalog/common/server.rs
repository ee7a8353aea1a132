//! A `PostgreSQL` server of Debian's on a socket in a folder of its own, for as long as the tests run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where Debian keeps the programs of its `PostgreSQL`.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Runs the server until the tests' end of the pipe is closed, however they end; then nothing is left of it.
const KEEP: &str = r#""$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off >"$2/log" 2>&1 &
server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$2""#;

/// A server that runs.
struct Server {
    folder: PathBuf,
    databases: AtomicU32,
    /// The pipe that keeps the server alive.
    _keeper: std::process::Child,
}

/// Address of a fresh database; none, with the reason printed, where no server can be had.
#[allow(clippy::print_stderr, reason = "a test that is left out says so")]
pub fn fresh_database() -> Option<String> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    match SERVER.get_or_init(Server::start) {
        Ok(server) => {
            let name = format!("t{}", server.databases.fetch_add(1, Ordering::Relaxed));
            server.ask("postgres", &format!("CREATE DATABASE {name}"));
            Some(format!("postgres:///{name}?host={}&user=plumbline", server.folder.display()))
        }
        Err(reason) => {
            eprintln!("not tested on PostgreSQL: {reason}");
            None
        }
    }
}

impl Server {
    fn start() -> Result<Self, String> {
        let programs = programs().ok_or("its programs are not installed (apt-get install postgresql)")?;
        let folder = tempfile::Builder::new().prefix("plumbline-pg").tempdir().unwrap().keep();
        let is_root =
            fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        if is_root && !run(Command::new("chown").arg("postgres").arg(&folder)) {
            return Err("root may not run it, and there is no user postgres".into());
        }
        let command = |program: &Path| {
            let mut command = Command::new(if is_root { Path::new("setpriv") } else { program });
            if is_root {
                command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            }
            command.current_dir(&folder);
            command
        };
        let data = folder.join("data");
        let made = run(command(&programs.join("initdb")).arg("-D").arg(&data).args([
            "-U",
            "plumbline",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]));
        if !made {
            return Err("initdb failed".into());
        }
        let keeper = command(Path::new("/bin/sh"))
            .arg("-c")
            .arg(KEEP)
            .arg("sh")
            .arg(&programs)
            .arg(&folder)
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let server = Self { folder, databases: AtomicU32::new(0), _keeper: keeper };
        server.wait_until_ready(&programs)?;
        Ok(server)
    }

    /// Asks until the server answers; the asking itself takes the time.
    fn wait_until_ready(&self, programs: &Path) -> Result<(), String> {
        for _ in 0..2000 {
            if run(Command::new(programs.join("pg_isready")).arg("-q").arg("-h").arg(&self.folder)) {
                return Ok(());
            }
        }
        Err("it does not answer".into())
    }

    fn ask(&self, database: &str, statement: &str) {
        let asked = Command::new("psql")
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "plumbline", "-d", database, "-qc", statement])
            .status()
            .unwrap();
        assert!(asked.success(), "{statement}");
    }
}

/// The newest programs that are installed.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(VERSIONS).ok()?.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    versions.filter(|bin| bin.join("initdb").exists()).max()
}

fn run(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
