use std::fs;
use std::path::Path;

use chrono::{Months, NaiveDate};
use plumbline_finding::{Bilingual, Calendar};
use serde::{Deserialize, Serialize};

use crate::{Error, Lead, Paper, State};

/// The terms that are built in.
const SAMPLE: &str = include_str!("../packs/procedure.toml");

/// The terms of a case and how its documents are numbered, as data: they differ from place to place and change with the law.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Characters of the agency in the numbers of its documents (机关代字), such as 垦执; none where they are not known.
    #[serde(default)]
    pub agency: Option<String>,
    /// The documents that are numbered.
    #[serde(rename = "paper", default)]
    pub papers: Vec<Paper>,
    /// The clocks.
    #[serde(rename = "clock")]
    pub clocks: Vec<Clock>,
}

/// A term that begins when a case comes into a state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Code in capitals.
    pub code: String,
    /// What is to be done in time, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// States whose beginning starts it; the first of them counts.
    pub from: Vec<State>,
    /// States that stop it.
    pub until: Vec<State>,
    /// How long it runs, in its unit.
    pub length: u32,
    /// Unit of the length.
    pub unit: TermUnit,
    /// The provision.
    pub law: String,
    /// Whether the row still has to be confirmed for this jurisdiction.
    #[serde(default)]
    pub unknown: bool,
}

/// What a term is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TermUnit {
    /// Days on which the agency works.
    WorkingDays,
    /// Days of the calendar.
    Days,
    /// Months of the calendar.
    Months,
}

/// A clock that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Code of the clock.
    pub code: String,
    /// What is to be done.
    #[serde(flatten)]
    pub what: Bilingual,
    /// The day on which it began.
    pub since: NaiveDate,
    /// The last day.
    pub due: NaiveDate,
    /// The provision.
    pub law: String,
    /// Whether the length is confirmed for this jurisdiction and the holidays until then are known.
    pub certain: bool,
}

impl Procedure {
    /// The sample terms.
    pub fn sample() -> Result<Self, Error> {
        Self::parse(SAMPLE, Path::new("packs/procedure.toml"))
    }

    /// Terms of one's own from a file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.into(), source })?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        toml::from_str(text)
            .map_err(|source| Error::Procedure { path: path.into(), source: Box::new(source) })
    }

    /// A sort of document by its code.
    pub fn paper(&self, code: &str) -> Result<&Paper, Error> {
        let known = self.papers.iter().find(|paper| paper.code == code);
        known.ok_or_else(|| Error::NoPaper { code: code.to_owned() })
    }

    /// What the numbers of a sort of document begin with: the characters of the agency and of the sort.
    pub fn series(&self, code: &str) -> Result<String, Error> {
        let paper = self.paper(code)?;
        let agency = self.agency.as_ref().ok_or(Error::NoAgency)?;
        Ok(format!("{agency}{}", paper.sort))
    }

    /// The clocks that run for a lead, the nearest end first.
    pub fn running(&self, lead: &Lead, calendar: &Calendar) -> Vec<Due> {
        let mut due: Vec<Due> = self.clocks.iter().filter_map(|clock| clock.due(lead, calendar)).collect();
        due.sort_by_key(|due| due.due);
        due
    }
}

impl Clock {
    /// When the clock ends for a lead; none where it has not begun or was stopped.
    fn due(&self, lead: &Lead, calendar: &Calendar) -> Option<Due> {
        let stopped = lead.history.iter().rposition(|change| self.until.contains(&change.to));
        let mut since = lead.history.iter().skip(stopped.map_or(0, |at| at + 1));
        let since = since.find(|change| self.from.contains(&change.to))?.on;
        let due = match self.unit {
            TermUnit::WorkingDays => calendar.after_working_days(since, self.length),
            TermUnit::Days => calendar.after_days(since, self.length),
            TermUnit::Months => since.checked_add_months(Months::new(self.length)).unwrap_or(since),
        };
        Some(Due {
            code: self.code.clone(),
            what: Bilingual::new(&self.zh, &self.en),
            since,
            due,
            law: self.law.clone(),
            certain: !self.unknown && calendar.covers(since, due),
        })
    }
}

#[cfg(test)]
mod tests {
    use plumbline_finding::{JurisdictionPack, Kind};

    use super::*;
    use crate::testing::finding;
    use crate::{Actor, Officer, Officers};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Clocks of a lead that went through some states: code and last day.
    fn clocks(states: &[(State, &str)]) -> Vec<(String, NaiveDate)> {
        let mut lead = Lead::register(finding(Kind::NoPermit, 0.0, "2025-09-01"), day("2025-09-01"));
        let officer = |name: &str, no: &str| Officer { name: name.into(), cert_no: no.into() };
        let officers = Officers::new(officer("甲", "1"), officer("乙", "2")).unwrap();
        for (state, on) in states {
            lead.advance(*state, Actor::Agency(officers.clone()), day(on), "").unwrap();
        }
        let calendar = JurisdictionPack::sample().unwrap().calendar;
        let running = Procedure::sample().unwrap().running(&lead, &calendar);
        running.into_iter().map(|due| (due.code, due.due)).collect()
    }

    #[test]
    fn a_new_lead_is_to_be_checked_and_checking_starts_no_new_clock() {
        assert_eq!(clocks(&[]), [("CHECK_LEAD".to_owned(), day("2025-09-16"))]);
        assert_eq!(
            clocks(&[(State::Verifying, "2025-09-10")]),
            [("CHECK_LEAD".to_owned(), day("2025-09-16"))]
        );
    }

    #[test]
    fn a_draft_waits_in_working_days_and_goes_back_to_be_checked_anew() {
        let draft = (State::PendingFiling, "2025-09-12");
        assert_eq!(clocks(&[draft]), [("APPROVE_FILING".to_owned(), day("2025-09-26"))]);
        let back = clocks(&[draft, (State::Verifying, "2025-09-15")]);
        assert_eq!(back, [("CHECK_LEAD".to_owned(), day("2025-09-30"))]);
    }

    #[test]
    fn a_decision_served_may_be_attacked_in_two_ways_and_is_to_be_paid() {
        let path = [
            (State::PendingFiling, "2025-09-02"),
            (State::Filed, "2025-09-05"),
            (State::Investigating, "2025-09-05"),
            (State::Review, "2025-09-08"),
            (State::LegalReview, "2025-09-09"),
            (State::Notified, "2025-09-10"),
            (State::Decided, "2025-09-25"),
            (State::Served, "2025-09-26"),
        ];
        assert!(clocks(&path[..6]).contains(&("DECIDE".to_owned(), day("2025-12-04"))));
        let codes: Vec<String> = clocks(&path).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["PAY", "RECONSIDERATION", "LITIGATION"]);
    }

    #[test]
    fn what_is_not_confirmed_is_said_to_be_uncertain() {
        let lead = Lead::register(finding(Kind::NoPermit, 0.0, "2025-09-01"), day("2025-09-01"));
        let calendar = JurisdictionPack::sample().unwrap().calendar;
        assert!(!Procedure::sample().unwrap().running(&lead, &calendar)[0].certain);
        let mut sure = Procedure::sample().unwrap();
        sure.clocks[0].unknown = false;
        assert!(sure.running(&lead, &calendar)[0].certain);
        assert!(!sure.running(&lead, &Calendar::default())[0].certain);
    }

    #[test]
    fn a_misspelt_row_is_named() {
        let error = Procedure::parse(&SAMPLE.replace("length = 90", "lenght = 90"), Path::new("own.toml"));
        let error = error.unwrap_err().to_string();
        assert!(error.contains("own.toml"), "{error}");
    }
}
