//! How the shared catalog answers when a city's years are in it.
//!
//! `catalog FOLDER [PROJECTS]`: PROJECTS runs (100) of 9,800 photos and 100 leads each are filed once into a catalog on SQLite in FOLDER;
//! then items are searched by place and time, by one reader and by two hundred, and paged through while another run is filed.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod answers;
mod large_catalog;

use std::error::Error;
use std::path::PathBuf;

use plumbline_benches::arguments;

use answers::Answers;
use large_catalog::LargeCatalog;

/// Runs that are filed.
const PROJECTS: u32 = 100;
/// Searches of the reader that is alone.
const SEARCHES: u32 = 2000;
/// Readers at the same time, and the searches of each.
const READERS: u32 = 200;
const OF_EACH: u32 = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [folder, more @ ..] = arguments.as_slice() else {
        return Err("give a folder to keep the catalog in".into());
    };
    let projects = more.first().and_then(|text| text.to_str()?.parse().ok()).unwrap_or(PROJECTS);
    let runtime = tokio::runtime::Runtime::new()?;
    let catalog = LargeCatalog::of(folder, projects, &runtime)?;
    println!("{} items, {} leads in {:.0} MB of SQLite", catalog.items, catalog.leads, catalog.megabytes()?);
    println!(
        "{:<26} {:>8} {:>7} {:>9} {:>8} {:>8} {:>8} {:>8}",
        "searches", "count", "errors", "items", "p50 ms", "p95 ms", "p99 ms", "most ms"
    );
    show("place and time, alone", &runtime.block_on(catalog.search(1, SEARCHES)));
    show("place and time, 200 at once", &runtime.block_on(catalog.search(READERS, OF_EACH)));
    let paged = runtime.block_on(catalog.page_while_filing(folder))?;
    println!(
        "paged through {} items while {} were filed: {} missed, {} twice",
        paged.known, paged.filed, paged.missed, paged.twice
    );
    Ok(())
}

fn show(what: &str, answers: &Answers) {
    let [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1.0].map(|share| answers.quantile_ms(share));
    println!(
        "{what:<26} {:>8} {:>7} {:>9} {p50:>8.1} {p95:>8.1} {p99:>8.1} {most:>8.1}",
        answers.count(),
        answers.errors,
        answers.items
    );
}
