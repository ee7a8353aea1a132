use chrono::{DateTime, Utc};
use plumbline_case::{Evidence, Review};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Act, Catalog, Document, Writing};
use crate::Error;

/// Sort of the documents.
const KIND: &str = "review";

/// What a review of a piece of evidence looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReviewKind {
    /// Whether it was lawfully made (法制审核).
    Legal,
    /// Whether it is true, clear, whole and exact (技术审核).
    Technical,
}

/// A review as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFile {
    /// The piece of evidence.
    pub sha256: String,
    /// What was looked at.
    pub kind: ReviewKind,
    /// Who; neither who made or filed it nor who did the other review.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it passed.
    pub passed: bool,
    /// Why.
    pub reason: String,
}

impl ReviewKind {
    fn code(self) -> &'static str {
        match self {
            Self::Legal => "LEGAL",
            Self::Technical => "TECHNICAL",
        }
    }
}

impl Catalog {
    /// Keeps a review of a piece of evidence. The reviewer is never its maker, and the two reviews are by two people.
    pub async fn review_evidence(
        &self,
        act: &Act<'_>,
        sha256: &str,
        kind: ReviewKind,
        passed: bool,
        reason: &str,
    ) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        let file = self.require_file(sha256).await?;
        let reviews = self.reviews(sha256).await?;
        let other = reviews.iter().any(|review| review.kind != kind && review.by == act.by);
        if other || file.made_by.as_deref() == Some(act.by) || file.filed_by == act.by {
            return Err(Error::SamePerson { what: "a piece of evidence", by: act.by.to_owned() });
        }
        let review = ReviewFile {
            sha256: sha256.to_owned(),
            kind,
            by: act.by.to_owned(),
            at: act.at,
            passed,
            reason: reason.to_owned(),
        };
        let about = format!("file:{sha256}");
        let document = Document::new(KIND, format!("{sha256}/{}", kind.code()), &about, &review)?;
        writing.put("REVIEWED", &document, json!({ "about": about, "passed": passed, "kind": kind })).await?;
        let passed = |wanted| {
            let all = reviews.iter().filter(|old| old.kind != kind).chain([&review]);
            all.into_iter().any(|review| review.kind == wanted && review.passed)
        };
        let reviewed = passed(ReviewKind::Legal) && passed(ReviewKind::Technical);
        for mut item in self.items_of_file(sha256, "evidence").await? {
            item["properties"]["plumbline:reviewed"] = json!(reviewed);
            writing.put_item("REVIEWED", &item, json!({})).await?;
        }
        writing.commit().await
    }

    /// The reviews of a piece of evidence: none, one or both.
    pub async fn reviews(&self, sha256: &str) -> Result<Vec<ReviewFile>, Error> {
        self.documents(KIND, Some(&format!("file:{sha256}"))).await
    }
}

/// Writes reviews into a piece of evidence.
pub(super) fn reviewed(evidence: &mut Evidence, reviews: &[ReviewFile]) {
    for file in reviews {
        let review = Review {
            by: file.by.clone(),
            on: file.at.date_naive(),
            passed: file.passed,
            reason: file.reason.clone(),
        };
        match file.kind {
            ReviewKind::Legal => evidence.review_legal = Some(review),
            ReviewKind::Technical => evidence.review_technical = Some(review),
        }
    }
}
