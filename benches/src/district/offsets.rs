use std::fmt;

use plumbline_change::Displacement;
use plumbline_finding::Kind;
use plumbline_fixtures::{Construction, Stage};
use plumbline_stage::PhysicalStage;

use super::flown::Flown;
use super::truth::Truth;

/// What a shift's sigma has beyond the outline and the epoch, as the rules count it, metres: eaves and plan.
const SHIFT_MODEL_U_M: f64 = 0.05;
const PLAN_U_M: f64 = 0.02;

/// Measured values against the truth.
#[derive(Debug, Clone, Default)]
pub struct Errors(Vec<(f64, f64)>);

/// What was measured of buildings under construction against what is true of them.
#[derive(Debug, Clone, Default)]
pub struct Offsets {
    /// Deck above ±0.
    pub height: Errors,
    /// Each component of the shift of outlines without scaffold.
    pub bare_shift: Errors,
    /// The same with scaffold.
    pub scaffold_shift: Errors,
    /// Lengths of shifts that were told.
    pub told_shift: Errors,
    /// Excesses that were told.
    pub told_excess: Errors,
    /// Told excesses that are far off, each as a line.
    pub far_off: Vec<String>,
}

/// A measurement is far off beyond this many sigmas.
const FAR: f64 = 5.0;

impl Errors {
    fn push(&mut self, error: f64, sigma: f64) {
        if error.is_finite() && sigma > 0.0 {
            self.0.push((error, sigma));
        }
    }

    /// Root mean square of error over sigma.
    pub fn ratio(&self) -> f64 {
        self.mean(|(error, sigma)| (error / sigma).powi(2)).sqrt()
    }

    /// Root mean square of the errors, metres.
    pub fn rmse_m(&self) -> f64 {
        self.mean(|(error, _)| error * error).sqrt()
    }

    fn mean(&self, of: impl Fn((f64, f64)) -> f64) -> f64 {
        self.0.iter().map(|&one| of(one)).sum::<f64>() / self.0.len() as f64
    }
}

impl Offsets {
    /// Holds every measurement against the truth.
    pub fn of(truth: &Truth, flown: &[Flown]) -> Self {
        let mut offsets = Self::default();
        for date in flown {
            for built in truth.constructions() {
                offsets.measure(truth, date, built);
            }
        }
        offsets
    }

    fn measure(&mut self, truth: &Truth, date: &Flown, built: &Construction) {
        let stage = built.stages[date.epoch_idx];
        let no = &built.building_no;
        let Some(observed) = date.stages.iter().find(|s| &s.building_no == no) else { return };
        if let Some((deck, true_m)) = observed.deck.zip(built.deck_m(stage)) {
            self.height.push(deck.height_m - true_m, observed.u_deck_m);
        }
        let shift = built.built.center - built.approved.center;
        let same_size = (built.built.half - built.approved.half).norm() < 1e-6;
        let print = date.footprints.iter().find(|print| &print.building_no == no);
        let base = truth.plan.building(no).map(|building| &building.base);
        let walls = observed.stage_lo >= PhysicalStage::FirstStorey;
        if let Some((print, base)) = print.zip(base).filter(|_| same_size && walls) {
            let seen = Displacement::between(&print.footprint, base);
            let parts = [seen.sigma_m, date.quality.u_xy_m, SHIFT_MODEL_U_M, PLAN_U_M];
            let sigma = parts.iter().map(|u| u * u).sum::<f64>().sqrt();
            let scaffold = built.scaffold && stage != Stage::PlusMinusZero;
            let errors = if scaffold { &mut self.scaffold_shift } else { &mut self.bare_shift };
            errors.push(seen.east_m - shift.x, sigma);
            errors.push(seen.north_m - shift.y, sigma);
        }
        for finding in date.findings.iter().filter(|f| f.building_no.as_ref() == Some(no)) {
            let (measured, sigma) = (finding.measure.measured, finding.measure.sigma);
            match finding.kind {
                Kind::Shifted if same_size => self.told_shift.push(measured - shift.norm(), sigma),
                Kind::FootprintExcess if !same_size => {
                    let grown = 2.0 * (built.built.half - built.approved.half).max();
                    self.told_excess.push(measured - grown, sigma);
                    if (measured - grown).abs() > FAR * sigma {
                        let (epoch, verdict) = (date.epoch_idx, finding.verdict);
                        self.far_off.push(format!(
                            "far off: {no} on date {epoch} ({stage:?}), {verdict}, {measured:.2}+-{sigma:.2} m, true {grown:.2} m"
                        ));
                    }
                }
                _ => {}
            }
        }
    }

    fn rows(&self) -> [(&'static str, &Errors); 5] {
        [
            ("deck above ±0", &self.height),
            ("shift, no scaffold", &self.bare_shift),
            ("shift, scaffold", &self.scaffold_shift),
            ("shift as told", &self.told_shift),
            ("excess as told", &self.told_excess),
        ]
    }

    /// Both seeds together.
    pub fn add(&mut self, other: Self) {
        self.height.0.extend(other.height.0);
        self.bare_shift.0.extend(other.bare_shift.0);
        self.scaffold_shift.0.extend(other.scaffold_shift.0);
        self.told_shift.0.extend(other.told_shift.0);
        self.told_excess.0.extend(other.told_excess.0);
        self.far_off.extend(other.far_off);
    }
}

impl fmt::Display for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:>6} {:>8} {:>8} {:>8} {:>10}",
            "measured", "values", "mean m", "rmse m", "sigma m", "rmse/sigma"
        )?;
        for (name, errors) in self.rows() {
            writeln!(
                f,
                "{name:<20} {:>6} {:>+8.3} {:>8.3} {:>8.3} {:>10.2}",
                errors.0.len(),
                errors.mean(|(error, _)| error),
                errors.rmse_m(),
                errors.mean(|(_, sigma)| sigma),
                errors.ratio()
            )?;
        }
        self.far_off.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
