/// What can go wrong with a dossier.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No Chinese font is installed.
    #[error(
        "no Chinese font on this machine: install one, such as Debian's fonts-wqy-microhei (any of {wanted})"
    )]
    NoFont {
        /// The fonts that were looked for.
        wanted: String,
    },
    /// A picture cannot be decoded.
    #[error("the evidence file {sha256} is damaged or no picture: run `plumbline verify`")]
    Picture {
        /// Digest of the file.
        sha256: String,
        /// What is wrong with it.
        #[source]
        source: image::ImageError,
    },
    /// The content cannot be written down for the typesetter.
    #[error("the content of lead {lead} cannot be written as JSON")]
    Content {
        /// The lead.
        lead: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The typesetter refused the document.
    #[error(
        "the dossier of lead {lead} cannot be set: {said}; this is a fault of the template, please report it"
    )]
    Typesetting {
        /// The lead.
        lead: String,
        /// What the typesetter said.
        said: String,
    },
}
