use nalgebra::{Matrix6, SMatrix, Vector2, Vector3, Vector6};
use plumbline_camera::Camera;
use plumbline_geometry::{Rigid3, p3p};
use plumbline_optim::{Estimator, Loss, Msac, RansacOptions, UniformSampler, ransac};

use crate::network::{Network, State};
use crate::reprojection::{Reprojection, moved_pose};

/// Largest miss of an inlier as a fraction of the focal length: the calibration is still rough at this stage.
const THRESHOLD_REL: f64 = 0.006;
/// Gauss-Newton steps of a pose from its inliers.
const STEPS: usize = 6;
/// Least share of a view's known points that must agree with its pose.
const LEAST_AGREEING: f64 = 0.2;

/// A known point and where a view shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sighting {
    point: Vector3<f64>,
    pixel: Vector2<f64>,
    direction: Vector3<f64>,
}

/// Poses of one camera from points that it sees.
struct Resection<'c> {
    camera: &'c Camera,
}

impl Estimator for Resection<'_> {
    type Datum = Sighting;
    type Model = Rigid3;

    fn sample_size(&self) -> usize {
        4
    }

    /// Three points leave up to four poses; the fourth chooses.
    fn fit_minimal(&self, sample: &[&Sighting]) -> Vec<Rigid3> {
        let (directions, points) =
            ([0, 1, 2].map(|i| sample[i].direction), [0, 1, 2].map(|i| sample[i].point));
        let poses = p3p(&directions, &points);
        let miss = |pose: &Rigid3| self.residual(pose, sample[3]);
        poses.into_iter().min_by(|a, b| miss(a).total_cmp(&miss(b))).into_iter().collect()
    }

    fn fit(&self, inliers: &[&Sighting], start: &Rigid3) -> Option<Rigid3> {
        let loss = Loss::Cauchy { scale: 2.0 };
        let still = Vector3::zeros();
        let mut pose = *start;
        for _ in 0..STEPS {
            let (mut hessian, mut gradient) = (Matrix6::zeros(), Vector6::zeros());
            for s in inliers {
                let Some(at) = Reprojection::new(self.camera, (&pose, &still), &s.point, &s.pixel) else {
                    continue;
                };
                let weight = loss.weight(at.residual_px.norm_squared());
                hessian += weight * at.by_pose.transpose() * at.by_pose;
                gradient += weight * at.by_pose.transpose() * at.residual_px;
            }
            let step: SMatrix<f64, 6, 1> = -hessian.cholesky()?.solve(&gradient);
            pose = moved_pose(&pose, &step);
        }
        Some(pose)
    }

    fn residual(&self, pose: &Rigid3, seen: &Sighting) -> f64 {
        self.camera.project(&pose.transform(&seen.point)).map_or(f64::INFINITY, |p| (p - seen.pixel).norm())
    }
}

/// The known points that every view of the flight sees.
pub(crate) fn sightings_by_view(network: &Network, state: &State) -> Vec<Vec<Sighting>> {
    let mut sightings = vec![Vec::new(); network.prior.views.len()];
    for (track, point) in network.measured.iter().zip(&state.points) {
        let Some(point) = *point else { continue };
        for seen in track.observations.iter().filter(|o| network.is_own(o.view_idx)) {
            let camera = &state.cameras[network.prior.views[seen.view_idx].camera_idx];
            let direction = camera.unproject(&seen.pixel).normalize();
            sightings[seen.view_idx].push(Sighting { point, pixel: seen.pixel, direction });
        }
    }
    sightings
}

/// The pose from which a camera sees known points where it does, if at least `needed` agree.
pub(crate) fn resected(camera: &Camera, sightings: &[Sighting], needed: usize, seed: u64) -> Option<Rigid3> {
    let consensus = Msac { threshold: THRESHOLD_REL * camera.focal_px };
    let options = RansacOptions { max_iterations: 500, ..RansacOptions::default() };
    let fit = ransac(&Resection { camera }, &consensus, &mut UniformSampler::new(seed), sightings, &options)?;
    let enough =
        fit.inliers.len() >= needed && fit.inliers.len() as f64 >= LEAST_AGREEING * sightings.len() as f64;
    enough.then_some(fit.model)
}
