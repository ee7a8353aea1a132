use chrono::{DateTime, Utc};
use plumbline_custody::Digest;

use crate::stac::utc;

/// What happened to a thing in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An original was hashed at first touch.
    Registered,
    /// An original was copied into the evidence store.
    Preserved,
    /// A product or picture was made from originals.
    Derived,
    /// A lead was opened.
    Opened,
}

/// One entry of the custody log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodyEvent {
    /// Place in the log, from 1.
    pub seq: u64,
    /// What happened: the code of an [`Action`].
    pub action: String,
    /// To what: name of a photo, product, stored file or lead, such as `2025-06-12_DJI_0001.JPG`.
    pub subject: String,
    /// Digest of the thing as it was then.
    pub sha256: String,
    /// When the thing was captured, RFC 3339. No clock is read: the log of a run has no time of its own.
    pub captured_at: String,
    /// Who acted: the program and its build, or later a person.
    pub actor: String,
    /// Digest of the event before; zeros for the first.
    pub previous: String,
    /// Digest of all fields above.
    pub digest: String,
}

/// An append-only log in which every event carries the digest of the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustodyLog {
    events: Vec<CustodyEvent>,
}

impl CustodyLog {
    /// A log read back; [`CustodyLog::first_break`] tells whether it is whole.
    pub fn from_events(events: Vec<CustodyEvent>) -> Self {
        Self { events }
    }

    /// Adds an event at the end.
    pub fn append(
        &mut self,
        action: Action,
        subject: impl Into<String>,
        sha256: &Digest,
        captured_at: DateTime<Utc>,
        actor: &str,
    ) {
        let mut event = CustodyEvent {
            seq: self.events.len() as u64 + 1,
            action: action.code().to_owned(),
            subject: subject.into(),
            sha256: sha256.to_string(),
            captured_at: utc(captured_at),
            actor: actor.to_owned(),
            previous: self.head(),
            digest: String::new(),
        };
        event.digest = event.own_digest();
        self.events.push(event);
    }

    /// The events, oldest first.
    pub fn events(&self) -> &[CustodyEvent] {
        &self.events
    }

    /// Digest of the last event: whoever keeps it can later tell whether the log was shortened.
    pub fn head(&self) -> String {
        self.events.last().map_or_else(|| "0".repeat(64), |event| event.digest.clone())
    }

    /// Number of the first event that does not follow from the ones before it.
    pub fn first_break(&self) -> Option<u64> {
        let mut before = Self::default().head();
        for (i, event) in self.events.iter().enumerate() {
            let seq = i as u64 + 1;
            if event.seq != seq || event.previous != before || event.digest != event.own_digest() {
                return Some(seq);
            }
            before.clone_from(&event.digest);
        }
        None
    }
}

impl CustodyEvent {
    /// Digest of the fields before `digest`, one a line; texts are quoted, so that none can pass for two.
    fn own_digest(&self) -> String {
        let Self { seq, action, subject, sha256, captured_at, actor, previous, .. } = self;
        let fields =
            [action, subject, sha256, captured_at, actor, previous].map(|text| format!("{text:?}\n"));
        Digest::of(format!("{seq}\n{}", fields.concat()).as_bytes()).to_string()
    }
}

impl Action {
    /// Code in capitals, as in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Registered => "REGISTERED",
            Self::Preserved => "PRESERVED",
            Self::Derived => "DERIVED",
            Self::Opened => "OPENED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> CustodyLog {
        let mut log = CustodyLog::default();
        for name in ["a", "b", "c", "d"] {
            let moment = DateTime::from_timestamp(1_750_000_000, 0).unwrap();
            log.append(Action::Registered, name, &Digest::of(name.as_bytes()), moment, "plumbline 0.1.0");
        }
        log
    }

    #[test]
    fn an_untouched_log_is_whole() {
        assert_eq!(log().first_break(), None);
        assert_eq!(CustodyLog::default().first_break(), None);
    }

    #[test]
    fn any_changed_field_breaks_the_chain_at_its_event() {
        type Change = fn(&mut CustodyEvent);
        let changes: [Change; 6] = [
            |e| e.action = "OPENED".into(),
            |e| e.subject.push('x'),
            |e| e.sha256 = Digest::of(b"other").to_string(),
            |e| e.captured_at = "2025-06-12T00:00:00.001Z".into(),
            |e| e.actor.clear(),
            |e| e.digest = Digest::of(b"other").to_string(),
        ];
        for change in changes {
            let mut events = log().events().to_vec();
            change(&mut events[1]);
            assert_eq!(CustodyLog::from_events(events).first_break(), Some(2));
        }
    }

    #[test]
    fn removed_and_reordered_events_break_the_chain() {
        let whole = log();
        let mut removed = whole.events().to_vec();
        removed.remove(1);
        assert_eq!(CustodyLog::from_events(removed).first_break(), Some(2));
        let mut swapped = whole.events().to_vec();
        swapped.swap(2, 3);
        assert_eq!(CustodyLog::from_events(swapped).first_break(), Some(3));
    }
}
