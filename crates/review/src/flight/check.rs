use std::fs;
use std::time::Duration;

use plumbline_custody::durable::sync_folder;
use serde_json::Value;
use tokio::process::Command;

use crate::Problem;
use crate::durable::read_json;
use crate::flight::child::{start, tail};
use crate::flight::record::Phase;
use crate::state::State;

/// Exit status of a check that found the flight unfit.
const UNFIT: i32 = 2;

/// A check that takes longer hangs.
const LONGEST: Duration = Duration::from_hours(1);

/// Checks a complete flight in a process of its own and says what comes next.
pub(super) async fn check(state: &State, id: &str) {
    let (to, why) = match look(state, id).await {
        Ok(phase) => (phase, None),
        Err(problem) => {
            state.note(chrono::Utc::now(), &format!("check of flight {id}: {problem:?}"));
            (Phase::Failed, Some(problem.en))
        }
    };
    match state.flights.turn_to(id, &[Phase::Checking], to, why) {
        Ok(_) => state.flights.ready.notify_one(),
        Err(problem) => state.note(chrono::Utc::now(), &format!("flight {id}: {problem:?}")),
    }
}

async fn look(state: &State, id: &str) -> Result<Phase, Problem> {
    let (run, answer) = (state.flights.run(id), state.flights.check(id));
    let (part, log) = (answer.with_extension("part"), run.join("check.log"));
    let mut command = Command::new(&state.config.program);
    command.arg("check").arg(state.flights.photos(id)).arg("--json");
    let mut child = start(command, &part, &log).await.map_err(Problem::internal)?;
    let ended = tokio::time::timeout(LONGEST, child.wait()).await.map_err(Problem::internal)?;
    let code = ended.map_err(Problem::internal)?.code();
    let phase = match code {
        Some(0) => Phase::Queued,
        Some(UNFIT) => Phase::Unfit,
        _ => return Err(Problem::internal(tail(&log).join("; "))),
    };
    read_json::<Value>(&part).map_err(Problem::internal)?;
    let folder = answer.parent().unwrap_or(&run);
    fs::rename(&part, &answer).and_then(|()| sync_folder(folder)).map_err(Problem::internal)?;
    Ok(phase)
}
