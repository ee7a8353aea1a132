//! A small town judged date by date: the figures must stay within what is physically to be expected.

use plumbline_benches::DistrictScore;
use plumbline_fixtures::{Preset, Recipe};

/// Side of a cell, metres: coarse, so that it takes seconds.
const CELL_M: f64 = 0.2;

#[test]
fn a_small_district_is_judged_within_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let score = DistrictScore::of(&Recipe::town((2, 1), 11), CELL_M, folder.path()).unwrap();
    let lines: Vec<&str> = score.lines().map(String::as_str).collect();
    let report = format!("{}\n{score}", lines.join("\n"));
    let (all, new) = (score.recall.all(), &score.recall.new_structures);
    assert!(all.seeded >= 10 && all.share() >= 0.85, "{report}");
    assert!(new.seeded >= 3 && new.share() >= 0.75, "{report}");
    assert!((0.75..=1.0).contains(&score.stages.inside_share()), "{report}");
    // Errors of matching and of the dates as a whole are there, and no larger than sigma says.
    let height = &score.offsets.height;
    assert!((0.03..0.3).contains(&height.rmse_m()) && (0.4..1.7).contains(&height.ratio()), "{report}");
    let shift = &score.offsets.bare_shift;
    assert!((0.01..0.3).contains(&shift.rmse_m()) && (0.1..1.5).contains(&shift.ratio()), "{report}");
}

#[test]
fn every_mismatch_of_the_demonstration_site_is_told_from_a_matched_surface() {
    let folder = tempfile::tempdir().unwrap();
    // Cells of two pixels, as its photos would make them.
    let score = DistrictScore::of(&Preset::Demo.recipe(1), 0.12, folder.path()).unwrap();
    let lines: Vec<&str> = score.lines().map(String::as_str).collect();
    let report = format!("{}\n{score}", lines.join("\n"));
    assert_eq!((score.recall.all().seeded, score.recall.misses.len()), (8, 0), "{report}");
}
