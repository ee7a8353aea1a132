//! The program under test, run from outside, and what it reports.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

/// The arguments of a bench, without those that `cargo bench` adds.
pub fn arguments() -> impl Iterator<Item = PathBuf> {
    std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).map(PathBuf::from)
}

/// A run of `plumbline georeference` from nothing.
#[derive(Debug)]
pub struct Georeferenced {
    /// `block.json` of the last epoch.
    pub block: Value,
    /// Wall-clock time.
    pub seconds: f64,
    /// Most memory that the program held.
    pub peak_memory_mb: f64,
}

impl Georeferenced {
    /// Places a folder or a project into `out`, which is emptied first.
    pub fn by(program: &Path, flights: &Path, out: &Path, more: &[&Path]) -> Result<Self, Box<dyn Error>> {
        if out.exists() {
            std::fs::remove_dir_all(out)?;
        }
        let mut command = Command::new(program);
        command.arg("georeference").arg(flights).arg("--out").arg(out).args(more);
        let begin = Instant::now();
        let output = command.output()?;
        let seconds = begin.elapsed().as_secs_f64();
        if !output.status.success() {
            return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let read = |path: &Path| -> Result<Value, Box<dyn Error>> {
            Ok(serde_json::from_slice(&std::fs::read(path)?)?)
        };
        let mut epochs: Vec<PathBuf> = std::fs::read_dir(out.join("epochs"))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_, std::io::Error>>()?;
        epochs.sort();
        let last = epochs.last().ok_or("no epoch was made")?;
        let peak = read(&out.join("run.json"))?["peak_memory_mb"].as_f64();
        Ok(Self { block: read(&last.join("block.json"))?, seconds, peak_memory_mb: peak.unwrap_or(f64::NAN) })
    }

    /// A number of `block.json`.
    pub fn number(&self, key: &str) -> Result<f64, Box<dyn Error>> {
        self.block[key].as_f64().ok_or_else(|| format!("block.json has no number {key:?}").into())
    }
}
