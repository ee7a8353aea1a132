use std::cmp::Reverse;

use chrono::NaiveDate;
use plumbline_finding::{Finding, Kind, Priority, Verdict};
use serde::{Deserialize, Serialize};

use crate::act::{Course, same_structure};
use crate::{Actor, Error, Evidence, Presence, Saw, Sighting, State, StatusChange};

/// Findings on one structure, over all epochs: what an inspector goes to look at (线索).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// Identifier: that of its first finding.
    pub id: String,
    /// The findings, those of one act once.
    pub findings: Vec<Finding>,
    /// What each epoch since its first says of each finding, oldest first.
    pub sightings: Vec<Sighting>,
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
            sightings: vec![Sighting::telling(&finding, on)],
            findings: vec![finding],
            history: vec![registered],
            evidence: Vec::new(),
        }
    }

    /// Where the lead stands.
    pub fn state(&self) -> State {
        self.history.last().map_or(State::Lead, |change| change.to)
    }

    /// Whether its structure is still there at the last epoch: that of its most urgent finding.
    pub fn presence(&self) -> Presence {
        let all = self.findings.iter().map(|finding| self.presence_of(finding));
        all.min().unwrap_or(Presence::Gone)
    }

    /// Whether what one of its findings says still holds at the last epoch.
    pub fn presence_of(&self, finding: &Finding) -> Presence {
        if Course::of(finding.kind) == Course::Event {
            return Presence::Gone;
        }
        let mut seen = self.sightings.iter().filter(|sighting| sighting.finding == finding.id);
        let was = seen.clone().rfind(|sighting| sighting.saw != Saw::Unseen);
        let is_last = seen.next_back().is_some_and(|sighting| sighting.saw != Saw::Unseen);
        match was.map(|sighting| sighting.saw) {
            Some(Saw::Gone) => Presence::Gone,
            Some(Saw::Lapsed) if !stays(finding) => Presence::Lapsed,
            _ if !is_last => Presence::Unseen,
            Some(Saw::Told { growing: true, .. }) => Presence::Ongoing,
            _ => Presence::Standing,
        }
    }

    /// The priority of its most urgent finding; what lapsed or is gone is for the record.
    pub fn priority(&self) -> Priority {
        let urgency = |finding: &Finding| match self.presence_of(finding) {
            Presence::Gone => Priority::Info,
            Presence::Lapsed => finding.priority.min(Priority::Low),
            Presence::Ongoing | Presence::Standing | Presence::Unseen => finding.priority,
        };
        self.findings.iter().map(urgency).max().unwrap_or(Priority::Info)
    }

    /// What leads are put in order by: what is under way first, then priority, verdict and identifier.
    pub(crate) fn urgency(&self) -> impl Ord + use<> {
        let verdict = self.findings.iter().map(|finding| finding.verdict).max();
        (self.presence(), Reverse(self.priority()), Reverse(verdict), self.id.clone())
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
}

/// Whether a later silence does not undo a finding: what was confirmed of the walls and storeys of a building stays with it, even
/// where scaffold hides it afterwards.
fn stays(finding: &Finding) -> bool {
    let built = matches!(
        finding.kind,
        Kind::Shifted
            | Kind::FootprintExcess
            | Kind::OutOfRedline
            | Kind::SetbackBreach
            | Kind::ExtraStorey
            | Kind::OverHeight
    );
    built && finding.verdict == Verdict::ConfirmedExceed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::finding;
    use crate::{FilingForm, Officer, Officers};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
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
