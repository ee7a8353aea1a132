use std::fmt;

use geo::Area;
use plumbline_finding::{Finding, Verdict};

use super::flown::Flown;
use super::place::{middle, same_place};
use super::truth::{Truth, puts_something_up};

/// Whether what was told is so.
#[derive(Debug, Clone, Default)]
pub struct Precision {
    /// New structures that were told, each once over all dates, and how many of them are new structures.
    pub new_told: usize,
    pub new_true: usize,
    /// Findings confirmed on something that has no mismatch at all, and on something that has another one.
    pub confirmed_on_lawful: usize,
    pub confirmed_on_others: usize,
    /// Lawful things.
    pub lawful: usize,
    /// False flags outside parcels under construction and away from every mismatch, each once over all dates.
    pub false_in_unchanged: usize,
    /// False flags elsewhere.
    pub false_elsewhere: usize,
    /// Ground outside the parcels under construction, square kilometres.
    pub unchanged_km2: f64,
    /// A line for each false flag.
    pub lines: Vec<String>,
}

/// Findings of one kind on one thing over all dates.
struct Flag<'a> {
    findings: Vec<(usize, &'a Finding)>,
}

impl<'a> Flag<'a> {
    /// Gathers the findings of all dates.
    fn gather(flown: &'a [Flown]) -> Vec<Self> {
        let mut flags: Vec<Self> = Vec::new();
        let mut dates: Vec<&Flown> = flown.iter().collect();
        dates.sort_by_key(|date| date.epoch_idx);
        for (epoch_idx, finding) in dates.iter().flat_map(|d| d.findings.iter().map(|f| (d.epoch_idx, f))) {
            match flags.iter_mut().find(|flag| flag.is_of(finding)) {
                Some(flag) => flag.findings.push((epoch_idx, finding)),
                None => flags.push(Self { findings: vec![(epoch_idx, finding)] }),
            }
        }
        flags
    }

    fn is_of(&self, finding: &Finding) -> bool {
        self.findings.iter().any(|(_, own)| {
            let numbered = own.building_no.is_some() && own.building_no == finding.building_no;
            own.kind == finding.kind
                && ((numbered && !own.kind.has_places()) || same_place(&own.outline, &finding.outline))
        })
    }

    fn last(&self) -> &'a Finding {
        self.findings[self.findings.len() - 1].1
    }
}

impl Precision {
    /// Looks every finding up in the truth.
    pub fn of(truth: &Truth, flown: &[Flown]) -> Self {
        let mut precision =
            Self { lawful: truth.lawful.len(), unchanged_km2: truth.unchanged_km2(), ..Self::default() };
        for flag in Flag::gather(flown) {
            precision.count_new(truth, &flag);
            precision.count_false(truth, &flag);
        }
        precision
    }

    fn count_new(&mut self, truth: &Truth, flag: &Flag) {
        if puts_something_up(flag.last().kind) {
            let is_new = |(i, finding): &(usize, &Finding)| {
                truth.about(finding).any(|s| puts_something_up(s.kind) && *i >= s.epoch_idx)
            };
            self.new_told += 1;
            self.new_true += usize::from(flag.findings.iter().any(is_new));
        }
    }

    fn count_false(&mut self, truth: &Truth, flag: &Flag) {
        let is_true = |(i, finding): &&(usize, &Finding)| {
            truth.about(finding).any(|seeded| seeded.is_told_by(finding, *i))
        };
        let wrong: Vec<_> = flag.findings.iter().filter(|one| !is_true(one)).collect();
        let Some((_, first)) = wrong.first() else { return };
        let other = truth.about(first).next();
        let confirmed = wrong.iter().any(|(_, finding)| finding.verdict == Verdict::ConfirmedExceed);
        if confirmed {
            let count =
                if other.is_some() { &mut self.confirmed_on_others } else { &mut self.confirmed_on_lawful };
            *count += 1;
        }
        let unchanged = other.is_none() && !truth.is_site(&first.outline);
        let count = if unchanged { &mut self.false_in_unchanged } else { &mut self.false_elsewhere };
        *count += 1;
        let place = if unchanged { "unchanged city" } else { "site or changed place" };
        let thing = other.map_or_else(
            || truth.lawful_at(&first.outline).unwrap_or("nothing").to_owned(),
            |seeded| format!("{} from date {}", seeded.kind, seeded.epoch_idx),
        );
        self.lines.extend(wrong.iter().map(|(i, finding)| {
            let built = truth.constructions().find(|b| Some(&b.building_no) == finding.building_no.as_ref());
            let state =
                built.map_or_else(String::new, |b| format!(" ({:?}, scaffold {})", b.stages[*i], b.scaffold));
            line(*i, finding, place, &format!("{thing}{state}"))
        }));
    }

    /// Share of the new structures told that are some, 0 to 1.
    pub fn share(&self) -> f64 {
        self.new_true as f64 / self.new_told.max(1) as f64
    }

    /// Both seeds together.
    pub fn add(&mut self, other: Self) {
        self.new_told += other.new_told;
        self.new_true += other.new_true;
        self.confirmed_on_lawful += other.confirmed_on_lawful;
        self.confirmed_on_others += other.confirmed_on_others;
        self.lawful += other.lawful;
        self.false_in_unchanged += other.false_in_unchanged;
        self.false_elsewhere += other.false_elsewhere;
        self.unchanged_km2 += other.unchanged_km2;
        self.lines.extend(other.lines);
    }
}

fn line(epoch_idx: usize, finding: &Finding, place: &str, thing: &str) -> String {
    let (east, north) = middle(&finding.outline);
    let measure = &finding.measure;
    format!(
        "false {} {} {} at {east:.1} {north:.1} on date {epoch_idx}, {place}, on {thing}: {:.2}+-{:.2} {} beside {:.2}, outline {:.1} m2; {}",
        finding.kind,
        finding.verdict,
        finding.building_no.as_deref().unwrap_or(""),
        measure.measured,
        measure.sigma,
        measure.unit,
        measure.limit,
        finding.outline.unsigned_area(),
        finding.explanation.en,
    )
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "new structures told {}, of them true {}: precision {:.1} %",
            self.new_told,
            self.new_true,
            100.0 * self.share()
        )?;
        writeln!(
            f,
            "wrong CONFIRMED_EXCEED: {} on {} lawful things or nothing, {} on things with another mismatch",
            self.confirmed_on_lawful, self.lawful, self.confirmed_on_others
        )?;
        writeln!(
            f,
            "false flags: {} on {:.2} km2 of unchanged city ({:.1} per km2 over all dates), {} elsewhere",
            self.false_in_unchanged,
            self.unchanged_km2,
            self.false_in_unchanged as f64 / self.unchanged_km2.max(1e-6),
            self.false_elsewhere
        )
    }
}
