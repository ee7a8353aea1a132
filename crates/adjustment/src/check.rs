use nalgebra::Vector3;
use plumbline_scene::{FlightPrior, PixelTrack};

use crate::network::median;
use crate::relative::{LEAST_POSITIONS, has_place};
use crate::{Error, Options, Survey};

/// Photos without which nothing can be intersected.
const LEAST_PHOTOS: usize = 2;
/// Tracks without which two photos do not hold together.
const LEAST_TRACKS: usize = 20;

/// Refuses what cannot be adjusted, by name.
pub(crate) fn check(survey: &Survey, options: &Options) -> Result<(), Error> {
    let Survey { prior, tracks, ground, earlier } = *survey;
    let photos = prior.views.len();
    if photos < LEAST_PHOTOS {
        return Err(Error::TooFewPhotos { photos, needed: LEAST_PHOTOS });
    }
    if earlier.is_some() && !has_place(survey) {
        let positioned = prior.views.iter().filter(|v| v.position.is_some()).count();
        return Err(Error::NotGeoreferenced { positioned, photos, needed: LEAST_POSITIONS });
    }
    if earlier.is_some_and(|earlier| earlier.frame != prior.frame) {
        return Err(Error::OtherFrame);
    }
    let views = photos + earlier.map_or(0, |earlier| earlier.views.len());
    for (track_idx, track) in tracks.iter().enumerate() {
        if let Some(seen) = track.observations.iter().find(|o| o.view_idx >= views) {
            return Err(Error::NoSuchView { track_idx, view_idx: seen.view_idx, views });
        }
    }
    for point in ground {
        if let Some(seen) = point.marks.iter().find(|o| o.view_idx >= photos) {
            return Err(Error::NoSuchMark {
                name: point.name.clone(),
                view_idx: seen.view_idx,
                views: photos,
            });
        }
    }
    if let Some((extent_m, height_m)) = hovering(prior, options) {
        return Err(Error::Hovering { extent_m, height_m });
    }
    let own = |t: &&PixelTrack| t.observations.iter().filter(|o| o.view_idx < photos).count() >= 2;
    let common = tracks.iter().filter(own).count();
    if common < LEAST_TRACKS {
        return Err(Error::NoOverlap { tracks: common, photos, needed: LEAST_TRACKS });
    }
    Ok(())
}

/// Distance between the outermost positions and height above the ground, metres, of a flight whose photos were all taken from so
/// nearly one place that no two see the ground under a sufficient angle.
fn hovering(prior: &FlightPrior, options: &Options) -> Option<(f64, f64)> {
    let positions: Vec<Vector3<f64>> = prior.views.iter().filter_map(|view| view.position).collect();
    if positions.len() < prior.views.len() {
        return None;
    }
    let height_m = median(positions.iter().map(|p| p.z).collect()) - prior.ground_z?;
    let ends = |axis: usize| {
        let along = positions.iter().map(|p| p[axis]);
        along.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let extent_m =
        [0, 1, 2].map(|axis| ends(axis).1 - ends(axis).0).into_iter().map(|d| d * d).sum::<f64>().sqrt();
    (extent_m < options.min_angle.tan() * height_m).then_some((extent_m, height_m))
}
