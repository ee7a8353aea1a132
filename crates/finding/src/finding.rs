use std::fmt;

use chrono::NaiveDate;
use geo::MultiPolygon;
use plumbline_stage::PhysicalStage;
use serde::{Deserialize, Serialize};

use crate::{Kind, Statute, Verdict};

/// One observation that does not fit one rule, with how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The same for the same thing at every run: kind, and building number or place to 10 m.
    pub id: String,
    /// What differs.
    pub kind: Kind,
    /// How sure it is.
    pub verdict: Verdict,
    /// The quantity behind the verdict.
    pub measure: Measure,
    /// Number of the building in the plan, where one is concerned.
    pub building_no: Option<String>,
    /// Least construction stage seen.
    pub stage_lo: Option<PhysicalStage>,
    /// Greatest construction stage seen.
    pub stage_hi: Option<PhysicalStage>,
    /// Least and greatest number of storeys started.
    pub storeys: Option<(u32, u32)>,
    /// Where, on the map of the survey (east, north).
    pub outline: MultiPolygon<f64>,
    /// The epoch that shows it.
    pub epoch: String,
    /// The epoch it was compared with.
    pub earlier_epoch: Option<String>,
    /// Date of the last epoch that shows the place without it.
    pub last_seen_without: Option<NaiveDate>,
    /// Date of the first epoch that shows it.
    pub first_seen_with: NaiveDate,
    /// Version of the plan it was held against.
    pub plan_version: Option<String>,
    /// The provisions that the jurisdiction pack names for this kind.
    pub statutes: Vec<Statute>,
    /// One or two sentences for the inspector, with the measured values.
    pub explanation: Bilingual,
    /// What to look at first.
    pub priority: Priority,
}

/// A measured quantity beside its limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured.
    pub measured: f64,
    /// Combined standard uncertainty.
    pub sigma: f64,
    /// What the plan or the pack allows.
    pub limit: f64,
    /// Unit of the three.
    pub unit: Unit,
}

/// Unit of a [`Measure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Unit {
    /// Metres.
    Metre,
    /// Square metres.
    SquareMetre,
    /// Storeys.
    Storey,
    /// Days.
    Day,
}

/// The same text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// A text from its two versions.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// What a building is called in a sentence.
    pub(crate) fn building(no: &str) -> Self {
        let zh = if no.contains(['楼', '幢', '栋']) { no.to_owned() } else { format!("{no}号楼") };
        Self { zh, en: format!("building {no}") }
    }

    /// The English text with a capital, to begin a sentence.
    pub(crate) fn sentence_en(&self) -> String {
        let mut letters = self.en.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

/// What to look at first: building under way can still be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// For the record.
    Info,
    /// Finished, or doubtful.
    Low,
    /// A procedure or a size.
    Mid,
    /// Grave, or under way.
    High,
}

impl Unit {
    /// A value with the decimals that its unit deserves; a dash where nothing was measured.
    pub fn figure(self, value: f64) -> String {
        let decimals = match self {
            Self::Metre => 2,
            Self::SquareMetre | Self::Storey => 1,
            Self::Day => 0,
        };
        if value.is_finite() { format!("{value:.decimals$}") } else { "–".to_owned() }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Metre => "m",
            Self::SquareMetre => "m²",
            Self::Storey => "storeys",
            Self::Day => "days",
        })
    }
}
