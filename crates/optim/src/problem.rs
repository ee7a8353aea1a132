use std::ops::{AddAssign, Mul};

use nalgebra::{Matrix2x3, SMatrix, SVector, Vector2, Vector3};

use crate::Loss;

/// A least-squares problem of two parties: a few big blocks of parameters, and many points of three parameters each that
/// only meet in measurements of two rows.
///
/// A measurement involves one point, at most one *frame* block of `F` parameters (a pose) and at most one *shared* block of
/// `S` parameters (a calibration). The state may live on a manifold: only [`Problem::moved`] knows how a step is applied.
/// Residuals are in units of their standard deviation.
pub trait Problem<const F: usize, const S: usize>: Sync {
    /// Values of all parameters.
    type State: Clone + Send + Sync;

    /// Number of frame blocks.
    fn frames(&self) -> usize;

    /// Number of shared blocks.
    fn shared(&self) -> usize;

    /// Number of points.
    fn points(&self) -> usize;

    /// How the measurements of a point count.
    fn loss(&self, point_idx: usize) -> Loss;

    /// Whether the errors of a point's measurements and prior are independent of all others, as those of surveyed marks are;
    /// matched points share errors with their neighbours. Only [`Covariance`](crate::Covariance) asks.
    fn is_independent(&self, _point_idx: usize) -> bool {
        false
    }

    /// The measurements of a point, always in the same order and number wherever they are defined.
    fn equations(&self, state: &Self::State, point_idx: usize) -> Vec<Equation<F, S>>;

    /// The residuals of [`Problem::equations`] alone.
    fn residuals(&self, state: &Self::State, point_idx: usize) -> Vec<Vector2<f64>>;

    /// What is known of a point beforehand; nothing by default.
    fn point_prior(&self, _state: &Self::State, _point_idx: usize) -> Normal<3> {
        Normal::zero()
    }

    /// What is known of a frame block beforehand.
    fn frame_prior(&self, state: &Self::State, frame_idx: usize) -> Normal<F>;

    /// What is known of a shared block beforehand.
    fn shared_prior(&self, state: &Self::State, shared_idx: usize) -> Normal<S>;

    /// The state after a step.
    fn moved(&self, state: &Self::State, step: &Step<F, S>) -> Self::State;
}

/// One measurement of two rows, linearised: `residual + by_frame df + by_shared ds + by_point dp`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equation<const F: usize, const S: usize> {
    /// The frame block it involves; `None` when that is held fixed.
    pub frame: Option<usize>,
    /// The shared block it involves; `None` when that is held fixed.
    pub shared: Option<usize>,
    /// Predicted minus measured, in standard deviations.
    pub residual: Vector2<f64>,
    /// d residual / d frame block.
    pub by_frame: SMatrix<f64, 2, F>,
    /// d residual / d shared block.
    pub by_shared: SMatrix<f64, 2, S>,
    /// d residual / d point.
    pub by_point: Matrix2x3<f64>,
}

impl<const F: usize, const S: usize> Equation<F, S> {
    /// Multiplies all parts by a factor.
    pub(crate) fn scale(&mut self, factor: f64) {
        self.residual *= factor;
        self.by_frame *= factor;
        self.by_shared *= factor;
        self.by_point *= factor;
    }
}

/// Normal equations of one block: the cost `gradient . d + d . hessian d / 2` around `cost`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal<const N: usize> {
    /// Half the sum of squared residuals.
    pub cost: f64,
    /// Derivative of the cost.
    pub gradient: SVector<f64, N>,
    /// Second derivative of the cost (Gauss-Newton).
    pub hessian: SMatrix<f64, N, N>,
}

impl<const N: usize> Normal<N> {
    /// Nothing known.
    pub fn zero() -> Self {
        Self { cost: 0.0, gradient: SVector::zeros(), hessian: SMatrix::zeros() }
    }

    /// Adds residuals of `R` rows, in standard deviations, with their derivatives, under a loss.
    pub fn add<const R: usize>(
        &mut self,
        residual: &SVector<f64, R>,
        jacobian: &SMatrix<f64, R, N>,
        loss: Loss,
    ) {
        let s = residual.norm_squared();
        let weight = loss.weight(s);
        self.cost += 0.5 * loss.cost(s);
        self.gradient += weight * jacobian.transpose() * residual;
        self.hessian += weight * jacobian.transpose() * jacobian;
    }
}

impl<const N: usize> AddAssign for Normal<N> {
    fn add_assign(&mut self, other: Self) {
        self.cost += other.cost;
        self.gradient += other.gradient;
        self.hessian += other.hessian;
    }
}

impl<const N: usize> Mul<f64> for Normal<N> {
    type Output = Self;

    /// The same knowledge `weight` times over.
    fn mul(self, weight: f64) -> Self {
        Self { cost: self.cost * weight, gradient: self.gradient * weight, hessian: self.hessian * weight }
    }
}

/// Changes of all parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<const F: usize, const S: usize> {
    /// Of the frame blocks.
    pub frames: Vec<SVector<f64, F>>,
    /// Of the shared blocks.
    pub shared: Vec<SVector<f64, S>>,
    /// Of the points.
    pub points: Vec<Vector3<f64>>,
}
