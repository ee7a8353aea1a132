use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::Utc;
use plumbline_custody::durable::sync_folder;
use plumbline_custody::{Digest, Stored};
use tokio::sync::Notify;

use crate::config::Limits;
use crate::durable::{read_json, write_json};
use crate::flight::record::{Flight, Part, Phase};
use crate::upload::Offer;
use crate::{Error, Problem};

/// Flights on disk: `flights/ID/{flight.json, files.jsonl, check.json, photos/}`, and their runs in `runs/ID`.
#[derive(Debug)]
pub(crate) struct Flights {
    flights: PathBuf,
    runs: PathBuf,
    turn: Mutex<()>,
    /// Called when a flight is ready for its run.
    pub(super) ready: Notify,
}

impl Flights {
    /// The flights of a catalog's folder.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let (flights, runs) = (folder.join("flights"), folder.join("runs"));
        for path in [&flights, &runs] {
            fs::create_dir_all(path).map_err(|source| Error::Folder { path: path.clone(), source })?;
        }
        Ok(Self { flights, runs, turn: Mutex::default(), ready: Notify::new() })
    }

    /// Fails unless a file may still come to its flight; the first file opens the flight for its account.
    pub fn admit(&self, offer: &Offer, limits: &Limits) -> Result<(), Problem> {
        let _turn = self.turn();
        let flight = match self.find(&offer.flight)? {
            Some(flight) => flight,
            None => self.begin(offer)?,
        };
        require_open(&flight, offer)?;
        let parts = self.parts(&offer.flight)?;
        let bytes: u64 = parts.values().map(|part| part.size).sum();
        if bytes + offer.length > limits.flight_bytes {
            return Err(Problem::too_large(limits.flight_bytes));
        }
        if parts.len() >= limits.flight_files {
            let (zh, en) = ("该架次文件过多", "the flight has too many files");
            return Err(Problem::conflict("TooManyFiles", zh, en));
        }
        // Evidence must open on systems that take two spellings for one name.
        let same = |part: &&Part| part.name.to_lowercase() == offer.name.to_lowercase();
        match parts.values().find(same) {
            Some(part) if part.name != offer.name || part.size != offer.length => Err(another(&offer.name)),
            _ => Ok(()),
        }
    }

    /// Gives a stored file its name in the flight; doing it again changes nothing.
    pub fn add(&self, offer: &Offer, stored_at: &Path, stored: &Stored) -> Result<(), Problem> {
        let _turn = self.turn();
        let flight = self.find(&offer.flight)?.ok_or_else(Problem::not_found)?;
        let photos = self.photos(&offer.flight);
        let target = photos.join(&offer.name);
        if target.exists() {
            let (found, _) = Digest::of_file(&target).map_err(Problem::internal)?;
            if found != stored.sha256 {
                return Err(another(&offer.name));
            }
        } else {
            require_open(&flight, offer)?;
            let linked =
                fs::hard_link(stored_at, &target).or_else(|_| fs::copy(stored_at, &target).map(drop));
            linked.and_then(|()| sync_folder(&photos)).map_err(Problem::internal)?;
        }
        let part = Part { name: offer.name.clone(), sha256: stored.sha256.to_string(), size: stored.size };
        self.enter(&offer.flight, &part).map_err(Problem::internal)
    }

    /// The flight of a name, whatever that is.
    pub fn find(&self, id: &str) -> Result<Option<Flight>, Problem> {
        if crate::upload::identifier("flight", id).is_err() {
            return Ok(None);
        }
        read_json(&self.flights.join(id).join("flight.json")).map_err(Problem::internal)
    }

    /// Every flight, latest first.
    pub fn all(&self) -> Result<Vec<Flight>, Problem> {
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.flights).map_err(Problem::internal)? {
            let path = entry.map_err(Problem::internal)?.path().join("flight.json");
            all.extend(read_json::<Flight>(&path).map_err(Problem::internal)?);
        }
        all.sort_by(|a, b| (b.opened, &b.id).cmp(&(a.opened, &a.id)));
        Ok(all)
    }

    /// The files of a flight, by name.
    pub fn parts(&self, id: &str) -> Result<BTreeMap<String, Part>, Problem> {
        match fs::read_to_string(self.flights.join(id).join("files.jsonl")) {
            // A last line that was cut is of a file that will be entered again.
            Ok(text) => {
                let parts = text.lines().filter_map(|line| serde_json::from_str::<Part>(line).ok());
                Ok(parts.map(|part| (part.name.clone(), part)).collect())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(Problem::internal(error)),
        }
    }

    /// Keeps a flight in another phase, if it is in one of those that it may be in before.
    pub fn turn_to(
        &self,
        id: &str,
        from: &[Phase],
        to: Phase,
        why: Option<String>,
    ) -> Result<Option<Flight>, Problem> {
        let _turn = self.turn();
        let Some(mut flight) = self.find(id)?.filter(|flight| from.contains(&flight.state)) else {
            return Ok(None);
        };
        flight.state = to;
        flight.why = why;
        if to == Phase::Checking {
            flight.completed.get_or_insert(Utc::now());
        }
        self.keep(&flight)?;
        Ok(Some(flight))
    }

    /// Where the photos of a flight lie.
    pub fn photos(&self, id: &str) -> PathBuf {
        self.flights.join(id).join("photos")
    }

    /// What the check said.
    pub fn check(&self, id: &str) -> PathBuf {
        self.flights.join(id).join("check.json")
    }

    /// The folder of a flight's run.
    pub fn run(&self, id: &str) -> PathBuf {
        self.runs.join(id)
    }

    fn begin(&self, offer: &Offer) -> Result<Flight, Problem> {
        fs::create_dir_all(self.photos(&offer.flight)).map_err(Problem::internal)?;
        let flight = Flight {
            id: offer.flight.clone(),
            project: offer.project.clone(),
            owner: offer.owner.clone(),
            opened: Utc::now(),
            completed: None,
            state: Phase::Uploading,
            why: None,
        };
        self.keep(&flight)?;
        sync_folder(&self.flights).map_err(Problem::internal)?;
        Ok(flight)
    }

    fn keep(&self, flight: &Flight) -> Result<(), Problem> {
        let path = self.flights.join(&flight.id).join("flight.json");
        write_json(&path, flight).map_err(Problem::internal)
    }

    fn enter(&self, id: &str, part: &Part) -> io::Result<()> {
        let path = self.flights.join(id).join("files.jsonl");
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        // A line of its own even after one that was cut.
        file.write_all(format!("\n{}\n", serde_json::to_string(part)?).as_bytes())?;
        file.sync_all()
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fails unless the flight is of this account and project, and still takes files.
fn require_open(flight: &Flight, offer: &Offer) -> Result<(), Problem> {
    if flight.owner != offer.owner || flight.project != offer.project {
        let (zh, en) = (
            "该架次名已被使用，请换一个",
            "another account or project has a flight of this name: choose another",
        );
        return Err(Problem::conflict("FlightTaken", zh, en));
    }
    if flight.state == Phase::Uploading {
        return Ok(());
    }
    let (zh, en) = ("该架次已提交，不能再加文件", "the flight is complete and takes no more files");
    Err(Problem::conflict("FlightComplete", zh, en))
}

fn another(name: &str) -> Problem {
    let zh = format!("该架次已有另一个文件 {name}");
    Problem::conflict("FileExists", zh, format!("the flight has another file of the name {name}"))
}
