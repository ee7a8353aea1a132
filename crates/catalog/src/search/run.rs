use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::order::Rank;
use super::wanted::{Slice, Wanted};
use super::{Page, Search, Token};
use crate::shared::{Engine, parsed_value};
use crate::{Catalog, Error};

/// Most boxes that are looked up at once: beyond, the search goes through time in slices.
const MOST_BOXES: i64 = 4000;
/// Slices of time are no thinner, milliseconds: the boxes know times to two minutes.
const THINNEST: i64 = 600_000;

/// What a search has found so far.
struct Found {
    items: Vec<Value>,
    ranks: Vec<Rank>,
    /// How many items make a page and tell that there is another.
    enough: usize,
}

impl Catalog {
    /// The items that a search finds, a page at a time.
    ///
    /// A page begins after the last item of the one before, wherever that is by then: what is filed or removed meanwhile neither
    /// hides an item nor shows it twice.
    pub async fn search(&self, search: &Search) -> Result<Page, Error> {
        let (all, longest) = self.span().await?;
        let wanted = Wanted::of(search, self.tables().engine, longest)?;
        let size = search.page_size();
        let mut found = Found { items: Vec::new(), ranks: Vec::new(), enough: size + 1 };
        let matched = self.find(&wanted, wanted.span(all), &mut found).await?;
        let more = found.items.len() > size;
        found.items.truncate(size);
        let next = found.ranks.get(size - 1).filter(|_| more).map(Token::after).transpose()?;
        Ok(Page { items: found.items, next, matched })
    }

    /// Finds a page; returns how many the whole search finds, where that is known.
    async fn find(&self, wanted: &Wanted<'_>, span: Slice, found: &mut Found) -> Result<Option<u64>, Error> {
        if self.tables().engine == Engine::Postgres || wanted.boxes().is_empty() {
            self.in_order(wanted, Some(span), found).await?;
            return Ok(None);
        }
        let all = self.count(wanted, span).await?;
        if all <= MOST_BOXES {
            let rows = self.look_up(wanted, span, found).await?;
            return Ok(wanted.after.is_none().then_some(rows));
        }
        match wanted.order.by_time() {
            Some(ascends) => self.in_slices(wanted, span, ascends, found).await?,
            None => drop(self.look_up(wanted, span, found).await?),
        }
        Ok(None)
    }

    /// Goes through rows in the order of the page until it is full.
    async fn in_order(
        &self,
        wanted: &Wanted<'_>,
        span: Option<Slice>,
        found: &mut Found,
    ) -> Result<(), Error> {
        let rows = if wanted.geometries.is_empty() { Some(found.enough) } else { None };
        let rows = wanted.query(false, span, rows)?.rows(&self.tables().readers).await;
        self.gather(wanted, &rows.map_err(|source| self.refused(source))?, found).map(drop)
    }

    /// Looks up every box of a slice; returns how many items there are.
    async fn look_up(&self, wanted: &Wanted<'_>, slice: Slice, found: &mut Found) -> Result<u64, Error> {
        let rows = wanted.query(true, Some(slice), None)?.rows(&self.tables().readers).await;
        self.gather(wanted, &rows.map_err(|source| self.refused(source))?, found)
    }

    /// Looks up boxes slice by slice of time, each thin enough, until the page is full.
    async fn in_slices(
        &self,
        wanted: &Wanted<'_>,
        span: Slice,
        ascends: bool,
        found: &mut Found,
    ) -> Result<(), Error> {
        let mut left = span;
        while left.from < left.to && found.items.len() < found.enough {
            let slice = self.thin(wanted, left, ascends, found.enough as i64).await?;
            self.look_up(wanted, slice, found).await?;
            if ascends {
                left.from = slice.to;
            } else {
                left.to = slice.from;
            }
        }
        Ok(())
    }

    /// The first slice of what is left that holds enough for a page and not too much.
    async fn thin(
        &self,
        wanted: &Wanted<'_>,
        left: Slice,
        ascends: bool,
        enough: i64,
    ) -> Result<Slice, Error> {
        let cut = |length: i64| {
            if ascends {
                Slice { from: left.from, to: (left.from + length).min(left.to) }
            } else {
                Slice { from: (left.to - length).max(left.from), to: left.to }
            }
        };
        let (mut short, mut long) = (0, left.to - left.from);
        let mut length = long;
        while long - short > THINNEST {
            let boxes = self.count(wanted, cut(length)).await?;
            if boxes > MOST_BOXES {
                long = length;
            } else if boxes < enough && length < left.to - left.from {
                short = length;
            } else {
                return Ok(cut(length));
            }
            length = short.midpoint(long);
        }
        Ok(cut(long))
    }

    /// Keeps the rows that meet the geometries; returns how many do.
    fn gather(&self, wanted: &Wanted<'_>, rows: &[AnyRow], found: &mut Found) -> Result<u64, Error> {
        let mut met = 0;
        for row in rows {
            if found.items.len() >= found.enough && wanted.geometries.is_empty() {
                return Ok(rows.len() as u64);
            }
            let read = || Ok((row.try_get::<String, _>(1)?, wanted.order.rank(row)?));
            let (text, rank) = read().map_err(|source| self.refused(source))?;
            let item = parsed_value("item", &text)?;
            if wanted.geometries.meet(&item["geometry"]) {
                met += 1;
                if found.items.len() < found.enough {
                    found.items.push(item);
                    found.ranks.push(rank);
                }
            }
        }
        Ok(met)
    }

    /// How many boxes there are, counted no further than one too many.
    async fn count(&self, wanted: &Wanted<'_>, slice: Slice) -> Result<i64, Error> {
        let rows = wanted.count(slice, MOST_BOXES + 1).rows(&self.tables().readers).await;
        let rows = rows.map_err(|source| self.refused(source))?;
        rows[0].try_get(0).map_err(|source| self.refused(source))
    }

    /// The time of all items, and how long the longest lasts.
    async fn span(&self) -> Result<(Slice, i64), Error> {
        let row = sqlx::query("SELECT coalesce(min(t_from), 0), coalesce(max(t_to), -1), coalesce(max(longest), 0) FROM extents")
            .fetch_one(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        let span = || -> Result<(Slice, i64), sqlx::Error> {
            Ok((Slice { from: row.try_get(0)?, to: row.try_get::<i64, _>(1)? + 1 }, row.try_get(2)?))
        };
        span().map_err(|source| self.refused(source))
    }
}
