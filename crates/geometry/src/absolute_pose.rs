use nalgebra::{Matrix4, Schur, Vector3};

use crate::convergence::{EPSILON, MAX_ITERATIONS};
use crate::{Rigid3, Similarity3};

/// Imaginary part, relative to the root's size, up to which a root of the quartic counts as real.
const REAL_ROOT: f64 = 1e-6;

/// Every pose (`cam_from_world`) from which three world points are seen in three directions (camera frame, unit length).
///
/// Up to four poses; none when the points lie on a line. Grunert's solution (1841) as written out by Haralick et al.,
/// "Review and analysis of solutions of the three point perspective pose estimation problem", IJCV 1994, section 3.1.
pub fn p3p(directions: &[Vector3<f64>; 3], points_in_world: &[Vector3<f64>; 3]) -> Vec<Rigid3> {
    let [p1, p2, p3] = points_in_world;
    let (a, b, c) = ((p2 - p3).norm_squared(), (p1 - p3).norm_squared(), (p1 - p2).norm_squared());
    if (p2 - p1).cross(&(p3 - p1)).norm_squared() <= 1e-12 * b * c {
        return Vec::new();
    }
    let [j1, j2, j3] = directions;
    let (cos_a, cos_b, cos_c) = (j2.dot(j3), j1.dot(j3), j1.dot(j2));
    let q = (a - c) / b;
    distance_ratios((a, b, c), (cos_a, cos_b, cos_c))
        .into_iter()
        .filter_map(|v| {
            let u = ((q - 1.0) * v * v - 2.0 * q * cos_b * v + 1.0 + q) / (2.0 * (cos_c - v * cos_a));
            let s1 = (b / (1.0 + v * v - 2.0 * v * cos_b)).sqrt();
            let distances = [s1, u * s1, v * s1];
            if !distances.iter().all(|s| s.is_finite() && *s > 0.0) {
                return None;
            }
            let points_in_cam = [0, 1, 2].map(|i| directions[i] * distances[i]);
            let cam_from_world = Similarity3::fit(points_in_world, &points_in_cam)?;
            let center_in_cam = points_in_cam.iter().sum::<Vector3<f64>>() / 3.0;
            let center_in_world = points_in_world.iter().sum::<Vector3<f64>>() / 3.0;
            let rotation = cam_from_world.rotation;
            Some(Rigid3 { rotation, translation: center_in_cam - rotation * center_in_world })
        })
        .collect()
}

/// Positive roots of the quartic in v = s3 / s1, the ratio of the distances to the third and to the first point.
fn distance_ratios((a, b, c): (f64, f64, f64), (cos_a, cos_b, cos_c): (f64, f64, f64)) -> Vec<f64> {
    let (q, s) = ((a - c) / b, (a + c) / b);
    let c4 = (q - 1.0).powi(2) - 4.0 * c / b * cos_a * cos_a;
    let c3 = 4.0 * (q * (1.0 - q) * cos_b - (1.0 - s) * cos_a * cos_c + 2.0 * c / b * cos_a * cos_a * cos_b);
    let c2 = 2.0
        * (q * q - 1.0 + 2.0 * q * q * cos_b * cos_b + 2.0 * (b - c) / b * cos_a * cos_a
            - 4.0 * s * cos_a * cos_b * cos_c
            + 2.0 * (b - a) / b * cos_c * cos_c);
    let c1 = 4.0 * (-q * (1.0 + q) * cos_b + 2.0 * a / b * cos_c * cos_c * cos_b - (1.0 - s) * cos_a * cos_c);
    let c0 = (1.0 + q).powi(2) - 4.0 * a / b * cos_c * cos_c;
    let size = c0.abs() + c1.abs() + c2.abs() + c3.abs();
    if !size.is_finite() || c4.abs() <= 1e-14 * size {
        return Vec::new();
    }
    #[rustfmt::skip]
    let companion = Matrix4::new(
        -c3 / c4, -c2 / c4, -c1 / c4, -c0 / c4,
        1.0, 0.0, 0.0, 0.0,
        0.0, 1.0, 0.0, 0.0,
        0.0, 0.0, 1.0, 0.0,
    );
    let Some(schur) = Schur::try_new(companion, EPSILON, MAX_ITERATIONS) else { return Vec::new() };
    let roots = schur.complex_eigenvalues();
    roots.iter().filter(|v| v.im.abs() <= REAL_ROOT * v.norm() && v.re > 0.0).map(|v| v.re).collect()
}

#[cfg(test)]
mod tests {
    use nalgebra::UnitQuaternion;

    use super::*;

    #[test]
    fn the_true_pose_is_among_the_answers() {
        for i in 0..50 {
            let t = f64::from(i);
            let rotation = UnitQuaternion::from_scaled_axis(Vector3::new(3.0, 0.1 * t.sin(), 0.3 * t.cos()));
            let truth = Rigid3::looking_from(Vector3::new(5.0 * t.sin(), -3.0, 60.0 + t), rotation);
            let points = [0.0, 2.1, 4.4]
                .map(|p: f64| Vector3::new(20.0 * (p + t).sin(), 25.0 * (p + t).cos(), 3.0 * p));
            let directions = points.map(|p| truth.transform(&p).normalize());
            let poses = p3p(&directions, &points);
            let nearest = poses
                .iter()
                .map(|pose| (pose.center() - truth.center()).norm() + pose.rotation.angle_to(&truth.rotation))
                .fold(f64::INFINITY, f64::min);
            assert!(nearest < 1e-5, "{i}: {nearest}");
        }
    }

    #[test]
    fn points_on_a_line_have_no_pose() {
        let points = [0.0, 1.0, 2.0].map(|x| Vector3::new(x, 2.0 * x, 0.0));
        let directions = points.map(|p| (p - Vector3::new(0.0, 1.0, -9.0)).normalize());
        assert!(p3p(&directions, &points).is_empty());
    }
}
