use plumbline_scene::PhotosError;

/// Why a surface cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A photo of the block went missing or broke.
    #[error(transparent)]
    Photo(#[from] PhotosError),
    /// Too few photos to see any ground from three sides.
    #[error("{views} placed photos cannot make a surface: at least {needed} that overlap are needed")]
    TooFewViews {
        /// Photos of the block.
        views: usize,
        /// Photos that must see a cell.
        needed: usize,
    },
    /// Without sparse points nobody knows where the ground is.
    #[error("the block has no sparse points, so the height of the ground is unknown: adjust it with tracks")]
    NoTracks,
    /// No patch of ground is seen by enough photos.
    #[error("no ground is seen by {needed} photos: fly with more overlap (80 % along, 70 % across the line)")]
    NoOverlap {
        /// Photos that must see a cell.
        needed: usize,
    },
    /// A cell size that makes no sense.
    #[error("cells of {cell_m} m cannot be matched with pixels of {gsd_m} m: use two to ten pixels a cell")]
    UnusableCell {
        /// Side of a cell, metres.
        cell_m: f64,
        /// Size of a pixel on the ground, metres.
        gsd_m: f64,
    },
    /// A photo that is not as large as its camera says.
    #[error(
        "photo {name} has {found:?} pixels where its camera says {expected:?}: was it edited or rotated?"
    )]
    PhotoSize {
        /// File name.
        name: String,
        /// Width and height of the photo.
        found: (u32, u32),
        /// Width and height of the camera.
        expected: (u32, u32),
    },
}
