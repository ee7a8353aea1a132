use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a lead or case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Registered by the software or a report.
    Lead,
    /// An officer is looking into it.
    Verifying,
    /// Not filed, with a reason.
    LeadClosed,
    /// Handed to another agency.
    Transferred,
    /// A draft filing form waits for the agency's approval. As far as the software goes.
    PendingFiling,
    /// Filed: an act of the agency.
    Filed,
    /// Evidence is being taken.
    Investigating,
    /// The investigation has ended and is being reviewed.
    Review,
    /// Legal review.
    LegalReview,
    /// The party has been told what is intended.
    Notified,
    /// A hearing is held.
    Hearing,
    /// Collective discussion.
    CollectiveDiscussion,
    /// Decided.
    Decided,
    /// The decision has been served.
    Served,
    /// The party performs.
    Performing,
    /// Urged to perform.
    Urged,
    /// Publicly announced.
    Announced,
    /// Enforced.
    Enforcing,
    /// Closing waits for approval.
    PendingClose,
    /// Closed.
    Closed,
    /// In the archive.
    Archived,
    /// Paused.
    Suspended,
    /// Ended before a decision.
    Terminated,
    /// Withdrawn.
    Withdrawn,
    /// Under administrative reconsideration.
    UnderReconsideration,
    /// Before the court.
    UnderLitigation,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 26] = [
        Self::Lead,
        Self::Verifying,
        Self::LeadClosed,
        Self::Transferred,
        Self::PendingFiling,
        Self::Filed,
        Self::Investigating,
        Self::Review,
        Self::LegalReview,
        Self::Notified,
        Self::Hearing,
        Self::CollectiveDiscussion,
        Self::Decided,
        Self::Served,
        Self::Performing,
        Self::Urged,
        Self::Announced,
        Self::Enforcing,
        Self::PendingClose,
        Self::Closed,
        Self::Archived,
        Self::Suspended,
        Self::Terminated,
        Self::Withdrawn,
        Self::UnderReconsideration,
        Self::UnderLitigation,
    ];

    /// Code in capitals and Chinese name.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Lead => ("LEAD", "线索登记"),
            Self::Verifying => ("VERIFYING", "核查"),
            Self::LeadClosed => ("LEAD_CLOSED", "不予立案"),
            Self::Transferred => ("TRANSFERRED", "移送"),
            Self::PendingFiling => ("PENDING_FILING", "立案审批"),
            Self::Filed => ("FILED", "立案"),
            Self::Investigating => ("INVESTIGATING", "调查取证"),
            Self::Review => ("REVIEW", "案件管理中心审核"),
            Self::LegalReview => ("LEGAL_REVIEW", "法制审核"),
            Self::Notified => ("NOTIFIED", "事先告知"),
            Self::Hearing => ("HEARING", "听证"),
            Self::CollectiveDiscussion => ("COLLECTIVE_DISCUSSION", "集体讨论"),
            Self::Decided => ("DECIDED", "决定"),
            Self::Served => ("SERVED", "送达"),
            Self::Performing => ("PERFORMING", "履行"),
            Self::Urged => ("URGED", "催告"),
            Self::Announced => ("ANNOUNCED", "公告"),
            Self::Enforcing => ("ENFORCING", "强制执行"),
            Self::PendingClose => ("PENDING_CLOSE", "结案审批"),
            Self::Closed => ("CLOSED", "结案"),
            Self::Archived => ("ARCHIVED", "归档"),
            Self::Suspended => ("SUSPENDED", "中止"),
            Self::Terminated => ("TERMINATED", "终止"),
            Self::Withdrawn => ("WITHDRAWN", "撤案"),
            Self::UnderReconsideration => ("UNDER_RECONSIDERATION", "行政复议"),
            Self::UnderLitigation => ("UNDER_LITIGATION", "行政诉讼"),
        }
    }

    /// Code in capitals, as in files.
    pub fn code(self) -> &'static str {
        self.names().0
    }

    /// Chinese name.
    pub fn zh(self) -> &'static str {
        self.names().1
    }

    /// Whether photos that the case cites may not be cleaned away.
    pub fn holds_evidence(self) -> bool {
        !matches!(self, Self::LeadClosed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
