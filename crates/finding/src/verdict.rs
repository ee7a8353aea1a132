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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Verdict::{self, ConfirmedExceed, InconclusiveNeedsSurvey, Within};

    const GUARD: f64 = 1.645;

    #[test]
    fn the_guard_band_decides_between_three_verdicts() {
        let rows = [
            (1.40, 0.05, 0.20, ConfirmedExceed),
            (0.379, 0.05, 0.20, InconclusiveNeedsSurvey),
            (0.380, 0.05, 0.20, ConfirmedExceed),
            (0.00, 0.05, 0.20, InconclusiveNeedsSurvey),
            (0.10, 0.50, 0.20, Within),
            (0.05, 0.05, 0.00, Within),
            (0.06, 0.05, 0.00, ConfirmedExceed),
            (0.30, 0.05, f64::INFINITY, InconclusiveNeedsSurvey),
        ];
        for (d, t, u, verdict) in rows {
            assert_eq!(Verdict::guarded(d, t, u, GUARD), verdict, "d {d}, T {t}, u {u}");
        }
    }

    proptest! {
        #[test]
        fn more_uncertainty_never_decides(d in -5.0..5.0, t in 0.0..2.0, u in 0.0..2.0, more in 0.0..2.0) {
            let sure = Verdict::guarded(d, t, u, GUARD);
            let unsure = Verdict::guarded(d, t, u + more, GUARD);
            prop_assert!(unsure == sure || unsure == InconclusiveNeedsSurvey);
        }

        #[test]
        fn a_larger_excess_never_softens_the_verdict(d in -5.0..5.0, t in 0.0..2.0, u in 0.0..2.0, more in 0.0..2.0) {
            prop_assert!(Verdict::guarded(d, t, u, GUARD) <= Verdict::guarded(d + more, t, u, GUARD));
        }

        #[test]
        fn a_looser_tolerance_never_hardens_the_verdict(d in -5.0..5.0, t in 0.0..2.0, u in 0.0..2.0, more in 0.0..2.0) {
            prop_assert!(Verdict::guarded(d, t + more, u, GUARD) <= Verdict::guarded(d, t, u, GUARD));
        }
    }
}
