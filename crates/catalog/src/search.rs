//! Search over items and leads.

mod filter;
mod geometry;
mod order;
mod page;
mod query;
mod queryable;
mod request;
mod run;
mod token;
mod wanted;

pub use page::Page;
pub use queryable::{Queryable, Sort, queryables};
pub use request::{Search, Span};
pub use token::Token;

pub(crate) use query::Query;
pub(crate) use queryable::{NUMBERS, TEXTS};
