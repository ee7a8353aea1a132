use nalgebra::{Matrix2, Matrix2x3, SMatrix, Vector2, Vector3};
use serde::{Deserialize, Serialize};

/// Number of calibration parameters, in the order focal, cx, cy, k1, k2, k3, p1, p2, readout.
pub const PARAMETERS: usize = 9;

/// A frame camera with Brown-Conrady distortion. Lengths in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// Width of the photo.
    pub width: u32,
    /// Height of the photo.
    pub height: u32,
    /// Focal length.
    pub focal_px: f64,
    /// Principal point, from the left edge.
    pub cx: f64,
    /// Principal point, from the top edge.
    pub cy: f64,
    /// Radial distortion, second order.
    pub k1: f64,
    /// Radial distortion, fourth order.
    pub k2: f64,
    /// Radial distortion, sixth order.
    pub k3: f64,
    /// Tangential distortion, along y.
    pub p1: f64,
    /// Tangential distortion, along x.
    pub p2: f64,
    /// Seconds from the reading of the first row to that of the last; zero for a global shutter, negative where the photo was
    /// turned by half a turn afterwards.
    pub readout_s: f64,
}

/// A projected pixel with its derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    /// Pixel.
    pub pixel: Vector2<f64>,
    /// d pixel / d point in the camera frame.
    pub by_point: Matrix2x3<f64>,
    /// d pixel / d (focal, cx, cy, k1, k2, k3, p1, p2, readout).
    pub by_parameters: SMatrix<f64, 2, PARAMETERS>,
}

impl Camera {
    /// A camera without distortion whose principal point is the centre of the photo.
    pub fn pinhole(width: u32, height: u32, focal_px: f64) -> Self {
        let (cx, cy) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        Self { width, height, focal_px, cx, cy, k1: 0.0, k2: 0.0, k3: 0.0, p1: 0.0, p2: 0.0, readout_s: 0.0 }
    }

    /// The calibration as a vector in the order of [`PARAMETERS`].
    pub fn parameters(&self) -> [f64; PARAMETERS] {
        [self.focal_px, self.cx, self.cy, self.k1, self.k2, self.k3, self.p1, self.p2, self.readout_s]
    }

    /// The same frame with another calibration.
    #[must_use]
    pub fn with_parameters(&self, parameters: &[f64; PARAMETERS]) -> Self {
        let [focal_px, cx, cy, k1, k2, k3, p1, p2, readout_s] = *parameters;
        Self { width: self.width, height: self.height, focal_px, cx, cy, k1, k2, k3, p1, p2, readout_s }
    }

    /// The camera of the same photo shrunk to `width` x `height`.
    #[must_use]
    pub fn resized(&self, width: u32, height: u32) -> Self {
        let s = f64::from(width) / f64::from(self.width);
        let s_y = f64::from(height) / f64::from(self.height);
        Self { width, height, focal_px: self.focal_px * s, cx: self.cx * s, cy: self.cy * s_y, ..*self }
    }

    /// Whether a pixel lies in the photo.
    pub fn contains(&self, pixel: &Vector2<f64>) -> bool {
        pixel.x >= 0.0
            && pixel.y >= 0.0
            && pixel.x < f64::from(self.width)
            && pixel.y < f64::from(self.height)
    }

    /// Pixel of a point in the camera frame; `None` behind the camera or beyond the radius at which the
    /// distortion polynomial folds back.
    pub fn project(&self, p_in_cam: &Vector3<f64>) -> Option<Vector2<f64>> {
        if p_in_cam.z <= 0.0 {
            return None;
        }
        let (x, y) = (p_in_cam.x / p_in_cam.z, p_in_cam.y / p_in_cam.z);
        let r2 = x * x + y * y;
        (self.radial_slope(r2) > 0.0).then(|| {
            let d = self.distorted(x, y, r2);
            Vector2::new(self.focal_px * d.x + self.cx, self.focal_px * d.y + self.cy)
        })
    }

    /// As [`Camera::project`], with derivatives.
    pub fn project_with_derivatives(&self, p_in_cam: &Vector3<f64>) -> Option<Projection> {
        let pixel = self.project(p_in_cam)?;
        let z_inv = 1.0 / p_in_cam.z;
        let (x, y) = (p_in_cam.x * z_inv, p_in_cam.y * z_inv);
        let r2 = x * x + y * y;
        let f = self.focal_px;
        let d = self.distorted(x, y, r2);
        let by_ray = f * self.distortion_slope(x, y, r2);
        #[rustfmt::skip]
        let ray_by_point = Matrix2x3::new(
            z_inv, 0.0, -x * z_inv,
            0.0, z_inv, -y * z_inv,
        );
        #[rustfmt::skip]
        let by_parameters = SMatrix::<f64, 2, PARAMETERS>::from_row_slice(&[
            d.x, 1.0, 0.0, f * x * r2, f * x * r2 * r2, f * x * r2.powi(3), f * 2.0 * x * y, f * (r2 + 2.0 * x * x), 0.0,
            d.y, 0.0, 1.0, f * y * r2, f * y * r2 * r2, f * y * r2.powi(3), f * (r2 + 2.0 * y * y), f * 2.0 * x * y, 0.0,
        ]);
        Some(Projection { pixel, by_point: by_ray * ray_by_point, by_parameters })
    }

    /// As [`Camera::project`], of a camera that moves with a velocity (camera frame, metres a second) while its rows are read
    /// one after the other. The point is given as seen from where the camera is when the middle row is read.
    ///
    /// Which row sees the point depends on where it falls; two rounds settle that to a thousandth of the shift.
    pub fn project_moving(&self, p_in_cam: &Vector3<f64>, velocity: &Vector3<f64>) -> Option<Vector2<f64>> {
        let mut pixel = self.project(p_in_cam)?;
        if self.readout_s != 0.0 {
            for _ in 0..2 {
                pixel = self.project(&(p_in_cam - velocity * self.read_at_s(&pixel)))?;
            }
        }
        Some(pixel)
    }

    /// As [`Camera::project_moving`], with derivatives.
    pub fn project_moving_with_derivatives(
        &self,
        p_in_cam: &Vector3<f64>,
        velocity: &Vector3<f64>,
    ) -> Option<Projection> {
        let pixel = self.project_moving(p_in_cam, velocity)?;
        let still = self.project_with_derivatives(&(p_in_cam - velocity * self.read_at_s(&pixel)))?;
        let sway = still.by_point * velocity;
        let mut by_parameters = still.by_parameters;
        by_parameters.set_column(PARAMETERS - 1, &(-sway * self.row_share(&pixel)));
        // A point that moves down the photo is also seen later.
        let delay = self.readout_s / f64::from(self.height);
        let later = sway * (delay / (1.0 + delay * sway.y));
        let delayed = Matrix2::new(1.0, -later.x, 0.0, 1.0 - later.y);
        Some(Projection { pixel, by_point: delayed * still.by_point, by_parameters: delayed * by_parameters })
    }

    /// When a pixel is read, seconds after the middle row.
    pub fn read_at_s(&self, pixel: &Vector2<f64>) -> f64 {
        self.readout_s * self.row_share(pixel)
    }

    /// From -0.5 in the first row to 0.5 in the last.
    fn row_share(&self, pixel: &Vector2<f64>) -> f64 {
        pixel.y / f64::from(self.height) - 0.5
    }

    /// Direction (camera frame, z = 1) that a pixel looks at; Newton's method on the distortion, exact to 1e-12.
    pub fn unproject(&self, pixel: &Vector2<f64>) -> Vector3<f64> {
        let seen = Vector2::new((pixel.x - self.cx) / self.focal_px, (pixel.y - self.cy) / self.focal_px);
        let mut ray = seen;
        for _ in 0..20 {
            let r2 = ray.norm_squared();
            let error = self.distorted(ray.x, ray.y, r2) - seen;
            let Some(inverse) = self.distortion_slope(ray.x, ray.y, r2).try_inverse() else { break };
            let step = inverse * error;
            ray -= step;
            if step.norm_squared() < 1e-24 {
                break;
            }
        }
        Vector3::new(ray.x, ray.y, 1.0)
    }

    fn distorted(&self, x: f64, y: f64, r2: f64) -> Vector2<f64> {
        let g = 1.0 + r2 * (self.k1 + r2 * (self.k2 + r2 * self.k3));
        Vector2::new(
            x * g + 2.0 * self.p1 * x * y + self.p2 * (r2 + 2.0 * x * x),
            y * g + self.p1 * (r2 + 2.0 * y * y) + 2.0 * self.p2 * x * y,
        )
    }

    /// d (r g) / d r: positive as long as farther rays fall on farther pixels.
    fn radial_slope(&self, r2: f64) -> f64 {
        1.0 + r2 * (3.0 * self.k1 + r2 * (5.0 * self.k2 + r2 * 7.0 * self.k3))
    }

    fn distortion_slope(&self, x: f64, y: f64, r2: f64) -> Matrix2<f64> {
        let g = 1.0 + r2 * (self.k1 + r2 * (self.k2 + r2 * self.k3));
        let g_r2 = self.k1 + r2 * (2.0 * self.k2 + r2 * 3.0 * self.k3);
        let cross = 2.0 * x * y * g_r2 + 2.0 * self.p1 * x + 2.0 * self.p2 * y;
        #[rustfmt::skip]
        let slope = Matrix2::new(
            g + 2.0 * x * x * g_r2 + 2.0 * self.p1 * y + 6.0 * self.p2 * x, cross,
            cross, g + 2.0 * y * y * g_r2 + 6.0 * self.p1 * y + 2.0 * self.p2 * x,
        );
        slope
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Camera {
        Camera {
            cx: 2010.0,
            cy: 1130.0,
            k1: -0.02,
            k2: 0.012,
            k3: -0.004,
            p1: 4e-4,
            p2: -3e-4,
            ..Camera::pinhole(4000, 2250, 2300.0)
        }
    }

    #[test]
    fn unproject_undoes_project() {
        for (u, v) in [(1.0, 2.0), (2000.0, 1100.0), (3999.0, 2249.0), (300.0, 2000.0)] {
            let pixel = Vector2::new(u, v);
            let back = sample().project(&(sample().unproject(&pixel) * 37.0)).unwrap();
            assert!((back - pixel).norm() < 1e-8);
        }
    }

    #[test]
    fn derivatives_agree_with_differences() {
        let p = Vector3::new(12.0, -7.0, 30.0);
        let at = sample().project_with_derivatives(&p).unwrap();
        let h = 1e-6;
        for i in 0..3 {
            let mut q = p;
            q[i] += h;
            let slope = (sample().project(&q).unwrap() - at.pixel) / h;
            assert!((slope - at.by_point.column(i)).norm() < 1e-3);
        }
        for i in 0..PARAMETERS {
            let mut parameters = sample().parameters();
            parameters[i] += h;
            let slope = (sample().with_parameters(&parameters).project(&p).unwrap() - at.pixel) / h;
            assert!((slope - at.by_parameters.column(i)).norm() < 1e-3, "parameter {i}");
        }
    }

    #[test]
    fn derivatives_of_a_moving_camera_agree_with_differences() {
        let camera = Camera { readout_s: 0.04, ..sample() };
        let (p, velocity) = (Vector3::new(12.0, -7.0, 30.0), Vector3::new(3.0, -11.0, 0.5));
        let at = camera.project_moving_with_derivatives(&p, &velocity).unwrap();
        let h = 1e-6;
        for i in 0..3 {
            let mut q = p;
            q[i] += h;
            let slope = (camera.project_moving(&q, &velocity).unwrap() - at.pixel) / h;
            assert!((slope - at.by_point.column(i)).norm() < 1e-2, "axis {i}");
        }
        for i in 0..PARAMETERS {
            let mut parameters = camera.parameters();
            parameters[i] += h;
            let moved = camera.with_parameters(&parameters).project_moving(&p, &velocity).unwrap();
            let slope = (moved - at.pixel) / h;
            // Two rounds of the row leave a thousandth.
            let tolerance = 1e-2 + 1e-3 * slope.norm();
            assert!((slope - at.by_parameters.column(i)).norm() < tolerance, "parameter {i}");
        }
    }

    #[test]
    fn a_camera_that_flies_forward_sees_less_of_the_ground_in_a_photo_read_from_the_top() {
        // 40 ms at 10 m/s are 0.4 m; a pixel at 46 m is 2 cm: the last row looks 10 pixels ahead of where a still one does.
        let camera = Camera { readout_s: 0.04, ..Camera::pinhole(4000, 3000, 2300.0) };
        let (p, ahead) =
            (camera.unproject(&Vector2::new(900.0, 3000.0)) * 46.0, Vector3::new(0.0, -10.0, 0.0));
        let pixel = camera.project_moving(&p, &ahead).unwrap();
        assert!((pixel - Vector2::new(900.0, 3010.0)).norm() < 0.1, "{pixel}");
        assert_eq!(camera.project_moving(&p, &Vector3::zeros()), camera.project(&p));
    }

    #[test]
    fn points_behind_the_camera_and_beyond_the_fold_have_no_pixel() {
        assert!(sample().project(&Vector3::new(0.0, 0.0, -1.0)).is_none());
        let folding = Camera { k1: -0.3, k2: 0.0, k3: 0.0, ..sample() };
        assert!(folding.project(&Vector3::new(3.0, 0.0, 1.0)).is_none());
    }
}
