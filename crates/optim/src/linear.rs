use nalgebra::{Matrix3, SMatrix, Vector3};
use rayon::prelude::*;

use crate::{Equation, Normal, Problem};

/// Smallest pivot relative to the largest at which a point's 3x3 block still counts as determined.
const POINT_RANK: f64 = 1e-12;

/// A problem linearised at a state, its measurements already reweighted by the loss.
pub(crate) struct Linear<const F: usize, const S: usize> {
    pub points: Vec<PointRows<F, S>>,
    pub frame_priors: Vec<Normal<F>>,
    pub shared_priors: Vec<Normal<S>>,
    /// For every frame, the (point, equation) pairs that involve it, ascending.
    pub rows_of_frame: Vec<Vec<(usize, usize)>>,
}

/// The measurements of one point.
pub(crate) struct PointRows<const F: usize, const S: usize> {
    pub equations: Vec<Equation<F, S>>,
    /// For every equation, the frame block that it involves and the point's coupling with that.
    pub to_frames: Vec<Option<(usize, SMatrix<f64, F, 3>)>>,
    /// Coupling of the point with each shared block that it meets.
    pub to_shared: Vec<(usize, SMatrix<f64, 3, S>)>,
    pub hessian: Matrix3<f64>,
    pub gradient: Vector3<f64>,
}

impl<const F: usize, const S: usize> Linear<F, S> {
    pub fn at<P: Problem<F, S>>(problem: &P, state: &P::State) -> Self {
        Self::selected(problem, state, |_| true)
    }

    /// All priors of frame and shared blocks, and some of the points; the others are there without measurements.
    pub fn selected<P: Problem<F, S>>(
        problem: &P,
        state: &P::State,
        takes_part: impl Fn(usize) -> bool + Sync,
    ) -> Self {
        let points: Vec<_> = (0..problem.points())
            .into_par_iter()
            .map(|p| {
                if !takes_part(p) {
                    return PointRows::new(Vec::new(), &Normal::zero());
                }
                let loss = problem.loss(p);
                let mut equations = problem.equations(state, p);
                for e in &mut equations {
                    e.scale(loss.weight(e.residual.norm_squared()).sqrt());
                }
                PointRows::new(equations, &problem.point_prior(state, p))
            })
            .collect();
        let mut rows_of_frame = vec![Vec::new(); problem.frames()];
        for (p, rows) in points.iter().enumerate() {
            for (e, equation) in rows.equations.iter().enumerate() {
                if let Some(f) = equation.frame {
                    rows_of_frame[f].push((p, e));
                }
            }
        }
        let frame_priors = (0..problem.frames()).map(|f| problem.frame_prior(state, f)).collect();
        let shared_priors = (0..problem.shared()).map(|s| problem.shared_prior(state, s)).collect();
        Self { points, frame_priors, shared_priors, rows_of_frame }
    }

    /// Inverse of every point's damped block; zero (the point stays) where it is not determined.
    pub fn point_inverses(&self, damping: f64) -> Vec<Matrix3<f64>> {
        self.points.par_iter().map(|rows| rows.damped_inverse(damping)).collect()
    }
}

impl<const F: usize, const S: usize> PointRows<F, S> {
    fn new(equations: Vec<Equation<F, S>>, prior: &Normal<3>) -> Self {
        let mut hessian = prior.hessian;
        let mut gradient = prior.gradient;
        let mut to_shared: Vec<(usize, SMatrix<f64, 3, S>)> = Vec::new();
        let to_frames =
            equations.iter().map(|e| Some((e.frame?, e.by_frame.transpose() * e.by_point))).collect();
        for e in &equations {
            let transposed = e.by_point.transpose();
            hessian += transposed * e.by_point;
            gradient += transposed * e.residual;
            if let Some(s) = e.shared {
                let coupling = transposed * e.by_shared;
                match to_shared.iter_mut().find(|(at, _)| *at == s) {
                    Some((_, sum)) => *sum += coupling,
                    None => to_shared.push((s, coupling)),
                }
            }
        }
        Self { equations, to_frames, to_shared, hessian, gradient }
    }

    fn damped_inverse(&self, damping: f64) -> Matrix3<f64> {
        let damped = self.hessian + damping * Matrix3::from_diagonal(&self.hessian.diagonal());
        damped
            .cholesky()
            .filter(|c| {
                let pivots = c.l_dirty().diagonal().map(|l| l * l);
                pivots.min() > POINT_RANK * pivots.max()
            })
            .map_or_else(Matrix3::zeros, |c| c.inverse())
    }
}
