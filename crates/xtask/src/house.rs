use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::chore::{Outcome, read};

/// The table of crates in `crates/README.md`: the plan of the house.
pub struct House {
    /// Rank and allowed dependencies of every crate.
    pub crates: BTreeMap<String, Room>,
}

/// One row of the table.
pub struct Room {
    /// A crate may use only crates of a smaller rank.
    pub rank: u32,
    /// The crates it may use.
    pub may_use: Vec<String>,
}

impl House {
    /// Reads rows of the form `| rank | [name](name) | purpose | a, b |`.
    pub fn read(root: &Path) -> Outcome<Self> {
        let text = read(&root.join("crates/README.md"))?;
        let crates = text.lines().filter_map(row).collect();
        Ok(Self { crates })
    }
}

fn row(line: &str) -> Option<(String, Room)> {
    let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
    let [rank, name, _purpose, may_use] = cells[..] else { return None };
    let rank = rank.parse().ok()?;
    let name = name.trim_start_matches('[').split(']').next()?.trim_matches('`').to_owned();
    let may_use = may_use.split(',').map(|used| used.trim().to_owned());
    Some((name, Room { rank, may_use: may_use.filter(|used| !used.is_empty() && used != "-").collect() }))
}

/// Folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// All Rust files under a folder, in order of their paths; build output is passed over.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.ends_with("target") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
