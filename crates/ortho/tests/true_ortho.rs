//! Orthophotos of a scene whose colours are known everywhere: a chequered plain with one flat-roofed building.

use std::sync::Arc;

use image::{Rgb, RgbImage};
use nalgebra::{UnitQuaternion, Vector2, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::{Crs, MapPoint, SurveyFrame};
use plumbline_geometry::Rigid3;
use plumbline_ortho::{NO_SOURCE, Options, Ortho, orthophoto};
use plumbline_raster::{Grid, Raster};
use plumbline_scene::{Attitude, Block, Photos, PhotosError, View};

const LIGHT: [u8; 3] = [170, 175, 160];
const DARK: [u8; 3] = [90, 95, 85];
const ROOF: [u8; 3] = [200, 40, 40];
const WALL: [u8; 3] = [40, 40, 200];

/// Half length, half width and height of the building, metres.
const BUILDING: [f64; 3] = [6.0, 4.0, 12.0];
const EAST: f64 = 500_000.0;
const NORTH: f64 = 4_100_000.0;
const CELL_M: f64 = 0.1;

/// Where a ray first meets the building, as a multiple of its direction, and the axis of the face it meets.
fn meets_building(from: &Vector3<f64>, along: &Vector3<f64>) -> Option<(f64, usize)> {
    let low = Vector3::new(-BUILDING[0], -BUILDING[1], 0.0);
    let high = Vector3::from(BUILDING);
    let (mut enter, mut leave, mut face) = (0.0_f64, f64::INFINITY, 2);
    for axis in 0..3 {
        let (a, b) = ((low[axis] - from[axis]) / along[axis], (high[axis] - from[axis]) / along[axis]);
        if a.min(b) > enter {
            (enter, face) = (a.min(b), axis);
        }
        leave = leave.min(a.max(b));
    }
    (enter > 0.0 && enter < leave).then_some((enter, face))
}

fn plain(x: f64, y: f64) -> [u8; 3] {
    if (x.floor() as i64 + y.floor() as i64) % 2 == 0 { LIGHT } else { DARK }
}

fn from_above(x: f64, y: f64) -> [u8; 3] {
    if x.abs() < BUILDING[0] && y.abs() < BUILDING[1] { ROOF } else { plain(x, y) }
}

fn render(block: &Block, view: &View, exposure: f64) -> RgbImage {
    let camera = block.camera(view);
    let world_from_cam = view.cam_from_world.inverse();
    let from = view.cam_from_world.center();
    RgbImage::from_fn(camera.width, camera.height, |x, y| {
        let ray = camera.unproject(&Vector2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        let along = world_from_cam.rotation * ray;
        let seen = match meets_building(&from, &along) {
            Some((_, 2)) => ROOF,
            Some(_) => WALL,
            None => {
                let ground = from - along * (from.z / along.z);
                plain(ground.x, ground.y)
            }
        };
        Rgb(seen.map(|v| (f64::from(v) * exposure) as u8))
    })
}

struct Rendered(Vec<Arc<RgbImage>>);

impl Photos for Rendered {
    fn rgb(&self, view_idx: usize) -> Result<Arc<RgbImage>, PhotosError> {
        Ok(self.0[view_idx].clone())
    }
}

/// A block of nadir views at the given positions.
fn block(eyes: &[[f64; 3]]) -> Block {
    let crs = Crs::new("EPSG:4547").expect("PROJ knows it");
    let origin = MapPoint { east: EAST, north: NORTH, height: 0.0 };
    let frame = SurveyFrame { crs, origin, scale: 1.0, convergence: 0.0 };
    let down: UnitQuaternion<f64> =
        Attitude { yaw: 0.3, pitch: -std::f64::consts::FRAC_PI_2, roll: 0.0 }.cam_from_world();
    let view = |(i, eye): (usize, &[f64; 3])| View {
        name: format!("{i}.JPG"),
        camera_idx: 0,
        cam_from_world: Rigid3::looking_from(Vector3::from(*eye), down),
        velocity: Vector3::zeros(),
    };
    let cameras = vec![Camera { k1: -0.05, ..Camera::pinhole(800, 640, 600.0) }];
    Block { frame, cameras, views: eyes.iter().enumerate().map(view).collect(), tracks: Vec::new() }
}

fn dsm() -> Raster<f32> {
    let bounds = (EAST - 20.0, NORTH - 20.0, EAST + 20.0, NORTH + 20.0);
    let grid = Grid::covering(Crs::new("EPSG:4547").expect("PROJ knows it"), bounds, CELL_M);
    let mut dsm = Raster::filled(grid.clone(), 0.0_f32);
    for ((row, col), height) in dsm.cells.indexed_iter_mut() {
        let (east, north) = grid.center(row, col);
        if from_above(east - EAST, north - NORTH) == ROOF {
            *height = BUILDING[2] as f32;
        }
    }
    dsm
}

fn ortho_of(block: &Block, exposures: &[f64], dsm: &Raster<f32>) -> Ortho {
    let photos =
        block.views.iter().zip(exposures).map(|(view, &exposure)| Arc::new(render(block, view, exposure)));
    orthophoto(block, &Rendered(photos.collect()), dsm, &Options::default(), &|_, _| {})
        .expect("the photos are in memory")
}

const FIVE: [[f64; 3]; 5] =
    [[0.0, 0.0, 50.0], [-18.0, -14.0, 50.0], [18.0, -14.0, 50.0], [-18.0, 14.0, 50.0], [18.0, 14.0, 50.0]];

fn differs(a: [u8; 4], b: [u8; 3]) -> bool {
    (0..3).any(|k| a[k].abs_diff(b[k]) > 40)
}

/// Coordinates of every cell about the building's centre, with the cell's index.
fn cells(grid: &Grid) -> impl Iterator<Item = ((usize, usize), f64, f64)> + '_ {
    (0..grid.rows * grid.cols).map(|i| {
        let cell = (i / grid.cols, i % grid.cols);
        let (east, north) = grid.center(cell.0, cell.1);
        (cell, east - EAST, north - NORTH)
    })
}

#[test]
fn the_orthophoto_shows_every_colour_where_it_is_within_half_a_cell() {
    let ortho = ortho_of(&block(&FIVE), &[1.0; 5], &dsm());
    let (mut wrong, mut seen, mut hidden) = (0, 0, 0);
    for (cell, x, y) in cells(&ortho.rgba.grid) {
        let colour = ortho.rgba.cells[cell];
        if colour[3] == 0 {
            hidden += 1;
            continue;
        }
        let half = CELL_M / 2.0 + 0.01;
        let around = [(0.0, 0.0), (half, half), (half, -half), (-half, half), (-half, -half)];
        seen += 1;
        wrong += usize::from(around.iter().all(|(dx, dy)| differs(colour, from_above(x + dx, y + dy))));
    }
    assert!(hidden * 200 < seen, "{hidden} of {seen} hidden although five views surround the building");
    assert!(wrong * 500 < seen, "{wrong} of {seen} wrong");
}

#[test]
fn a_roof_is_there_once_and_walls_never() {
    let ortho = ortho_of(&block(&FIVE), &[1.0; 5], &dsm());
    let count =
        |colour: [u8; 3]| ortho.rgba.cells.iter().filter(|c| c[3] == 255 && !differs(**c, colour)).count();
    let roof_cells = 4.0 * BUILDING[0] * BUILDING[1] / (CELL_M * CELL_M);
    assert!((0.97..1.03).contains(&(count(ROOF) as f64 / roof_cells)), "{}", count(ROOF));
    assert!((count(WALL) as f64) < 0.005 * roof_cells, "{}", count(WALL));
}

/// Share of the ground within 2 m of the building that shows it, although its surface is not in the DSM.
fn shown_on_the_ground(coverage: impl Fn(u8) -> bool) -> f64 {
    let plain = Raster::filled(dsm().grid, 0.0);
    let ortho = ortho_of(&block(&FIVE), &[1.0; 5], &plain);
    let around = |x: f64, y: f64| x.abs() < BUILDING[0] + 2.0 && y.abs() < BUILDING[1] + 2.0;
    let ground: Vec<[u8; 4]> = cells(&ortho.rgba.grid)
        .filter(|(_, x, y)| around(*x, *y) && from_above(*x, *y) != ROOF)
        .map(|(cell, _, _)| ortho.rgba.cells[cell])
        .filter(|colour| coverage(colour[3]))
        .collect();
    let of_building = |colour: &&[u8; 4]| !differs(**colour, ROOF) || !differs(**colour, WALL);
    ground.iter().filter(of_building).count() as f64 / ground.len() as f64
}

#[test]
fn witnesses_keep_a_building_that_the_dsm_lacks_off_the_ground() {
    let (sure, at_all) = (shown_on_the_ground(|c| c == 255), shown_on_the_ground(|c| c > 0));
    assert!(sure < 0.05, "{sure}");
    assert!(at_all < 0.3, "{at_all}");
}

#[test]
fn ground_that_the_only_view_cannot_see_is_left_open() {
    let eye = Vector3::new(-15.0, 3.0, 45.0);
    let block = block(&[eye.into()]);
    let ortho = ortho_of(&block, &[1.0], &dsm());
    let (mut both, mut either) = (0_usize, 0_usize);
    for (cell, x, y) in cells(&ortho.rgba.grid).filter(|(_, x, y)| from_above(*x, *y) != ROOF) {
        let foot = Vector3::new(x, y, 0.0);
        if block.project(&block.views[0], &foot).is_none() {
            continue;
        }
        let truth = meets_building(&foot, &(eye - foot)).is_some();
        let found = ortho.rgba.cells[cell][3] == 0;
        assert_eq!(found, ortho.source.cells[cell] == NO_SOURCE);
        both += usize::from(truth && found);
        either += usize::from(truth || found);
    }
    assert!(both > 3000 && both as f64 > 0.93 * either as f64, "{both} of {either}");
}

#[test]
fn exposures_are_evened_out() {
    let exposures = [1.0, 0.8, 1.1, 0.9, 1.0];
    let ortho = ortho_of(&block(&FIVE), &exposures, &dsm());
    let mean_of_light = |view: u16| {
        let of_view = cells(&ortho.rgba.grid).filter(|(cell, x, y)| {
            let clear_of_lines = [x, y].iter().all(|v| (0.2..0.8).contains(&v.rem_euclid(1.0)));
            clear_of_lines && ortho.source.cells[*cell] == view && from_above(*x, *y) == LIGHT
        });
        let values: Vec<f64> = of_view.map(|(cell, _, _)| f64::from(ortho.rgba.cells[cell][1])).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    let means: Vec<f64> = (0..5).map(mean_of_light).collect();
    let (low, high) = means.iter().fold((f64::MAX, 0.0_f64), |(l, h), &m| (l.min(m), h.max(m)));
    assert!(high / low < 1.03, "{means:?}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with_threads = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        pool.install(|| ortho_of(&block(&FIVE), &[1.0, 0.8, 1.1, 0.9, 1.0], &dsm()))
    };
    assert_eq!(with_threads(1), with_threads(3));
}

#[test]
fn a_large_hole_of_the_dsm_stays_open_and_a_small_one_does_not() {
    let mut holed = dsm();
    for row in 20..60 {
        for col in 20..60 {
            holed.cells[(row, col)] = f32::NAN;
        }
    }
    for col in 20..23 {
        holed.cells[(300, col)] = f32::NAN;
    }
    let ortho = ortho_of(&block(&FIVE), &[1.0; 5], &holed);
    assert_eq!(ortho.rgba.cells[(40, 40)][3], 0);
    assert_eq!(ortho.rgba.cells[(300, 21)][3], 255);
}
