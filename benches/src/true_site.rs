//! What is true of a simulated date: heights, what stands where, and what every pixel of its photos looked at.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use nalgebra::{Quaternion, UnitQuaternion, Vector2, Vector3};
use ndarray::Array2;
use plumbline_camera::Camera;
use plumbline_fixtures::{Ray, Recipe, Scene, Sight};
use plumbline_geodesy::MapPoint;
use plumbline_geometry::Rigid3;
use plumbline_raster::Grid;
use rayon::prelude::*;

/// Cosine of the steepest slope that is called flat.
const FLAT: f32 = 0.998;

/// Cells to each side of a flat cell whose heights agree with it.
const FLAT_REACH: usize = 3;

/// By how much they agree, metres.
const FLAT_WITHIN_M: f32 = 0.05;

/// How far what a ray meets and the point it was sent to may lie apart, metres.
const MET_WITHIN_M: f64 = 0.05;

/// A simulated date with the camera and the poses that its photos truly have.
#[derive(Debug)]
pub struct TrueSite {
    scene: Scene,
    half: Vector2<f64>,
    camera: Camera,
    poses: HashMap<String, Rigid3>,
}

/// What a cell of the true surface belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Beyond the flown rectangle: not judged.
    Outside,
    /// Level ground: streets, yards, fields.
    Ground,
    /// The level part of a roof or a deck.
    Roof,
    /// Edges, pitched roofs, trees, walls.
    Rough,
}

/// The true surface in the cells of a grid.
#[derive(Debug, Clone)]
pub struct TrueCells {
    /// Map heights, metres; NaN outside the flown rectangle.
    pub height: Array2<f32>,
    /// Map heights of the ground before anything was built, metres.
    pub ground: Array2<f32>,
    /// What the cells belong to.
    pub kind: Array2<Kind>,
}

impl TrueSite {
    /// The first date of a city that `simulate_city` wrote.
    pub fn read(city: &Path, recipe: &Recipe) -> Result<Self, Box<dyn Error>> {
        let scene = recipe.scene(0)?;
        let table = std::fs::read_to_string(city.join("truth/poses.csv"))?;
        let date = &recipe.epochs[0].id;
        let mut poses = HashMap::new();
        for line in table.lines() {
            let fields: Vec<&str> = line.split(',').collect();
            if fields.get(1) != Some(&date.as_str()) {
                continue;
            }
            let numbers = fields[2..].iter().map(|field| field.parse()).collect::<Result<Vec<f64>, _>>()?;
            let [east, north, height, w, i, j, k] = numbers[..] else {
                return Err(format!("truth/poses.csv: {line}").into());
            };
            let center = scene.frame.world_from_map(&MapPoint { east, north, height });
            let rotation = UnitQuaternion::from_quaternion(Quaternion::new(w, i, j, k));
            poses.insert(fields[0].to_owned(), Rigid3::looking_from(center, rotation));
        }
        Ok(Self { scene, half: recipe.half, camera: recipe.flight.camera, poses })
    }

    /// The true surface of a grid.
    pub fn cells(&self, grid: &Grid) -> TrueCells {
        let origin = self.scene.frame.origin.height as f32;
        let looked = |(row, col): (usize, usize)| {
            let p = self.world(grid, row, col);
            if p.x.abs() > self.half.x || p.y.abs() > self.half.y {
                return (f32::NAN, f32::NAN, Kind::Outside);
            }
            let sight = self.scene.from_above(p.x, p.y);
            let kind = match sight.solid_idx {
                _ if sight.normal.z < FLAT => Kind::Rough,
                Some(_) => Kind::Roof,
                None => Kind::Ground,
            };
            (sight.p.z + origin, self.scene.natural_ground(p.x, p.y) as f32 + origin, kind)
        };
        let cells: Vec<_> = (0..grid.rows * grid.cols)
            .into_par_iter()
            .map(|i| looked((i / grid.cols, i % grid.cols)))
            .collect();
        let shape = (grid.rows, grid.cols);
        let height = Array2::from_shape_fn(shape, |(r, c)| cells[r * grid.cols + c].0);
        let ground = Array2::from_shape_fn(shape, |(r, c)| cells[r * grid.cols + c].1);
        let kind = Array2::from_shape_fn(shape, |cell| {
            let kind = cells[cell.0 * grid.cols + cell.1].2;
            if matches!(kind, Kind::Ground | Kind::Roof) && !is_flat(&height, cell) {
                Kind::Rough
            } else {
                kind
            }
        });
        TrueCells { height, ground, kind }
    }

    /// Number of photos that see a map point, nothing standing between.
    pub fn views_of(&self, point: &MapPoint) -> usize {
        let p = self.scene.frame.world_from_map(point);
        self.poses.values().filter(|pose| self.sees(pose, &p)).count()
    }

    fn sees(&self, pose: &Rigid3, p: &Vector3<f64>) -> bool {
        let Some(pixel) = self.camera.project(&pose.transform(p)) else { return false };
        if !self.camera.contains(&pixel) {
            return false;
        }
        let origin = pose.center();
        let ray = Ray { origin: origin.cast(), direction: (p - origin).normalize().cast() };
        (self.scene.look(&ray).p.cast::<f64>() - p).norm() < MET_WITHIN_M
    }

    /// What a pixel of a photo looked at, and where that lies on the map.
    pub fn behind(&self, photo: &str, pixel: &Vector2<f64>) -> Option<(Sight, MapPoint)> {
        let pose = self.poses.get(photo)?;
        let direction = pose.rotation.inverse() * self.camera.unproject(pixel);
        let ray = Ray { origin: pose.center().cast(), direction: direction.normalize().cast() };
        let sight = self.scene.look(&ray);
        Some((sight, self.scene.frame.map_from_world(&sight.p.cast())))
    }

    /// World position of a cell.
    pub(crate) fn world(&self, grid: &Grid, row: usize, col: usize) -> Vector2<f64> {
        let (east, north) = grid.center(row, col);
        self.scene.frame.world_from_map(&MapPoint { east, north, height: 0.0 }).xy()
    }
}

fn is_flat(height: &Array2<f32>, (row, col): (usize, usize)) -> bool {
    let (rows, cols) = height.dim();
    let near = |at: usize, end: usize| at.saturating_sub(FLAT_REACH)..(at + FLAT_REACH + 1).min(end);
    let z = height[(row, col)];
    near(row, rows).all(|r| near(col, cols).all(|c| (height[(r, c)] - z).abs() <= FLAT_WITHIN_M))
}
