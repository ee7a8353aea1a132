use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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
    /// Where a photo shows the outline of the finding: rings of pixels, right and down from its upper left corner, to be drawn over the
    /// photo and never into it; empty for what is no photo.
    pub outline_px: Vec<Vec<[i32; 2]>>,
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
    /// An original as it came from the drone, by its bytes.
    pub fn original(what: What, file: PathBuf, bytes: &[u8], proves: &str) -> Self {
        Self {
            what,
            file,
            sha256: sha256(bytes),
            derived_from: Vec::new(),
            made_with: None,
            made_by: None,
            proves: proves.to_owned(),
            outline_px: Vec::new(),
            review_legal: None,
            review_technical: None,
        }
    }

    /// Names what a file was made from, by hash, and with which program.
    #[must_use]
    pub fn derived(mut self, from: Vec<String>, made_with: &str) -> Self {
        self.derived_from = from;
        self.made_with = Some(made_with.to_owned());
        self
    }

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

/// SHA-256 in lower-case hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(by: &str, passed: bool) -> Option<Review> {
        let on = NaiveDate::from_ymd_opt(2025, 6, 20)?;
        Some(Review { by: by.into(), on, passed, reason: String::new() })
    }

    #[test]
    fn nothing_is_evidence_before_both_reviews_by_others() {
        let mut picture = Evidence::original(What::SourcePhoto, "A.JPG".into(), b"abc", "新增建筑");
        picture.made_by = Some("甲".into());
        assert!(picture.require_reviewed().is_err());
        picture.review_legal = review("乙", true);
        assert!(picture.require_reviewed().is_err());
        picture.review_technical = review("甲", true);
        let message = picture.require_reviewed().unwrap_err().to_string();
        assert!(message.contains("A.JPG"), "{message}");
        picture.review_technical = review("丙", true);
        assert!(picture.require_reviewed().is_ok());
        picture.review_legal = review("乙", false);
        assert!(picture.require_reviewed().is_err());
    }

    #[test]
    fn files_are_known_by_their_sha_256() {
        let file = Evidence::original(What::Before, "b.png".into(), b"abc", "");
        assert_eq!(file.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
