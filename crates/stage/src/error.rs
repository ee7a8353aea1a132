/// What can go wrong when stages are read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A stage name that is not one of this crate.
    #[error(
        "unknown construction stage {text:?}: known are UNSTARTED, SITE_PREP, SET_OUT, FOUNDATION, \
         PLUS_MINUS_ZERO, FIRST_STOREY, TYPICAL_STOREY(k), TOPPED_OUT, FACADE, COMPLETED and OVERBUILT"
    )]
    UnknownStage {
        /// What was given.
        text: String,
    },
}
