use serde_json::Value;

use super::Token;

/// A page of items.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The items, without links to root, parent and self.
    pub items: Vec<Value>,
    /// Where the next page begins; none after the last.
    pub next: Option<Token>,
    /// How many items the whole search finds, where that was cheap to know.
    pub matched: Option<u64>,
}
