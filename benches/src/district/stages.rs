use std::fmt;

use plumbline_fixtures::{Construction, Stage};
use plumbline_stage::{Outcome, PhysicalStage, StageObservation};

use super::flown::Flown;
use super::truth::Truth;

/// Sigma up to which an interval should be a single stage, metres.
const SHARP_M: f64 = 0.15;

/// How well stages and storeys are told; a building on a date counts once.
#[derive(Debug, Clone, Default)]
pub struct Stages {
    /// Observations.
    pub all: usize,
    /// The true stage lies inside the interval.
    pub inside: usize,
    /// Storeys under way, sigma up to 0.15 m; and of them, intervals of a single stage.
    pub sharp: usize,
    pub single: usize,
    /// Storey counts given, and right.
    pub counted: usize,
    pub exact: usize,
    /// A line for each stage outside its interval and each wrong count.
    pub lines: Vec<String>,
}

impl Stages {
    /// Holds every observation against the truth.
    pub fn of(truth: &Truth, flown: &[Flown]) -> Self {
        let mut score = Self::default();
        for date in flown {
            for observed in &date.stages {
                if let Some(built) = truth.constructions().find(|b| b.building_no == observed.building_no) {
                    score.count(date.epoch_idx, built, observed);
                }
            }
        }
        score
    }

    fn count(&mut self, epoch_idx: usize, built: &Construction, observed: &StageObservation) {
        let stage = built.stages[epoch_idx];
        let (first, last) = true_stages(built, stage);
        let started = stage.storeys_started(built.built_storeys) as u32;
        let inside = observed.stage_lo <= last && first <= observed.stage_hi;
        let counted = observed.storeys_lo == observed.storeys_hi && observed.outcome == Outcome::Observed;
        let exact = counted && observed.storeys_lo == started;
        self.all += 1;
        self.inside += usize::from(inside);
        if matches!(stage, Stage::Columns(_) | Stage::Formwork(_)) && observed.u_deck_m <= SHARP_M {
            self.sharp += 1;
            self.single += usize::from(observed.is_single());
        }
        self.counted += usize::from(counted);
        self.exact += usize::from(exact);
        if !inside || (counted && !exact) {
            let deck_m = observed.deck.map_or(f64::NAN, |deck| deck.height_m);
            self.lines.push(format!(
                "stage {} date {epoch_idx}: true {stage:?} (deck {:.2} m), told {}..{}, storeys {}..{}, deck {deck_m:.2} m u {:.2}, share {:.2}",
                built.building_no,
                built.deck_m(stage).unwrap_or(f64::NAN),
                observed.stage_lo,
                observed.stage_hi,
                observed.storeys_lo,
                observed.storeys_hi,
                observed.u_deck_m,
                observed.deck.map_or(f64::NAN, |deck| deck.share),
            ));
        }
    }

    /// Share of the observations whose interval holds the true stage, 0 to 1.
    pub fn inside_share(&self) -> f64 {
        self.inside as f64 / self.all.max(1) as f64
    }

    /// Both seeds together.
    pub fn add(&mut self, other: Self) {
        self.all += other.all;
        self.inside += other.inside;
        self.sharp += other.sharp;
        self.single += other.single;
        self.counted += other.counted;
        self.exact += other.exact;
        self.lines.extend(other.lines);
    }
}

/// The stages that describe a building: bare soil of an opened site is untouched or prepared ground.
fn true_stages(built: &Construction, stage: Stage) -> (PhysicalStage, PhysicalStage) {
    let approved = built.storeys_m.len() as u32;
    let one = |stage| (stage, stage);
    match stage {
        Stage::Unstarted => (PhysicalStage::Unstarted, PhysicalStage::SitePrep),
        Stage::SetOut => one(PhysicalStage::SetOut),
        Stage::Foundation => one(PhysicalStage::Foundation),
        Stage::PlusMinusZero => one(PhysicalStage::PlusMinusZero),
        Stage::Columns(k) | Stage::Formwork(k) => one(PhysicalStage::of_started_storey(k as u32, approved)),
        Stage::ToppedOut if built.built_storeys > built.storeys_m.len() => one(PhysicalStage::Overbuilt),
        Stage::ToppedOut => one(PhysicalStage::ToppedOut),
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
        writeln!(
            f,
            "stages: {} observations, true stage inside the interval {:.1} %; storeys under way with sigma up to {SHARP_M} m: {}, single stage {:.1} %",
            self.all,
            percent(self.inside, self.all),
            self.sharp,
            percent(self.single, self.sharp)
        )?;
        writeln!(
            f,
            "storey counts: given {}, exact {:.1} %; abstained {:.1} %",
            self.counted,
            percent(self.exact, self.counted),
            percent(self.all - self.counted, self.all)
        )
    }
}
