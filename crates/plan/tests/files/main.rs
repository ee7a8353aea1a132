//! Plans written in each format and read back; and awkward files, each read right or refused with the reason and the remedy.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod case;
mod drawings;
mod dxf;
mod formats;
mod layers;
mod shapefiles;
mod tables;
mod vectors;

use case::{Case, Outcome};

/// The table of the crate's README is what came of the files.
#[test]
fn every_awkward_file_is_read_right_or_refused_with_its_remedy() {
    let tables = [drawings::CASES, shapefiles::CASES, vectors::CASES, tables::CASES];
    let cases: Vec<&Case> = tables.into_iter().flatten().copied().flatten().collect();
    let outcomes: Vec<Outcome> = cases.iter().map(|case| case.try_it()).collect();
    let rows: Vec<&str> = outcomes.iter().map(|outcome| outcome.row.as_str()).collect();
    let table = format!("| trap | file | outcome | what is said |\n|---|---|---|---|\n{}\n", rows.join("\n"));
    println!("{table}");
    let faults: Vec<&String> = outcomes.iter().filter_map(|outcome| outcome.fault.as_ref()).collect();
    assert!(faults.is_empty(), "{} of {} files:\n{faults:#?}", faults.len(), cases.len());
    let readme = include_str!("../../README.md");
    let missing: Vec<_> = rows.iter().filter(|row| !readme.contains(**row)).collect();
    assert!(missing.is_empty(), "rows to put into the README of the crate: {missing:#?}");
}
