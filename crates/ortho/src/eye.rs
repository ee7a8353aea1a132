use nalgebra::{Vector2, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::{MapPoint, SurveyFrame};
use plumbline_geometry::Rigid3;
use plumbline_raster::Grid;
use plumbline_scene::Block;

use crate::height_field::Place;

/// A view as seen from the map.
#[derive(Debug, Clone)]
pub(crate) struct Eye {
    pub view_idx: usize,
    /// Where it hangs above the grid of the DSM.
    pub place: Place,
    camera: Camera,
    cam_from_world: Rigid3,
    velocity_in_cam: Vector3<f64>,
    frame: SurveyFrame,
}

/// Where a view sees a map point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight {
    pub pixel: Vector2<f64>,
    /// Side of a square metre of ground in the photo, pixels.
    pub px_per_m: f64,
}

impl Eye {
    /// The views of a block over a grid.
    pub(crate) fn all(block: &Block, grid: &Grid) -> Vec<Self> {
        let eye = |(view_idx, view): (usize, &plumbline_scene::View)| {
            let center = block.frame.map_from_world(&view.cam_from_world.center());
            let (row, col) = grid.position(center.east, center.north);
            Self {
                view_idx,
                place: Place { row, col, height: center.height },
                camera: *block.camera(view),
                cam_from_world: view.cam_from_world,
                velocity_in_cam: view.cam_from_world.rotation * view.velocity,
                frame: block.frame.clone(),
            }
        };
        block.views.iter().enumerate().map(eye).collect()
    }

    /// Pixel of a map point, wherever it falls, where the camera looks its way.
    pub(crate) fn sight(&self, point: &MapPoint) -> Option<Sight> {
        let p_in_cam = self.cam_from_world.transform(&self.frame.world_from_map(point));
        let pixel = self.camera.project_moving(&p_in_cam, &self.velocity_in_cam)?;
        Some(Sight { pixel, px_per_m: self.camera.focal_px / p_in_cam.z })
    }

    /// Distance of a pixel from the nearest edge of the photo, as a share of its shorter side; negative outside.
    pub(crate) fn inset(&self, pixel: &Vector2<f64>) -> f64 {
        let (w, h) = (f64::from(self.camera.width), f64::from(self.camera.height));
        pixel.x.min(pixel.y).min(w - pixel.x).min(h - pixel.y) / self.shorter_side_px()
    }

    pub(crate) fn shorter_side_px(&self) -> f64 {
        f64::from(self.camera.width.min(self.camera.height))
    }

    /// Line of sight of a place as the way aside, in rows and columns, for each metre of height; infinite from below.
    pub(crate) fn lean(&self, foot: &Place, cell_m: f64) -> Vector2<f64> {
        let above = self.place.height - foot.height;
        let aside = Vector2::new(self.place.row - foot.row, self.place.col - foot.col) * cell_m;
        if above > 0.0 { aside / above } else { Vector2::repeat(f64::INFINITY) }
    }

    /// Tangent of the angle off the plumb line under which a place is seen; infinite from below.
    pub(crate) fn obliqueness(&self, foot: &Place, cell_m: f64) -> f64 {
        self.lean(foot, cell_m).norm()
    }
}
