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
