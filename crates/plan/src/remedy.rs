//! What a message tells a person to do.

use std::path::Path;

use crate::proposal::{Evidence, proposals};
use crate::read::corners;
use crate::sheet::Sheet;
use crate::{Error, Proposal, Reading, Survey};

impl Error {
    /// A file that is of no use as it is.
    pub(crate) fn unusable(path: &Path, what: impl Into<String>, remedy: &'static str) -> Self {
        Self::Unusable { path: path.to_owned(), what: what.into(), remedy }
    }

    /// The same error with what fits instead, where it is one of coordinates.
    #[must_use]
    pub(crate) fn with_remedy(mut self, fits: impl FnOnce() -> String) -> Self {
        match &mut self {
            Self::Implausible { remedy, .. }
            | Self::FarFromSurvey { remedy, .. }
            | Self::NoAxes { remedy, .. }
            | Self::NoCrs { remedy, .. }
                if remedy.is_empty() =>
            {
                *remedy = fits();
            }
            _ => {}
        }
        self
    }
}

/// What a person may declare instead, in words.
pub(crate) fn remedy(reading: &Reading, sheets: &[Sheet<'_>], survey: &Survey<'_>) -> String {
    let corners = corners(sheets);
    let found = proposals(&Evidence { corners: &corners, known: &[], reading }, survey);
    if found.is_empty() {
        return "no national system explains the numbers: if it is a local grid, give its transform, or register it on \
                control points or outlines"
            .to_owned();
    }
    let lines: Vec<String> = found.iter().take(3).map(Proposal::line).collect();
    format!("find out what it is drawn in, then declare it; {}", lines.join("; "))
}
