/// What can go wrong when surfaces are compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Rasters of one epoch do not fit each other, or the epochs lie on different maps.
    #[error("epoch {epoch}: {what}; warp the rasters to one projected system and one grid first")]
    Grids {
        /// Id of the epoch.
        epoch: String,
        /// What does not fit.
        what: String,
    },
}
