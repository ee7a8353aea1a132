/// Why a minimisation has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A direction of the parameters is not measured by anything.
    #[error("the normal equations of {unknowns} unknowns are singular; add observations or priors")]
    Singular {
        /// Size of the reduced system.
        unknowns: usize,
    },
    /// The start is so far off that its cost is not a number.
    #[error("the cost of the start is not finite; start from where every residual is defined")]
    StartNotFinite,
}
