//! The photos that show a place best.

use std::iter::once;

use geo::{BoundingRect, Centroid, Contains, Coord, MultiPolygon, Point};
use plumbline_geodesy::MapPoint;
use plumbline_ortho::{Options, Sighting, Sightings};
use plumbline_photo::Photo;
use plumbline_raster::Raster;

use crate::error::Error;
use crate::steps::epoch::Epoch;

/// One map and three photos (一注三图) are what a file on a case shows.
const PHOTOS: usize = 3;

/// Places along each side of an outline's extent at which its heights are looked at.
const SAMPLES: u32 = 24;

/// The photos of an epoch over its surface, to be asked which of them show a place.
#[derive(Debug)]
pub struct EpochPhotos<'a> {
    /// The epoch.
    pub epoch: &'a Epoch,
    photos: Vec<&'a Photo>,
    sightings: Sightings,
}

/// A photo that shows a place.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The photo.
    pub photo: &'a Photo,
    /// The outline of the place at the height of what stands there, rings of pixels.
    pub outline_px: Vec<Vec<[i32; 2]>>,
}

impl<'a> EpochPhotos<'a> {
    /// Of an epoch with its surface model.
    pub fn over(epoch: &'a Epoch, dsm: &Raster<f32>) -> Result<Self, Error> {
        let sightings = Sightings::new(&epoch.block, dsm, &Options::default())?;
        Ok(Self { epoch, photos: epoch.placed_photos().collect(), sightings })
    }

    /// Those that show the middle of an outline best, as `plumbline photo-at` lists them: unhidden first.
    pub fn best(&self, outline: &MultiPolygon<f64>) -> Vec<Shown<'a>> {
        let Some(middle) = outline.centroid() else { return Vec::new() };
        let (east, north) = (middle.x(), middle.y());
        let ground = self.epoch.block.frame.origin.height + self.epoch.block.ground_z();
        let height = self.sightings.height(east, north).unwrap_or(ground);
        let seen = self.sightings.of(&MapPoint { east, north, height });
        let top = self.middle_height(outline).unwrap_or(height);
        let shown = |sighting: &Sighting| {
            let photo = self.photos.get(sighting.view_idx).copied()?;
            Some(Shown { photo, outline_px: self.outline_px(sighting.view_idx, outline, top) })
        };
        seen.iter().filter_map(shown).take(PHOTOS).collect()
    }

    /// Middle of the heights inside an outline, metres: where most of a structure ends, whatever stands on its roof.
    fn middle_height(&self, outline: &MultiPolygon<f64>) -> Option<f64> {
        let extent = outline.bounding_rect()?;
        let at = |low: f64, side: f64, i: u32| low + side * (f64::from(i) + 0.5) / f64::from(SAMPLES);
        let places = (0..SAMPLES).flat_map(|row| (0..SAMPLES).map(move |col| (row, col)));
        let places = places.map(|(row, col)| {
            (at(extent.min().x, extent.width(), col), at(extent.min().y, extent.height(), row))
        });
        let inside = places.filter(|(east, north)| outline.contains(&Point::new(*east, *north)));
        let heights = inside.filter_map(|(east, north)| self.sightings.height(east, north));
        let mut heights: Vec<f64> = heights.collect();
        heights.sort_by(f64::total_cmp);
        heights.get(heights.len() / 2).copied()
    }

    /// Rings of an outline at a height, in the pixels of a view.
    fn outline_px(&self, view_idx: usize, outline: &MultiPolygon<f64>, height: f64) -> Vec<Vec<[i32; 2]>> {
        let pixel = |corner: &Coord<f64>| {
            let pixel =
                self.sightings.pixel(view_idx, &MapPoint { east: corner.x, north: corner.y, height })?;
            Some([pixel.x.round() as i32, pixel.y.round() as i32])
        };
        let rings = outline.iter().flat_map(|polygon| once(polygon.exterior()).chain(polygon.interiors()));
        rings.filter_map(|ring| ring.coords().map(pixel).collect()).collect()
    }
}
