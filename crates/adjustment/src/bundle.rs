use nalgebra::Vector2;
use plumbline_camera::PARAMETERS;
use plumbline_optim::{Equation, Loss, Normal, Problem, Step};

use crate::calibration_prior::{calibration, prior_sigma};
use crate::network::{Network, State};
use crate::pose_prior;
use crate::refine::{Datum, Goal};
use crate::reprojection::{POSE, Reprojection, moved_pose};

/// Residual, in standard deviations, of a point that its view does not look at.
const BEHIND: f64 = 1e4;

/// The bundle adjustment of a network as a least-squares problem.
pub(crate) struct Bundle<'n, 'a> {
    network: &'n Network<'a>,
    datum: Datum,
    loss: Loss,
    pixel_sigma_px: f64,
    calibration_sigma: Vec<[f64; PARAMETERS]>,
    /// How many times over the priors count, see [`Network::redundancy`].
    redundancy: f64,
}

impl<'n, 'a> Bundle<'n, 'a> {
    pub fn new(network: &'n Network<'a>, state: &State, goal: Goal, loss: Loss, pixel_sigma_px: f64) -> Self {
        let (datum, calibration) = (goal.datum, goal.calibration);
        let calibration_sigma = network.prior.cameras.iter().map(|c| prior_sigma(c, calibration)).collect();
        Self {
            network,
            datum,
            loss,
            pixel_sigma_px,
            calibration_sigma,
            redundancy: network.redundancy(state),
        }
    }

    /// Prior standard uncertainties of a camera's parameters; zero where held fixed.
    pub fn calibration_sigma(&self, camera_idx: usize) -> &[f64; PARAMETERS] {
        &self.calibration_sigma[camera_idx]
    }

    fn equation(
        &self,
        state: &State,
        seen: &plumbline_scene::Observation,
        point: &nalgebra::Vector3<f64>,
    ) -> Option<Equation<POSE, PARAMETERS>> {
        let (camera, pose) = self.network.view(state, seen.view_idx)?;
        let at = Reprojection::new(camera, pose, point, &seen.pixel)?;
        let own = self.network.prior.views.get(seen.view_idx);
        let shared =
            own.map(|v| v.camera_idx).filter(|&c| self.calibration_sigma[c].iter().any(|s| *s > 0.0));
        let mut by_shared = at.by_camera / self.pixel_sigma_px;
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
            residual: at.residual_px / self.pixel_sigma_px,
            by_frame: at.by_pose / self.pixel_sigma_px,
            by_shared,
            by_point: at.by_point / self.pixel_sigma_px,
        })
    }
}

impl Problem<POSE, PARAMETERS> for Bundle<'_, '_> {
    type State = State;

    fn frames(&self) -> usize {
        self.network.prior.views.len()
    }

    fn shared(&self) -> usize {
        self.network.prior.cameras.len()
    }

    fn points(&self) -> usize {
        self.network.believed.len()
    }

    fn loss(&self) -> Loss {
        self.loss
    }

    fn equations(&self, state: &State, point_idx: usize) -> Vec<Equation<POSE, PARAMETERS>> {
        let Some(point) = &state.points[point_idx] else { return Vec::new() };
        self.network.believed[point_idx].iter().filter_map(|seen| self.equation(state, seen, point)).collect()
    }

    fn residuals(&self, state: &State, point_idx: usize) -> Vec<Vector2<f64>> {
        let Some(point) = &state.points[point_idx] else { return Vec::new() };
        let behind = Vector2::repeat(BEHIND);
        let seen = self.network.believed[point_idx].iter();
        seen.map(|seen| self.network.miss(state, seen, point).map_or(behind, |m| m / self.pixel_sigma_px))
            .collect()
    }

    fn frame_prior(&self, state: &State, frame_idx: usize) -> Normal<POSE> {
        let mut normal = Normal::<POSE>::zero();
        let Some(pose) = &state.poses[frame_idx] else {
            normal.hessian.fill_diagonal(1.0);
            return normal;
        };
        if self.datum == Datum::Free {
            return normal;
        }
        let network = self.network;
        let prior = &network.prior.views[frame_idx];
        normal += pose_prior::gimbal(pose, prior, 1.0 / network.prior.views.len() as f64);
        if network.gnss_believed[frame_idx] {
            normal += pose_prior::gnss(pose, prior, &network.gnss_offset_m);
        }
        normal * self.redundancy
    }

    fn shared_prior(&self, state: &State, shared_idx: usize) -> Normal<PARAMETERS> {
        let prior = &self.network.prior.cameras[shared_idx];
        calibration(&state.cameras[shared_idx], prior, &self.calibration_sigma[shared_idx]) * self.redundancy
    }

    fn moved(&self, state: &State, step: &Step<POSE, PARAMETERS>) -> State {
        let poses = state.poses.iter().zip(&step.frames).map(|(pose, d)| Some(moved_pose(pose.as_ref()?, d)));
        let points = state.points.iter().zip(&step.points).map(|(point, d)| Some((*point)? + d));
        let cameras = state.cameras.iter().zip(&step.shared).map(|(camera, d)| {
            let now = camera.parameters();
            camera.with_parameters(&std::array::from_fn(|i| now[i] + d[i]))
        });
        State { cameras: cameras.collect(), poses: poses.collect(), points: points.collect() }
    }
}
