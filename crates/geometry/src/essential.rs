use nalgebra::{Matrix3, Rotation3, RowSVector, SMatrix, SVector, Schur, UnitQuaternion, Vector3};

use crate::Rigid3;
use crate::convergence::{EPSILON, MAX_ITERATIONS};

/// The geometry of two calibrated views: `x2 . matrix * x1 = 0` for directions `x1`, `x2` to one point, each in the frame
/// of its camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Essential(pub Matrix3<f64>);

/// A polynomial of degree up to three in x, y, z; the monomials are ordered as in [`MONOMIALS`].
type Cubic = SVector<f64, 20>;

/// Exponents of x, y, z, by falling degree (graded reverse lexicographic).
const MONOMIALS: [[usize; 3]; 20] = [
    [3, 0, 0],
    [2, 1, 0],
    [1, 2, 0],
    [0, 3, 0],
    [2, 0, 1],
    [1, 1, 1],
    [0, 2, 1],
    [1, 0, 2],
    [0, 1, 2],
    [0, 0, 3],
    [2, 0, 0],
    [1, 1, 0],
    [0, 2, 0],
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 2],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
];

impl Essential {
    /// `[translation]x rotation` of a `cam2_from_cam1`.
    pub fn of(cam2_from_cam1: &Rigid3) -> Self {
        Self(cam2_from_cam1.translation.cross_matrix() * cam2_from_cam1.rotation_matrix())
    }

    /// Every essential matrix that five pairs of directions allow, up to ten; also for points on a plane.
    ///
    /// Stewénius, Engels and Nistér, "Recent developments on direct relative orientation", ISPRS 2006.
    pub fn from_five(x1: &[Vector3<f64>; 5], x2: &[Vector3<f64>; 5]) -> Vec<Self> {
        let Some(basis) = null_space(x1, x2) else { return Vec::new() };
        let constraints = constraints(&basis);
        let (left, right) = (constraints.fixed_columns::<10>(0), constraints.fixed_columns::<10>(10));
        let Some(reduced) = left.clone_owned().lu().solve(&right) else { return Vec::new() };
        let action = times_x(&reduced);
        if !action.iter().all(|a| a.is_finite()) {
            return Vec::new();
        }
        let Some(schur) = Schur::try_new(action, EPSILON, MAX_ITERATIONS) else { return Vec::new() };
        schur
            .complex_eigenvalues()
            .iter()
            .filter(|x| x.im.abs() <= 1e-8 * (1.0 + x.norm()))
            .filter_map(|x| {
                let [y, z] = other_unknowns(&action, x.re)?;
                let matrix = basis[0] * x.re + basis[1] * y + basis[2] * z + basis[3];
                let size = matrix.norm();
                (size.is_finite() && size > 0.0).then(|| Self(matrix * (std::f64::consts::SQRT_2 / size)))
            })
            .collect()
    }

    /// Distance of a pair of directions from the epipolar geometry, to first order, in the unit of `x / z`
    /// (Sampson 1982).
    pub fn sampson(&self, x1: &Vector3<f64>, x2: &Vector3<f64>) -> f64 {
        let (x1, x2) = (x1 / x1.z, x2 / x2.z);
        let line2 = self.0 * x1;
        let line1 = self.0.transpose() * x2;
        let slope = line1.xy().norm_squared() + line2.xy().norm_squared();
        x2.dot(&line2).abs() / slope.sqrt()
    }

    /// The four poses `cam2_from_cam1` (translation of unit length) that have this geometry; points lie in front of both
    /// cameras in at most one of them.
    ///
    /// Hartley and Zisserman, "Multiple View Geometry", 2nd ed., result 9.19.
    pub fn poses(&self) -> Option<[Rigid3; 4]> {
        let svd = self.0.try_svd(true, true, EPSILON, MAX_ITERATIONS)?;
        let (mut u, mut v_t) = (svd.u?, svd.v_t?);
        u *= u.determinant().signum();
        v_t *= v_t.determinant().signum();
        #[rustfmt::skip]
        let w = Matrix3::new(
            0.0, -1.0, 0.0,
            1.0, 0.0, 0.0,
            0.0, 0.0, 1.0,
        );
        let rotation = |m| UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(m));
        let (r1, r2) = (rotation(u * w * v_t), rotation(u * w.transpose() * v_t));
        let t: Vector3<f64> = u.column(2).into();
        Some(
            [(r1, t), (r1, -t), (r2, t), (r2, -t)]
                .map(|(rotation, translation)| Rigid3 { rotation, translation }),
        )
    }
}

/// Four matrices that span all E with `x2 . E x1 = 0` for the five pairs.
fn null_space(x1: &[Vector3<f64>; 5], x2: &[Vector3<f64>; 5]) -> Option<[Matrix3<f64>; 4]> {
    let mut rows = SMatrix::<f64, 9, 9>::zeros();
    for i in 0..5 {
        for r in 0..3 {
            for c in 0..3 {
                rows[(i, 3 * r + c)] = x2[i][r] * x1[i][c];
            }
        }
    }
    let v_t = rows.try_svd(false, true, EPSILON, MAX_ITERATIONS)?.v_t?;
    Some([5, 6, 7, 8].map(|i| Matrix3::from_fn(|r, c| v_t[(i, 3 * r + c)])))
}

/// det E = 0 and 2 E Eᵀ E - trace(E Eᵀ) E = 0 for E = x E0 + y E1 + z E2 + E3: one polynomial a row.
fn constraints(basis: &[Matrix3<f64>; 4]) -> SMatrix<f64, 10, 20> {
    let e: [[Cubic; 3]; 3] = std::array::from_fn(|r| {
        std::array::from_fn(|c| {
            let mut linear = Cubic::zeros();
            for k in 0..4 {
                linear[16 + k] = basis[k][(r, c)];
            }
            linear
        })
    });
    let e_et: [[Cubic; 3]; 3] =
        std::array::from_fn(|r| std::array::from_fn(|c| (0..3).map(|k| product(&e[r][k], &e[c][k])).sum()));
    let trace = e_et[0][0] + e_et[1][1] + e_et[2][2];
    let minor = |i: usize, j: usize| product(&e[1][i], &e[2][j]) - product(&e[1][j], &e[2][i]);
    let determinant =
        product(&minor(1, 2), &e[0][0]) + product(&minor(2, 0), &e[0][1]) + product(&minor(0, 1), &e[0][2]);
    let mut rows = SMatrix::<f64, 10, 20>::zeros();
    rows.set_row(0, &determinant.transpose());
    for i in 0..9 {
        let (r, c) = (i / 3, i % 3);
        let cubed: Cubic = (0..3).map(|k| product(&e_et[r][k], &e[k][c])).sum();
        rows.set_row(1 + i, &(2.0 * cubed - product(&trace, &e[r][c])).transpose());
    }
    rows
}

/// Product of two polynomials whose degrees add up to at most three.
fn product(a: &Cubic, b: &Cubic) -> Cubic {
    let mut out = Cubic::zeros();
    for (i, &ai) in a.iter().enumerate().filter(|(_, a)| **a != 0.0) {
        for (j, &bj) in b.iter().enumerate().filter(|(_, b)| **b != 0.0) {
            out[PRODUCTS[i][j]] += ai * bj;
        }
    }
    out
}

/// Place of the product of any two monomials; zero where its degree is above three.
const PRODUCTS: [[usize; 20]; 20] = {
    let mut places = [[0; 20]; 20];
    let mut at = 0;
    while at < 20 * 20 * 20 {
        let (i, j, k) = (at / 400, at / 20 % 20, at % 20);
        let (a, b, c) = (MONOMIALS[i], MONOMIALS[j], MONOMIALS[k]);
        if a[0] + b[0] == c[0] && a[1] + b[1] == c[1] && a[2] + b[2] == c[2] {
            places[i][j] = k;
        }
        at += 1;
    }
    places
};

/// Matrix of the multiplication by x in the quotient ring with basis x², xy, y², xz, yz, z², x, y, z, 1.
fn times_x(reduced: &SMatrix<f64, 10, 10>) -> SMatrix<f64, 10, 10> {
    let mut action = SMatrix::<f64, 10, 10>::zeros();
    for (row, cubic) in [0, 1, 2, 4, 5, 7].into_iter().enumerate() {
        action.set_row(row, &-reduced.row(cubic));
    }
    for (row, basis) in [(6, 0), (7, 1), (8, 3), (9, 6)] {
        action[(row, basis)] = 1.0;
    }
    action
}

/// y and z that belong to an eigenvalue x: the eigenvector is the basis at the solution, of which x², x and 1 are known and
/// xy, xz follow from y, z. Its first six rows leave y², yz, z², y, z to least squares.
fn other_unknowns(action: &SMatrix<f64, 10, 10>, x: f64) -> Option<[f64; 2]> {
    let mut rows = SMatrix::<f64, 6, 5>::zeros();
    let mut right = SVector::<f64, 6>::zeros();
    for r in 0..6 {
        let at = |c: usize| action[(r, c)] - if r == c { x } else { 0.0 };
        right[r] = -(x * x * at(0) + x * at(6) + at(9));
        rows.set_row(r, &RowSVector::from([at(2), at(4), at(5), x * at(1) + at(7), x * at(3) + at(8)]));
    }
    let qr = rows.qr();
    let unknown = qr.r().solve_upper_triangular(&(qr.q().transpose() * right))?;
    Some([unknown[3], unknown[4]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth() -> Rigid3 {
        Rigid3 {
            rotation: UnitQuaternion::from_scaled_axis(Vector3::new(0.05, -0.1, 0.4)),
            translation: Vector3::new(0.9, 0.3, -0.1).normalize(),
        }
    }

    fn pairs(relief: f64) -> (Vec<Vector3<f64>>, Vec<Vector3<f64>>) {
        (0..12)
            .map(|i| {
                let t = f64::from(i);
                let p = Vector3::new(
                    2.0 * (1.3 * t).sin(),
                    1.5 * (2.1 * t).cos(),
                    5.0 + relief * (3.7 * t).sin(),
                );
                (p / p.z, truth().transform(&p) / truth().transform(&p).z)
            })
            .unzip()
    }

    #[test]
    fn five_pairs_give_the_true_geometry_also_on_a_plane() {
        for relief in [1.0, 0.0] {
            let (x1, x2) = pairs(relief);
            let five = |x: &[Vector3<f64>]| [x[0], x[1], x[2], x[3], x[4]];
            let found = Essential::from_five(&five(&x1), &five(&x2));
            let nearest = found
                .iter()
                .filter_map(Essential::poses)
                .flatten()
                .map(|pose| {
                    pose.rotation.angle_to(&truth().rotation)
                        + (pose.translation - truth().translation).norm()
                })
                .fold(f64::INFINITY, f64::min);
            assert!(nearest < 1e-6, "relief {relief}: {nearest} of {}", found.len());
        }
    }

    #[test]
    fn the_sampson_distance_is_how_far_a_point_was_moved_off_its_line() {
        let (x1, x2) = pairs(1.0);
        let essential = Essential::of(&truth());
        for (a, b) in x1.iter().zip(&x2) {
            assert!(essential.sampson(a, b) < 1e-12);
            let line = essential.0 * a;
            let across = Vector3::new(line.x, line.y, 0.0).normalize();
            let moved = essential.sampson(a, &(b + 1e-3 * across));
            assert!((0.5e-3..1e-3).contains(&moved), "{moved}");
        }
    }

    #[test]
    fn samples_of_any_degeneracy_come_to_an_end() {
        for i in 0..20_000_u32 {
            let wave = |k: u32| (f64::from(i) * 0.618 + f64::from(k) * 2.399).sin();
            let x1: [Vector3<f64>; 5] =
                std::array::from_fn(|k| Vector3::new(wave(k as u32), wave(k as u32 + 7), 1.0));
            let flat = [1.0, 1e-3, 1e-6, 0.0][i as usize % 4];
            let x2 = x1.map(|p| Vector3::new(p.x + 0.1, p.y * flat, 1.0));
            assert!(Essential::from_five(&x1, &x2).len() <= 10);
        }
    }
}
