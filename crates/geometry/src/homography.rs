use nalgebra::{DMatrix, Matrix3, SymmetricEigen, Vector2, Vector3};

use crate::convergence::{EPSILON, MAX_ITERATIONS};

/// A plane-to-plane map: `(x', y', 1) ~ matrix * (x, y, 1)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography(pub Matrix3<f64>);

impl Homography {
    /// Moves a point; points on the line at infinity come out as not finite.
    pub fn transform(&self, p: &Vector2<f64>) -> Vector2<f64> {
        let q = self.0 * Vector3::new(p.x, p.y, 1.0);
        Vector2::new(q.x / q.z, q.y / q.z)
    }

    /// The map that takes four points to four others; `None` when three of one side lie on a line.
    ///
    /// Through the map of each side from the projective basis; a tenth of the time of [`Self::fit`].
    pub fn from_four(from: &[Vector2<f64>; 4], to: &[Vector2<f64>; 4]) -> Option<Self> {
        Some(Self(from_basis(to)? * from_basis(from)?.try_inverse()?))
    }

    /// Normalised direct linear transform on at least four pairs; `None` when the pairs do not determine a map.
    ///
    /// Hartley and Zisserman, "Multiple View Geometry", 2nd ed., algorithm 4.2.
    pub fn fit(from: &[Vector2<f64>], to: &[Vector2<f64>]) -> Option<Self> {
        if from.len() < 4 || from.len() != to.len() {
            return None;
        }
        let (t_from, t_to) = (normalisation(from)?, normalisation(to)?);
        let mut a = DMatrix::zeros(2 * from.len().max(5), 9);
        for (i, (p, q)) in from.iter().zip(to).enumerate() {
            let p = t_from * Vector3::new(p.x, p.y, 1.0);
            let q = t_to * Vector3::new(q.x, q.y, 1.0);
            for c in 0..3 {
                a[(2 * i, c)] = p[c];
                a[(2 * i, 6 + c)] = -q.x * p[c];
                a[(2 * i + 1, 3 + c)] = p[c];
                a[(2 * i + 1, 6 + c)] = -q.y * p[c];
            }
        }
        let eigen = SymmetricEigen::try_new(a.transpose() * a, EPSILON, MAX_ITERATIONS)?;
        let order = {
            let mut order: Vec<usize> = (0..9).collect();
            order.sort_by(|&i, &j| eigen.eigenvalues[i].total_cmp(&eigen.eigenvalues[j]));
            order
        };
        if eigen.eigenvalues[order[1]] <= 1e-12 * eigen.eigenvalues[order[8]] {
            return None;
        }
        let h = eigen.eigenvectors.column(order[0]);
        let normalised = Matrix3::new(h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]);
        Some(Self(t_to.try_inverse()? * normalised * t_from))
    }
}

/// The map that takes (1, 0, 0), (0, 1, 0), (0, 0, 1) and (1, 1, 1) to four points.
fn from_basis(points: &[Vector2<f64>; 4]) -> Option<Matrix3<f64>> {
    /// Least area of a triangle, as a share of the square of its side.
    const FLAT: f64 = 1e-9;
    let [a, b, c, d] = points.map(|p| Vector3::new(p.x, p.y, 1.0));
    let areas = Vector3::new(b.cross(&c).dot(&d), c.cross(&a).dot(&d), a.cross(&b).dot(&d));
    let size = (points[1] - points[0]).norm_squared() + (points[2] - points[0]).norm_squared();
    let all = a.cross(&b).dot(&c);
    let determined = areas.amin().min(all.abs()) > FLAT * size;
    determined
        .then(|| Matrix3::from_columns(&[a * (areas.x / all), b * (areas.y / all), c * (areas.z / all)]))
}

/// Moves the centroid to the origin and the mean distance to sqrt(2).
fn normalisation(points: &[Vector2<f64>]) -> Option<Matrix3<f64>> {
    let n = points.len() as f64;
    let mean = points.iter().sum::<Vector2<f64>>() / n;
    let spread = points.iter().map(|p| (p - mean).norm()).sum::<f64>() / n;
    let s = std::f64::consts::SQRT_2 / spread;
    s.is_finite().then(|| Matrix3::new(s, 0.0, -s * mean.x, 0.0, s, -s * mean.y, 0.0, 0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_recovers_the_map_that_made_the_points() {
        let truth = Homography(Matrix3::new(1.1, 0.2, 30.0, -0.1, 0.9, -12.0, 1e-4, -2e-4, 1.0));
        let from: Vec<_> = [(0., 0.), (900., 20.), (880., 700.), (-10., 650.), (400., 300.)]
            .map(|(x, y)| Vector2::new(x, y))
            .to_vec();
        let to: Vec<_> = from.iter().map(|p| truth.transform(p)).collect();
        for n in [4, 5] {
            let fit = Homography::fit(&from[..n], &to[..n]).unwrap();
            assert!(from.iter().zip(&to).all(|(p, q)| (fit.transform(p) - q).norm() < 1e-7));
        }
    }

    #[test]
    fn four_points_determine_the_map_that_made_them() {
        let truth = Homography(Matrix3::new(1.1, 0.2, 30.0, -0.1, 0.9, -12.0, 1e-4, -2e-4, 1.0));
        let from = [[0., 0.], [900., 20.], [880., 700.], [-10., 650.]].map(Vector2::from);
        let found = Homography::from_four(&from, &from.map(|p| truth.transform(&p))).unwrap();
        let inside = Vector2::new(400.0, 300.0);
        assert!((found.transform(&inside) - truth.transform(&inside)).norm() < 1e-9);
    }

    #[test]
    fn three_points_on_a_line_are_refused() {
        let line = [[0., 0.], [1., 1.], [2., 2.], [5., 3.]].map(Vector2::from);
        let square = [[0., 0.], [1., 0.], [1., 1.], [0., 1.]].map(Vector2::from);
        assert!(Homography::from_four(&line, &square).is_none());
        assert!(Homography::from_four(&square, &line).is_none());
        let p: Vec<_> = [(0., 0.), (1., 1.), (2., 2.), (3., 3.)].map(|(x, y)| Vector2::new(x, y)).to_vec();
        assert!(Homography::fit(&p, &p).is_none());
    }
}
