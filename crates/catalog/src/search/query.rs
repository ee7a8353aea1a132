use std::fmt::Write;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, AnyPool, AssertSqlSafe};

/// A value in a query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    Text(String),
    Integer(i64),
    Number(f64),
}

/// A query put together from words of this crate and values that are only ever bound, never written into it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    words: String,
    values: Vec<Bound>,
}

impl From<&str> for Bound {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Bound {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl Query {
    /// A query that begins with these words.
    pub fn new(words: &'static str) -> Self {
        Self { words: words.to_owned(), values: Vec::new() }
    }

    /// Adds words.
    pub fn say(&mut self, words: &'static str) -> &mut Self {
        self.words.push_str(words);
        self
    }

    /// Adds a value.
    pub fn bind(&mut self, value: impl Into<Bound>) -> &mut Self {
        self.values.push(value.into());
        let _ = write!(self.words, "${}", self.values.len());
        self
    }

    /// Adds values with commas between them.
    pub fn bind_all(&mut self, values: impl IntoIterator<Item = impl Into<Bound>>) -> &mut Self {
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.say(", ");
            }
            self.bind(value);
        }
        self
    }

    /// The rows that it finds.
    pub async fn rows(self, db: &AnyPool) -> Result<Vec<AnyRow>, sqlx::Error> {
        self.prepared().fetch_all(db).await
    }

    fn prepared(self) -> sqlx::query::Query<'static, Any, AnyArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.words));
        for value in self.values {
            query = match value {
                Bound::Text(text) => query.bind(text),
                Bound::Integer(number) => query.bind(number),
                Bound::Number(number) => query.bind(number),
            };
        }
        query
    }
}
