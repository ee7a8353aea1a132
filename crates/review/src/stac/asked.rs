use plumbline_catalog::{Search, Token};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::Problem;
use crate::stac::{cql2, moment};

/// Most names in a list.
const NAMES: usize = 1000;

/// A search as its body says it; fields that are not known are none of this server's extensions and say nothing.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Body {
    #[serde(default, deserialize_with = "one_or_many")]
    ids: Option<Vec<String>>,
    #[serde(default, deserialize_with = "one_or_many")]
    collections: Option<Vec<String>>,
    bbox: Option<Vec<f64>>,
    intersects: Option<Value>,
    datetime: Option<String>,
    filter: Option<Value>,
    #[serde(rename = "filter-lang")]
    filter_lang: Option<String>,
    #[serde(rename = "filter-crs")]
    filter_crs: Option<String>,
    sortby: Option<Vec<SortBy>>,
    limit: Option<i64>,
    token: Option<String>,
}

#[derive(Debug, Deserialize)]
struct SortBy {
    field: String,
    direction: Direction,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Asc,
    Desc,
}

impl Body {
    /// The search as a query says it.
    pub fn of_query(pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut body = Self::default();
        for (name, value) in pairs {
            let names = || -> Vec<String> { value.split(',').map(str::to_owned).collect() };
            match name.as_str() {
                "ids" => body.ids = Some(names()),
                "collections" => body.collections = Some(names()),
                "bbox" => body.bbox = Some(numbers(&value)?),
                "intersects" => body.intersects = Some(json(&value, "intersects")?),
                "datetime" => body.datetime = Some(value),
                "filter" => body.filter = Some(Value::String(value)),
                "filter-lang" => body.filter_lang = Some(value),
                "filter-crs" => body.filter_crs = Some(value),
                "sortby" => body.sortby = Some(value.split(',').map(SortBy::of_query).collect()),
                "limit" => body.limit = Some(value.parse().map_err(|_| limit())?),
                "token" => body.token = Some(value),
                _ => {}
            }
        }
        Ok(body)
    }

    /// The search for the catalog, in one collection where `within` names it.
    pub fn search(self, within: Option<&str>) -> Result<Search, Problem> {
        if self.bbox.is_some() && self.intersects.is_some() {
            let (zh, en) = ("bbox 与 intersects 不能同时使用", "give bbox or intersects, not both");
            return Err(Problem::bad_request(zh, en));
        }
        // More than a page may hold is no error: the page is as long as the catalog lets it be (STAC API, item search).
        if self.limit.is_some_and(|limit| limit < 1) {
            return Err(limit());
        }
        let crs = self.filter_crs.as_deref().unwrap_or(CRS84);
        if crs != CRS84 {
            return Err(Problem::bad_request("filter-crs 只支持 CRS84", format!("filter-crs is {CRS84}")));
        }
        let named = |list: Option<Vec<String>>| list.unwrap_or_default();
        let (ids, collections) = (named(self.ids), named(self.collections));
        if ids.len() > NAMES || collections.len() > NAMES {
            return Err(Problem::bad_request("名称过多", "more than 1000 names"));
        }
        let sort = self.sortby.unwrap_or_default().into_iter();
        Ok(Search {
            ids,
            collections: within.map_or(collections, |within| vec![within.to_owned()]),
            bbox: self.bbox.map(|numbers| bbox(&numbers)).transpose()?,
            intersects: self.intersects,
            datetime: self.datetime.map(|text| moment::span(&text)).transpose()?,
            filter: filter(self.filter, self.filter_lang.as_deref())?,
            sort: sort.map(|by| (by.field, by.direction == Direction::Asc)).collect(),
            limit: self.limit.unwrap_or(0) as usize,
            token: self.token.map(Token::from_text),
        })
    }
}

/// The one coordinate system of filters.
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

impl SortBy {
    fn of_query(text: &str) -> Self {
        // A `+` that was not coded is a blank by now.
        let (descends, field) = (text.starts_with('-'), text.trim_start_matches(['+', '-', ' ']));
        let direction = if descends { Direction::Desc } else { Direction::Asc };
        Self { field: field.to_owned(), direction }
    }
}

/// CQL2 JSON, or CQL2 text where that was said or the filter is a text.
fn filter(filter: Option<Value>, lang: Option<&str>) -> Result<Option<Value>, Problem> {
    match (filter, lang) {
        (None, _) => Ok(None),
        (Some(Value::String(text)), None | Some("cql2-text")) => cql2::parse(&text).map(Some),
        (Some(Value::String(text)), Some("cql2-json")) => json(&text, "filter").map(Some),
        (Some(value), None | Some("cql2-json")) => Ok(Some(value)),
        _ => Err(Problem::bad_request("filter-lang 有误", "filter-lang is cql2-text or cql2-json")),
    }
}

fn bbox(numbers: &[f64]) -> Result<[f64; 4], Problem> {
    let ([west, south, east, north] | [west, south, _, east, north, _]) = *numbers else {
        return Err(boxed());
    };
    let finite = numbers.iter().all(|number| number.is_finite());
    if finite && south <= north { Ok([west, south, east, north]) } else { Err(boxed()) }
}

fn numbers(text: &str) -> Result<Vec<f64>, Problem> {
    text.split(',').map(|number| number.trim().parse().map_err(|_| boxed())).collect()
}

fn json(text: &str, what: &str) -> Result<Value, Problem> {
    let wrong =
        |error| Problem::bad_request(format!("{what} 不是 JSON"), format!("{what} is no JSON: {error}"));
    serde_json::from_str(text).map_err(wrong)
}

fn boxed() -> Problem {
    Problem::bad_request(
        "bbox 须为 4 或 6 个数：西、南、东、北",
        "bbox is west, south, east, north with south below north",
    )
}

fn limit() -> Problem {
    Problem::bad_request("limit 须为正整数", "limit is a whole number of 1 or more")
}

/// A list of texts, or one text: clients are seen to send both.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(String),
        Many(Vec<String>),
    }
    let names = Option::<Names>::deserialize(deserializer)?;
    Ok(names.map(|names| match names {
        Names::One(name) => vec![name],
        Names::Many(names) => names,
    }))
}
