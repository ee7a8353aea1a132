use chrono::NaiveDate;
use geo::{Area, BooleanOps, MultiPolygon};
use plumbline_finding::{Finding, Priority};
use serde::{Deserialize, Serialize};

use crate::{Actor, Error, Evidence, State, StatusChange};

/// Least overlap, as a share of the smaller outline, at which two findings are of one structure.
const SAME_STRUCTURE: f64 = 0.5;

/// Findings on one structure, over all epochs: what an inspector goes to look at (线索).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// Identifier: that of its first finding.
    pub id: String,
    /// The findings, oldest first; those of one kind are replaced by the newest epoch's.
    pub findings: Vec<Finding>,
    /// Every change of state, oldest first.
    pub history: Vec<StatusChange>,
    /// Pictures and photos, by reference.
    pub evidence: Vec<Evidence>,
}

impl Lead {
    /// Registers a lead for a finding.
    pub fn register(finding: Finding, on: NaiveDate) -> Self {
        let reason = finding.explanation.zh.clone();
        let registered = StatusChange { from: None, to: State::Lead, by: Actor::Software, on, reason };
        Self {
            id: format!("L-{}", finding.id),
            findings: vec![finding],
            history: vec![registered],
            evidence: Vec::new(),
        }
    }

    /// Where the lead stands.
    pub fn state(&self) -> State {
        self.history.last().map_or(State::Lead, |change| change.to)
    }

    /// The priority of its most urgent finding.
    pub fn priority(&self) -> Priority {
        self.findings.iter().map(|finding| finding.priority).max().unwrap_or(Priority::Info)
    }

    /// Goes to another state, if the life cycle and the actor allow it.
    pub fn advance(&mut self, to: State, by: Actor, on: NaiveDate, reason: &str) -> Result<(), Error> {
        let from = self.state();
        from.require(to, &by)?;
        self.history.push(StatusChange { from: Some(from), to, by, on, reason: reason.to_owned() });
        Ok(())
    }

    /// Whether a finding is of this lead's structure.
    pub fn concerns(&self, finding: &Finding) -> bool {
        self.findings.iter().any(|own| same_structure(own, finding))
    }

    /// Takes a finding in: the newest of a kind replaces the older one and keeps its first date.
    pub fn absorb(&mut self, mut finding: Finding) {
        let known =
            self.findings.iter().position(|own| own.kind == finding.kind && same_structure(own, &finding));
        if let Some(index) = known {
            let older = self.findings.remove(index);
            if older.first_seen_with <= finding.first_seen_with {
                finding.first_seen_with = older.first_seen_with;
                finding.last_seen_without = older.last_seen_without;
            }
        }
        self.findings.push(finding);
    }
}

/// Merges findings into the leads of earlier epochs, and registers leads for what is new.
pub fn merge(mut leads: Vec<Lead>, findings: &[Finding], on: NaiveDate) -> Vec<Lead> {
    for finding in findings {
        match leads.iter_mut().find(|lead| lead.concerns(finding)) {
            Some(lead) => lead.absorb(finding.clone()),
            None => leads.push(Lead::register(finding.clone(), on)),
        }
    }
    leads
}

/// One building number, or outlines that overlap by half of the smaller one.
fn same_structure(a: &Finding, b: &Finding) -> bool {
    match (&a.building_no, &b.building_no) {
        (Some(a), Some(b)) => a == b,
        _ => overlap(&a.outline, &b.outline) >= SAME_STRUCTURE,
    }
}

fn overlap(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    let smaller = a.unsigned_area().min(b.unsigned_area());
    if smaller > 0.0 { a.intersection(b).unsigned_area() / smaller } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use geo::Rect;
    use plumbline_finding::{Bilingual, Kind, Measure, Unit, Verdict};

    use super::*;
    use crate::{FilingForm, Officer, Officers};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn finding(kind: Kind, west: f64, seen: &str) -> Finding {
        Finding {
            id: format!("{kind}-{west}"),
            kind,
            verdict: Verdict::ConfirmedExceed,
            measure: Measure { measured: 100.0, sigma: 2.0, limit: 10.0, unit: Unit::SquareMetre },
            building_no: None,
            stage_lo: None,
            stage_hi: None,
            storeys: None,
            outline: Rect::new((west, 0.0), (west + 10.0, 10.0)).to_polygon().into(),
            epoch: seen.into(),
            earlier_epoch: None,
            last_seen_without: None,
            first_seen_with: day(seen),
            plan_version: None,
            statutes: vec![],
            explanation: Bilingual::new("新增建筑100平方米。", "A new structure of 100 m²."),
            priority: Priority::Mid,
        }
    }

    #[test]
    fn the_same_structure_next_month_updates_its_lead_and_keeps_its_first_date() {
        let first = merge(vec![], &[finding(Kind::NoPermit, 0.0, "2025-03-10")], day("2025-03-11"));
        let again = finding(Kind::NoPermit, 3.0, "2025-04-10");
        let leads = merge(first, &[again], day("2025-04-11"));
        assert_eq!((leads.len(), leads[0].findings.len()), (1, 1));
        assert_eq!(leads[0].findings[0].epoch, "2025-04-10");
        assert_eq!(leads[0].findings[0].first_seen_with, day("2025-03-10"));
    }

    #[test]
    fn another_kind_on_the_structure_joins_and_another_place_opens_a_lead() {
        let findings = [
            finding(Kind::NoPermit, 0.0, "2025-03-10"),
            finding(Kind::OutOfRedline, 1.0, "2025-03-10"),
            finding(Kind::NoPermit, 50.0, "2025-03-10"),
        ];
        let leads = merge(vec![], &findings, day("2025-03-11"));
        assert_eq!(leads.iter().map(|lead| lead.findings.len()).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn a_lead_goes_as_far_as_a_draft_by_itself_and_is_filed_by_officers() {
        let on = day("2025-03-11");
        let mut lead = Lead::register(finding(Kind::NoPermit, 0.0, "2025-03-10"), on);
        lead.advance(State::PendingFiling, Actor::Software, on, "草稿").unwrap();
        let refused = lead.advance(State::Filed, Actor::Software, on, "");
        assert!(matches!(refused, Err(Error::NeedsOfficers { .. })));
        assert_eq!(lead.state(), State::PendingFiling);
        let officer = |name: &str, no: &str| Officer { name: name.into(), cert_no: no.into() };
        let officers = Officers::new(officer("甲", "1"), officer("乙", "2")).unwrap();
        lead.advance(State::Filed, Actor::Agency(officers), on, "同意立案").unwrap();
        assert_eq!((lead.state(), lead.history.len()), (State::Filed, 3));
    }

    #[test]
    fn the_draft_form_leaves_decisions_blank_and_calls_its_measures_screening() {
        let lead = Lead::register(finding(Kind::NoPermit, 0.0, "2025-03-10"), day("2025-03-11"));
        let form = FilingForm::draft(&lead, "EPSG:4547");
        let value = |zh: &str| form.fields.iter().find(|f| f.label.zh == zh).unwrap().value.clone();
        assert_eq!(value("主要领导意见"), None);
        assert_eq!(value("案由").as_deref(), Some("未批先建"));
        assert!(value("案情简述").unwrap().contains("筛查量测"));
        assert!(value("发案地点").unwrap().contains("EPSG:4547"));
    }
}
