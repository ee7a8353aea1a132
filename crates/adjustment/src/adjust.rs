use plumbline_scene::{Block, FlightPrior, PixelTrack};

use crate::{Error, Options, Report};

/// A flight placed in the world.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    /// The views that could be placed, in the order of the prior, with their tracks.
    pub block: Block,
    /// How it went.
    pub report: Report,
}

/// Places the photos of a flight.
///
/// In `tracks`, views below `prior.views.len()` are the flight's; the following ones are the views of `earlier`, which
/// stay where they are and tie the flight to the earlier epoch. Both live in the same survey frame.
pub fn adjust(
    prior: &FlightPrior,
    tracks: &[PixelTrack],
    earlier: Option<&Block>,
    options: &Options,
) -> Result<Adjustment, Error> {
    let _ = (tracks, earlier, options);
    Err(Error::TooFewPhotos { photos: prior.views.len(), needed: 2 })
}
