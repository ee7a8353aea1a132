//! Analytic surfaces for the tests: boxes on a plane, anti-aliased at their edges, with noise.

use chrono::NaiveDate;
use geo::{Contains, MultiPolygon, Point, Rotate, Translate, coord};
use plumbline_geodesy::{Crs, SurveyClass, SurveyQuality};
use plumbline_raster::{Grid, Raster, Rgba};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::{EpochSurface, Registration};

/// Samples along each side of a cell that decide how much of it a box covers.
const SAMPLES: usize = 5;

/// A site of `side_m` x `side_m` metres with cells of 0.2 m and ground at 50 m.
pub struct Site {
    pub dsm: Raster<f32>,
    pub ortho: Raster<Rgba>,
    seed: u64,
}

/// A box by centre, size and turn, as an outline.
pub fn block((east, north): (f64, f64), (width, depth): (f64, f64), turn_deg: f64) -> MultiPolygon<f64> {
    let (a, b) = (width / 2.0, depth / 2.0);
    let rect = geo::Rect::new(coord! { x: -a, y: -b }, coord! { x: a, y: b }).to_polygon();
    MultiPolygon(vec![rect.rotate_around_point(turn_deg, Point::new(0.0, 0.0)).translate(east, north)])
}

impl Site {
    pub const GROUND: f32 = 50.0;

    pub fn flat(side_m: f64, seed: u64) -> Self {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, side_m, side_m), 0.2);
        let ortho = Raster::filled(grid.clone(), [120, 115, 110, 255]);
        Self { dsm: Raster::filled(grid, Self::GROUND), ortho, seed }
    }

    /// Tilts the ground by a slope toward the east.
    pub fn sloping(mut self, slope: f64) -> Self {
        let grid = self.dsm.grid.clone();
        for ((row, col), height) in self.dsm.cells.indexed_iter_mut() {
            *height += (grid.center(row, col).0 * slope) as f32;
        }
        self
    }

    /// Raises (or digs) everything inside an outline to a level, cells on the edge by their share.
    pub fn with(mut self, outline: &MultiPolygon<f64>, level: f32) -> Self {
        let grid = self.dsm.grid.clone();
        let Some(w) = crate::cells::window(&grid, outline, 1.0) else { return self };
        for row in w.row..w.row + w.rows {
            for col in w.col..w.col + w.cols {
                let share = covered(&grid, row, col, outline);
                let height = &mut self.dsm.cells[(row, col)];
                *height += share * (level - *height);
            }
        }
        self
    }

    /// A tree: a rough green dome.
    pub fn with_tree(mut self, (east, north): (f64, f64), radius_m: f64, height_m: f64) -> Self {
        let mut chance = Pcg64Mcg::seed_from_u64(self.seed ^ (east * 100.0 + north) as u64);
        let grid = self.dsm.grid.clone();
        for ((row, col), height) in self.dsm.cells.indexed_iter_mut() {
            let (e, n) = grid.center(row, col);
            let r = (e - east).hypot(n - north) / radius_m;
            if r < 1.0 {
                let dome = height_m * (1.0 - 0.6 * r * r) + chance.random_range(-0.8..0.8);
                *height = (*height).max(Self::GROUND + dome as f32);
                self.ortho.cells[(row, col)] = [60, 110 + chance.random_range(0..40), 50, 255];
            }
        }
        self
    }

    /// Adds normal noise (sum of uniforms) to every height.
    pub fn noisy(mut self, sigma_m: f64) -> Self {
        let mut chance = Pcg64Mcg::seed_from_u64(self.seed);
        for height in &mut self.dsm.cells {
            let sum: f64 = (0..12).map(|_| chance.random::<f64>()).sum::<f64>() - 6.0;
            *height += (sigma_m * sum) as f32;
        }
        self
    }

    /// An epoch with this sigma in every cell.
    pub fn epoch(self, sigma_m: f32) -> EpochSurface {
        EpochSurface {
            id: "test".to_owned(),
            captured_on: NaiveDate::from_ymd_opt(2025, 6, 12).unwrap(),
            sigma: Raster::filled(self.dsm.grid.clone(), sigma_m),
            dsm: self.dsm,
            ortho: Some(self.ortho),
            quality: SurveyQuality {
                class: SurveyClass::Coreg,
                u_xy_m: 0.2,
                u_z_m: f64::INFINITY,
                u_height_m: 0.1,
            },
        }
    }

    /// Heights above the flat ground.
    pub fn above_ground(self) -> Raster<f32> {
        Raster { cells: self.dsm.cells - Self::GROUND, grid: self.dsm.grid }
    }
}

pub fn registered(u_xy_m: f64, u_z_m: f64) -> Registration {
    Registration { u_xy_m, u_z_m, comparable: true, reason: "simulated".to_owned() }
}

fn covered(grid: &Grid, row: usize, col: usize, outline: &MultiPolygon<f64>) -> f32 {
    let (east, north) = grid.center(row, col);
    let at = |i: usize| ((i as f64 + 0.5) / SAMPLES as f64 - 0.5) * grid.cell_m;
    let hits = (0..SAMPLES * SAMPLES)
        .filter(|i| outline.contains(&Point::new(east + at(i % SAMPLES), north + at(i / SAMPLES))))
        .count();
    hits as f32 / (SAMPLES * SAMPLES) as f32
}
