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
        let spent = run(program, "georeference", flights, out, more)?;
        let peak = read(&out.join("run.json"))?["peak_memory_mb"].as_f64();
        let block = read(&last_epoch(out)?.join("block.json"))?;
        Ok(Self { block, seconds: spent.seconds, peak_memory_mb: peak.unwrap_or(f64::NAN) })
    }

    /// A number of `block.json`.
    pub fn number(&self, key: &str) -> Result<f64, Box<dyn Error>> {
        self.block[key].as_f64().ok_or_else(|| format!("block.json has no number {key:?}").into())
    }
}

/// A run of `plumbline process` on top of a block that is there already.
#[derive(Debug)]
pub struct Processed {
    /// Folder of the epoch's products.
    pub epoch: PathBuf,
    /// Time the products took.
    pub spent: Spent,
    /// Most memory that the program held.
    pub peak_memory_mb: f64,
}

impl Processed {
    /// Makes the products of a folder of photos in `out`, where `plumbline georeference` has been.
    pub fn by(program: &Path, photos: &Path, out: &Path, more: &[&Path]) -> Result<Self, Box<dyn Error>> {
        let spent = run(program, "process", photos, out, more)?;
        let peak = read(&out.join("run.json"))?["peak_memory_mb"].as_f64();
        Ok(Self { epoch: last_epoch(out)?, spent, peak_memory_mb: peak.unwrap_or(f64::NAN) })
    }
}

/// Time that a program took.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// Wall-clock time.
    pub seconds: f64,
    /// Time of all cores together.
    pub core_seconds: f64,
}

fn run(
    program: &Path,
    command: &str,
    flights: &Path,
    out: &Path,
    more: &[&Path],
) -> Result<Spent, Box<dyn Error>> {
    let mut call = Command::new(program);
    call.arg(command).arg(flights).arg("--out").arg(out).args(more);
    let (begin, before) = (Instant::now(), children_s()?);
    let output = call.output()?;
    let spent = Spent { seconds: begin.elapsed().as_secs_f64(), core_seconds: children_s()? - before };
    if !output.status.success() {
        return Err(format!("{call:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(spent)
}

/// Processor time of the programs that have been waited for, as Linux counts it, seconds.
fn children_s() -> Result<f64, Box<dyn Error>> {
    /// Ticks a second in which Linux reports processor time to programs.
    const TICKS: f64 = 100.0;
    /// Places of the children's user and system time, counted from behind the program's name in brackets.
    const CHILDREN: [usize; 2] = [13, 14];
    let status = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = status.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = CHILDREN.map(|place| fields.get(place).and_then(|field| field.parse::<f64>().ok()));
    Ok(ticks.into_iter().flatten().sum::<f64>() / TICKS)
}

fn read(path: &Path) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

/// Folder of the last epoch of a run.
fn last_epoch(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let mut epochs: Vec<PathBuf> = std::fs::read_dir(out.join("epochs"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    epochs.sort();
    Ok(epochs.pop().ok_or("no epoch was made")?)
}
