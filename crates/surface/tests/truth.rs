//! The surface of an analytic scene against its truth.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod scene;

use std::sync::OnceLock;

use plumbline_geodesy::MapPoint;
use plumbline_raster::{Grid, Raster};
use plumbline_surface::{Options, Surface, grid, surface};
use scene::{Box3, Scene};

const HOUSE: Box3 = Box3 { middle: (1.0, 0.5), size: (8.0, 6.0), top: 6.5 };
const CAR: Box3 = Box3 { middle: (-7.0, -3.0), size: (1.8, 4.4), top: 1.4 };
const CELL_M: f64 = 0.1;
const GSD_M: f64 = 0.05;

fn matched(scene: &Scene) -> Surface {
    let grid = grid(&scene.block, Some(CELL_M)).unwrap();
    surface(&scene.block, scene, &grid, &Options::default(), &|_, _| {}).unwrap()
}

/// World position of a cell.
fn position(scene: &Scene, grid: &Grid, (row, col): (usize, usize)) -> (f64, f64) {
    let (east, north) = grid.center(row, col);
    let p = scene.block.frame.world_from_map(&MapPoint { east, north, height: 0.0 });
    (p.x, p.y)
}

/// Values of the cells whose world position is wanted.
fn under(scene: &Scene, raster: &Raster<f32>, wanted: impl Fn(f64, f64) -> bool) -> Vec<f64> {
    let cells =
        raster.cells.indexed_iter().map(|(cell, &value)| (position(scene, &raster.grid, cell), value));
    cells.filter(|((x, y), _)| wanted(*x, *y)).map(|(_, value)| f64::from(value)).collect()
}

/// Errors (measured minus true) of cells whose world position is wanted; holes are NaN.
fn errors(scene: &Scene, surface: &Surface, wanted: impl Fn(f64, f64) -> bool) -> Vec<f64> {
    let mut errors = surface.dsm.clone();
    for (cell, height) in errors.cells.indexed_iter_mut() {
        let (x, y) = position(scene, &surface.dsm.grid, cell);
        *height = (f64::from(*height) - scene.block.frame.origin.height - scene.top(x, y)) as f32;
    }
    under(scene, &errors, wanted)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.retain(|v| v.is_finite());
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn nmad(values: &[f64]) -> f64 {
    let middle = median(values.to_vec());
    1.4826 * median(values.iter().map(|v| (v - middle).abs()).collect())
}

fn complete(values: &[f64]) -> f64 {
    values.iter().filter(|v| v.is_finite()).count() as f64 / values.len() as f64
}

/// How far, in cells, the outline of a box lies outside its truth, at every cell along its four sides but the corners.
fn outline(scene: &Scene, surface: &Surface, b: &Box3) -> Vec<f64> {
    let frame = &scene.block.frame;
    let level = f64::midpoint(b.top, Scene::ground(b.middle.0, b.middle.1));
    let is_high = |x: f64, y: f64| {
        let (east, north) = (x * frame.scale + frame.origin.east, y * frame.scale + frame.origin.north);
        surface.dsm.at(east, north).is_some_and(|&z| f64::from(z) - frame.origin.height > level)
    };
    let mut offsets = Vec::new();
    for side in 0..4 {
        let (half, along) = if side < 2 { (b.size.0 / 2.0, b.size.1) } else { (b.size.1 / 2.0, b.size.0) };
        let sign = if side % 2 == 0 { 1.0 } else { -1.0 };
        for i in 5..(along / CELL_M) as usize - 5 {
            let t = (i as f64 + 0.5) * CELL_M - along / 2.0;
            let reach = (-100..100).map(|tenth| f64::from(tenth) / 10.0).filter(|cells| {
                let d = sign * (half + cells * CELL_M);
                if side < 2 {
                    is_high(b.middle.0 + d, b.middle.1 + t)
                } else {
                    is_high(b.middle.0 + t, b.middle.1 + d)
                }
            });
            offsets.push(reach.fold(f64::NEG_INFINITY, f64::max));
        }
    }
    offsets
}

fn inner(x: f64, y: f64) -> bool {
    x.abs() < 10.0 && y.abs() < 9.0
}

fn open_ground(x: f64, y: f64) -> bool {
    inner(x, y) && !HOUSE.holds(x, y, 0.3) && !CAR.holds(x, y, 0.3)
}

/// Rendering and matching are shared: they take seconds.
fn town() -> &'static (Scene, Surface) {
    static TOWN: OnceLock<(Scene, Surface)> = OnceLock::new();
    TOWN.get_or_init(|| {
        let scene = Scene::flown_over(vec![HOUSE, CAR]);
        let surface = matched(&scene);
        (scene, surface)
    })
}

#[test]
fn roofs_and_ground_lie_within_a_pixel_of_their_truth() {
    let (scene, surface) = town();
    for wanted in [open_ground, |x, y| HOUSE.holds(x, y, -0.3)] {
        let errors = errors(scene, surface, wanted);
        assert!(complete(&errors) > 0.99, "{}", complete(&errors));
        assert!(median(errors.clone()).abs() < 0.03, "{}", median(errors.clone()));
        assert!((0.002..GSD_M).contains(&nmad(&errors)), "{}", nmad(&errors));
    }
}

#[test]
fn a_car_keeps_its_height() {
    let (scene, surface) = town();
    let errors = errors(scene, surface, |x, y| CAR.holds(x, y, -0.2));
    assert!(complete(&errors) > 0.95 && median(errors.clone()).abs() < 0.05, "{}", median(errors));
}

#[test]
fn there_is_no_ramp_at_the_foot_of_a_wall() {
    let (scene, surface) = town();
    let errors = errors(scene, surface, |x, y| HOUSE.holds(x, y, 1.5) && !HOUSE.holds(x, y, 0.2));
    let wrong = errors.iter().filter(|e| e.abs() > 0.5).count() as f64 / errors.len() as f64;
    assert!(wrong < 0.01, "{wrong}");
}

#[test]
fn outlines_stay_within_a_cell_and_a_half() {
    let (scene, surface) = town();
    for b in [&HOUSE, &CAR] {
        let wander = median(outline(scene, surface, b).iter().map(|o| o.abs()).collect());
        assert!(wander <= 1.5, "{wander}");
    }
}

#[test]
fn two_thirds_of_the_ground_lie_within_one_sigma() {
    let (scene, surface) = town();
    let errors = errors(scene, surface, open_ground);
    let sigmas = under(scene, &surface.sigma, open_ground);
    let share = |k: f64| {
        let within = errors.iter().zip(&sigmas).filter(|(e, s)| e.abs() <= k * **s).count();
        within as f64 / sigmas.iter().filter(|s| s.is_finite()).count() as f64
    };
    assert!((0.55..0.85).contains(&share(1.0)), "{}", share(1.0));
    assert!((0.88..1.0).contains(&share(2.0)), "{}", share(2.0));
}

#[test]
fn ground_that_two_views_see_is_a_hole() {
    let (scene, surface) = town();
    let frame = &scene.block.frame;
    for ((row, col), height) in surface.dsm.cells.indexed_iter().step_by(97) {
        let (east, north) = surface.dsm.grid.center(row, col);
        let p = frame.world_from_map(&MapPoint { east, north, height: f64::from(*height) });
        let seen = scene.block.views.iter().filter(|view| scene.block.project(view, &p).is_some()).count();
        assert!(height.is_nan() || seen >= 3, "{seen} views at row {row}, column {col}");
    }
}

#[test]
fn one_thread_and_many_give_the_same_bytes() {
    let (scene, surface) = town();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = pool.install(|| matched(scene));
    let bits =
        |s: &Surface| s.dsm.cells.iter().chain(&s.sigma.cells).map(|z| z.to_bits()).collect::<Vec<_>>();
    assert!(bits(surface) == bits(&alone));
}
