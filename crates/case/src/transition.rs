use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Error, State};

/// A person who enforces the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Name.
    pub name: String,
    /// Number of the enforcement certificate (执法证号).
    pub cert_no: String,
}

/// Two different certificated officers (行政处罚法 42), the least that an act of the agency needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[Officer; 2]", into = "[Officer; 2]")]
pub struct Officers([Officer; 2]);

/// Who changed a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Actor {
    /// This program: it registers leads and drafts forms, no more.
    Software,
    /// The agency.
    Agency(Officers),
}

/// One line of a status history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// State before; none when the lead was registered.
    pub from: Option<State>,
    /// State after.
    pub to: State,
    /// Who.
    pub by: Actor,
    /// When.
    pub on: NaiveDate,
    /// Why, in the words of who did it.
    pub reason: String,
}

impl Officers {
    /// A pair of officers; both need a certificate, and it must not be the same one.
    pub fn new(first: Officer, second: Officer) -> Result<Self, Error> {
        let certified = !first.cert_no.is_empty() && !second.cert_no.is_empty();
        if certified && first.cert_no != second.cert_no {
            Ok(Self([first, second]))
        } else {
            Err(Error::NotTwoOfficers { first: first.name, second: second.name })
        }
    }

    /// The two.
    pub fn both(&self) -> &[Officer; 2] {
        &self.0
    }
}

impl TryFrom<[Officer; 2]> for Officers {
    type Error = Error;

    fn try_from([first, second]: [Officer; 2]) -> Result<Self, Error> {
        Self::new(first, second)
    }
}

impl From<Officers> for [Officer; 2] {
    fn from(officers: Officers) -> Self {
        officers.0
    }
}

impl State {
    /// The states that may follow this one.
    pub fn next(self) -> &'static [Self] {
        use State as S;
        match self {
            S::Lead => &[S::Verifying, S::PendingFiling, S::LeadClosed, S::Transferred],
            S::Verifying => &[S::PendingFiling, S::LeadClosed, S::Transferred],
            S::PendingFiling => &[S::Filed, S::Verifying, S::LeadClosed, S::Transferred],
            S::Filed => &[S::Investigating, S::Withdrawn],
            S::Investigating => &[S::Review, S::Suspended, S::Terminated, S::Withdrawn, S::Transferred],
            S::Review => &[S::LegalReview, S::Investigating],
            S::LegalReview => &[S::Notified, S::Investigating],
            S::Notified => &[S::Hearing, S::CollectiveDiscussion, S::Decided],
            S::Hearing => &[S::CollectiveDiscussion, S::Decided],
            S::CollectiveDiscussion => &[S::Decided, S::Investigating, S::Withdrawn],
            S::Decided => &[S::Served],
            S::Served => &[S::Performing, S::UnderReconsideration, S::UnderLitigation],
            S::Performing => {
                &[S::PendingClose, S::Urged, S::UnderReconsideration, S::UnderLitigation, S::Suspended]
            }
            S::Urged => &[S::Announced, S::Performing],
            S::Announced => &[S::Enforcing, S::Performing],
            S::Enforcing => &[S::PendingClose, S::Suspended],
            S::PendingClose => &[S::Closed, S::Performing],
            S::Closed | S::Terminated | S::Withdrawn => &[S::Archived],
            S::Suspended => &[S::Investigating, S::Performing, S::Enforcing, S::Terminated],
            S::UnderReconsideration => &[S::Performing, S::UnderLitigation, S::Withdrawn],
            S::UnderLitigation => &[S::Performing, S::Withdrawn],
            S::LeadClosed => &[S::Verifying],
            S::Transferred | S::Archived => &[],
        }
    }

    /// Whether the software itself may go from this state to `to`: it drafts, and officers act.
    pub fn software_may(self, to: Self) -> bool {
        matches!((self, to), (Self::Lead | Self::Verifying, Self::PendingFiling))
    }

    /// Fails unless `actor` may go from this state to `to`.
    pub fn require(self, to: Self, actor: &Actor) -> Result<(), Error> {
        let legal = self.next().contains(&to);
        match actor {
            Actor::Agency(_) if legal => Ok(()),
            Actor::Software if legal && self.software_may(to) => Ok(()),
            Actor::Software if legal => Err(Error::NeedsOfficers { from: self, to }),
            _ => Err(Error::IllegalTransition { from: self, to }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn officers() -> Officers {
        let officer = |name: &str, cert_no: &str| Officer { name: name.into(), cert_no: cert_no.into() };
        Officers::new(officer("甲", "130501"), officer("乙", "130502")).unwrap()
    }

    #[test]
    fn the_software_drafts_and_does_nothing_else() {
        for from in State::ALL {
            for to in State::ALL {
                let may = from.require(to, &Actor::Software).is_ok();
                assert_eq!(may, to == State::PendingFiling && from < State::LeadClosed, "{from} to {to}");
            }
        }
    }

    #[test]
    fn steps_outside_the_table_are_refused_to_everyone() {
        let agency = Actor::Agency(officers());
        for from in State::ALL {
            for to in State::ALL {
                assert_eq!(from.require(to, &agency).is_ok(), from.next().contains(&to), "{from} to {to}");
            }
        }
        let error = State::Lead.require(State::Decided, &agency).unwrap_err().to_string();
        assert!(error.contains("LEAD") && error.contains("DECIDED"), "{error}");
    }

    #[test]
    fn every_state_can_be_reached_and_every_case_can_end() {
        let mut reached = vec![State::Lead];
        let mut next = 0;
        while next < reached.len() {
            for &state in reached[next].next() {
                if !reached.contains(&state) {
                    reached.push(state);
                }
            }
            next += 1;
        }
        assert_eq!(reached.len(), State::ALL.len());
        let ends = State::ALL.into_iter().filter(|state| state.next().is_empty());
        assert!(ends.eq([State::Transferred, State::Archived]));
    }

    #[test]
    fn one_person_is_not_two_officers() {
        let officer = |cert_no: &str| Officer { name: "甲".into(), cert_no: cert_no.into() };
        assert!(Officers::new(officer("130501"), officer("130501")).is_err());
        assert!(Officers::new(officer("130501"), officer("")).is_err());
        let forged = r#"[{"name":"甲","cert_no":"1"},{"name":"甲","cert_no":"1"}]"#;
        assert!(serde_json::from_str::<Officers>(forged).is_err(), "not through a file either");
    }
}
