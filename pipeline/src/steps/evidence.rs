//! The photos that show a place best.

use geo::{Centroid, MultiPolygon};
use nalgebra::Vector2;
use plumbline_change::EpochSurface;
use plumbline_geodesy::MapPoint;
use plumbline_photo::Photo;

use crate::steps::flown::Flown;

/// One map and three photos (一注三图) are what a file on a case shows.
const PHOTOS: usize = 3;

/// The photos of an epoch in which the middle of an outline lies nearest to the middle of the picture; none of an epoch
/// that came without photos.
pub fn best_photos<'a>(
    epoch: &'a Flown,
    surface: &EpochSurface,
    outline: &MultiPolygon<f64>,
) -> Vec<&'a Photo> {
    let Some((middle, epoch)) = outline.centroid().zip(epoch.photographed()) else { return Vec::new() };
    let height = surface.dsm.at(middle.x(), middle.y()).copied().filter(|height| height.is_finite());
    let frame = &epoch.block.frame;
    let height = height.map_or(frame.origin.height + epoch.block.ground_z(), f64::from);
    let place = frame.world_from_map(&MapPoint { east: middle.x(), north: middle.y(), height });
    let mut seen: Vec<(f64, &Photo)> = epoch
        .block
        .views
        .iter()
        .zip(epoch.placed_photos())
        .filter_map(|(view, photo)| {
            let camera = epoch.block.camera(view);
            let center = Vector2::new(f64::from(camera.width), f64::from(camera.height)) / 2.0;
            Some(((epoch.block.project(view, &place)? - center).norm(), photo))
        })
        .collect();
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    seen.into_iter().take(PHOTOS).map(|(_, photo)| photo).collect()
}
