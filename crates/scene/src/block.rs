use nalgebra::{Vector2, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::SurveyFrame;
use plumbline_geometry::Rigid3;
use serde::{Deserialize, Serialize};

/// A photo with a pose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// File name of the photo, unique within the flight.
    pub name: String,
    /// Which of the block's cameras took it.
    pub camera_idx: usize,
    /// Pose: world (survey frame) to camera axes.
    pub cam_from_world: Rigid3,
    /// How fast the camera flew, metres a second in the world; zero where that is not known.
    pub velocity: Vector3<f64>,
}

/// A pixel of a view.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Which view.
    pub view_idx: usize,
    /// Where, pixels.
    pub pixel: Vector2<f64>,
}

/// A ground point with the pixels that saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Position in the world.
    pub point: Vector3<f64>,
    /// At most one pixel a view, in the order of the views.
    pub observations: Vec<Observation>,
}

/// The adjusted photos of one flight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The world.
    pub frame: SurveyFrame,
    /// The calibrated cameras.
    pub cameras: Vec<Camera>,
    /// The photos that were placed.
    pub views: Vec<View>,
    /// The sparse points.
    pub tracks: Vec<Track>,
}

impl Block {
    /// The camera of a view.
    pub fn camera(&self, view: &View) -> &Camera {
        &self.cameras[view.camera_idx]
    }

    /// Pixel of a world point in a view; `None` where the photo does not see that direction.
    pub fn project(&self, view: &View, p_in_world: &Vector3<f64>) -> Option<Vector2<f64>> {
        self.pixel(view, p_in_world).filter(|pixel| self.camera(view).contains(pixel))
    }

    /// As [`Block::project`], wherever the pixel falls.
    pub fn pixel(&self, view: &View, p_in_world: &Vector3<f64>) -> Option<Vector2<f64>> {
        let pose = &view.cam_from_world;
        self.camera(view).project_moving(&pose.transform(p_in_world), &(pose.rotation * view.velocity))
    }

    /// Root mean square distance between observed and projected pixels, per observation; NaN without tracks.
    pub fn reprojection_rms_px(&self) -> f64 {
        let mut sum = 0.0;
        let mut n = 0_usize;
        for track in &self.tracks {
            for seen in &track.observations {
                let view = &self.views[seen.view_idx];
                if let Some(pixel) = self.pixel(view, &track.point) {
                    sum += (pixel - seen.pixel).norm_squared();
                    n += 1;
                }
            }
        }
        (sum / n as f64).sqrt()
    }

    /// Median size of a pixel on the ground over all observations, metres; NaN without tracks.
    pub fn gsd_m(&self) -> f64 {
        let sizes = self
            .tracks
            .iter()
            .flat_map(|track| track.observations.iter().map(move |seen| (track, seen)))
            .map(|(track, seen)| {
                let view = &self.views[seen.view_idx];
                view.cam_from_world.transform(&track.point).z / self.camera(view).focal_px
            });
        median(sizes).unwrap_or(f64::NAN)
    }

    /// World height of the ground: the median of the sparse points, metres; zero without any.
    pub fn ground_z(&self) -> f64 {
        median(self.tracks.iter().map(|track| track.point.z)).unwrap_or_default()
    }
}

/// The middle value, the upper of two; `None` of nothing.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
