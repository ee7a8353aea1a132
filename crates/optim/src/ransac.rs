use rand::SeedableRng;
use rand::seq::index;
use rand_pcg::Pcg64Mcg;

/// Fits models of one kind to data.
pub trait Estimator {
    /// One measurement.
    type Datum;
    /// What is fitted.
    type Model: Clone;

    /// Size of the smallest sample that determines a model.
    fn sample_size(&self) -> usize;

    /// Every model that agrees with a minimal sample; empty for a degenerate one.
    fn fit_minimal(&self, sample: &[&Self::Datum]) -> Vec<Self::Model>;

    /// The model that fits all of `inliers` best; `None` when they do not determine one.
    fn fit(&self, inliers: &[&Self::Datum], start: &Self::Model) -> Option<Self::Model>;

    /// Distance of a datum from a model, in the unit of the consensus' threshold; not negative.
    fn residual(&self, model: &Self::Model, datum: &Self::Datum) -> f64;
}

/// Says how much a residual speaks against a model.
pub trait Consensus {
    /// Cost of one residual.
    fn cost(&self, residual: f64) -> f64;

    /// Whether a datum with this residual belongs to the model.
    fn is_inlier(&self, residual: f64) -> bool;
}

/// Draws samples.
pub trait Sampler {
    /// Fills `sample` with distinct indices below `population`.
    fn draw(&mut self, population: usize, sample: &mut [usize]);
}

/// Truncated squared residuals: inliers cost what they miss by, outliers all the same.
///
/// Torr and Zisserman, "MLESAC", CVIU 2000 (there called MSAC).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Msac {
    /// Largest residual of an inlier.
    pub threshold: f64,
}

impl Consensus for Msac {
    fn cost(&self, residual: f64) -> f64 {
        if self.is_inlier(residual) { residual * residual } else { self.threshold * self.threshold }
    }

    fn is_inlier(&self, residual: f64) -> bool {
        residual < self.threshold
    }
}

/// Every sample as likely as any other, from a seed.
#[derive(Debug, Clone)]
pub struct UniformSampler(Pcg64Mcg);

impl UniformSampler {
    /// A sampler that repeats itself for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }
}

impl Sampler for UniformSampler {
    fn draw(&mut self, population: usize, sample: &mut [usize]) {
        let drawn = index::sample(&mut self.0, population, sample.len());
        for (slot, idx) in sample.iter_mut().zip(drawn.iter()) {
            *slot = idx;
        }
    }
}

/// When to stop sampling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RansacOptions {
    /// Probability that at least one sample is free of outliers; default 0.999.
    pub confidence: f64,
    /// Fewest samples; default 20.
    pub min_iterations: usize,
    /// Most samples; default 2000.
    pub max_iterations: usize,
}

impl Default for RansacOptions {
    fn default() -> Self {
        Self { confidence: 0.999, min_iterations: 20, max_iterations: 2000 }
    }
}

/// A model with the data that agree with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit<M> {
    /// The model, refitted to its inliers.
    pub model: M,
    /// Indices of the inliers, ascending.
    pub inliers: Vec<usize>,
    /// Sum of the consensus' costs over all data.
    pub cost: f64,
}

/// Random sample consensus: the model of least cost, refitted to its inliers whenever it improves.
///
/// Stops once `options.confidence` is reached for the share of inliers seen so far. `None` when there are fewer data
/// than a sample needs or no sample determines a model.
///
/// Fischler and Bolles, "Random sample consensus", CACM 1981; local refits after Chum, Matas and Kittler,
/// "Locally optimized RANSAC", DAGM 2003.
pub fn ransac<E: Estimator>(
    estimator: &E,
    consensus: &impl Consensus,
    sampler: &mut impl Sampler,
    data: &[E::Datum],
    options: &RansacOptions,
) -> Option<Fit<E::Model>> {
    let size = estimator.sample_size();
    if data.len() < size {
        return None;
    }
    let mut sample = vec![0; size];
    let mut best: Option<Fit<E::Model>> = None;
    let mut needed = options.max_iterations;
    let mut iteration = 0;
    while iteration < needed.max(options.min_iterations) {
        iteration += 1;
        sampler.draw(data.len(), &mut sample);
        let drawn: Vec<&E::Datum> = sample.iter().map(|&i| &data[i]).collect();
        for model in estimator.fit_minimal(&drawn) {
            let bar = best.as_ref().map_or(f64::INFINITY, |best| best.cost);
            if let Some(found) = judge(estimator, consensus, data, model, bar) {
                let found = refitted(estimator, consensus, data, found);
                needed = iterations_needed(found.inliers.len(), data.len(), size, options);
                best = Some(found);
            }
        }
    }
    best
}

/// The model with its inliers; `None` as soon as its cost is seen to reach `bar`.
fn judge<E: Estimator>(
    estimator: &E,
    consensus: &impl Consensus,
    data: &[E::Datum],
    model: E::Model,
    bar: f64,
) -> Option<Fit<E::Model>> {
    let mut inliers = Vec::new();
    let mut cost = 0.0;
    for (i, datum) in data.iter().enumerate() {
        let residual = estimator.residual(&model, datum);
        cost += consensus.cost(residual);
        if cost >= bar {
            return None;
        }
        if consensus.is_inlier(residual) {
            inliers.push(i);
        }
    }
    Some(Fit { model, inliers, cost })
}

/// Refits to the inliers as long as that lowers the cost, a few times at most.
fn refitted<E: Estimator>(
    estimator: &E,
    consensus: &impl Consensus,
    data: &[E::Datum],
    mut best: Fit<E::Model>,
) -> Fit<E::Model> {
    const REFITS: usize = 4;
    for _ in 0..REFITS {
        let inliers: Vec<&E::Datum> = best.inliers.iter().map(|&i| &data[i]).collect();
        let Some(model) = estimator.fit(&inliers, &best.model) else { break };
        let Some(found) = judge(estimator, consensus, data, model, best.cost) else { break };
        best = found;
    }
    best
}

/// Samples after which a clean one has been drawn with the wanted confidence.
fn iterations_needed(inliers: usize, data: usize, size: usize, options: &RansacOptions) -> usize {
    let clean = (inliers as f64 / data as f64).powi(size as i32);
    if clean <= 0.0 {
        return options.max_iterations;
    }
    if clean >= 1.0 {
        return 0;
    }
    let needed = (1.0 - options.confidence).ln() / (1.0 - clean).ln();
    (needed.ceil() as usize).min(options.max_iterations)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// y = a x + b.
    struct Line;

    impl Estimator for Line {
        type Datum = (f64, f64);
        type Model = (f64, f64);

        fn sample_size(&self) -> usize {
            2
        }

        fn fit_minimal(&self, sample: &[&(f64, f64)]) -> Vec<(f64, f64)> {
            let ((x0, y0), (x1, y1)) = (*sample[0], *sample[1]);
            if (x1 - x0).abs() < 1e-9 {
                return Vec::new();
            }
            let a = (y1 - y0) / (x1 - x0);
            vec![(a, y0 - a * x0)]
        }

        fn fit(&self, inliers: &[&(f64, f64)], _: &(f64, f64)) -> Option<(f64, f64)> {
            let n = inliers.len() as f64;
            let (mx, my) =
                (inliers.iter().map(|p| p.0).sum::<f64>() / n, inliers.iter().map(|p| p.1).sum::<f64>() / n);
            let sxy: f64 = inliers.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
            let sxx: f64 = inliers.iter().map(|p| (p.0 - mx).powi(2)).sum();
            (sxx > 0.0).then(|| (sxy / sxx, my - sxy / sxx * mx))
        }

        fn residual(&self, model: &(f64, f64), datum: &(f64, f64)) -> f64 {
            (model.0 * datum.0 + model.1 - datum.1).abs()
        }
    }

    fn half_on_a_line() -> Vec<(f64, f64)> {
        (0..60)
            .map(|i| {
                let x = f64::from(i);
                let wobble = 0.05 * (7.3 * x).sin();
                if i % 2 == 0 { (x, 0.5 * x - 3.0 + wobble) } else { (x, 40.0 * (1.7 * x).sin()) }
            })
            .collect()
    }

    #[test]
    fn a_line_is_found_among_as_many_outliers() {
        let options = RansacOptions::default();
        let fit =
            ransac(&Line, &Msac { threshold: 0.2 }, &mut UniformSampler::new(1), &half_on_a_line(), &options)
                .unwrap();
        assert!((fit.model.0 - 0.5).abs() < 2e-3 && (fit.model.1 + 3.0).abs() < 0.05, "{:?}", fit.model);
        assert!((30..=33).contains(&fit.inliers.len()));
    }

    #[test]
    fn the_same_seed_gives_the_same_answer() {
        let run = |seed| {
            let mut sampler = UniformSampler::new(seed);
            ransac(
                &Line,
                &Msac { threshold: 0.2 },
                &mut sampler,
                &half_on_a_line(),
                &RansacOptions::default(),
            )
        };
        assert_eq!(run(5), run(5));
    }

    #[test]
    fn too_few_data_have_no_model() {
        let none = ransac(
            &Line,
            &Msac { threshold: 0.2 },
            &mut UniformSampler::new(1),
            &[(1.0, 1.0)],
            &RansacOptions::default(),
        );
        assert!(none.is_none());
    }

    #[test]
    fn fewer_inliers_ask_for_more_samples() {
        let options = RansacOptions::default();
        assert_eq!(iterations_needed(100, 100, 4, &options), 0);
        assert_eq!(iterations_needed(50, 100, 4, &options), 108);
        assert_eq!(iterations_needed(0, 100, 4, &options), options.max_iterations);
    }
}
