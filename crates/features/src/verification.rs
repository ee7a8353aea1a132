use nalgebra::{Matrix5, Rotation3, UnitQuaternion, Vector2, Vector3, Vector5};
use plumbline_geometry::{Essential, Homography, Rigid3};
use plumbline_optim::Estimator;

/// Two directions (z = 1) that may look at one point, each in the frame of its camera.
pub type RayPair = (Vector3<f64>, Vector3<f64>);

/// Two pixels that may show one spot.
pub type PixelPair = (Vector2<f64>, Vector2<f64>);

/// Relative orientation of two calibrated photos; right for relief and for a plane alike.
///
/// **Residual.** Sampson distance in the plane z = 1: pixels / focal length.
pub struct RelativePose;

impl Estimator for RelativePose {
    type Datum = RayPair;
    type Model = Essential;

    fn sample_size(&self) -> usize {
        5
    }

    fn fit_minimal(&self, sample: &[&RayPair]) -> Vec<Essential> {
        let (a, b) = (std::array::from_fn(|i| sample[i].0), std::array::from_fn(|i| sample[i].1));
        Essential::from_five(&a, &b)
    }

    /// One Gauss-Newton step on the five parameters of the relative pose, over at most [`REFIT_PAIRS`] pairs.
    fn fit(&self, inliers: &[&RayPair], start: &Essential) -> Option<Essential> {
        let pose = start.poses()?[0];
        let at_start = Essential::of(&pose);
        let moved: [Essential; 5] = std::array::from_fn(|i| Essential::of(&nudged(&pose, i, STEP)));
        let (mut normal, mut right) = (Matrix5::zeros(), Vector5::zeros());
        for (a, b) in inliers.iter().step_by(inliers.len().div_ceil(REFIT_PAIRS)) {
            let residual = at_start.sampson(a, b);
            let slope = Vector5::from_fn(|i, _| (moved[i].sampson(a, b) - residual) / STEP);
            normal += slope * slope.transpose();
            right -= slope * residual;
        }
        let step = normal.cholesky()?.solve(&right);
        let pose = (0..5).fold(pose, |pose, i| nudged(&pose, i, step[i]));
        Some(Essential::of(&pose))
    }

    fn residual(&self, model: &Essential, (a, b): &RayPair) -> f64 {
        model.sampson(a, b)
    }
}

/// Pairs that a refit looks at; more cost time and change little.
const REFIT_PAIRS: usize = 200;

/// Step of the numerical derivatives, radians.
const STEP: f64 = 1e-7;

/// The pose with one of its five parameters changed: three turns, and two turns of the translation's direction.
fn nudged(pose: &Rigid3, parameter: usize, by: f64) -> Rigid3 {
    if parameter < 3 {
        let mut turn = Vector3::zeros();
        turn[parameter] = by;
        return Rigid3 { rotation: UnitQuaternion::from_scaled_axis(turn) * pose.rotation, ..*pose };
    }
    let t = pose.translation;
    let across = t.cross(&Vector3::ith(t.iamin(), 1.0)).normalize();
    let axis = if parameter == 3 { across } else { t.cross(&across) };
    Rigid3 { translation: Rotation3::from_scaled_axis(axis * by) * t, ..*pose }
}

/// The map between two photos of flat ground.
///
/// **Residual.** Distance in the second photo, pixels.
pub struct FlatGround;

impl Estimator for FlatGround {
    type Datum = PixelPair;
    type Model = Homography;

    fn sample_size(&self) -> usize {
        4
    }

    fn fit_minimal(&self, sample: &[&PixelPair]) -> Vec<Homography> {
        let pair = |i: usize| *sample[i];
        let (from, to) = (std::array::from_fn(|i| pair(i).0), std::array::from_fn(|i| pair(i).1));
        Homography::from_four(&from, &to).into_iter().collect()
    }

    fn fit(&self, inliers: &[&PixelPair], _: &Homography) -> Option<Homography> {
        fit_map(inliers)
    }

    fn residual(&self, model: &Homography, (a, b): &PixelPair) -> f64 {
        let distance = (model.transform(a) - b).norm();
        if distance.is_finite() { distance } else { f64::INFINITY }
    }
}

fn fit_map(pairs: &[&PixelPair]) -> Option<Homography> {
    let (from, to): (Vec<_>, Vec<_>) = pairs.iter().map(|pair| **pair).unzip();
    Homography::fit(&from, &to)
}
