use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::query::Bound;
use super::queryable::{Queryable, Sort};
use super::{Query, Search, Token};
use crate::Error;

/// What a text or number that is absent is sorted as.
const NO_TEXT: &str = "''";
const NO_NUMBER: &str = "-1e300";

/// Columns before the sorted ones in a row.
const BEFORE: usize = 2;

/// How items are put in order: by properties, then by their numbers in the table, which never change.
pub(super) struct Order(Vec<(Queryable, bool)>);

/// Where a row stands in the order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Rank {
    values: Vec<Value>,
    key: i64,
}

impl Order {
    /// The order that a search asks for: newest first where it asks for none.
    pub fn of(search: &Search) -> Result<Self, Error> {
        if search.sort.is_empty() {
            return Ok(Self(vec![(Queryable::named("datetime")?, false)]));
        }
        let by = |(name, ascends): &(String, bool)| Ok((Queryable::named(name)?, *ascends));
        Ok(Self(search.sort.iter().map(by).collect::<Result<_, Error>>()?))
    }

    /// Whether it goes by time first, and whether that ascends.
    pub fn by_time(&self) -> Option<bool> {
        let (first, ascends) = self.0.first()?;
        (first.column == "t").then_some(*ascends)
    }

    /// Adds the columns that [`Order::rank`] reads.
    pub fn say_columns(&self, query: &mut Query) {
        for (queryable, _) in &self.0 {
            query.say(", ");
            say_sorted(query, queryable);
        }
    }

    /// Adds the order.
    pub fn say(&self, query: &mut Query) {
        query.say(" ORDER BY ");
        for (queryable, ascends) in &self.0 {
            say_sorted(query, queryable);
            query.say(if *ascends { ", " } else { " DESC, " });
        }
        query.say(if self.keys_ascend() { "i.key" } else { "i.key DESC" });
    }

    /// Adds the condition that a row comes after a rank.
    pub fn say_after(&self, query: &mut Query, rank: &Rank, token: &Token) -> Result<(), Error> {
        let bad = || Error::BadToken { token: token.to_string() };
        if rank.values.len() != self.0.len() {
            return Err(bad());
        }
        for ((queryable, ascends), value) in self.0.iter().zip(&rank.values) {
            let value = bound(queryable, value).ok_or_else(bad)?;
            say_sorted(query, queryable);
            query.say(if *ascends { " >= " } else { " <= " }).bind(value.clone()).say(" AND (");
            say_sorted(query, queryable);
            query.say(if *ascends { " > " } else { " < " }).bind(value).say(" OR (");
        }
        query.say(if self.keys_ascend() { "i.key > " } else { "i.key < " }).bind(rank.key);
        for _ in &self.0 {
            query.say("))");
        }
        Ok(())
    }

    /// Where a row stands.
    pub fn rank(&self, row: &AnyRow) -> Result<Rank, sqlx::Error> {
        let value = |(i, (queryable, _)): (usize, &(Queryable, bool))| -> Result<Value, sqlx::Error> {
            Ok(match queryable.sort {
                Sort::Text => row.try_get::<String, _>(i + BEFORE)?.into(),
                Sort::Number => row.try_get::<f64, _>(i + BEFORE)?.into(),
                Sort::Moment => row.try_get::<i64, _>(i + BEFORE)?.into(),
            })
        };
        let values = self.0.iter().enumerate().map(value).collect::<Result<_, _>>()?;
        Ok(Rank { values, key: row.try_get(0)? })
    }

    /// Whether numbers of rows go up, as the last property does.
    fn keys_ascend(&self) -> bool {
        self.0.last().is_none_or(|(_, ascends)| *ascends)
    }
}

impl Rank {
    /// Its time, where the order goes by time first.
    pub fn time(&self) -> Option<i64> {
        self.values.first()?.as_i64()
    }
}

/// A property as rows are sorted by it; one that is absent comes before all others.
fn say_sorted(query: &mut Query, queryable: &Queryable) {
    match queryable.sort {
        Sort::Moment => query.say("i.").say(queryable.column),
        Sort::Text => query.say("coalesce(i.").say(queryable.column).say(", ").say(NO_TEXT).say(")"),
        Sort::Number => query.say("coalesce(i.").say(queryable.column).say(", ").say(NO_NUMBER).say(")"),
    };
}

/// A value of a rank as the column has it.
fn bound(queryable: &Queryable, value: &Value) -> Option<Bound> {
    Some(match queryable.sort {
        Sort::Text => value.as_str()?.into(),
        Sort::Number => value.as_f64()?.into(),
        Sort::Moment => value.as_i64()?.into(),
    })
}
