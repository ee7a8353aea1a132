use plumbline_scene::PhotosError;

/// What can go wrong with an orthophoto.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A photo could not be decoded.
    #[error(transparent)]
    Photo(#[from] PhotosError),
    /// More photos than the source raster can number.
    #[error("{views} photos are more than an orthophoto can name the sources of ({limit}): split the flight")]
    TooManyViews {
        /// Views of the block.
        views: usize,
        /// What the source raster holds.
        limit: usize,
    },
    /// The DSM lies on another map than the block.
    #[error("the DSM is on {dsm} but the photos are placed on {block}: compute both in one system")]
    OtherMap {
        /// Map of the DSM.
        dsm: String,
        /// Map of the block.
        block: String,
    },
}
