use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Token;

/// First and last moment, open where none.
pub type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// What items are wanted. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Search {
    /// Names.
    pub ids: Vec<String>,
    /// Collections; all where none is named.
    pub collections: Vec<String>,
    /// West, south, east, north in degrees, touched by the item's own; west of more than east crosses the date line.
    pub bbox: Option<[f64; 4]>,
    /// GeoJSON geometry that the item's own meets.
    pub intersects: Option<Value>,
    /// First and last moment, open where none; an item that lasts is met by its part.
    pub datetime: Option<Span>,
    /// CQL2 in its JSON form, over [`queryables`](crate::queryables).
    pub filter: Option<Value>,
    /// Properties to sort by, each with whether it ascends; newest first where none is named.
    pub sort: Vec<(String, bool)>,
    /// Most items of a page; 10 where it is 0, never more than 10 000.
    pub limit: usize,
    /// Where the page begins.
    pub token: Option<Token>,
}

impl Search {
    /// Items of a page where the request does not say.
    const USUAL: usize = 10;
    /// Most items of a page.
    const MOST: usize = 10_000;

    /// Items of the page.
    pub(crate) fn page_size(&self) -> usize {
        if self.limit == 0 { Self::USUAL } else { self.limit.min(Self::MOST) }
    }
}
