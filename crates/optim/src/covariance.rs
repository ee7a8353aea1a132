use faer::Mat;
use nalgebra::{SMatrix, Vector3};

use crate::linear::Linear;
use crate::reduced::Reduced;
use crate::symmetric::{Factor, Symmetric};
use crate::{Error, Problem};

/// The covariance of frame and shared blocks at a minimum, in the units of [`Problem::moved`]'s step.
///
/// A minimum is as good as its measurements are, not as good as their weights say. With the weights `N = D + I` of dependent
/// and independent measurements and priors, and a true variance `v` of the dependent ones in units of their weighted
/// one, the estimate's covariance is `N^-1 (v D + I) N^-1 = v N^-1 + (1 - v) N^-1 I N^-1` (the sandwich of Huber 1967;
/// Liang and Zeger 1986). Points are eliminated throughout.
pub struct Covariance<const F: usize, const S: usize> {
    frames: usize,
    factor: Factor,
    independent: Symmetric,
    dependent_variance: f64,
    size: usize,
}

/// Derivative of three numbers by the blocks of a problem; blocks that are not named do not matter.
#[derive(Debug, Clone, Default)]
pub struct Sensitivity<const F: usize, const S: usize> {
    /// By frame blocks, transposed.
    pub by_frame: Vec<(usize, SMatrix<f64, F, 3>)>,
    /// By shared blocks, transposed.
    pub by_shared: Vec<(usize, SMatrix<f64, S, 3>)>,
}

impl<const F: usize, const S: usize> Covariance<F, S> {
    /// At a state, usually a minimum; `dependent_variance` is the true variance of the measurements that are not
    /// [`Problem::is_independent`], in units of their weighted one.
    pub fn at<P: Problem<F, S>>(
        problem: &P,
        state: &P::State,
        dependent_variance: f64,
    ) -> Result<Self, Error> {
        let reduced = |linear: &Linear<F, S>| Reduced::new(linear, &linear.point_inverses(0.0), 0.0);
        let all = reduced(&Linear::at(problem, state));
        let independent = reduced(&Linear::selected(problem, state, |p| problem.is_independent(p)));
        Ok(Self {
            frames: problem.frames(),
            size: all.size(),
            factor: all.matrix.factor(&mut None)?,
            independent: independent.matrix,
            dependent_variance,
        })
    }

    /// Of a frame block.
    pub fn frame(&self, frame_idx: usize) -> SMatrix<f64, F, F> {
        self.block(F * frame_idx)
    }

    /// Of a shared block.
    pub fn shared(&self, shared_idx: usize) -> SMatrix<f64, S, S> {
        self.block(F * self.frames + S * shared_idx)
    }

    /// Of three numbers that depend on the blocks as `sensitivity` says.
    pub fn propagated(&self, sensitivity: &Sensitivity<F, S>) -> SMatrix<f64, 3, 3> {
        let mut right = Mat::zeros(self.size, 3);
        for (f, block) in &sensitivity.by_frame {
            add(&mut right, F * f, block);
        }
        for (s, block) in &sensitivity.by_shared {
            add(&mut right, F * self.frames + S * s, block);
        }
        let whole = self.sandwiched(&right);
        SMatrix::from_fn(|r, c| whole[(r, c)])
    }

    /// Standard uncertainties along the axes of three such numbers.
    pub fn propagated_sigma(&self, sensitivity: &Sensitivity<F, S>) -> Vector3<f64> {
        self.propagated(sensitivity).diagonal().map(|variance| variance.max(0.0).sqrt())
    }

    fn block<const N: usize>(&self, at: usize) -> SMatrix<f64, N, N> {
        let mut right = Mat::zeros(self.size, N);
        for i in 0..N {
            right[(at + i, i)] = 1.0;
        }
        let whole = self.sandwiched(&right);
        SMatrix::from_fn(|r, c| whole[(r, c)])
    }

    /// `right^T cov right`.
    fn sandwiched(&self, right: &Mat<f64>) -> Mat<f64> {
        let solved = self.factor.solve(right);
        let plain = right.transpose() * &solved;
        let independent = solved.transpose() * self.independent.times(&solved);
        let v = self.dependent_variance;
        Mat::from_fn(right.ncols(), right.ncols(), |r, c| v * plain[(r, c)] + (1.0 - v) * independent[(r, c)])
    }
}

fn add<const R: usize>(matrix: &mut Mat<f64>, at: usize, block: &SMatrix<f64, R, 3>) {
    for r in 0..R {
        for c in 0..3 {
            matrix[(at + r, c)] += block[(r, c)];
        }
    }
}
