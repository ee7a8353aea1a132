use std::sync::Arc;

use rayon::prelude::*;

use crate::linear::Linear;
use crate::reduced::Reduced;
use crate::symmetric::Fill;
use crate::{Error, Problem};

/// When a minimisation stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevenbergOptions {
    /// Most accepted steps; default 30.
    pub max_steps: usize,
    /// Stops when a step lowers the cost by less than this fraction; default 1e-6.
    pub cost_tolerance: f64,
    /// Damping of the first step, as a fraction of the diagonal; default 1e-4.
    pub damping: f64,
}

impl Default for LevenbergOptions {
    fn default() -> Self {
        Self { max_steps: 30, cost_tolerance: 1e-6, damping: 1e-4 }
    }
}

/// Where a minimisation ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Minimum<T> {
    /// The parameters.
    pub state: T,
    /// Half the sum of the losses.
    pub cost: f64,
    /// Accepted steps.
    pub steps: usize,
}

/// Damping beyond which no step can lower the cost any more.
const HOPELESS_DAMPING: f64 = 1e10;
/// Damping below which a step is Gauss-Newton's.
const LEAST_DAMPING: f64 = 1e-12;

/// Levenberg-Marquardt on the Schur complement of the points.
///
/// Triggs et al., "Bundle adjustment - a modern synthesis", 2000, sections 4 and 6; the damping scales the diagonal
/// (Marquardt 1963). The result does not depend on the number of threads.
pub fn minimize<const F: usize, const S: usize, P: Problem<F, S>>(
    problem: &P,
    start: P::State,
    options: &LevenbergOptions,
) -> Result<Minimum<P::State>, Error> {
    let mut best = Minimum { cost: cost(problem, &start), state: start, steps: 0 };
    if !best.cost.is_finite() {
        return Err(Error::StartNotFinite);
    }
    let mut damping = options.damping;
    let mut fill = None;
    while best.steps < options.max_steps {
        let linear = Linear::at(problem, &best.state);
        let Some((state, cost)) = lower(problem, &linear, &best, &mut damping, &mut fill)? else { break };
        let gain = best.cost - cost;
        best = Minimum { state, cost, steps: best.steps + 1 };
        if gain <= options.cost_tolerance * cost {
            break;
        }
    }
    Ok(best)
}

/// The first state of lower cost along the path of growing damping; `None` at a minimum.
fn lower<const F: usize, const S: usize, P: Problem<F, S>>(
    problem: &P,
    linear: &Linear<F, S>,
    best: &Minimum<P::State>,
    damping: &mut f64,
    fill: &mut Option<Arc<Fill>>,
) -> Result<Option<(P::State, f64)>, Error> {
    while *damping < HOPELESS_DAMPING {
        let inverses = linear.point_inverses(*damping);
        match Reduced::new(linear, &inverses, *damping).solve(linear, &inverses, fill) {
            Ok(step) => {
                let state = problem.moved(&best.state, &step);
                let cost = cost(problem, &state);
                if cost < best.cost {
                    *damping = (*damping * 0.1).max(LEAST_DAMPING);
                    return Ok(Some((state, cost)));
                }
            }
            Err(error) if *damping * 10.0 >= HOPELESS_DAMPING => return Err(error),
            Err(_) => {}
        }
        *damping *= 10.0;
    }
    Ok(None)
}

fn cost<const F: usize, const S: usize, P: Problem<F, S>>(problem: &P, state: &P::State) -> f64 {
    let points: Vec<f64> = (0..problem.points())
        .into_par_iter()
        .map(|p| {
            let loss = problem.loss(p);
            let residuals = problem.residuals(state, p);
            let measured: f64 = residuals.iter().map(|r| 0.5 * loss.cost(r.norm_squared())).sum();
            measured + problem.point_prior(state, p).cost
        })
        .collect();
    let frames = (0..problem.frames()).map(|f| problem.frame_prior(state, f).cost);
    let shared = (0..problem.shared()).map(|s| problem.shared_prior(state, s).cost);
    points.into_iter().chain(frames).chain(shared).sum()
}
