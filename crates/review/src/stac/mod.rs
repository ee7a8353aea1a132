//! STAC API 1.0 over the catalog: core, collections, features, item search with sort and filter.

mod answer;
mod asked;
mod base;
mod cql2;
mod landing;
mod moment;
mod pages;
mod token;
mod wkt;

pub(crate) use landing::{collection, collections, conformance, item, landing, queryables};
pub(crate) use pages::{items, search_by_get, search_by_post};
