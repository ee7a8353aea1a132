use nalgebra::{Vector2, Vector3};
use plumbline_geometry::Homography;

use crate::ExpectedPose;

/// Where in a second photo the keypoints of a first one can lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchWindow {
    /// Pixels of the second photo from pixels of the first, through the ground plane.
    pub b_from_a: Homography,
    /// How far from there a match may lie, pixels of the second photo.
    pub radius_px: f64,
}

impl SearchWindow {
    /// How many standard deviations of the priors a window reaches.
    const REACH: f64 = 2.5;
    /// Height of what stands on the ground, or depth of what is dug, as a share of the flying height.
    const RELIEF: f64 = 0.3;

    /// The window that two expected poses and the height of the ground allow; `None` where one of them is missing
    /// or the second photo cannot see the first one's ground.
    pub fn from_poses(a: &ExpectedPose, b: &ExpectedPose, ground_z: Option<f64>) -> Option<Self> {
        let ground_z = ground_z?;
        let [from, to] = ground_pairs(a, b, ground_z)?;
        let b_from_a = Homography::fit(&from, &to)?;
        let height = (b.position? - Vector3::new(0.0, 0.0, ground_z)).z;
        let turn = a.rotation_sigma.hypot(b.rotation_sigma);
        let shift = a.position_sigma_m.hypot(b.position_sigma_m) / height;
        let baseline = (a.position? - b.position?).xy().norm();
        let relief = baseline / height * Self::RELIEF / (1.0 - Self::RELIEF);
        Some(Self { b_from_a, radius_px: b.camera.focal_px * (Self::REACH * turn.hypot(shift) + relief) })
    }
}

/// Pixels of both photos that look at the same spots of the ground.
fn ground_pairs(a: &ExpectedPose, b: &ExpectedPose, ground_z: f64) -> Option<[Vec<Vector2<f64>>; 2]> {
    let b_from_world = b.cam_from_world()?;
    let mut pairs = [Vec::new(), Vec::new()];
    for pixel in sample_pixels(a) {
        let Some(spot) = ground_spot(a, &pixel, ground_z) else { continue };
        let Some(seen) = b.camera.project(&b_from_world.transform(&spot)) else { continue };
        pairs[0].push(pixel);
        pairs[1].push(seen);
    }
    (pairs[0].len() >= 6).then_some(pairs)
}

/// A grid of 5 x 5 pixels over a photo.
pub(crate) fn sample_pixels(photo: &ExpectedPose) -> impl Iterator<Item = Vector2<f64>> {
    const STEPS: u32 = 5;
    let step = move |side: u32, i: u32| f64::from(side) * (f64::from(i) + 0.5) / f64::from(STEPS);
    let (width, height) = (photo.camera.width, photo.camera.height);
    (0..STEPS * STEPS).map(move |i| Vector2::new(step(width, i % STEPS), step(height, i / STEPS)))
}

/// Where on the ground a pixel looks; `None` above the horizon or without a pose.
pub(crate) fn ground_spot(photo: &ExpectedPose, pixel: &Vector2<f64>, ground_z: f64) -> Option<Vector3<f64>> {
    let (position, rotation) = (photo.position?, photo.rotation?);
    let down = rotation.inverse() * photo.camera.unproject(pixel);
    let reach = (ground_z - position.z) / down.z;
    (reach > 0.0).then(|| position + reach * down)
}
