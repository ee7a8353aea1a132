use serde::{Deserialize, Serialize};

/// A sentence in the two languages of its readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A sentence and its translation.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// What is wrong with a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemKind {
    /// The file cannot be read from the disk.
    Unreadable,
    /// The file is no image.
    NotAnImage,
    /// The image stops before its end.
    Truncated,
    /// The image is damaged, too large or of a kind that cannot be decoded.
    Undecodable,
    /// The image comes from no camera: a screenshot or a drawing.
    NotAPhoto,
    /// No position.
    NoPosition,
    /// The same photo is there twice.
    Duplicate,
    /// Taken far from the rest of the flight.
    Elsewhere,
    /// Taken by another camera than the rest of the flight.
    OtherCamera,
    /// Out of focus or shaken.
    Blurred,
    /// Too dark or too bright.
    BadExposure,
    /// Overlaps too little with its neighbours.
    LowOverlap,
    /// A long pause: two flights in one folder, or photos missing.
    TimeGap,
    /// A folder inside the folder, which is not entered.
    FolderInside,
}

/// Something wrong, with the reason and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// File name.
    pub photo: String,
    /// What it is.
    pub kind: ProblemKind,
    /// Whether the photo is of no use and is left out of the flight.
    pub leave_out: bool,
    /// The reason; names the file.
    pub message: Text,
    /// What to do about it.
    pub remedy: Text,
}
