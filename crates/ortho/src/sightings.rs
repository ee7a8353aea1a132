use std::cmp::Ordering;

use nalgebra::Vector2;
use plumbline_geodesy::MapPoint;
use plumbline_raster::Raster;
use plumbline_scene::Block;

use crate::eye::Eye;
use crate::height_field::{HeightField, Place};
use crate::holes::bridge_holes;
use crate::mosaic::check;
use crate::{Error, Options};

/// The views of a block over its DSM, to be asked which of them see a place.
#[derive(Debug)]
pub struct Sightings {
    eyes: Vec<Eye>,
    field: HeightField,
    options: Options,
}

/// How a view shows a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Which view, by index into the block's views.
    pub view_idx: usize,
    /// Where, pixels; inside the photo.
    pub pixel: Vector2<f64>,
    /// Size on the ground of a pixel that looks straight at it, metres.
    pub gsd_m: f64,
    /// Angle of the line of sight off the plumb line, radians.
    pub obliqueness: f64,
    /// Distance of the pixel from the nearest edge of the photo, pixels.
    pub from_rim_px: f64,
    /// How far from the place, on the map, the surface first rises into the line of sight, metres; `None` where the line is free.
    pub hidden_at_m: Option<f64>,
    /// Whether the pixel lies in the rim that an orthophoto avoids ([`Options::rim`]).
    is_at_rim: bool,
}

impl Sightings {
    /// Of a block over a DSM whose holes are NaN and hide nothing.
    pub fn new(block: &Block, dsm: &Raster<f32>, options: &Options) -> Result<Self, Error> {
        check(block, &dsm.grid.crs)?;
        let field = HeightField::new(bridge_holes(dsm, options.hole_cells));
        Ok(Self { eyes: Eye::all(block, &field.grid), field, options: *options })
    }

    /// Height of the surface, metres; `None` outside of the DSM and in holes too wide to be crossed.
    pub fn height(&self, east: f64, north: f64) -> Option<f64> {
        let (row, col) = self.field.grid.position(east, north);
        Some(f64::from(self.field.height(row, col))).filter(|height| height.is_finite())
    }

    /// Every view with the point inside its photo, the best first: with a free line of sight, off the rim of the photo, with the
    /// smallest pixels on level ground, which grow with distance and with obliqueness.
    pub fn of(&self, point: &MapPoint) -> Vec<Sighting> {
        let mut seen: Vec<Sighting> = self.eyes.iter().filter_map(|eye| self.sighting(eye, point)).collect();
        seen.sort_by(Sighting::compare);
        seen
    }

    /// Pixel at which a view sees a point, wherever that falls and whatever stands between; `None` behind the camera.
    pub fn pixel(&self, view_idx: usize, point: &MapPoint) -> Option<Vector2<f64>> {
        self.eyes.get(view_idx)?.sight(point).map(|sight| sight.pixel)
    }

    fn sighting(&self, eye: &Eye, point: &MapPoint) -> Option<Sighting> {
        let cell_m = self.field.grid.cell_m;
        let (row, col) = self.field.grid.position(point.east, point.north);
        let foot = Place { row, col, height: point.height };
        let sight = eye.sight(point)?;
        let inset = eye.inset(&sight.pixel);
        let obstacle = self.field.obstacle(&eye.place, &foot, self.options.clearance_m);
        (inset > 0.0).then(|| Sighting {
            view_idx: eye.view_idx,
            pixel: sight.pixel,
            gsd_m: 1.0 / sight.px_per_m,
            obliqueness: eye.obliqueness(&foot, cell_m).atan(),
            from_rim_px: inset * eye.shorter_side_px(),
            hidden_at_m: obstacle.map(|at| (at.row - row).hypot(at.col - col) * cell_m),
            is_at_rim: inset <= self.options.rim,
        })
    }
}

impl Sighting {
    fn compare(&self, other: &Self) -> Ordering {
        let rank = |s: &Self| (s.hidden_at_m.is_some(), s.is_at_rim);
        let level_pixel_m = |s: &Self| s.gsd_m / s.obliqueness.cos();
        rank(self).cmp(&rank(other)).then(level_pixel_m(self).total_cmp(&level_pixel_m(other)))
    }
}
