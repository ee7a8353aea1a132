use plumbline_finding::{EpochRef, Finding};
use serde::{Deserialize, Serialize};

use crate::Sight;

/// One epoch, judged (一期巡查): what it found, and what it shows of every other place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// The epoch.
    pub epoch: EpochRef,
    /// The epoch that it was compared with.
    pub earlier: Option<EpochRef>,
    /// What does not fit the plan.
    pub findings: Vec<Finding>,
    /// What it shows.
    pub sight: Sight,
}
