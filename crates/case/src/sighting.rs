use chrono::NaiveDate;
use plumbline_finding::{Bilingual, Finding, Measure, Verdict};
use serde::{Deserialize, Serialize};

/// What one epoch says of one finding of a lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// Identifier of the finding.
    pub finding: String,
    /// The epoch.
    pub epoch: String,
    /// Day of the flight.
    pub on: NaiveDate,
    /// What it shows.
    pub saw: Saw,
}

/// What an epoch shows of something that was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "saw", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Saw {
    /// It was found there.
    Told {
        /// How sure that was.
        verdict: Verdict,
        /// What was measured.
        measure: Measure,
        /// Whether work was under way: it had grown since the earlier epoch, or an approved building was being built.
        growing: bool,
    },
    /// It stands as it did; its rule speaks only when something comes.
    Unchanged,
    /// The place was seen, something stands there, and the rule no longer speaks: a record has passed, a permit was granted, or
    /// the measured excess went below what is worth reporting.
    Lapsed,
    /// The place was seen and nothing stands there any more.
    Gone,
    /// The place was not covered, or what stands there could not be seen.
    Unseen,
}

impl Saw {
    /// What was seen, in a few words.
    pub fn text(self) -> Bilingual {
        match self {
            Self::Told { growing: true, .. } => Bilingual::new("发现，正在施工", "told, work under way"),
            Self::Told { .. } => Bilingual::new("发现", "told"),
            Self::Unchanged => Bilingual::new("仍在，无变化", "stands unchanged"),
            Self::Lapsed => Bilingual::new("已看到，该项不再提示", "seen, no longer told"),
            Self::Gone => Bilingual::new("已不存在", "gone"),
            Self::Unseen => Bilingual::new("本期未见", "not seen"),
        }
    }
}

impl Sighting {
    /// The epoch told a finding.
    pub(crate) fn telling(finding: &Finding, on: NaiveDate) -> Self {
        let Finding { verdict, measure, .. } = *finding;
        let saw = Saw::Told { verdict, measure, growing: is_growing(finding) };
        Self { finding: finding.id.clone(), epoch: finding.epoch.clone(), on, saw }
    }
}

/// Whether work was under way at the epoch of a finding: it was not there at the earlier epoch or had risen since, or it is of
/// an approved building that is being built.
fn is_growing(finding: &Finding) -> bool {
    let came = finding.last_seen_without.is_some();
    let is_built = matches!(finding.stage_lo, Some(stage) if stage.is_under_way());
    came || is_built
}
