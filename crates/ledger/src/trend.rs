use std::collections::BTreeMap;

use chrono::NaiveDate;
use geo::{Centroid, Intersects};
use plumbline_case::{Lead, Presence, Saw, Sighting};
use plumbline_finding::{Finding, Kind, Verdict};
use plumbline_plan::Plan;
use polars::prelude::*;

use crate::Month;
use crate::site::parcel_name;
use crate::table::Columns;

/// How one kind of mismatch developed in one area in one month (倾向性问题).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// The parcel; none for what lies in no parcel of the plan.
    pub area: Option<String>,
    /// The kind.
    pub kind: Kind,
    /// The month.
    pub month: Month,
    /// Mismatches first told in it.
    pub opened: u32,
    /// Mismatches of which a flight in it first showed that they are gone or no longer told.
    pub closed: u32,
    /// Mismatches open at its end.
    pub open: u32,
    /// Those of them whose last verdict by then is `CONFIRMED_EXCEED`.
    pub confirmed: u32,
}

impl Trend {
    /// Share of the open mismatches that are confirmed, 0 to 1; none where none is open.
    pub fn share_confirmed(&self) -> Option<f64> {
        (self.open > 0).then(|| f64::from(self.confirmed) / f64::from(self.open))
    }
}

/// The course of one finding.
struct Course {
    area: Option<String>,
    kind: Kind,
    opened: Month,
    closed: Option<Month>,
    verdicts: Vec<(Month, Verdict)>,
}

/// The trends of a project, by area, kind and month, from its first flight to its last.
pub fn trends(plan: Option<&Plan>, leads: &[Lead]) -> Vec<Trend> {
    let all = leads.iter().flat_map(|lead| lead.findings.iter().map(move |finding| (lead, finding)));
    let courses: Vec<Course> =
        all.filter_map(|(lead, finding)| Course::of(lead, finding, area(plan, finding))).collect();
    let seen = leads.iter().flat_map(|lead| &lead.sightings).map(|sighting| Month::of(sighting.on));
    let Some(last) = seen.max() else { return Vec::new() };
    let mut trends: BTreeMap<(Option<String>, Kind, Month), Trend> = BTreeMap::new();
    for course in &courses {
        for month in course.opened.until(course.closed.unwrap_or(last)) {
            let (area, kind) = (course.area.clone(), course.kind);
            let trend = trends.entry((area.clone(), kind, month)).or_insert_with(|| Trend {
                area,
                kind,
                month,
                opened: 0,
                closed: 0,
                open: 0,
                confirmed: 0,
            });
            course.count(trend);
        }
    }
    trends.into_values().collect()
}

impl Course {
    fn of(lead: &Lead, finding: &Finding, area: Option<String>) -> Option<Self> {
        let sightings: Vec<&Sighting> = lead.sightings.iter().filter(|s| s.finding == finding.id).collect();
        let verdicts = sightings.iter().filter_map(|sighting| match sighting.saw {
            Saw::Told { verdict, .. } => Some((Month::of(sighting.on), verdict)),
            _ => None,
        });
        Some(Self {
            area,
            kind: finding.kind,
            opened: Month::of(sightings.first()?.on),
            closed: closed_on(lead.presence_of(finding), &sightings).map(Month::of),
            verdicts: verdicts.collect(),
        })
    }

    fn count(&self, trend: &mut Trend) {
        let is_closed = self.closed.is_some_and(|month| month <= trend.month);
        let last = self.verdicts.iter().rfind(|(month, _)| *month <= trend.month);
        trend.opened += u32::from(self.opened == trend.month);
        trend.closed += u32::from(self.closed == Some(trend.month));
        trend.open += u32::from(!is_closed);
        let confirmed = last.is_some_and(|(_, verdict)| *verdict == Verdict::ConfirmedExceed);
        trend.confirmed += u32::from(!is_closed && confirmed);
    }
}

/// The day of the first flight that showed it to be over, where it is.
fn closed_on(presence: Presence, sightings: &[&Sighting]) -> Option<NaiveDate> {
    let over = |sighting: &&&Sighting| matches!(sighting.saw, Saw::Gone | Saw::Lapsed | Saw::Unseen);
    let ending = sightings.iter().rev().take_while(over).filter(|sighting| sighting.saw != Saw::Unseen);
    let first = ending.last().or(sightings.last());
    first.filter(|_| !presence.is_open()).map(|sighting| sighting.on)
}

/// The parcel in which the middle of a finding lies.
fn area(plan: Option<&Plan>, finding: &Finding) -> Option<String> {
    let middle = finding.outline.centroid()?;
    let parcel = plan?.parcels.iter().find(|parcel| parcel.outline.intersects(&middle))?;
    Some(parcel_name(parcel))
}

/// The trends as a table.
pub fn trend_table(trends: &[Trend]) -> PolarsResult<DataFrame> {
    Columns::of(trends)
        .text("area", |trend| trend.area.clone())
        .text("kind", |trend| Some(trend.kind.to_string()))
        .text("month", |trend| Some(trend.month.to_string()))
        .count("opened", |trend| Some(trend.opened))
        .count("closed", |trend| Some(trend.closed))
        .count("open", |trend| Some(trend.open))
        .count("confirmed", |trend| Some(trend.confirmed))
        .number("share_confirmed", Trend::share_confirmed)
        .table()
}

#[cfg(test)]
mod tests {
    use geo::Rect;
    use plumbline_finding::{Bilingual, Measure, Priority, Unit};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn finding(verdict: Verdict) -> Finding {
        Finding {
            id: "F".into(),
            kind: Kind::NoPermit,
            verdict,
            measure: Measure { measured: 50.0, sigma: 2.0, limit: 10.0, unit: Unit::SquareMetre },
            building_no: None,
            stage_lo: None,
            stage_hi: None,
            storeys: None,
            outline: Rect::new((0.0, 0.0), (10.0, 5.0)).to_polygon().into(),
            epoch: "2025-01".into(),
            earlier_epoch: None,
            last_seen_without: None,
            first_seen_with: day("2025-01-20"),
            plan_version: None,
            statutes: vec![],
            explanation: Bilingual::new("", ""),
            priority: Priority::Mid,
        }
    }

    /// A lead told in January and seen as given afterwards.
    fn lead(verdict: Verdict, later: &[(&str, Saw)]) -> Lead {
        let mut lead = Lead::register(finding(verdict), day("2025-01-20"));
        let seen = later.iter().map(|(on, saw)| Sighting {
            finding: "F".into(),
            epoch: (*on).into(),
            on: day(on),
            saw: *saw,
        });
        lead.sightings.extend(seen);
        lead
    }

    #[test]
    fn a_mismatch_is_open_from_the_month_that_told_it_to_the_month_that_showed_it_gone() {
        let telling = Saw::Told {
            verdict: Verdict::ConfirmedExceed,
            measure: finding(Verdict::ConfirmedExceed).measure,
            growing: false,
        };
        let leads = [
            lead(Verdict::InconclusiveNeedsSurvey, &[("2025-03-02", telling), ("2025-04-02", Saw::Unseen)]),
            lead(Verdict::ConfirmedExceed, &[("2025-03-02", Saw::Gone)]),
        ];
        let rows: Vec<(String, [u32; 4])> = trends(None, &leads)
            .iter()
            .map(|t| (t.month.to_string(), [t.opened, t.closed, t.open, t.confirmed]))
            .collect();
        let month = |month: &str, counts| (month.to_owned(), counts);
        assert_eq!(
            rows,
            [
                month("2025-01", [2, 0, 2, 1]),
                month("2025-02", [0, 0, 2, 1]),
                month("2025-03", [0, 1, 1, 1]),
                month("2025-04", [0, 0, 1, 1]),
            ]
        );
    }

    #[test]
    fn the_table_leaves_a_share_of_nothing_empty() {
        let gone = [lead(Verdict::ConfirmedExceed, &[("2025-02-02", Saw::Gone)])];
        let table = trend_table(&trends(None, &gone)).unwrap();
        let shares = table.column("share_confirmed").unwrap().f64().unwrap().to_vec();
        assert_eq!(shares, [Some(1.0), None]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trends.parquet");
        crate::write_parquet(Ok(table.clone()), &path).unwrap();
        assert_eq!(crate::read_parquet(&path).unwrap(), table);
        let missing = crate::read_parquet(&folder.path().join("none.parquet")).unwrap_err().to_string();
        assert!(missing.contains("none.parquet"), "{missing}");
    }
}
