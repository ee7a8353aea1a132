use nalgebra::{Matrix3, Vector2, Vector3};
use plumbline_camera::PARAMETERS;
use plumbline_geometry::Rigid3;
use plumbline_optim::{Equation, Loss, Normal, Problem, Step};
use plumbline_scene::{Observation, ViewPrior};

use crate::calibration_prior::{calibration, prior_sigma};
use crate::network::{Network, State};
use crate::refine::{Datum, Goal};
use crate::reprojection::{POSE, moved_pose};
use crate::{gimbal, gnss};

/// Residual, in standard deviations, of a point that its view does not look at.
const BEHIND: f64 = 1e4;
/// Distance, in standard deviations, at which a control point or one of its marks begins to lose its pull.
const CONTROL_LOSS: Loss = Loss::Cauchy { scale: 3.0 };

/// The bundle adjustment of a network as a least-squares problem.
///
/// Its points are the tracks, then the control points, then for every view what GNSS says of it, which involves no point.
/// Its shared blocks are the cameras, then the error that all GNSS positions share.
pub(crate) struct Bundle<'n, 'a> {
    network: &'n Network<'a>,
    datum: Datum,
    tie_loss: Loss,
    /// Standard uncertainty with which a tie observation counts, see [`Network::redundancy`].
    tie_sigma_px: f64,
    calibration_sigma: Vec<[f64; PARAMETERS]>,
    gnss_shared_sigma_m: Vector3<f64>,
}

/// What a point of the problem is.
#[derive(Debug, Clone, Copy)]
enum Part {
    Track(usize),
    Control(usize),
    Gnss(usize),
}

/// How tie observations count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TieWeight {
    /// Standard uncertainty of a pixel coordinate.
    pub sigma_px: f64,
    /// Distance at which an observation begins to lose its pull, in such; infinite for plain least squares.
    pub loss_scale: f64,
}

impl<'n, 'a> Bundle<'n, 'a> {
    pub fn new(network: &'n Network<'a>, state: &State, goal: Goal, weight: TieWeight) -> Self {
        let independent = network.redundancy(state).sqrt();
        let scale = weight.loss_scale / independent;
        Self {
            network,
            datum: goal.datum,
            tie_loss: if scale.is_finite() { Loss::Cauchy { scale } } else { Loss::Square },
            tie_sigma_px: weight.sigma_px * independent,
            calibration_sigma: network
                .prior
                .cameras
                .iter()
                .map(|c| prior_sigma(c, goal.calibration))
                .collect(),
            gnss_shared_sigma_m: gnss::shared_sigma_m(network),
        }
    }

    /// Prior standard uncertainties of a camera's parameters; zero where held fixed.
    pub fn calibration_sigma(&self, camera_idx: usize) -> &[f64; PARAMETERS] {
        &self.calibration_sigma[camera_idx]
    }

    fn part(&self, point_idx: usize) -> Part {
        let (tracks, control) = (self.network.believed.len(), self.network.control.len());
        match point_idx {
            i if i < tracks => Part::Track(i),
            i if i < tracks + control => Part::Control(i - tracks),
            i => Part::Gnss(i - tracks - control),
        }
    }

    /// A point that photos see: where it is, its pixels, and their standard uncertainty.
    fn seen<'s>(&'s self, state: &State, part: Part) -> Option<(Vector3<f64>, &'s [Observation], f64)> {
        match part {
            Part::Track(i) => {
                Some((state.points[i]?, self.network.believed[i].as_slice(), self.tie_sigma_px))
            }
            Part::Control(i) => {
                let control = &self.network.control[i];
                Some((state.control[i], control.marks.as_slice(), control.mark_sigma_px))
            }
            Part::Gnss(_) => None,
        }
    }

    /// A view whose GNSS position takes part.
    fn positioned<'s>(&'s self, state: &'s State, view_idx: usize) -> Option<(&'s Rigid3, &'s ViewPrior)> {
        let pose = state.poses[view_idx].as_ref().filter(|_| self.network.gnss_believed[view_idx])?;
        Some((pose, &self.network.prior.views[view_idx]))
    }

    fn equation(
        &self,
        state: &State,
        seen: &Observation,
        point: &Vector3<f64>,
        sigma_px: f64,
    ) -> Option<Equation<POSE, PARAMETERS>> {
        let at = self.network.reprojection(state, seen, point)?;
        let own = self.network.prior.views.get(seen.view_idx);
        let shared =
            own.map(|v| v.camera_idx).filter(|&c| self.calibration_sigma[c].iter().any(|s| *s > 0.0));
        let mut by_shared = at.by_camera / sigma_px;
        if let Some(c) = shared {
            for (mut column, sigma) in by_shared.column_iter_mut().zip(&self.calibration_sigma[c]) {
                if *sigma == 0.0 {
                    column.fill(0.0);
                }
            }
        }
        Some(Equation {
            frame: own.map(|_| seen.view_idx),
            shared,
            residual: at.residual_px / sigma_px,
            by_frame: at.by_pose / sigma_px,
            by_shared,
            by_point: at.by_point / sigma_px,
        })
    }
}

impl Problem<POSE, PARAMETERS> for Bundle<'_, '_> {
    type State = State;

    fn frames(&self) -> usize {
        self.network.prior.views.len()
    }

    fn shared(&self) -> usize {
        self.network.prior.cameras.len() + 1
    }

    fn points(&self) -> usize {
        let network = self.network;
        match self.datum {
            Datum::Free => network.believed.len(),
            Datum::World => network.believed.len() + network.control.len() + network.prior.views.len(),
        }
    }

    fn loss(&self, point_idx: usize) -> Loss {
        match self.part(point_idx) {
            Part::Track(_) => self.tie_loss,
            Part::Control(_) => CONTROL_LOSS,
            Part::Gnss(_) => gnss::LOSS,
        }
    }

    fn is_independent(&self, point_idx: usize) -> bool {
        !matches!(self.part(point_idx), Part::Track(_))
    }

    fn equations(&self, state: &State, point_idx: usize) -> Vec<Equation<POSE, PARAMETERS>> {
        let part = self.part(point_idx);
        if let Part::Gnss(view_idx) = part {
            let Some((pose, prior)) = self.positioned(state, view_idx) else { return Vec::new() };
            let offset_idx = state.cameras.len();
            let offset = (&state.gnss_offset_m, &self.gnss_shared_sigma_m);
            return gnss::equations(view_idx, offset_idx, pose, prior, offset);
        }
        let Some((point, seen, sigma_px)) = self.seen(state, part) else { return Vec::new() };
        seen.iter().filter_map(|seen| self.equation(state, seen, &point, sigma_px)).collect()
    }

    fn residuals(&self, state: &State, point_idx: usize) -> Vec<Vector2<f64>> {
        let part = self.part(point_idx);
        if let Part::Gnss(view_idx) = part {
            let Some((pose, prior)) = self.positioned(state, view_idx) else { return Vec::new() };
            return gnss::residuals(pose, prior, &state.gnss_offset_m);
        }
        let Some((point, seen, sigma_px)) = self.seen(state, part) else { return Vec::new() };
        let behind = Vector2::repeat(BEHIND);
        seen.iter()
            .map(|seen| self.network.miss(state, seen, &point).map_or(behind, |m| m / sigma_px))
            .collect()
    }

    fn point_prior(&self, state: &State, point_idx: usize) -> Normal<3> {
        let mut normal = Normal::zero();
        if let Part::Control(i) = self.part(point_idx) {
            let control = &self.network.control[i];
            let weight = control.sigma_m.map(|sigma| 1.0 / sigma);
            let residual = (state.control[i] - control.position).component_mul(&weight);
            normal.add(&residual, &Matrix3::from_diagonal(&weight), CONTROL_LOSS);
        }
        normal
    }

    fn frame_prior(&self, state: &State, frame_idx: usize) -> Normal<POSE> {
        let Some(pose) = &state.poses[frame_idx] else {
            let mut normal = Normal::<POSE>::zero();
            normal.hessian.fill_diagonal(1.0);
            return normal;
        };
        if self.datum == Datum::Free {
            return Normal::zero();
        }
        let views = &self.network.prior.views;
        gimbal::gimbal(pose, &views[frame_idx], 1.0 / views.len() as f64)
    }

    fn shared_prior(&self, state: &State, shared_idx: usize) -> Normal<PARAMETERS> {
        let Some(prior) = self.network.prior.cameras.get(shared_idx) else {
            return gnss::offset_prior(&state.gnss_offset_m, &self.gnss_shared_sigma_m);
        };
        calibration(&state.cameras[shared_idx], prior, &self.calibration_sigma[shared_idx])
    }

    fn moved(&self, state: &State, step: &Step<POSE, PARAMETERS>) -> State {
        let poses = state.poses.iter().zip(&step.frames).map(|(pose, d)| Some(moved_pose(pose.as_ref()?, d)));
        let points = state.points.iter().zip(&step.points).map(|(point, d)| Some((*point)? + d));
        let cameras = state.cameras.iter().zip(&step.shared).map(|(camera, d)| {
            let now = camera.parameters();
            camera.with_parameters(&std::array::from_fn(|i| now[i] + d[i]))
        });
        // Without a place in the world there are no control points among the points.
        let mut control = state.control.clone();
        for (position, d) in control.iter_mut().zip(step.points.iter().skip(state.points.len())) {
            *position += d;
        }
        let gnss_offset_m = state.gnss_offset_m + step.shared[state.cameras.len()].fixed_rows::<3>(0);
        let (cameras, poses, points) = (cameras.collect(), poses.collect(), points.collect());
        State { cameras, poses, points, control, gnss_offset_m }
    }
}
