//! `run.json`: what a run did, for people who come later and for scripts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use plumbline_photo::check::Text;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::{digest, write_whole};
use crate::workspace::Workspace;

/// The steps in the order in which the data flows.
pub const STEPS: [&str; 14] = [
    "import",
    "photo",
    "features",
    "adjustment",
    "surface",
    "ortho",
    "terrain",
    "plan",
    "change",
    "stage",
    "finding",
    "case",
    "ledger",
    "catalog",
];

/// Time spent in a step, over all epochs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepRecord {
    /// Name of the step.
    pub name: String,
    /// Wall-clock time, seconds; near zero where earlier results were still good.
    pub seconds: f64,
}

/// What a run did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// Name of the project.
    pub project: String,
    /// Version of this program.
    pub version: String,
    /// All steps in the order of the flow.
    pub steps: Vec<StepRecord>,
    /// Most memory the process held at a time, megabytes.
    pub peak_memory_mb: f64,
    /// SHA-256 of every product, by path below the run's folder.
    pub digests: BTreeMap<String, String>,
    /// Photos left out, by flight, with the reasons.
    pub left_out: BTreeMap<String, Vec<Text>>,
    /// How well the photos of each epoch were placed, and what to know before relying on it.
    pub placed: BTreeMap<String, Vec<Text>>,
    /// What could not be decided, and why.
    pub undecided: Vec<Text>,
}

impl Record {
    /// What an earlier run wrote down.
    pub fn read(workspace: &Workspace) -> Result<Self, Error> {
        let path = workspace.record();
        let text = std::fs::read(&path).map_err(|source| Error::io("read", &path, source))?;
        serde_json::from_slice(&text).map_err(|source| Error::Json { path, source })
    }

    /// An empty record.
    pub fn new(project: &str) -> Self {
        let steps = STEPS.map(|name| StepRecord { name: name.to_owned(), seconds: 0.0 }).to_vec();
        Self {
            project: project.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            steps,
            peak_memory_mb: 0.0,
            digests: BTreeMap::new(),
            left_out: BTreeMap::new(),
            placed: BTreeMap::new(),
            undecided: Vec::new(),
        }
    }

    /// Adds the time since `begin` to a step.
    pub fn spent(&mut self, step: &str, begin: Instant) {
        if let Some(record) = self.steps.iter_mut().find(|record| record.name == step) {
            record.seconds += begin.elapsed().as_secs_f64();
        }
    }

    /// Notes the digests of all products of a run, by path below its folder.
    pub fn products(&mut self, workspace: &Workspace) -> Result<(), Error> {
        let root = workspace.root();
        let tables = [workspace.stages(), workspace.coverage(), workspace.trends()];
        let singles = [workspace.findings_geojson(), workspace.findings_parquet(), workspace.report()];
        let folders = [root.join("epochs"), workspace.pictures(), workspace.catalog()];
        for file in singles
            .into_iter()
            .chain(tables)
            .filter(|file| file.exists())
            .chain(folders.iter().flat_map(|f| files_below(f)))
        {
            let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
            self.digests.insert(name, digest(&file)?);
        }
        Ok(())
    }

    /// Writes the record.
    pub fn write(&mut self, path: &Path) -> Result<(), Error> {
        self.peak_memory_mb = peak_memory_mb();
        let text = serde_json::to_vec_pretty(self)
            .map_err(|source| Error::Json { path: path.to_owned(), source })?;
        write_whole(path, &text)
    }
}

/// High-water mark of this process's memory as Linux counts it; zero where it does not.
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

/// All files below a folder; links are not followed.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_below(&entry.path()),
            Ok(kind) if kind.is_file() => vec![entry.path()],
            _ => Vec::new(),
        })
        .collect()
}
