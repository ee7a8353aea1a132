use nalgebra::Vector3;
use plumbline_geometry::Similarity3;
use plumbline_optim::{Estimator, Fit, Msac, RansacOptions, UniformSampler, ransac};

/// A point in two frames and the standard uncertainty of its position in the second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub in_a: Vector3<f64>,
    pub in_b: Vector3<f64>,
    pub sigma: Vector3<f64>,
}

/// Similarities `b_from_a` of pairs of points.
struct Alignment;

impl Estimator for Alignment {
    type Datum = Pair;
    type Model = Similarity3;

    fn sample_size(&self) -> usize {
        3
    }

    fn fit_minimal(&self, sample: &[&Pair]) -> Vec<Similarity3> {
        fitted(sample).into_iter().collect()
    }

    fn fit(&self, inliers: &[&Pair], _: &Similarity3) -> Option<Similarity3> {
        fitted(inliers)
    }

    fn residual(&self, model: &Similarity3, pair: &Pair) -> f64 {
        (model.transform(&pair.in_a) - pair.in_b).component_div(&pair.sigma).norm()
    }
}

fn fitted(pairs: &[&Pair]) -> Option<Similarity3> {
    let (in_a, in_b): (Vec<_>, Vec<_>) = pairs.iter().map(|p| (p.in_a, p.in_b)).unzip();
    Similarity3::fit(&in_a, &in_b)
}

/// The similarity `b_from_a` on which most pairs agree within `threshold` standard deviations.
pub(crate) fn aligned(pairs: &[Pair], threshold: f64, seed: u64) -> Option<Fit<Similarity3>> {
    ransac(&Alignment, &Msac { threshold }, &mut UniformSampler::new(seed), pairs, &RansacOptions::default())
}
