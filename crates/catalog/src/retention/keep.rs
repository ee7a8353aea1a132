use chrono::{DateTime, NaiveTime, Utc};
use plumbline_case::{Lead, State};
use serde::{Deserialize, Serialize};

use super::{Grade, RetentionRules};

/// Why a thing is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// Its grade has not ended, or has no end.
    Grade {
        /// The grade.
        grade: Grade,
    },
    /// A lead cites it that is open or became a case.
    Cited {
        /// The lead: `PROJECT/ID`.
        lead: String,
    },
    /// A lead cited it and was closed; the months of its grade count from there.
    Closed {
        /// The lead: `PROJECT/ID`.
        lead: String,
    },
    /// Somebody holds it.
    Held {
        /// Number of the hold.
        hold: u64,
    },
    /// It is a pinned epoch or a photo of one, or shows the state before or after of an open lead.
    Baseline {
        /// The epoch.
        epoch: String,
    },
}

/// How long a thing is kept: the longest of all that speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// Until when; none for good, or until something changes.
    pub until: Option<DateTime<Utc>>,
    /// The reason that lasts longest.
    pub reason: Reason,
}

impl Keep {
    /// By the grade alone, from the end of capture.
    pub fn by_grade(rules: &RetentionRules, grade: Grade, captured: DateTime<Utc>) -> Self {
        Self { until: rules.end(grade, captured), reason: Reason::Grade { grade } }
    }

    /// The longer of two; of two without an end, this one.
    #[must_use]
    pub fn or_longer(self, other: Self) -> Self {
        match (self.until, other.until) {
            (None, _) => self,
            (_, None) => other,
            (Some(own), Some(others)) => {
                if others > own {
                    other
                } else {
                    self
                }
            }
        }
    }

    /// Without an end, for a reason.
    pub fn for_good(reason: Reason) -> Self {
        Self { until: None, reason }
    }

    /// Because a lead cites it: for good while the lead is open or a case, else from its closing.
    pub fn for_lead(rules: &RetentionRules, grade: Grade, project: &str, lead: &Lead) -> Self {
        let name = format!("{project}/{}", lead.id);
        let closed = lead.history.last().filter(|change| change.to == State::LeadClosed);
        match closed {
            Some(change) if !lead.state().holds_evidence() => {
                let on = change.on.and_time(NaiveTime::MIN).and_utc();
                Self { until: rules.end(grade, on), reason: Reason::Closed { lead: name } }
            }
            _ => Self::for_good(Reason::Cited { lead: name }),
        }
    }

    /// Whether it is over at a moment.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}
