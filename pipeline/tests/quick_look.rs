//! On site a coarse look comes first; the full products follow from the same folder and agree with it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use plumbline_raster::cog;
use site::{json, plumbline, small_site, succeed};

#[test]
fn a_quick_look_comes_first_and_the_full_products_agree_with_it() {
    let site = small_site(1);
    let photos = site.path().join("flights/2025-03-10");
    let out = site.path().join("out");
    let process = |quick: &[&str]| {
        succeed(plumbline().arg("process").arg(&photos).arg("--out").arg(&out).args(quick));
    };
    let epoch = out.join("epochs/2025-03-10");
    process(&["--quick"]);
    assert!(!epoch.join("dsm.tif").exists());
    assert!(json(&out.join("run.json"))["digests"]["epochs/2025-03-10/quick/ortho.tif"].is_string());
    let quick = cog::read_f32(&epoch.join("quick/dsm.tif")).unwrap();
    let ortho = cog::read_rgba(&epoch.join("quick/ortho.tif")).unwrap();
    assert_eq!(ortho.grid, quick.grid);
    process(&[]);
    let full = cog::read_f32(&epoch.join("dsm.tif")).unwrap();
    let finer = quick.grid.cell_m / full.grid.cell_m;
    assert!((3.5..4.5).contains(&finer), "{finer}");
    let differences = quick.cells.indexed_iter().filter_map(|((row, col), &coarse)| {
        let (east, north) = quick.grid.center(row, col);
        let fine = full.at(east, north)?;
        Some((coarse - fine).abs()).filter(|d| d.is_finite())
    });
    let mut differences: Vec<f32> = differences.collect();
    differences.sort_by(f32::total_cmp);
    let both = differences.len() as f64 / quick.cells.len() as f64;
    assert!(both > 0.5, "{both}");
    let middle = f64::from(differences[differences.len() / 2]);
    assert!(middle < 0.2 * quick.grid.cell_m, "{middle}");
}
