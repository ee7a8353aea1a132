use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli;
use crate::commands::{print, print_json};
use crate::error::Error;
use crate::progress::{State, Status, now};
use crate::workspace::Workspace;

/// What `plumbline status --json` prints.
#[derive(Debug, Serialize)]
struct Answer {
    /// The run's own words.
    #[serde(flatten)]
    status: Status,
    /// Whether the process that works on it is alive.
    alive: bool,
}

/// `plumbline status DIR`.
pub fn status(arguments: &cli::Status) -> Result<ExitCode, Error> {
    let path = Workspace::new(&arguments.out).status();
    let text = std::fs::read(&path).map_err(|source| Error::io("read", &path, source))?;
    let status: Status = serde_json::from_slice(&text).map_err(|source| Error::Json { path, source })?;
    let alive = Path::new("/proc").join(status.pid.to_string()).exists();
    let answer = Answer { status, alive };
    if arguments.json {
        print_json(&answer)?;
    } else {
        print(&describe(&answer));
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(Answer { status, alive }: &Answer) -> String {
    let minutes = |seconds: u64| format!("{}:{:02}", seconds / 60, seconds % 60);
    match (status.state, alive) {
        (State::Finished, _) => {
            format!("finished 已完成 ({})", minutes(status.updated_at.saturating_sub(status.started_at)))
        }
        (State::Failed, _) => format!("failed 失败: {} {}", status.epoch, status.step),
        (State::Working, true) => format!(
            "working 运行中 {}: {} {} {}/{}",
            minutes(now().saturating_sub(status.started_at)),
            status.epoch,
            status.step,
            status.done,
            status.of
        ),
        (State::Working, false) => format!(
            "stopped 已中断 at {} {}: give the same command again and it resumes 重新执行同一命令即可继续",
            status.epoch, status.step
        ),
    }
}
