use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

/// How often it is asked whether a process of a killed server has ended.
const ORPHAN: Duration = Duration::from_secs(1);

/// Lines of a log that are shown.
const LINES: usize = 200;

/// Bytes of a log that are looked at for them.
const TAIL: u64 = 64 << 10;

/// Starts a process of `plumbline` that answers into one file and tells its story to another.
///
/// The log is locked, and the process inherits the lock: when a server is killed its process goes on, and the next server
/// waits here until it has ended, for two must not work in one folder.
pub(super) async fn start(mut command: Command, answer: &Path, log: &Path) -> io::Result<Child> {
    log.parent().map_or(Ok(()), fs::create_dir_all)?;
    let story = OpenOptions::new().create(true).append(true).open(log)?;
    loop {
        match story.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => tokio::time::sleep(ORPHAN).await,
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    command.stdin(Stdio::null()).stdout(File::create(answer)?).stderr(story).kill_on_drop(true).spawn()
}

/// The last lines of a log; none where there is none yet.
pub(super) fn tail(log: &Path) -> Vec<String> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let text = read().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].iter().map(|&line| line.to_owned()).collect()
}
