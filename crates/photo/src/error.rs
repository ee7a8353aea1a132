use std::path::PathBuf;

/// What can go wrong with a photo or its sidecar.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot read {path}: check the card or the disk and copy the file again")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The bytes are of no image format that is read here.
    #[error(
        "{path} is not a JPEG, PNG or TIFF image whatever its name says: remove it or copy the original again"
    )]
    NotAnImage {
        /// The file.
        path: PathBuf,
    },
    /// The image data stops before the end of the image.
    #[error("{path} is cut off after {bytes} bytes: copy it from the card again, or leave it out")]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Size of the file.
        bytes: u64,
    },
    /// The file or the image in it is larger than any camera makes.
    #[error("{path} is too large ({size}, at most {limit}): it is no drone photo; leave it out")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What it measures.
        size: String,
        /// What is allowed.
        limit: String,
    },
    /// The header does not say how large the image is.
    #[error("{path} does not say how large its image is: copy the original again")]
    NoSize {
        /// The file.
        path: PathBuf,
    },
    /// The decoder gave up.
    #[error("{path} cannot be decoded: copy it from the card again, or leave it out")]
    Decode {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        #[source]
        source: image::ImageError,
    },
    /// The decoder broke down on this file.
    #[error("{path} broke the image decoder ({message}): leave it out, and please report it with the file")]
    DecoderPanic {
        /// The file.
        path: PathBuf,
        /// What the decoder said last.
        message: String,
    },
    /// A line of an exposure-event file could not be understood.
    #[error("{path} line {line} is not an exposure event ({text:?}): copy the .MRK file from the card again")]
    Mrk {
        /// The file.
        path: PathBuf,
        /// Line number from 1.
        line: usize,
        /// The line.
        text: String,
    },
}
