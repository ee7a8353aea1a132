use nalgebra::{Matrix3, Vector3};

/// A half line: `origin + s * direction`, `s > 0`, `direction` of unit length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ray {
    /// Where the ray starts.
    pub origin: Vector3<f64>,
    /// Where it goes, unit length.
    pub direction: Vector3<f64>,
}

/// The point nearest to all rays in the least-squares sense, and the largest angle (radians) between two of them.
///
/// `None` for fewer than two rays, parallel rays, or a point behind one of the origins.
pub fn triangulate(rays: &[Ray]) -> Option<(Vector3<f64>, f64)> {
    if rays.len() < 2 {
        return None;
    }
    let mut normal = Matrix3::zeros();
    let mut right = Vector3::zeros();
    for ray in rays {
        let across = Matrix3::identity() - ray.direction * ray.direction.transpose();
        normal += across;
        right += across * ray.origin;
    }
    let point = normal.cholesky().filter(|c| c.l().diagonal().min() > 1e-6)?.solve(&right);
    let ahead = rays.iter().all(|ray| (point - ray.origin).dot(&ray.direction) > 0.0);
    ahead.then(|| (point, widest_angle(rays)))
}

fn widest_angle(rays: &[Ray]) -> f64 {
    let mut widest: f64 = 0.0;
    for (i, a) in rays.iter().enumerate() {
        for b in &rays[i + 1..] {
            widest = widest.max(a.direction.cross(&b.direction).norm().atan2(a.direction.dot(&b.direction)));
        }
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rays_meet_where_they_were_aimed() {
        let target = Vector3::new(4.0, -3.0, 12.0);
        let rays: Vec<_> = [(0., 0., 100.), (40., 0., 100.), (0., 30., 95.)]
            .iter()
            .map(|&(x, y, z)| Vector3::new(x, y, z))
            .map(|origin| Ray { origin, direction: (target - origin).normalize() })
            .collect();
        let (point, angle) = triangulate(&rays).unwrap();
        assert!((point - target).norm() < 1e-9);
        assert!((0.2..0.8).contains(&angle));
    }

    #[test]
    fn parallel_rays_are_refused() {
        let down = Vector3::new(0.0, 0.0, -1.0);
        let rays = [0.0, 10.0].map(|x| Ray { origin: Vector3::new(x, 0.0, 50.0), direction: down });
        assert!(triangulate(&rays).is_none());
    }
}
