//! A small analytic scene, rendered into photos with known poses: sloping textured ground, box buildings, a car.

use std::sync::Arc;

use image::{Rgb, RgbImage};
use nalgebra::{UnitQuaternion, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::{Crs, Lla, SurveyFrame};
use plumbline_geometry::Rigid3;
use plumbline_scene::{Attitude, Block, Observation, Photos, PhotosError, Track, View};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

/// An axis-parallel box on the ground.
#[derive(Debug, Clone, Copy)]
pub struct Box3 {
    /// World x and y of the middle.
    pub middle: (f64, f64),
    /// Sizes east and north.
    pub size: (f64, f64),
    /// World z of its level top.
    pub top: f64,
}

impl Box3 {
    pub fn holds(&self, x: f64, y: f64, grow: f64) -> bool {
        (x - self.middle.0).abs() <= self.size.0 / 2.0 + grow
            && (y - self.middle.1).abs() <= self.size.1 / 2.0 + grow
    }
}

/// The scene and its photos.
pub struct Scene {
    pub block: Block,
    pub boxes: Vec<Box3>,
    photos: Vec<Arc<RgbImage>>,
}

impl Photos for Scene {
    fn rgb(&self, view_idx: usize) -> Result<Arc<RgbImage>, PhotosError> {
        Ok(Arc::clone(&self.photos[view_idx]))
    }
}

/// Flying height above the ground, metres.
pub const HEIGHT: f64 = 30.0;

impl Scene {
    /// Ground height without boxes.
    pub fn ground(x: f64, y: f64) -> f64 {
        0.03 * x - 0.02 * y
    }

    /// Height of what is seen from above.
    pub fn top(&self, x: f64, y: f64) -> f64 {
        self.boxes.iter().filter(|b| b.holds(x, y, 0.0)).map(|b| b.top).fold(Self::ground(x, y), f64::max)
    }

    /// 5 x 3 photos at 5 cm a pixel with 83 % and 70 % overlap; every other line is flown the other way.
    pub fn flown_over(boxes: Vec<Box3>) -> Self {
        let camera = Camera { k1: -0.03, k2: 0.01, ..Camera::pinhole(560, 420, 600.0) };
        let crs = Crs::new("EPSG:4547").unwrap();
        let center = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 60.0 };
        let frame = SurveyFrame::about(crs, &center).unwrap();
        let mut views = Vec::new();
        for line in 0..3 {
            for i in 0..5 {
                let center = Vector3::new(f64::from(line - 1) * 8.0, f64::from(i - 2) * 4.0, HEIGHT);
                let yaw = if line % 2 == 0 { 0.02 } else { std::f64::consts::PI + 0.05 };
                let attitude = Attitude { yaw, pitch: -1.55, roll: 0.0 };
                let cam_from_world = Rigid3::looking_from(center, attitude.cam_from_world());
                views.push(View {
                    name: format!("{line}{i}.jpg"),
                    camera_idx: 0,
                    cam_from_world,
                    velocity: Vector3::zeros(),
                });
            }
        }
        let block = Block { frame, cameras: vec![camera], views, tracks: Vec::new() };
        let mut scene = Self { block, boxes, photos: Vec::new() };
        scene.photos =
            (0..scene.block.views.len()).into_par_iter().map(|v| Arc::new(scene.photo(v))).collect();
        scene.block.tracks = scene.tracks();
        scene
    }

    /// Sparse points on a coarse lattice of the true surface.
    fn tracks(&self) -> Vec<Track> {
        let mut tracks = Vec::new();
        for i in 0..400 {
            let (x, y) = (f64::from(i % 20) * 1.3 - 12.0, f64::from(i / 20) * 1.2 - 11.0);
            let point = Vector3::new(x, y, self.top(x, y));
            let observations: Vec<Observation> = (0..self.block.views.len())
                .filter_map(|view_idx| {
                    let pixel = self.block.project(&self.block.views[view_idx], &point)?;
                    Some(Observation { view_idx, pixel })
                })
                .collect();
            tracks.push(Track { point, observations });
        }
        tracks
    }

    /// Four rays a pixel, then sensor noise of 2 grey values.
    fn photo(&self, view_idx: usize) -> RgbImage {
        let view = &self.block.views[view_idx];
        let camera = self.block.camera(view);
        let (center, rotation) = (view.cam_from_world.center(), view.cam_from_world.rotation);
        let mut rng = Pcg64Mcg::seed_from_u64(view_idx as u64);
        RgbImage::from_fn(camera.width, camera.height, |u, v| {
            let mut sum = 0.0;
            for (du, dv) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let pixel = nalgebra::Vector2::new(f64::from(u) + du, f64::from(v) + dv);
                sum += self.brightness(&center, &rotation, &camera.unproject(&pixel));
            }
            let noise: f64 = (0..4).map(|_| rng.random_range(-1.7..1.7)).sum();
            Rgb([(sum / 4.0 + noise).clamp(0.0, 255.0) as u8; 3])
        })
    }

    fn brightness(&self, center: &Vector3<f64>, rotation: &UnitQuaternion<f64>, ray: &Vector3<f64>) -> f64 {
        let d = rotation.inverse() * ray;
        let slope = Vector3::new(0.03, -0.02, -1.0);
        let mut nearest = -slope.dot(center) / slope.dot(&d);
        let mut wall = false;
        for b in &self.boxes {
            let low = Vector3::new(b.middle.0 - b.size.0 / 2.0, b.middle.1 - b.size.1 / 2.0, -5.0);
            let high = Vector3::new(b.middle.0 + b.size.0 / 2.0, b.middle.1 + b.size.1 / 2.0, b.top);
            let (t0, t1) = ((low - center).component_div(&d), (high - center).component_div(&d));
            let (enter, leave) = (t0.inf(&t1), t0.sup(&t1));
            if enter.max() < leave.min() && enter.max() < nearest {
                nearest = enter.max();
                wall = enter.z < enter.max();
            }
        }
        let p = center + d * nearest;
        if wall {
            70.0 + texture(p.x + p.y, p.z)
        } else {
            120.0 + p.z + texture(p.x, p.y + 100.0 * (p.z > 1.0) as u8 as f64)
        }
    }
}

/// Value noise in octaves from 10 cm to 1.6 m, about 12 grey values strong.
fn texture(x: f64, y: f64) -> f64 {
    (0..5)
        .map(|octave| {
            10.0 * value_noise(x / (0.1 * f64::from(1 << octave)), y / (0.1 * f64::from(1 << octave)), octave)
        })
        .sum()
}

fn value_noise(x: f64, y: f64, seed: u32) -> f64 {
    let (i, j) = (x.floor(), y.floor());
    let (u, v) = (x - i, y - j);
    let at = |di: f64, dj: f64| {
        let mut h = ((i + di) as i64 as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ ((j + dj) as i64 as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
            ^ u64::from(seed) << 17;
        h = (h ^ h >> 31).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        (h >> 40) as f64 / f64::from(1 << 24) - 0.5
    };
    let mix = |a: f64, b: f64, t: f64| a + (b - a) * t * t * (3.0 - 2.0 * t);
    mix(mix(at(0.0, 0.0), at(1.0, 0.0), u), mix(at(0.0, 1.0), at(1.0, 1.0), u), v)
}
