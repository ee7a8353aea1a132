//! The photos that show a place best.

use geo::{Centroid, MultiPolygon};
use plumbline_geodesy::MapPoint;
use plumbline_ortho::{Options, Sightings};
use plumbline_photo::Photo;
use plumbline_raster::Raster;

use crate::error::Error;
use crate::steps::epoch::Epoch;

/// One map and three photos (一注三图) are what a file on a case shows.
const PHOTOS: usize = 3;

/// The photos of an epoch over its surface, to be asked which of them show a place.
#[derive(Debug)]
pub struct EpochPhotos<'a> {
    /// The epoch.
    pub epoch: &'a Epoch,
    photos: Vec<&'a Photo>,
    sightings: Sightings,
}

impl<'a> EpochPhotos<'a> {
    /// Of an epoch with its surface model.
    pub fn over(epoch: &'a Epoch, dsm: &Raster<f32>) -> Result<Self, Error> {
        let sightings = Sightings::new(&epoch.block, dsm, &Options::default())?;
        Ok(Self { epoch, photos: epoch.placed_photos().collect(), sightings })
    }

    /// Those that show the middle of an outline best, as `plumbline photo-at` lists them: unhidden first.
    pub fn best(&self, outline: &MultiPolygon<f64>) -> Vec<&'a Photo> {
        let Some(middle) = outline.centroid() else { return Vec::new() };
        let (east, north) = (middle.x(), middle.y());
        let ground = self.epoch.block.frame.origin.height + self.epoch.block.ground_z();
        let height = self.sightings.height(east, north).unwrap_or(ground);
        let seen = self.sightings.of(&MapPoint { east, north, height });
        seen.iter().filter_map(|sighting| self.photos.get(sighting.view_idx).copied()).take(PHOTOS).collect()
    }
}
