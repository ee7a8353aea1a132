use serde_json::Value;

use super::filter::Filter;
use super::geometry::Geometries;
use super::order::{Order, Rank};
use super::{Query, Search, Token};
use crate::Error;
use crate::shared::Engine;

/// A search made ready: its boxes, its time, and what is left to ask of each row.
pub(super) struct Wanted<'a> {
    pub search: &'a Search,
    pub order: Order,
    pub geometries: Geometries,
    pub after: Option<(Rank, Token)>,
    filter: Option<Value>,
    engine: Engine,
    /// How much longer than a moment items may last.
    longest: i64,
}

/// Part of the time of items, from the first millisecond to before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    pub from: i64,
    pub to: i64,
}

impl<'a> Wanted<'a> {
    /// Reads a search.
    pub fn of(search: &'a Search, engine: Engine, longest: i64) -> Result<Self, Error> {
        let mut geometries = Geometries::default();
        if let Some(geometry) = &search.intersects {
            geometries.add(geometry)?;
        }
        let filter = search.filter.as_ref().map(|filter| geometries.take_from(filter)).transpose()?.flatten();
        let after = search.token.clone().map(|token| Ok::<_, Error>((token.row()?, token))).transpose()?;
        Ok(Self { search, order: Order::of(search)?, geometries, after, filter, engine, longest })
    }

    /// The boxes that items must meet.
    pub fn boxes(&self) -> Vec<[f64; 4]> {
        self.search.bbox.into_iter().chain(self.geometries.boxes()).collect()
    }

    /// The part of time in which the search can find anything, with the page that it begins at.
    pub fn span(&self, all: Slice) -> Slice {
        let mut span = all;
        if let Some((from, to)) = self.search.datetime {
            span.from = from.map_or(span.from, |from| span.from.max(from.timestamp_millis() - self.longest));
            span.to = to.map_or(span.to, |to| span.to.min(to.timestamp_millis() + self.longest + 1));
        }
        let begins = self.after.as_ref().and_then(|(rank, _)| rank.time());
        match (self.order.by_time(), begins) {
            (Some(true), Some(time)) => span.from = span.from.max(time),
            (Some(false), Some(time)) => span.to = span.to.min(time + 1),
            _ => {}
        }
        span
    }

    /// The query for rows; over boxes it goes by the boxes first, else by the order.
    pub fn query(&self, by_boxes: bool, slice: Option<Slice>, rows: Option<usize>) -> Result<Query, Error> {
        let mut query = Query::new("SELECT i.key, i.document");
        self.order.say_columns(&mut query);
        if by_boxes {
            query.say(" FROM items_box b CROSS JOIN items i WHERE i.key = b.key");
            self.say_in_boxes(&mut query, slice);
        } else {
            query.say(" FROM items i WHERE 1 = 1");
        }
        if let Some(Slice { from, to }) = slice {
            query.say(" AND i.t >= ").bind(from).say(" AND i.t < ").bind(to);
        }
        self.say_conditions(&mut query)?;
        if let Some((rank, token)) = &self.after {
            query.say(" AND (");
            self.order.say_after(&mut query, rank, token)?;
            query.say(")");
        }
        self.order.say(&mut query);
        if let Some(rows) = rows {
            query.say(" LIMIT ").bind(rows as i64);
        }
        Ok(query)
    }

    /// The query that counts boxes, up to a number.
    pub fn count(&self, slice: Slice, most: i64) -> Query {
        let mut query = Query::new("SELECT count(*) FROM (SELECT 1 FROM items_box b WHERE 1 = 1");
        self.say_in_boxes(&mut query, Some(slice));
        query.say(" LIMIT ").bind(most).say(") found");
        query
    }

    /// Adds what the boxes of SQLite know; their numbers are rounded, so that they let through a little more.
    fn say_in_boxes(&self, query: &mut Query, slice: Option<Slice>) {
        for [west, south, east, north] in self.boxes() {
            query.say(" AND b.south <= ").bind(north).say(" AND b.north >= ").bind(south);
            if west <= east {
                query.say(" AND b.west <= ").bind(east).say(" AND b.east >= ").bind(west);
            } else {
                query.say(" AND (b.west <= ").bind(east).say(" OR b.east >= ").bind(west).say(")");
            }
        }
        if let Some(Slice { from, to }) = slice {
            query.say(" AND b.t_to >= ").bind(from).say(" AND b.t_from <= ").bind(to);
        }
    }

    /// Adds the conditions other than those of the page.
    fn say_conditions(&self, query: &mut Query) -> Result<(), Error> {
        let Search { ids, collections, datetime, .. } = self.search;
        if !ids.is_empty() {
            query.say(" AND i.id IN (").bind_all(ids.iter().map(String::as_str)).say(")");
        }
        match collections.as_slice() {
            [] => {}
            [one] => {
                query.say(" AND i.collection = ").bind(one.as_str());
            }
            // Not by the index of collections, which has no order over several.
            several => {
                let names = several.iter().map(String::as_str);
                query.say(" AND i.collection || '' IN (").bind_all(names).say(")");
            }
        }
        if let Some((from, to)) = datetime {
            if let Some(from) = from {
                query.say(" AND i.t_to >= ").bind(from.timestamp_millis());
            }
            if let Some(to) = to {
                query.say(" AND i.t_from <= ").bind(to.timestamp_millis());
            }
        }
        self.boxes().into_iter().for_each(|bbox| say_in_box(query, self.engine, bbox));
        if let Some(filter) = &self.filter {
            query.say(" AND (");
            Filter::into(query, self.engine).condition(filter, 0)?;
            query.say(")");
        }
        Ok(())
    }
}

/// Adds that an item's box meets another; of a box over the date line one side is enough.
fn say_in_box(query: &mut Query, engine: Engine, [west, south, east, north]: [f64; 4]) {
    if engine == Engine::Postgres && west <= east {
        query.say(" AND box(point(i.west, i.south), point(i.east, i.north)) && box(point(");
        query.bind_all([west, south]).say("), point(").bind_all([east, north]).say("))");
    }
    query.say(" AND i.south <= ").bind(north).say(" AND i.north >= ").bind(south);
    if west <= east {
        query.say(" AND i.west <= ").bind(east).say(" AND i.east >= ").bind(west);
    } else {
        query.say(" AND (i.west <= ").bind(east).say(" OR i.east >= ").bind(west).say(")");
    }
}
