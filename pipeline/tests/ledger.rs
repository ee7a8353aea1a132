//! A project of many dates: one lead a structure, dates as narrow as the flights allow, and books that add up.
//!
//! A small town stands in: its surfaces as dense matching would have made them come in as products of another program,
//! because nobody looks at its photos here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "these tests write the project they need themselves")]
mod site;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use nalgebra::Vector2;
use plumbline_fixtures::{Recipe, Violation, write_plan};
use plumbline_raster::cog::{self, Band};
use plumbline_raster::{Grid, Raster};
use serde_json::Value;
use site::{json, plumbline, succeed};
use tempfile::TempDir;

/// Side of a cell, metres: coarse, so that it takes seconds.
const CELL_M: f64 = 0.2;
/// The date that was flown over the western sites alone.
const HALF_FLOWN: usize = 3;
const SEED: u32 = 11;

/// The town, its project on disk and its run.
struct Town {
    recipe: Recipe,
    folder: TempDir,
}

static TOWN: LazyLock<Town> = LazyLock::new(|| {
    let recipe = Recipe::town((2, 1), SEED);
    let folder = tempfile::tempdir().unwrap();
    write_plan(&folder.path().join("plan"), &recipe).unwrap();
    let mut project = "[project]\nname = \"town\"\ncrs = \"EPSG:4547\"\n".to_owned();
    for idx in 0..recipe.epochs.len() {
        write_products(folder.path(), &recipe, idx);
        project += &flight(&recipe, idx);
    }
    project += "[[plan]]\nfile = \"plan/approved.gpkg\"\ncrs = \"EPSG:4547\"\nlayers = \"plan/layers.toml\"\nversion = \"1\"\n";
    std::fs::write(folder.path().join("project.toml"), project).unwrap();
    let town = Town { recipe, folder };
    town.run("run");
    town
});

fn flight(recipe: &Recipe, idx: usize) -> String {
    let id = &recipe.epochs[idx].id;
    let mut lines = format!(
        "[[flight]]\nid = \"{id}\"\nflown_on = \"{id}\"\ndsm = \"{id}/dsm.tif\"\northo = \"{id}/ortho.tif\"\n\
         dsm_sigma = \"{id}/sigma.tif\"\nu_xy_m = 0.05\n"
    );
    if let Some(earlier) = idx.checked_sub(1) {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "compare_with = \"{}\"", recipe.epochs[earlier].id);
    }
    lines
}

/// What matching would have made of a date, as files.
fn write_products(folder: &Path, recipe: &Recipe, idx: usize) {
    let scene = recipe.scene(idx).unwrap();
    let (middle, half) = (scene.frame.origin, recipe.half);
    let bounds = (middle.east - half.x, middle.north - half.y, middle.east + half.x, middle.north + half.y);
    let grid = Grid::covering(scene.frame.crs.clone(), bounds, CELL_M);
    let mut made = scene.top_view(&grid, Vector2::zeros()).matched(0.0, SEED + idx as u32);
    if idx == HALF_FLOWN {
        let limit = middle.east + between_sites_m(recipe);
        blank_beyond(&mut made.dsm, limit, f32::NAN);
        blank_beyond(&mut made.ortho, limit, [0; 4]);
    }
    let folder = folder.join(&recipe.epochs[idx].id);
    std::fs::create_dir_all(&folder).unwrap();
    let band = Band { description: "", unit: "m" };
    let write =
        |name: &str, raster: &Raster<f32>| cog::write_f32(&folder.join(name), raster, band, &[]).unwrap();
    write("dsm.tif", &made.dsm);
    write("sigma.tif", &made.sigma);
    cog::write_rgba(&folder.join("ortho.tif"), &made.ortho, &[]).unwrap();
}

/// Empties the cells east of a line.
fn blank_beyond<T: Copy>(raster: &mut Raster<T>, east: f64, empty: T) {
    let grid = raster.grid.clone();
    let beyond = raster.cells.indexed_iter_mut().filter(|((row, col), _)| grid.center(*row, *col).0 > east);
    beyond.for_each(|(_, cell)| *cell = empty);
}

/// East of the town's middle by this much, some sites lie on either side, metres.
fn between_sites_m(recipe: &Recipe) -> f64 {
    let mut easts: Vec<f64> = recipe.projects.iter().map(|project| project.parcel.center.x).collect();
    easts.sort_by(f64::total_cmp);
    easts[0].midpoint(easts[easts.len() - 1])
}

impl Town {
    fn run(&self, out: &str) -> PathBuf {
        let out = self.folder.path().join(out);
        succeed(plumbline().arg("run").arg(self.folder.path().join("project.toml")).arg("--out").arg(&out));
        out
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("run").join(name)
    }

    /// A book as `plumbline ledger` prints it for other programs.
    fn book(&self, name: &str) -> Vec<Value> {
        let mut command = plumbline();
        command.arg("ledger").arg(self.file("")).args(["--book", name, "--format", "json"]);
        serde_json::from_slice(&succeed(&mut command).stdout).unwrap()
    }

    fn date(&self, idx: usize) -> &str {
        &self.recipe.epochs[idx].id
    }
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// Whether a told mismatch is of a building on which one of its kind was built in; the first date that has it.
fn seeded(violations: &[Violation], row: &Value) -> Option<usize> {
    let no = text(row, "building_no");
    let of = |violation: &&Violation| violation.kind == text(row, "kind") && violation.subject == no;
    if no.is_empty() {
        return None;
    }
    violations.iter().find(of).map(|violation| violation.epoch_idx)
}

#[test]
fn a_structure_that_every_date_shows_is_one_lead_whose_dates_hold_the_truth() {
    let findings = TOWN.book("findings");
    let ids: BTreeSet<&str> = findings.iter().map(|row| text(row, "id")).collect();
    assert_eq!(ids.len(), findings.len(), "{findings:#?}");
    // Of one building one mismatch is told once, however many dates show it; some kinds can be at several places.
    let mut told: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in findings.iter().filter(|row| !text(row, "building_no").is_empty()) {
        if !["ROOF_ADDITION", "POST_COMPLETION_ADDITION", "OUT_OF_REDLINE"].contains(&text(row, "kind")) {
            *told.entry((text(row, "kind"), text(row, "building_no"))).or_default() += 1;
        }
    }
    assert!(told.values().all(|times| *times == 1), "{told:#?}");
    let violations = TOWN.recipe.violations();
    let dated: Vec<(usize, &Value)> =
        findings.iter().filter_map(|row| Some((seeded(&violations, row)?, row))).collect();
    assert!(dated.len() >= 5, "{dated:#?}");
    for (idx, row) in dated {
        // Structures that came before the flights have no date without them.
        let without = text(row, "last_seen_without");
        assert!(without.is_empty() || without < TOWN.date(idx), "without it on {without}: {row:#?}");
    }
    let came_late = |row: &&Value| !text(row, "last_seen_without").is_empty();
    assert!(findings.iter().filter(came_late).count() >= 3, "{findings:#?}");
}

#[test]
fn what_the_last_date_shows_under_way_comes_first_and_nothing_is_dropped() {
    let catalog = json(&TOWN.file("catalog/leads/collection.json"));
    let findings = TOWN.book("findings");
    let leads: BTreeSet<&str> = findings.iter().map(|row| text(row, "lead")).collect();
    let items = catalog["links"].as_array().unwrap().iter().filter(|link| link["rel"] == "item").count();
    assert_eq!(items, leads.len());
    let presences: Vec<&str> = findings.iter().map(|row| text(row, "presence")).collect();
    assert!(presences.contains(&"ONGOING"), "{presences:?}");
    assert_eq!(presences.first(), Some(&"ONGOING"));
    assert!(presences.contains(&"GONE") || presences.contains(&"LAPSED"), "{presences:?}");
    let last = presences.iter().rposition(|presence| *presence == "ONGOING").unwrap();
    let over = presences.iter().position(|presence| ["GONE", "LAPSED"].contains(presence)).unwrap();
    assert!(over > 0 && last > 0, "{presences:?}");
}

#[test]
fn every_building_has_a_row_for_every_date_and_what_was_not_flown_cannot_be_seen() {
    let stages = TOWN.book("stages");
    let buildings: usize = TOWN.recipe.projects.iter().map(|project| project.buildings.len()).sum();
    assert_eq!(stages.len(), buildings * TOWN.recipe.epochs.len());
    let unseen =
        |row: &&Value| text(row, "on") == TOWN.date(HALF_FLOWN) && text(row, "reason") == "NOT_COVERED";
    let hidden = stages.iter().filter(unseen).count();
    assert!(hidden > 0 && hidden < buildings, "{hidden} of {buildings}");
    let observed: Vec<&Value> = stages.iter().filter(|row| text(row, "outcome") == "OBSERVED").collect();
    assert!(observed.iter().all(|row| row["stage_lo"].is_string() && row["u_deck_m"].is_number()));
    assert!(observed.iter().any(|row| text(row, "passed").contains("SETTING_OUT")));
    assert!(observed.iter().any(|row| !text(row, "mismatches").is_empty()));
}

#[test]
fn a_site_that_the_last_flights_missed_is_overdue() {
    let coverage = TOWN.book("coverage");
    let on = |row: &&Value| text(row, "on") == TOWN.date(HALF_FLOWN);
    let half: Vec<&Value> = coverage.iter().filter(on).collect();
    assert!(half.iter().any(|row| row["flown"] == true) && half.iter().any(|row| row["flown"] == false));
    // The last date shows everything.
    assert!(coverage.iter().all(|row| row["days_unflown"] == 0 && row["overdue"] == false), "{coverage:#?}");
}

#[test]
fn what_was_opened_less_what_was_closed_is_open() {
    let trends = TOWN.book("trends");
    let mut open: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let count = |row: &Value, name: &str| row[name].as_i64().unwrap();
    for row in &trends {
        let balance = open.entry((text(row, "area"), text(row, "kind"))).or_default();
        *balance += count(row, "opened") - count(row, "closed");
        assert_eq!(*balance, count(row, "open"), "{row:#?}");
        assert!(count(row, "confirmed") <= count(row, "open"), "{row:#?}");
    }
    let opened: i64 = trends.iter().map(|row| count(row, "opened")).sum();
    assert_eq!(opened as usize, TOWN.book("findings").len());
}

#[test]
fn a_second_run_judges_nothing_again_and_leaves_the_same_bytes() {
    let out = TOWN.folder.path().join("again");
    TOWN.run("again");
    let first = json(&out.join("run.json"));
    TOWN.run("again");
    let second = json(&out.join("run.json"));
    assert_eq!(first["digests"], second["digests"]);
    let seconds = |record: &Value, name: &str| {
        let steps = record["steps"].as_array().unwrap();
        steps.iter().find(|step| step["name"] == name).unwrap()["seconds"].as_f64().unwrap()
    };
    assert!(seconds(&first, "change") > 0.0);
    assert!(["change", "stage", "finding"].into_iter().all(|step| seconds(&second, step) == 0.0));
    for table in ["stages.parquet", "coverage.parquet", "trends.parquet", "findings.parquet"] {
        assert!(first["digests"][table].is_string(), "{table} is not recorded");
    }
}

#[test]
fn the_books_can_be_piped_and_a_folder_without_them_is_refused_with_the_reason() {
    let mut command = plumbline();
    command.arg("ledger").arg(TOWN.file("")).args(["--book", "stages", "--format", "csv"]);
    let csv = String::from_utf8(succeed(&mut command).stdout).unwrap();
    assert_eq!(csv.lines().count(), TOWN.book("stages").len() + 1);
    assert!(csv.starts_with("building_no,epoch,on,outcome"), "{csv}");
    let people = succeed(plumbline().arg("ledger").arg(TOWN.file(""))).stdout;
    assert!(String::from_utf8(people).unwrap().contains("现状"));
    let refused = plumbline().arg("ledger").arg(TOWN.folder.path()).output().unwrap();
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && message.contains("findings.parquet"), "{message}");
}
