use std::path::Path;

use crate::chore::{Outcome, read};
use crate::house::{House, root, rust_files};

/// Crates that judge never see crates that survey: any tool's surface model can be compared.
const JUDGING: [&str; 10] =
    ["plan", "change", "stage", "finding", "case", "ledger", "report", "catalog", "dossier", "review"];
/// Crates that survey.
const SURVEYING: [&str; 6] = ["photo", "features", "adjustment", "surface", "ortho", "scene"];

/// What only the wiring may do: read the clock or the environment, draw a number without a seed.
const OUTSIDE_WORLD: [&str; 9] = [
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "env::var",
    "env::args",
    "thread_rng",
    "rand::rng(",
    "from_os_rng",
];

/// The one crate that is such wiring: a server needs the hour, and chance that nobody can foresee.
const OUTSIDE: &str = "review";

/// Fails on a dependency that the plan of the house does not allow.
pub fn layers() -> Outcome {
    let root = root();
    let house = House::read(&root)?;
    let mut faults = Vec::new();
    for (name, room) in &house.crates {
        let folder = root.join("crates").join(name);
        for used in dependencies(&folder)? {
            let allowed = room.may_use.contains(&used);
            let below = house.crates.get(&used).is_some_and(|other| other.rank < room.rank);
            if !allowed || !below {
                faults.push(format!(
                    "{name} (rank {}) uses {used}: not in the table of crates/README.md",
                    room.rank
                ));
            }
            if JUDGING.contains(&name.as_str()) && SURVEYING.contains(&used.as_str()) {
                faults.push(format!("{name} uses {used} through the wall between judging and surveying"));
            }
        }
        if name != OUTSIDE {
            faults.extend(reaches_outside(&root, &folder)?);
        }
    }
    faults.extend(unlisted(&root, &house));
    faults.extend(reaches_outside(&root, &root.join("fixtures"))?);
    if faults.is_empty() {
        println!("layers: {} crates, all dependencies point down, both walls stand", house.crates.len());
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

/// The project's own crates that a crate depends on.
fn dependencies(folder: &Path) -> Outcome<Vec<String>> {
    let path = folder.join("Cargo.toml");
    let manifest: toml::Table =
        toml::from_str(&read(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let names = manifest.get("dependencies").and_then(toml::Value::as_table);
    let names = names.into_iter().flat_map(|table| table.keys());
    Ok(names.filter_map(|name| name.strip_prefix("plumbline-")).map(str::to_owned).collect())
}

fn reaches_outside(root: &Path, folder: &Path) -> Outcome<Vec<String>> {
    let mut faults = Vec::new();
    for file in rust_files(&folder.join("src")) {
        let text = read(&file)?;
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in OUTSIDE_WORLD.iter().filter(|call| code.contains(**call)) {
            let file = file.strip_prefix(root).unwrap_or(&file);
            faults.push(format!("{}: {call} is for pipeline, review and xtask alone", file.display()));
        }
    }
    Ok(faults)
}

/// Folders of `crates` without a row in the table.
fn unlisted(root: &Path, house: &House) -> Vec<String> {
    let folders = std::fs::read_dir(root.join("crates")).into_iter().flatten().flatten();
    let names = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "xtask" && !house.crates.contains_key(name));
    names.sort();
    names.iter().map(|name| format!("crates/{name} has no row in crates/README.md")).collect()
}
