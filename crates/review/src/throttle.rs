use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong passwords that are let through before the account has to wait.
const FREE: u32 = 5;

/// First wait; every further wrong password doubles it.
const FIRST: Duration = Duration::from_secs(10);

/// Longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Names that are remembered; the one that failed longest ago is forgotten first.
const NAMES: usize = 10_000;

/// Slows guessing down, name by name, whether or not an account has the name.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    failures: Mutex<BTreeMap<String, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Throttle {
    /// How long a name has to wait yet; none when it may try.
    pub fn wait(&self, name: &str, now: Instant) -> Option<Duration> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = failures.get(name).filter(|failures| failures.count >= FREE)?;
        let doubled = FIRST.saturating_mul(1 << (failures.count - FREE).min(10));
        let until = failures.last + doubled.min(LONGEST);
        until.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }

    /// Counts an attempt before its password is looked at, so that many at once are counted too.
    pub fn attempt(&self, name: &str, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= NAMES && !failures.contains_key(name) {
            let oldest = failures.iter().min_by_key(|(_, f)| f.last).map(|(name, _)| name.clone());
            oldest.map(|name| failures.remove(&name));
        }
        let entry = failures.entry(name.to_owned()).or_insert(Failures { count: 0, last: now });
        *entry = Failures { count: entry.count.saturating_add(1), last: now };
    }

    /// Forgets the failures of a name: its password was right.
    pub fn forget(&self, name: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_guess_waits_and_every_further_one_longer() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(throttle.wait("甲", start), None);
            throttle.attempt("甲", start);
        }
        assert_eq!(throttle.wait("甲", start), Some(FIRST));
        assert_eq!(throttle.wait("甲", start + FIRST), None);
        throttle.attempt("甲", start);
        assert_eq!(throttle.wait("甲", start), Some(2 * FIRST));
        (0..50).for_each(|_| throttle.attempt("甲", start));
        assert_eq!(throttle.wait("甲", start), Some(LONGEST));
        assert_eq!(throttle.wait("乙", start), None, "others need not wait");
        throttle.forget("甲");
        assert_eq!(throttle.wait("甲", start), None);
    }

    #[test]
    fn names_made_up_by_the_thousand_do_not_fill_the_memory() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        (0..NAMES + 50).for_each(|i| throttle.attempt(&format!("n{i}"), start));
        assert_eq!(throttle.failures.lock().unwrap().len(), NAMES);
    }
}
