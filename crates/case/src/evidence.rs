use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Error;

/// A file that shows something, by reference and hash; the file itself is never altered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it shows.
    pub what: What,
    /// Where it lies, relative to the run.
    pub file: PathBuf,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-256 of what it was made from; empty for an original.
    pub derived_from: Vec<String>,
    /// The program that made it, with its version; none for an original.
    pub made_with: Option<String>,
    /// Who is answerable for making it (制作人), as far as known.
    pub made_by: Option<String>,
    /// What it is to prove (证明对象), in Chinese.
    pub proves: String,
    /// Review of whether it was lawfully made (法制审核).
    pub review_legal: Option<Review>,
    /// Review of whether it is true, clear, whole and exact (技术审核).
    pub review_technical: Option<Review>,
}

/// What a piece of evidence shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum What {
    /// The place before, from the orthophoto.
    Before,
    /// The place after, from the orthophoto.
    After,
    /// The place after with the outlines of plan and finding drawn over a copy.
    PlanOverlay,
    /// A photo as the drone took it.
    SourcePhoto,
}

/// One review of a piece of evidence, by a person who did not make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Reviewer.
    pub by: String,
    /// Date.
    pub on: NaiveDate,
    /// Whether it passed.
    pub passed: bool,
    /// Why.
    pub reason: String,
}

impl Evidence {
    /// Fails unless both reviews have passed by someone other than the maker: a machine's record that nobody
    /// reviewed is no evidence (行政处罚法 41).
    pub fn require_reviewed(&self) -> Result<(), Error> {
        let passed = |review: &Option<Review>| {
            review.as_ref().is_some_and(|r| r.passed && Some(&r.by) != self.made_by.as_ref())
        };
        if passed(&self.review_legal) && passed(&self.review_technical) {
            Ok(())
        } else {
            Err(Error::NotReviewed { file: self.file.clone() })
        }
    }
}
