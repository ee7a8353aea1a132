use std::time::Duration;

/// How long searches took, and what they found.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Searches that failed.
    pub errors: usize,
    /// Items that were found.
    pub items: usize,
    took: Vec<Duration>,
}

impl Answers {
    /// Notes a search: how long it took, and how many items it found unless it failed.
    pub fn note(&mut self, took: Duration, found: Option<usize>) {
        self.took.push(took);
        self.errors += usize::from(found.is_none());
        self.items += found.unwrap_or_default();
    }

    /// Takes another reader's in.
    pub fn add(&mut self, others: Self) {
        self.errors += others.errors;
        self.items += others.items;
        self.took.extend(others.took);
    }

    /// Searches.
    pub fn count(&self) -> usize {
        self.took.len()
    }

    /// The time that this share of the searches stayed within, milliseconds; not a number where there was none.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        let mut sorted = self.took.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted.get((share * last as f64).ceil() as usize).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3)
    }
}
