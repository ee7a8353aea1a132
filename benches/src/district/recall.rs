use std::collections::BTreeMap;
use std::fmt;

use geo::Area;
use plumbline_finding::Kind;

use super::flown::Flown;
use super::place::{middle, same_place};
use super::truth::{Seeded, Truth};

/// How many seeded mismatches were told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told {
    /// How many there are.
    pub seeded: usize,
    /// Told with their kind on some date.
    pub told: usize,
    /// Told on the first date that shows them.
    pub at_once: usize,
    /// Told as another kind alone.
    pub otherwise: usize,
}

/// Seeded mismatches by kind, and which were missed.
#[derive(Debug, Clone, Default)]
pub struct Recall {
    /// By kind.
    pub kinds: BTreeMap<Kind, Told>,
    /// New structures of 10 m2 and more, as whatever kind they were told.
    pub new_structures: Told,
    /// A line for each mismatch that was missed.
    pub misses: Vec<String>,
}

impl Told {
    /// Share that was told, 0 to 1.
    pub fn share(&self) -> f64 {
        self.told as f64 / self.seeded.max(1) as f64
    }

    /// Both counts together.
    pub fn add(&mut self, other: &Self) {
        self.seeded += other.seeded;
        self.told += other.told;
        self.at_once += other.at_once;
        self.otherwise += other.otherwise;
    }
}

impl Recall {
    /// Looks every mismatch up among what was found.
    pub fn of(truth: &Truth, flown: &[Flown]) -> Self {
        let mut recall = Self::default();
        for seeded in &truth.seeded {
            let one = told(seeded, flown);
            recall.kinds.entry(seeded.kind).or_default().add(&one);
            if seeded.is_new_structure() {
                let any = Told { told: one.told.max(one.otherwise), ..one };
                recall.new_structures.add(&any);
            }
            if one.told == 0 {
                recall.misses.push(miss(truth, seeded, flown));
            }
        }
        recall
    }

    /// All kinds together.
    pub fn all(&self) -> Told {
        self.kinds.values().fold(Told::default(), |mut sum, told| {
            sum.add(told);
            sum
        })
    }

    /// Both seeds together.
    pub fn add(&mut self, other: Self) {
        other.kinds.iter().for_each(|(kind, told)| self.kinds.entry(*kind).or_default().add(told));
        self.new_structures.add(&other.new_structures);
        self.misses.extend(other.misses);
    }
}

fn told(seeded: &Seeded, flown: &[Flown]) -> Told {
    let by = |date: &&Flown| date.findings.iter().any(|f| seeded.is_told_by(f, date.epoch_idx));
    let mut dates = flown.iter().filter(by).map(|date| date.epoch_idx);
    let first = dates.by_ref().min();
    let otherwise = || {
        let later = flown.iter().filter(|date| date.epoch_idx >= seeded.epoch_idx);
        later.flat_map(|date| &date.findings).any(|finding| seeded.is_about(finding))
    };
    Told {
        seeded: 1,
        told: usize::from(first.is_some()),
        at_once: usize::from(first == Some(seeded.epoch_idx)),
        otherwise: usize::from(first.is_none() && otherwise()),
    }
}

/// What was missed, what is true of it, and what was measured there.
fn miss(truth: &Truth, seeded: &Seeded, flown: &[Flown]) -> String {
    let (east, north) = middle(&seeded.outline);
    let date = &truth.town.epochs[seeded.epoch_idx].id;
    let area_m2 = seeded.outline.unsigned_area();
    let mut measured: Vec<String> = Vec::new();
    for date in flown.iter().filter(|date| date.epoch_idx >= seeded.epoch_idx) {
        measured.extend(date.at(&seeded.subject, &seeded.outline));
    }
    format!(
        "missed {} {} at {east:.1} {north:.1} from {date}: {} {area_m2:.1} m2; measured: {}",
        seeded.kind,
        seeded.subject,
        truth.described(seeded),
        measured.join(" | ")
    )
}

impl Truth<'_> {
    /// The true quantities behind a mismatch.
    pub fn described(&self, seeded: &Seeded) -> String {
        if let Some(b) = self.constructions().find(|b| b.building_no == seeded.subject) {
            let shift = b.built.center - b.approved.center;
            let grown = 2.0 * (b.built.half - b.approved.half).max();
            let storeys = b.storeys_m.len();
            return format!(
                "grown {grown:.2} m, shifted {:.2} m, {} storeys of {storeys}, top {:+.2} m, scaffold {}, {:?}, passed {:?}",
                if grown > 0.0 { 0.0 } else { shift.norm() },
                b.built_storeys,
                b.top_raised_m,
                b.scaffold,
                b.stages.last(),
                b.passed.last(),
            );
        }
        let here = |outline| same_place(&super::place::on_map(&self.frame, outline), &seeded.outline);
        let shed = self.town.unapproved.iter().find(|one| here(&one.outline));
        shed.map_or_else(String::new, |shed| format!("{:.2} m high,", shed.height_m))
    }
}

impl Flown {
    /// What was measured of a building or at a place, and what was made of it.
    fn at(&self, building_no: &str, outline: &geo::MultiPolygon<f64>) -> Vec<String> {
        let i = self.epoch_idx;
        let mut said = Vec::new();
        if let Some(s) = self.stages.iter().find(|s| s.building_no == building_no) {
            let deck = s.deck.map_or(f64::NAN, |deck| deck.height_m);
            said.push(format!("{i}: {}..{} deck {deck:.2} u {:.2}", s.stage_lo, s.stage_hi, s.u_deck_m));
        }
        let regions = self.regions.iter().filter(|r| same_place(&r.outline.clone().into(), outline));
        said.extend(regions.map(|r| {
            let green = r.greenness.unwrap_or(f64::NAN);
            format!(
                "{i}: region {:?} {:.1}+-{:.1} m2 {:+.2} m to {:.2} m rough {:.2} green {green:.2}",
                r.class,
                r.area_m2,
                r.area_sigma_m2,
                r.height_change_m,
                r.height_above_ground_m,
                r.roughness_m
            )
        }));
        let reasons = self.suppressed.iter().filter(|s| same_place(&s.outline, outline));
        said.extend(reasons.map(|s| format!("{i}: {:?}", s.reason)));
        let findings = self.findings.iter();
        let findings = findings
            .filter(|f| f.building_no.as_deref() == Some(building_no) || same_place(&f.outline, outline));
        said.extend(findings.map(|f| {
            format!("{i}: {} {} {:.2}+-{:.2}", f.kind, f.verdict, f.measure.measured, f.measure.sigma)
        }));
        said
    }
}

impl fmt::Display for Recall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<26} {:>6} {:>6} {:>8} {:>9} {:>7}",
            "kind", "seeded", "told", "at once", "otherwise", "recall"
        )?;
        let row = |f: &mut fmt::Formatter<'_>, name: &str, t: &Told| {
            let percent = 100.0 * t.share();
            writeln!(
                f,
                "{name:<26} {:>6} {:>6} {:>8} {:>9} {percent:>6.1}%",
                t.seeded, t.told, t.at_once, t.otherwise
            )
        };
        for (kind, told) in &self.kinds {
            row(f, kind.code(), told)?;
        }
        row(f, "all kinds", &self.all())?;
        row(f, "new structures >= 10 m2", &self.new_structures)
    }
}
