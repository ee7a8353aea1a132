use plumbline_scene::{Block, FlightPrior, GroundPoint, PixelTrack};

/// All that is known of a flight before it is adjusted, in one survey frame.
#[derive(Debug, Clone, Copy)]
pub struct Survey<'a> {
    /// What its photos say of themselves.
    pub prior: &'a FlightPrior,
    /// Pixels that matching holds to be one point. Views below `prior.views.len()` are the flight's; the following ones
    /// are the views of `earlier`.
    pub tracks: &'a [PixelTrack],
    /// Surveyed points of the ground; may be empty.
    pub ground: &'a [GroundPoint],
    /// An earlier epoch, whose views stay where they are and tie the flight to it.
    pub earlier: Option<&'a Block>,
}
