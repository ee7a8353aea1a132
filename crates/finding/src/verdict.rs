use std::fmt;

use serde::{Deserialize, Serialize};

/// How sure a finding is. There is no verdict that says a building is as approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Not beyond the limit, even with the guard band against it.
    Within,
    /// Built ahead while an application is being handled.
    Suspected,
    /// The survey cannot decide; an instrument survey can.
    InconclusiveNeedsSurvey,
    /// Beyond the limit with the guard band taken off.
    ConfirmedExceed,
}

impl Verdict {
    /// The guard-band rule (JCGM 106:2012, guarded acceptance and rejection).
    ///
    /// `exceedance` is what was measured beyond the approved value, `tolerance` what the pack forgives, `u` the
    /// combined standard uncertainty, `guard` its factor: 1.645 for 95 % on one side.
    pub fn guarded(exceedance: f64, tolerance: f64, u: f64, guard: f64) -> Self {
        if exceedance - guard * u > tolerance {
            Self::ConfirmedExceed
        } else if exceedance + guard * u <= tolerance {
            Self::Within
        } else {
            Self::InconclusiveNeedsSurvey
        }
    }

    /// The verdict with the certainty taken off, for surveys that may not confirm.
    #[must_use]
    pub fn at_best_inconclusive(self) -> Self {
        self.min(Self::InconclusiveNeedsSurvey)
    }

    /// Code in capitals, as in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Within => "WITHIN",
            Self::Suspected => "SUSPECTED",
            Self::InconclusiveNeedsSurvey => "INCONCLUSIVE_NEEDS_SURVEY",
            Self::ConfirmedExceed => "CONFIRMED_EXCEED",
        }
    }

    /// Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Within => "未超限",
            Self::Suspected => "疑似",
            Self::InconclusiveNeedsSurvey => "待实测",
            Self::ConfirmedExceed => "确认超限",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
