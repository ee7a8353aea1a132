use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use openidconnect::{Nonce, PkceCodeVerifier};

/// How long somebody may take to sign in there.
pub(super) const PATIENCE: Duration = Duration::from_mins(10);

/// People who may be on their way at the same time.
const MOST: usize = 10_000;

/// Somebody on their way to the provider and back.
pub(super) struct Journey {
    /// What shows that who fetches the token is who set out (RFC 7636).
    pub verifier: PkceCodeVerifier,
    /// What the ID token must carry.
    pub nonce: Nonce,
    until: Instant,
}

/// Everybody on their way, by the name of their journey.
#[derive(Default)]
pub(super) struct Journeys(Mutex<BTreeMap<String, Journey>>);

impl Journeys {
    /// Notes that somebody sets out; false where too many are on their way.
    pub fn set_out(&self, name: &str, verifier: PkceCodeVerifier, nonce: Nonce) -> bool {
        let now = Instant::now();
        let mut journeys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        journeys.retain(|_, journey| now < journey.until);
        let has_room = journeys.len() < MOST;
        if has_room {
            journeys.insert(name.to_owned(), Journey { verifier, nonce, until: now + PATIENCE });
        }
        has_room
    }

    /// Takes up the journey of somebody who came back; each is taken up once.
    pub fn end(&self, name: &str) -> Option<Journey> {
        let mut journeys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        journeys.remove(name).filter(|journey| Instant::now() < journey.until)
    }
}
