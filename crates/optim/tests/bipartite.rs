//! The Schur complement against the whole normal equations, on a problem small enough to write out.

use nalgebra::{DMatrix, DVector, Matrix2x3, SMatrix, SVector, Vector2, Vector3};
use plumbline_optim::{
    Covariance, Equation, LevenbergOptions, Loss, Normal, Problem, Sensitivity, Step, minimize,
};

const FRAMES: usize = 3;
const POINTS: usize = 8;
/// Unknowns: two a frame, one shared, three a point.
const UNKNOWNS: usize = 2 * FRAMES + 1 + 3 * POINTS;

/// A linear problem with scrambled coefficients: every frame measures every point.
struct Linear {
    loss: Loss,
}

/// A scrambled number between -1 and 1 for every combination of arguments.
fn coefficient(frame: usize, point: usize, row: usize, column: usize) -> f64 {
    let key = 1 + frame + 5 * (point + 10 * (row + 2 * column));
    ((key as f64 * 12.9898).sin() * 43_758.545).fract()
}

impl Linear {
    fn equation(x: &DVector<f64>, frame: usize, point: usize) -> Equation<2, 1> {
        let by_frame = SMatrix::<f64, 2, 2>::from_fn(|r, c| coefficient(frame, point, r, c));
        let by_shared = SMatrix::<f64, 2, 1>::from_fn(|r, _| coefficient(frame, point, r, 5));
        let by_point = Matrix2x3::from_fn(|r, c| coefficient(frame, point, r, 2 + c));
        let measured = Vector2::new(coefficient(frame, point, 0, 9), coefficient(frame, point, 1, 9));
        let residual = by_frame * x.fixed_rows::<2>(2 * frame)
            + by_shared * x.fixed_rows::<1>(2 * FRAMES)
            + by_point * x.fixed_rows::<3>(2 * FRAMES + 1 + 3 * point)
            - measured;
        Equation { frame: Some(frame), shared: Some(0), residual, by_frame, by_shared, by_point }
    }

    /// The whole normal matrix and its right side at the origin.
    fn dense() -> (DMatrix<f64>, DVector<f64>) {
        let mut jacobian = DMatrix::zeros(2 * FRAMES * POINTS + 2 * FRAMES + 1, UNKNOWNS);
        let mut residual = DVector::zeros(jacobian.nrows());
        for frame in 0..FRAMES {
            for point in 0..POINTS {
                let e = Self::equation(&DVector::zeros(UNKNOWNS), frame, point);
                let row = 2 * (frame * POINTS + point);
                jacobian.fixed_view_mut::<2, 2>(row, 2 * frame).copy_from(&e.by_frame);
                jacobian.fixed_view_mut::<2, 1>(row, 2 * FRAMES).copy_from(&e.by_shared);
                jacobian.fixed_view_mut::<2, 3>(row, 2 * FRAMES + 1 + 3 * point).copy_from(&e.by_point);
                residual.fixed_rows_mut::<2>(row).copy_from(&e.residual);
            }
        }
        for i in 0..=2 * FRAMES {
            jacobian[(2 * FRAMES * POINTS + i, i)] = 1.0;
        }
        (jacobian.transpose() * &jacobian, -jacobian.transpose() * residual)
    }
}

impl Problem<2, 1> for Linear {
    type State = DVector<f64>;

    fn frames(&self) -> usize {
        FRAMES
    }

    fn shared(&self) -> usize {
        1
    }

    fn points(&self) -> usize {
        POINTS
    }

    fn loss(&self, _: usize) -> Loss {
        self.loss
    }

    fn equations(&self, x: &DVector<f64>, point: usize) -> Vec<Equation<2, 1>> {
        (0..FRAMES).map(|frame| Self::equation(x, frame, point)).collect()
    }

    fn residuals(&self, x: &DVector<f64>, point: usize) -> Vec<Vector2<f64>> {
        self.equations(x, point).iter().map(|e| e.residual).collect()
    }

    fn frame_prior(&self, x: &DVector<f64>, frame: usize) -> Normal<2> {
        let mut normal = Normal::zero();
        normal.add(
            &x.fixed_rows::<2>(2 * frame).into_owned(),
            &SMatrix::<f64, 2, 2>::identity(),
            Loss::Square,
        );
        normal
    }

    fn shared_prior(&self, x: &DVector<f64>, _: usize) -> Normal<1> {
        let mut normal = Normal::zero();
        normal.add(
            &x.fixed_rows::<1>(2 * FRAMES).into_owned(),
            &SMatrix::<f64, 1, 1>::identity(),
            Loss::Square,
        );
        normal
    }

    fn moved(&self, x: &DVector<f64>, step: &Step<2, 1>) -> DVector<f64> {
        let frames = step.frames.iter().flat_map(|d: &SVector<f64, 2>| d.iter().copied());
        let shared = step.shared.iter().flat_map(|d| d.iter().copied());
        let points = step.points.iter().flat_map(|d: &Vector3<f64>| d.iter().copied());
        x + DVector::from_iterator(UNKNOWNS, frames.chain(shared).chain(points))
    }
}

#[test]
fn a_linear_problem_is_solved_as_by_the_whole_normal_equations() {
    let start = DVector::from_element(UNKNOWNS, 0.5);
    let options = LevenbergOptions { cost_tolerance: 1e-14, ..LevenbergOptions::default() };
    let found = minimize(&Linear { loss: Loss::Square }, start, &options).unwrap();
    let (matrix, right) = Linear::dense();
    let truth = matrix.cholesky().unwrap().solve(&right);
    assert!((&found.state - &truth).norm() < 1e-6 * truth.norm(), "{}", (found.state - truth).norm());
}

#[test]
fn the_covariance_is_that_of_the_whole_normal_equations() {
    let found = Covariance::at(&Linear { loss: Loss::Square }, &DVector::zeros(UNKNOWNS), 1.0).unwrap();
    let inverse = Linear::dense().0.cholesky().unwrap().inverse();
    for i in 0..FRAMES {
        assert!((found.frame(i) - inverse.fixed_view::<2, 2>(2 * i, 2 * i)).norm() < 1e-9);
    }
    assert!((found.shared(0)[(0, 0)] - inverse[(2 * FRAMES, 2 * FRAMES)]).abs() < 1e-9);
}

/// Weights that believe the measurements less than they should: the covariance must be that of what really happens.
#[test]
fn measurements_better_than_their_weights_give_the_covariance_of_the_sandwich() {
    let variance = 0.3;
    let found = Covariance::at(&Linear { loss: Loss::Square }, &DVector::zeros(UNKNOWNS), variance).unwrap();
    let (normal, _) = Linear::dense();
    let priors = DMatrix::from_diagonal(&DVector::from_fn(UNKNOWNS, |i, _| f64::from(i <= 2 * FRAMES)));
    let inverse = normal.clone().cholesky().unwrap().inverse();
    let truth = &inverse * (variance * (&normal - &priors) + &priors) * &inverse;
    let (a, b) =
        (SMatrix::<f64, 2, 3>::from_fn(|r, c| coefficient(1, 2, r, c)), SMatrix::<f64, 1, 3>::repeat(0.4));
    let sensitivity = Sensitivity { by_frame: vec![(0, a), (2, a)], by_shared: vec![(0, b)] };
    let mut whole = DMatrix::zeros(UNKNOWNS, 3);
    whole.fixed_view_mut::<2, 3>(0, 0).copy_from(&a);
    whole.fixed_view_mut::<2, 3>(4, 0).copy_from(&a);
    whole.fixed_view_mut::<1, 3>(6, 0).copy_from(&b);
    let expected = whole.transpose() * truth * &whole;
    assert!((found.propagated(&sensitivity) - expected).norm() < 1e-9);
}

#[test]
fn a_robust_loss_lowers_its_own_cost() {
    let problem = Linear { loss: Loss::Cauchy { scale: 0.5 } };
    let start = DVector::from_element(UNKNOWNS, 3.0);
    let one = LevenbergOptions { max_steps: 1, ..LevenbergOptions::default() };
    let first = minimize(&problem, start.clone(), &one).unwrap();
    let last = minimize(&problem, start, &LevenbergOptions::default()).unwrap();
    assert!(last.cost < first.cost && last.cost > 0.0);
}
