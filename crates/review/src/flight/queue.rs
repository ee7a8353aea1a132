use std::fs;
use std::path::Path;

use chrono::Utc;
use plumbline_custody::durable;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::watch;

use crate::Problem;
use crate::flight::check::check;
use crate::flight::child::{start, tail};
use crate::flight::record::{Flight, Phase};
use crate::problem::chain;
use crate::state::{State, act};

/// Checks and runs flights until the server stops: what a server before this one left undone first, then each as it comes.
pub(crate) async fn work(state: State, mut stop: watch::Receiver<bool>) {
    for flight in in_phase(&state, &[Phase::Checking]) {
        tokio::spawn(recheck(state.clone(), flight.id));
    }
    loop {
        let next = in_phase(&state, &[Phase::Running, Phase::Queued]).into_iter().next();
        let waiting = async {
            match next {
                Some(flight) => run(&state, &flight).await,
                None => state.flights.ready.notified().await,
            }
        };
        tokio::select! {
            () = waiting => {}
            // The process of a run is killed with the future that waits for it; the next server takes the run up again.
            () = told(&mut stop) => return,
        }
    }
}

/// Done once the server is told to stop.
async fn told(stop: &mut watch::Receiver<bool>) {
    stop.wait_for(|stop| *stop).await.ok();
}

async fn recheck(state: State, id: String) {
    check(&state, &id).await;
}

/// The flights in some phases, those that were complete first before others.
fn in_phase(state: &State, phases: &[Phase]) -> Vec<Flight> {
    let mut flights = state.flights.all().unwrap_or_default();
    flights.retain(|flight| phases.contains(&flight.state));
    flights.sort_by_key(|flight| (flight.state != Phase::Running, flight.completed));
    flights
}

/// Processes a flight and files what came of it. A run that was stopped anywhere is started again and resumes by content.
async fn run(state: &State, flight: &Flight) {
    let phases = [Phase::Queued, Phase::Running];
    if let Err(problem) = state.flights.turn_to(&flight.id, &phases, Phase::Running, None) {
        state.note(Utc::now(), &format!("flight {}: {problem:?}", flight.id));
    }
    let (to, why) = match process(state, flight).await {
        Ok(()) => (Phase::Done, None),
        Err(problem) => {
            state.note(Utc::now(), &format!("run of flight {}: {problem:?}", flight.id));
            (Phase::Failed, Some(problem.en))
        }
    };
    if let Err(problem) = state.flights.turn_to(&flight.id, &phases, to, why) {
        state.note(Utc::now(), &format!("flight {}: {problem:?}", flight.id));
    }
}

async fn process(state: &State, flight: &Flight) -> Result<(), Problem> {
    let folder = state.flights.run(&flight.id);
    let (out, log, project) = (folder.join("out"), folder.join("run.log"), folder.join("project.toml"));
    let photos = std::path::absolute(state.flights.photos(&flight.id)).map_err(Problem::internal)?;
    let written = fs::create_dir_all(&folder)
        .and_then(|()| durable::write(&project, project_file(flight, &photos).as_bytes()));
    written.map_err(Problem::internal)?;
    let mut command = Command::new(&state.config.program);
    command.arg("run").arg(&project).arg("--out").arg(&out).arg("--json");
    let mut child = start(command, &folder.join("run.json"), &log).await.map_err(Problem::internal)?;
    let ended = child.wait().await.map_err(Problem::internal)?;
    if !ended.success() {
        return Err(Problem::internal(format!("{ended}: {}", tail(&log).join("; "))));
    }
    file(state, flight, &out).await
}

/// The project file of a flight by itself. It bears the flight's name too: a newer run of a project takes the place of the older one in the
/// catalog, and flights must not take each other's.
fn project_file(flight: &Flight, photos: &Path) -> String {
    // A text of JSON is one of TOML.
    let quoted = |text: &str| Value::from(text).to_string();
    let (name, id) = (quoted(&format!("{} {}", flight.project, flight.id)), quoted(&flight.id));
    format!(
        "[project]\nname = {name}\n\n[[flight]]\nid = {id}\nphotos = {}\n",
        quoted(&photos.to_string_lossy())
    )
}

/// Files a run into the catalog, where it has something to file.
async fn file(state: &State, flight: &Flight, out: &Path) -> Result<(), Problem> {
    let act = act(&flight.owner);
    let subject = format!("flight:{}", flight.id);
    if !out.join("catalog").is_dir() {
        return state.note_once(&flight.owner, "RUN_DONE", &subject, json!({ "filed": null })).await;
    }
    let filed = state.catalog.file_run(&act, out).await.map_err(|error| Problem::internal(chain(&error)))?;
    let detail = json!({ "project": filed.project, "items": filed.items, "leads": filed.leads });
    state.note_once(&flight.owner, "RUN_DONE", &subject, detail).await
}
