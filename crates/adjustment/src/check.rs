use plumbline_scene::{GroundRole, PixelTrack};

use crate::control::LEAST_CONTROL;
use crate::{Error, Survey};

/// Photos without which nothing can be intersected.
const LEAST_PHOTOS: usize = 2;
/// Positions without which a block has no place in the world: two give it scale and heading, with attitudes.
const LEAST_POSITIONS: usize = 2;
/// Tracks without which two photos do not hold together.
const LEAST_TRACKS: usize = 20;

/// Refuses what cannot be adjusted, by name.
pub(crate) fn check(survey: &Survey) -> Result<(), Error> {
    let Survey { prior, tracks, ground, earlier } = *survey;
    let photos = prior.views.len();
    if photos < LEAST_PHOTOS {
        return Err(Error::TooFewPhotos { photos, needed: LEAST_PHOTOS });
    }
    let positioned = prior.views.iter().filter(|v| v.position.is_some()).count();
    let control = ground.iter().filter(|p| p.role == GroundRole::Control).count();
    if positioned < LEAST_POSITIONS && control < LEAST_CONTROL {
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
    let own = |t: &&PixelTrack| t.observations.iter().filter(|o| o.view_idx < photos).count() >= 2;
    let common = tracks.iter().filter(own).count();
    if common < LEAST_TRACKS {
        return Err(Error::NoOverlap { tracks: common, photos, needed: LEAST_TRACKS });
    }
    Ok(())
}
