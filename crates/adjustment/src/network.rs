use nalgebra::{Vector2, Vector3};
use plumbline_camera::Camera;
use plumbline_geometry::{Ray, Rigid3, Similarity3};
use plumbline_scene::{Block, FlightPrior, GroundPoint, Observation, PixelTrack};

use crate::reprojection::Reprojection;

/// Observations of one view whose errors are independent: about an 8 x 6 grid over the photo.
const INDEPENDENT_OBSERVATIONS: f64 = 48.0;

/// The values that an adjustment looks for.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Calibrations of the flight's cameras.
    pub cameras: Vec<Camera>,
    /// Poses of the flight's views; `None` where not placed.
    pub poses: Vec<Option<Rigid3>>,
    /// Positions of the tracks; `None` where not intersected.
    pub points: Vec<Option<Vector3<f64>>>,
    /// Positions of the control points.
    pub control: Vec<Vector3<f64>>,
    /// Error that all GNSS positions of the flight share, metres.
    pub gnss_offset_m: Vector3<f64>,
}

impl State {
    /// Nothing placed yet.
    pub fn new(prior: &FlightPrior, tracks: usize) -> Self {
        Self {
            cameras: prior.cameras.iter().map(|c| c.camera).collect(),
            poses: vec![None; prior.views.len()],
            points: vec![None; tracks],
            control: Vec::new(),
            gnss_offset_m: Vector3::zeros(),
        }
    }

    /// The same block carried to another frame; control points stay where they were surveyed.
    pub fn moved(&self, b_from_a: &Similarity3) -> Self {
        Self {
            cameras: self.cameras.clone(),
            poses: self.poses.iter().map(|pose| Some(b_from_a.moved(pose.as_ref()?))).collect(),
            points: self.points.iter().map(|p| Some(b_from_a.transform(p.as_ref()?))).collect(),
            control: self.control.clone(),
            gnss_offset_m: self.gnss_offset_m,
        }
    }

    pub fn placed(&self) -> usize {
        self.poses.iter().flatten().count()
    }
}

/// What was measured, and which of it is believed at the moment.
pub(crate) struct Network<'a> {
    pub prior: &'a FlightPrior,
    /// Views that stay where they are; they follow the flight's own.
    pub earlier: Option<&'a Block>,
    pub measured: Vec<PixelTrack>,
    /// For every measured track, the observations that agree with its point.
    pub believed: Vec<Vec<Observation>>,
    /// For every view, whether its GNSS position takes part.
    pub gnss_believed: Vec<bool>,
    /// Surveyed points as given.
    pub ground: &'a [GroundPoint],
    /// Control points that take part, with those of their marks that are believed.
    pub control: Vec<GroundPoint>,
    /// Views that lie half a turn from what their gimbal says; the prior has been corrected for it.
    pub turned: Vec<usize>,
}

impl<'a> Network<'a> {
    pub fn new(prior: &'a FlightPrior, earlier: Option<&'a Block>, measured: Vec<PixelTrack>) -> Self {
        let believed = vec![Vec::new(); measured.len()];
        let gnss_believed = prior.views.iter().map(|v| v.position.is_some()).collect();
        let (ground, control, turned) = (&[][..], Vec::new(), Vec::new());
        Self { prior, earlier, measured, believed, gnss_believed, ground, control, turned }
    }

    /// Replaces what was measured; nothing of it is intersected yet.
    pub fn measure(&mut self, measured: Vec<PixelTrack>, state: &mut State) {
        self.believed = vec![Vec::new(); measured.len()];
        state.points = vec![None; measured.len()];
        self.measured = measured;
    }

    /// Whether a view belongs to this flight, not to the earlier one.
    pub fn is_own(&self, view_idx: usize) -> bool {
        view_idx < self.prior.views.len()
    }

    /// Camera, pose and velocity of a view of this or of the earlier flight; `None` where not placed.
    pub fn view<'s>(
        &self,
        state: &'s State,
        view_idx: usize,
    ) -> Option<(&'s Camera, &'s Rigid3, &'s Vector3<f64>)>
    where
        'a: 's,
    {
        match view_idx.checked_sub(self.prior.views.len()) {
            None => {
                let view = &self.prior.views[view_idx];
                Some((&state.cameras[view.camera_idx], state.poses[view_idx].as_ref()?, &view.velocity))
            }
            Some(earlier_idx) => {
                let block = self.earlier?;
                let view = &block.views[earlier_idx];
                Some((block.camera(view), &view.cam_from_world, &view.velocity))
            }
        }
    }

    /// Projected minus measured pixel; `None` where the view is not placed or does not look that way.
    pub fn miss(&self, state: &State, seen: &Observation, point: &Vector3<f64>) -> Option<Vector2<f64>> {
        let (camera, pose, velocity) = self.view(state, seen.view_idx)?;
        Some(camera.project_moving(&pose.transform(point), &(pose.rotation * velocity))? - seen.pixel)
    }

    /// As [`Network::miss`], with derivatives.
    pub fn reprojection(
        &self,
        state: &State,
        seen: &Observation,
        point: &Vector3<f64>,
    ) -> Option<Reprojection> {
        let (camera, pose, velocity) = self.view(state, seen.view_idx)?;
        Reprojection::new(camera, (pose, velocity), point, &seen.pixel)
    }

    /// Where a pixel looks in the world; `None` where its view is not placed.
    pub fn ray(&self, state: &State, seen: &Observation) -> Option<Ray> {
        let (camera, pose, velocity) = self.view(state, seen.view_idx)?;
        let direction = pose.rotation.inverse() * camera.unproject(&seen.pixel);
        let origin = pose.center() + velocity * camera.read_at_s(&seen.pixel);
        Some(Ray { origin, direction: direction.normalize() })
    }

    /// Distances between projected and measured pixels of all believed observations.
    pub fn misses_px(&self, state: &State) -> Vec<f64> {
        let tracks = self.believed.iter().zip(&state.points);
        tracks
            .filter_map(|(seen, point)| Some((seen, point.as_ref()?)))
            .flat_map(|(seen, point)| {
                seen.iter().filter_map(|o| self.miss(state, o, point)).map(|m| m.norm())
            })
            .collect()
    }

    /// How many believed observations every view of the flight has.
    pub fn observations_by_view(&self) -> Vec<usize> {
        count(&self.believed, self.prior.views.len())
    }

    /// How many observations every view of the flight was given.
    pub fn measured_by_view(&self) -> Vec<usize> {
        count(self.measured.iter().map(|t| &t.observations), self.prior.views.len())
    }

    /// Observations per placed view for every one that counts as independent; at least one.
    ///
    /// Neighbouring observations of a view share the errors of its lens model and of its rolling shutter, so thousands of
    /// them must not outvote GNSS and the maker's calibration as if they were independent.
    pub fn redundancy(&self, state: &State) -> f64 {
        let observations: usize = self.observations_by_view().iter().sum();
        (observations as f64 / state.placed().max(1) as f64 / INDEPENDENT_OBSERVATIONS).max(1.0)
    }

    /// Largest focal length of the flight, pixels.
    pub fn focal_px(&self) -> f64 {
        self.prior.cameras.iter().map(|c| c.camera.focal_px).fold(0.0, f64::max)
    }
}

fn count<'t>(tracks: impl IntoIterator<Item = &'t Vec<Observation>>, views: usize) -> Vec<usize> {
    let mut counts = vec![0; views];
    for seen in tracks.into_iter().flatten() {
        if let Some(n) = counts.get_mut(seen.view_idx) {
            *n += 1;
        }
    }
    counts
}

/// The middle of a list; zero for an empty one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
