use nalgebra::{Matrix2, Vector2, Vector3};

use crate::{Keypoint, SearchWindow};

/// Largest turn of a keypoint against what its window predicts, radians. Covers the error of a gimbal and of the
/// keypoint's own direction, and leaves out five of six chance candidates.
pub const MAX_TURN: f32 = 0.55;

/// Largest ratio of a keypoint's size to what its window predicts: a little more than half an octave.
const MAX_GROWTH: f32 = 1.6;

/// What a window predicts of a keypoint's match.
pub struct Expected {
    /// Where.
    pub pixel: [f32; 2],
    radius_squared: f32,
    /// Which way it is turned, radians; any whole number of turns may be in it.
    pub angle: f32,
    scale: f32,
}

impl Expected {
    /// `None` near the line that the window throws to infinity.
    pub fn of(keypoint: &Keypoint, window: &SearchWindow) -> Option<Self> {
        let pixel = Vector2::new(f64::from(keypoint.pixel[0]), f64::from(keypoint.pixel[1]));
        let mapped = window.b_from_a.transform(&pixel);
        let slope = slope(window, &pixel, &mapped)?;
        let turn = (slope[(1, 0)] - slope[(0, 1)]).atan2(slope[(0, 0)] + slope[(1, 1)]);
        Some(Self {
            pixel: [mapped.x as f32, mapped.y as f32],
            radius_squared: (window.radius_px * window.radius_px) as f32,
            angle: keypoint.angle + turn as f32,
            scale: keypoint.scale_px * slope.determinant().abs().sqrt() as f32,
        })
    }

    /// Whether a keypoint lies near enough, turned and sized as expected.
    pub fn allows(&self, other: &Keypoint) -> bool {
        use std::f32::consts::{PI, TAU};
        let (dx, dy) = (other.pixel[0] - self.pixel[0], other.pixel[1] - self.pixel[1]);
        let turn = other.angle - self.angle;
        let turn = (turn - TAU * ((turn + PI) / TAU).floor()).abs();
        let growth = other.scale_px / self.scale;
        dx * dx + dy * dy < self.radius_squared
            && turn < MAX_TURN
            && growth < MAX_GROWTH
            && growth * MAX_GROWTH > 1.0
    }
}

/// Derivative of a window's map; `None` near the line that it throws to infinity.
fn slope(window: &SearchWindow, pixel: &Vector2<f64>, mapped: &Vector2<f64>) -> Option<Matrix2<f64>> {
    let h = &window.b_from_a.0;
    let w = (h * Vector3::new(pixel.x, pixel.y, 1.0)).z;
    let numerator = h.fixed_view::<2, 2>(0, 0) - mapped * h.fixed_view::<1, 2>(2, 0);
    Some(numerator / w).filter(|slope| slope.iter().all(|v| v.is_finite()))
}
