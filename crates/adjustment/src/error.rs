/// Why a flight could not be adjusted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing to intersect.
    #[error(
        "{photos} photo(s) cannot be adjusted: at least {needed} that overlap are needed; fly with 80 % overlap"
    )]
    TooFewPhotos {
        /// Photos given.
        photos: usize,
        /// Photos needed.
        needed: usize,
    },
    /// No position at all, where an earlier epoch waits to be compared.
    #[error(
        "not georeferenced: {positioned} of {photos} photos carry a position and at least {needed} must to find the earlier epoch; \
         supply positions (EXIF GPS, .mrk) or ground control"
    )]
    NotGeoreferenced {
        /// Photos with a position.
        positioned: usize,
        /// Photos given.
        photos: usize,
        /// Photos that need one.
        needed: usize,
    },
    /// The photos do not see common ground.
    #[error(
        "the photos do not overlap: {tracks} point(s) seen by at least two of {photos} photos, {needed} are needed; \
         check that they are of one place and fly with 80 % overlap"
    )]
    NoOverlap {
        /// Usable tracks.
        tracks: usize,
        /// Photos given.
        photos: usize,
        /// Tracks needed.
        needed: usize,
    },
    /// The photos' matches contradict one another or their positions.
    #[error(
        "the photos could not be placed: {placed} of {photos} fit together; \
         check the focal length ({focal_px:.0} px) and that the positions belong to these photos"
    )]
    NotPlaced {
        /// Photos that fit together.
        placed: usize,
        /// Photos given.
        photos: usize,
        /// Focal length assumed, pixels.
        focal_px: f64,
    },
    /// The control points do not say together where the block lies.
    #[error(
        "only {agreeing} of {given} control points agree and {needed} must; {detail}. \
         Mend them, or leave the control points out to rely on GNSS"
    )]
    ControlContradicts {
        /// Control points that agree with one another.
        agreeing: usize,
        /// Control points given.
        given: usize,
        /// Control points that must agree.
        needed: usize,
        /// The points that do not, with what seems wrong.
        detail: String,
    },
    /// A mark of a surveyed point names a photo that does not exist.
    #[error("ground point {name} is marked in view {view_idx}, but the flight has {views} views")]
    NoSuchMark {
        /// Offending point.
        name: String,
        /// Offending view.
        view_idx: usize,
        /// Views of the flight.
        views: usize,
    },
    /// The photos and their positions agree only as mirror images.
    #[error(
        "{photos} photos fit together and onto their positions only upside down, as a mirror image does: were the files \
         mirrored, latitude and longitude swapped, or do all positions lie on one line?"
    )]
    Mirrored {
        /// Photos that fit together.
        photos: usize,
    },
    /// The photos fit together, but not onto their positions.
    #[error(
        "{photos} photos fit together but lie {off_m:.0} m off their positions: are these the positions of this flight, with \
         latitude and longitude in order? If so, do the gimbal angles say where the photos look?"
    )]
    ContradictsPositions {
        /// Photos that fit together.
        photos: usize,
        /// Median distance from their positions, metres.
        off_m: f64,
    },
    /// Nothing is seen from two directions.
    #[error(
        "no baseline: {points} point(s) are seen from two directions, which tells no depth; fly on between photos, and \
         check that the photos are not copies of one"
    )]
    NoBaseline {
        /// Points seen under a sufficient angle.
        points: usize,
    },
    /// All photos were taken from one place.
    #[error(
        "no baseline: all photos were taken within {extent_m:.1} m of one another, {height_m:.0} m above the ground, which tells \
         no depth; fly on between photos"
    )]
    Hovering {
        /// Distance between the outermost positions, metres.
        extent_m: f64,
        /// Height above the ground, metres.
        height_m: f64,
    },
    /// An index points past the end of its list.
    #[error(
        "track {track_idx} names view {view_idx} but there are {views} views in this flight and the earlier one"
    )]
    NoSuchView {
        /// Offending track.
        track_idx: usize,
        /// Offending view.
        view_idx: usize,
        /// Views known.
        views: usize,
    },
    /// Ties were given in another world.
    #[error(
        "the earlier block lies in another survey frame; build this flight's frame from the earlier block's"
    )]
    OtherFrame,
    /// The equations have no unique solution.
    #[error("the adjustment is not determined: {0}")]
    Undetermined(#[from] plumbline_optim::Error),
}
