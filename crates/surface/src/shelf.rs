use std::sync::{Mutex, PoisonError};

/// Memory of census words that goes from tile to tile: given back to the system, it would have to be cleared for each anew.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<Vec<Vec<u64>>>);

impl Shelf {
    /// An empty vector, with the room that one had before it where there was one.
    pub fn take(&self) -> Vec<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Keeps a vector's room for the next.
    pub fn put(&self, mut words: Vec<u64>) {
        words.clear();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }
}
