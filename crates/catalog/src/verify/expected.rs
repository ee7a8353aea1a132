use std::collections::BTreeMap;

use crate::Event;

/// What the history says that the catalog holds: the digest of each thing as it was left last.
#[derive(Debug, Default)]
pub(crate) struct Expected(BTreeMap<String, String>);

impl Expected {
    /// Follows one more event. Events that note an access change nothing.
    pub fn follow(&mut self, event: &Event) {
        if let Some(sha256) = &event.sha256 {
            self.0.insert(event.subject.clone(), sha256.clone());
        } else if event.removes() {
            self.0.remove(&event.subject);
        }
    }

    /// Takes out a thing: the digest that it should have.
    pub fn take(&mut self, subject: &str) -> Option<String> {
        self.0.remove(subject)
    }

    /// What was not taken out, by subject.
    pub fn left(self) -> impl Iterator<Item = String> {
        self.0.into_keys()
    }
}
