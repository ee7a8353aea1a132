//! On site a coarse look comes first; the full products follow from the same folder and agree with it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use plumbline_raster::{Raster, cog};
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
    let middle = f64::from(differences[differences.len() / 2]);
    assert!(middle < 0.2 * quick.grid.cell_m, "{middle}");
    let known_m2 = |dsm: &Raster<f32>| {
        dsm.cells.iter().filter(|height| height.is_finite()).count() as f64 * dsm.grid.cell_area_m2()
    };
    let share = known_m2(&quick) / known_m2(&full);
    assert!((0.3..1.2).contains(&share), "{share}");
}
