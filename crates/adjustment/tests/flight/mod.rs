//! Simulated flights: terrain points seen by cameras of known pose, with noise.

#![allow(dead_code, reason = "several test files share it, none needs all")]

use nalgebra::{UnitQuaternion, Vector2, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::{Crs, MapPoint, SurveyFrame};
use plumbline_geometry::Rigid3;
use plumbline_scene::{
    Attitude, Block, CameraPrior, FlightPrior, GroundPoint, GroundRole, Observation, PixelTrack, Track, View,
    ViewPrior,
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// What is flown and how badly it is measured.
#[derive(Debug, Clone)]
pub struct Flight {
    /// Strips and photos a strip.
    pub grid: (usize, usize),
    /// Height above the ground, metres.
    pub height_m: f64,
    /// Standard deviation of pixels.
    pub pixel_sigma_px: f64,
    /// Share of observations that point anywhere.
    pub outliers: f64,
    /// Error of all GNSS positions, metres, and standard deviation from photo to photo.
    pub gnss: (Vector3<f64>, f64),
    /// Standard deviation of the gimbal angles, degrees; `None` without attitudes.
    pub gimbal_sigma_deg: Option<f64>,
    /// Width and height of a photo; the focal length is three quarters of the width.
    pub pixels: (u32, u32),
    /// Distance of strips and of photos in a strip, metres.
    pub spacing_m: (f64, f64),
    /// Points of the terrain.
    pub points: usize,
    /// Every so-manieth photo looks 45 degrees ahead; 0 for none.
    pub oblique_every: usize,
    /// Amplitude of a smooth image error that no lens model describes, pixels.
    pub lens_error_px: f64,
    /// Seconds in which the rows of a photo are read, and speed of the flight, metres a second.
    pub readout: (f64, f64),
    /// True over assumed focal length.
    pub focal_ratio: f64,
    /// Seed of noise and poses (the terrain is always the same).
    pub seed: u64,
}

impl Default for Flight {
    fn default() -> Self {
        Self {
            grid: (3, 6),
            height_m: 80.0,
            pixel_sigma_px: 0.3,
            outliers: 0.0,
            gnss: (Vector3::zeros(), 0.3),
            gimbal_sigma_deg: Some(2.0),
            pixels: (1200, 900),
            spacing_m: (30.0, 22.0),
            points: 1500,
            oblique_every: 0,
            lens_error_px: 0.0,
            readout: (0.0, 0.0),
            focal_ratio: 1.0,
            seed: 1,
        }
    }
}

impl Flight {
    /// How fast a photo's camera flew, metres a second: up one strip and down the next.
    fn velocity(&self, view_idx: usize) -> Vector3<f64> {
        let ahead = if (view_idx / self.grid.1).is_multiple_of(2) { 1.0 } else { -1.0 };
        Vector3::new(0.0, ahead * self.readout.1, 0.0)
    }

    /// Where a pixel really falls.
    fn imaged(&self, pixel: &Vector2<f64>) -> Vector2<f64> {
        let (x, y) = (pixel.x / f64::from(self.pixels.0), pixel.y / f64::from(self.pixels.1));
        let wave = |t: f64| (2.0 * std::f64::consts::PI * t).sin();
        let error = Vector2::new(wave(1.5 * x + 0.3) * wave(y + 0.1), wave(0.7 * x - 1.3 * y));
        pixel + self.lens_error_px * error
    }
}

/// A flight with its truth.
pub struct Flown {
    pub flight: Flight,
    pub prior: FlightPrior,
    pub tracks: Vec<PixelTrack>,
    pub camera: Camera,
    pub poses: Vec<Rigid3>,
    pub points: Vec<Vector3<f64>>,
}

pub fn fly(flight: &Flight) -> Flown {
    let mut rng = Pcg64Mcg::seed_from_u64(flight.seed);
    let (width, height) = flight.pixels;
    let assumed = Camera::pinhole(width, height, 0.75 * f64::from(width));
    let camera = Camera {
        focal_px: assumed.focal_px * flight.focal_ratio,
        k1: -0.02,
        k2: 0.01,
        cy: assumed.cy * 1.007,
        readout_s: flight.readout.0,
        ..assumed
    };
    let poses = poses(flight, &mut rng);
    let points = terrain(flight);
    let tracks = observe(flight, &camera, &poses, &points, &mut rng);
    let views = poses.iter().enumerate().map(|(i, pose)| view_prior(flight, i, pose, &mut rng)).collect();
    let frame = SurveyFrame {
        crs: Crs::new("EPSG:4547").unwrap(),
        origin: MapPoint { east: 500_000.0, north: 4_100_000.0, height: 0.0 },
        scale: 1.0,
        convergence: 0.0,
    };
    let cameras = vec![CameraPrior { camera: assumed, focal_sigma_rel: 0.02, readout_sigma_s: 0.0 }];
    let prior = FlightPrior { frame, cameras, views, ground_z: Some(0.0) };
    Flown { flight: flight.clone(), prior, tracks, camera, poses, points }
}

fn poses(flight: &Flight, rng: &mut Pcg64Mcg) -> Vec<Rigid3> {
    let mut poses = Vec::new();
    for strip in 0..flight.grid.0 {
        for photo in 0..flight.grid.1 {
            let center = Vector3::new(
                strip as f64 * flight.spacing_m.0,
                photo as f64 * flight.spacing_m.1,
                flight.height_m,
            ) + Vector3::from_fn(|_, _| noise(rng));
            let yaw = if strip % 2 == 0 { 0.0 } else { std::f64::consts::PI } + 0.05 * noise(rng);
            let oblique = flight.oblique_every > 0 && poses.len() % flight.oblique_every == 0;
            let pitch_deg = if oblique { -45.0 } else { -88.0 } + noise(rng);
            let attitude = Attitude { yaw, pitch: pitch_deg.to_radians(), roll: 0.01 * noise(rng) };
            poses.push(Rigid3::looking_from(center, attitude.cam_from_world()));
        }
    }
    poses
}

/// A jittered grid with hills and boxes, the same for every flight.
fn terrain(flight: &Flight) -> Vec<Vector3<f64>> {
    let mut rng = Pcg64Mcg::seed_from_u64(99);
    let (east, north) =
        (flight.grid.0 as f64 * flight.spacing_m.0 + 60.0, flight.grid.1 as f64 * flight.spacing_m.1 + 50.0);
    (0..flight.points)
        .map(|_| {
            let (x, y) = (rng.random::<f64>() * east - 45.0, rng.random::<f64>() * north - 35.0);
            let boxes = if (x / 25.0).floor() as i64 % 3 == 0 && (y / 25.0).floor() as i64 % 2 == 0 {
                9.0
            } else {
                0.0
            };
            Vector3::new(x, y, 2.0 * (x / 40.0).sin() + boxes)
        })
        .collect()
}

fn observe(
    flight: &Flight,
    camera: &Camera,
    poses: &[Rigid3],
    points: &[Vector3<f64>],
    rng: &mut Pcg64Mcg,
) -> Vec<PixelTrack> {
    let mut tracks = Vec::new();
    for point in points {
        let mut observations = Vec::new();
        for (view_idx, pose) in poses.iter().enumerate() {
            let velocity = pose.rotation * flight.velocity(view_idx);
            let seen = camera.project_moving(&pose.transform(point), &velocity);
            let Some(pixel) = seen.filter(|p| camera.contains(p)) else { continue };
            let noisy = flight.imaged(&pixel) + Vector2::from_fn(|_, _| flight.pixel_sigma_px * noise(rng));
            let astray = rng.random::<f64>() < flight.outliers;
            let anywhere = Vector2::new(
                f64::from(camera.width) * rng.random::<f64>(),
                f64::from(camera.height) * rng.random::<f64>(),
            );
            observations.push(Observation { view_idx, pixel: if astray { anywhere } else { noisy } });
        }
        if observations.len() >= 2 {
            tracks.push(PixelTrack { observations });
        }
    }
    tracks
}

fn view_prior(flight: &Flight, i: usize, pose: &Rigid3, rng: &mut Pcg64Mcg) -> ViewPrior {
    let (shared, sigma) = flight.gnss;
    let rotation = flight.gimbal_sigma_deg.map(|deg| {
        let error = Vector3::from_fn(|_, _| deg.to_radians() * noise(rng));
        UnitQuaternion::from_scaled_axis(error) * pose.rotation
    });
    ViewPrior {
        name: format!("DJI_{i:04}.JPG"),
        camera_idx: 0,
        position: Some(pose.center() + shared + Vector3::from_fn(|_, _| sigma * noise(rng))),
        position_sigma_m: if sigma < 0.1 { Vector3::repeat(sigma) } else { Vector3::new(1.5, 1.5, 3.0) },
        rotation,
        rotation_sigma: 0.05,
        velocity: flight.velocity(i),
    }
}

/// A number of mean 0 and standard deviation 1, at most 3.5 (sum of twelve uniform ones).
pub fn noise(rng: &mut Pcg64Mcg) -> f64 {
    (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}

impl Flown {
    /// The true block, as an earlier epoch would leave it.
    pub fn true_block(&self) -> Block {
        let view = |(view, pose): (&ViewPrior, &Rigid3)| View {
            name: view.name.clone(),
            camera_idx: 0,
            cam_from_world: *pose,
            velocity: view.velocity,
        };
        Block {
            frame: self.prior.frame.clone(),
            cameras: vec![self.camera],
            views: self.prior.views.iter().zip(&self.poses).map(view).collect(),
            tracks: Vec::<Track>::new(),
        }
    }

    /// Tracks of this flight joined to those of an earlier one on the same terrain, point by point.
    pub fn tied_to(&self, earlier: &Self, share: f64) -> Vec<PixelTrack> {
        self.tied_to_changed(earlier, share, 0.0)
    }

    /// As [`Flown::tied_to`], with a share of the common points metres away at the earlier epoch. Pixels are noisy.
    pub fn tied_to_changed(&self, earlier: &Self, share: f64, changed: f64) -> Vec<PixelTrack> {
        let mut rng = Pcg64Mcg::seed_from_u64(7);
        let own_views = self.poses.len();
        let mut by_point = vec![Vec::new(); self.points.len()];
        for (point, observations) in by_point.iter_mut().enumerate() {
            let sigma_px = if changed > 0.0 { self.flight.pixel_sigma_px } else { 0.0 };
            let noisy = |o: Observation, rng: &mut Pcg64Mcg| Observation {
                pixel: o.pixel + Vector2::from_fn(|_, _| sigma_px * noise(rng)),
                ..o
            };
            let own = self.sightings(&self.points[point]);
            observations.extend(own.into_iter().map(|o| noisy(o, &mut rng)));
            if rng.random::<f64>() < share {
                let moved = rng.random::<f64>() < changed;
                let by_m = Vector3::from_fn(|_, _| if moved { 2.0 * noise(&mut rng) } else { 0.0 });
                let before = earlier.sightings(&(earlier.points[point] + by_m));
                let shifted = before.into_iter().map(|o| noisy(o, &mut rng)).collect::<Vec<_>>().into_iter();
                observations.extend(shifted.map(|o| Observation { view_idx: o.view_idx + own_views, ..o }));
            }
        }
        by_point
            .into_iter()
            .filter(|o| o.len() >= 2)
            .map(|observations| PixelTrack { observations })
            .collect()
    }

    /// Five control points, at the corners and in the middle of the ground that several photos see, and check points
    /// between them; surveyed and marked with noise.
    pub fn ground(&self, checks: usize, sigma_m: f64) -> Vec<GroundPoint> {
        let mut rng = Pcg64Mcg::seed_from_u64(self.flight.seed + 77);
        let (strips, photos) = self.flight.grid;
        let east = (strips - 1) as f64 * self.flight.spacing_m.0;
        let north = (photos - 1) as f64 * self.flight.spacing_m.1;
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5)];
        let mut places: Vec<_> = corners.map(|(x, y)| (x, y, GroundRole::Control)).to_vec();
        places.extend((0..checks).map(|_| (rng.random::<f64>(), rng.random::<f64>(), GroundRole::Check)));
        let point = |(i, (x, y, role)): (usize, (f64, f64, GroundRole))| {
            let truth = Vector3::new(x * east, y * north, 2.0 * (x * 7.0).sin());
            let marks = self.sightings(&truth).into_iter().map(|o| Observation {
                pixel: o.pixel + Vector2::from_fn(|_, _| 0.4 * noise(&mut rng)),
                ..o
            });
            let marks = marks.collect();
            let error = Vector3::from_fn(|_, _| sigma_m * noise(&mut rng));
            let sigma_m = Vector3::repeat(sigma_m);
            let name = format!("G{i}");
            GroundPoint { name, position: truth + error, sigma_m, role, marks, mark_sigma_px: 0.4 }
        };
        places.into_iter().enumerate().map(point).collect()
    }

    /// Where the photos show a point, without noise.
    fn sightings(&self, point: &Vector3<f64>) -> Vec<Observation> {
        let sighting = |(view_idx, pose): (usize, &Rigid3)| {
            let velocity = pose.rotation * self.flight.velocity(view_idx);
            let pixel = self.camera.project_moving(&pose.transform(point), &velocity)?;
            let pixel = self.flight.imaged(&pixel);
            self.camera.contains(&pixel).then_some(Observation { view_idx, pixel })
        };
        self.poses.iter().enumerate().filter_map(sighting).collect()
    }
}
