use chrono::{DateTime, NaiveDate, NaiveTime};
use serde_json::Value;

use super::query::{Bound, Query};
use super::queryable::{Queryable, Sort};
use crate::Error;
use crate::shared::Engine;

/// Deepest nesting of a filter.
const DEEPEST: usize = 32;
/// Most values of a list.
const LONGEST: usize = 1000;

/// Turns CQL2 into a condition. Names become columns from a fixed list, or the bound path of a property; values are bound.
pub(super) struct Filter<'a> {
    query: &'a mut Query,
    engine: Engine,
}

/// One side of a comparison.
enum Side {
    Column(Queryable),
    Property(String),
    Value(Bound),
    CaseFolded(Box<Side>),
}

impl<'a> Filter<'a> {
    /// Writes conditions into a query.
    pub fn into(query: &'a mut Query, engine: Engine) -> Self {
        Self { query, engine }
    }

    /// Writes one condition.
    pub fn condition(&mut self, filter: &Value, depth: usize) -> Result<(), Error> {
        if depth > DEEPEST {
            return Err(refused("it is nested too deeply"));
        }
        if let Some(always) = filter.as_bool() {
            self.query.say(if always { "1 = 1" } else { "1 = 0" });
            return Ok(());
        }
        let (op, args) = operation(filter)?;
        match (op, args) {
            ("and" | "or", [_, ..]) => self.joined(op == "and", args, depth),
            ("not", [one]) => {
                self.query.say("NOT (");
                self.condition(one, depth + 1)?;
                self.query.say(")");
                Ok(())
            }
            ("=" | "<>" | "<" | "<=" | ">" | ">=", [left, right]) => self.comparison(op, left, right),
            ("isNull", [one]) => {
                let side = side(one, None)?;
                self.say(&side, Sort::Text);
                self.query.say(" IS NULL");
                Ok(())
            }
            ("like", [left, pattern]) => self.like(left, pattern),
            ("between", [value, from, to]) => self.between(value, from, to),
            ("in", [value, Value::Array(list)]) => self.within(value, list),
            ("t_after" | "t_before" | "t_during" | "t_intersects" | "t_equals", [left, right]) => {
                self.temporal(op, left, right)
            }
            ("s_intersects", _) => {
                Err(refused("s_intersects may stand alone or beside others under \"and\""))
            }
            _ => Err(refused(&format!("{op:?} with {} arguments is not known", args.len()))),
        }
    }

    fn joined(&mut self, and: bool, args: &[Value], depth: usize) -> Result<(), Error> {
        if args.len() > LONGEST {
            return Err(refused("it has too many parts"));
        }
        for (i, arg) in args.iter().enumerate() {
            self.query.say(match (i, and) {
                (0, _) => "(",
                (_, true) => ") AND (",
                (_, false) => ") OR (",
            });
            self.condition(arg, depth + 1)?;
        }
        self.query.say(")");
        Ok(())
    }

    fn comparison(&mut self, op: &str, left: &Value, right: &Value) -> Result<(), Error> {
        let sort = sort_of(left).or(sort_of(right));
        let (left, right) = (side(left, sort)?, side(right, sort)?);
        let sort = of_same_sort(&[&left, &right])?;
        self.say(&left, sort);
        self.query.say(match op {
            "=" => " = ",
            "<>" => " <> ",
            "<" => " < ",
            "<=" => " <= ",
            ">" => " > ",
            _ => " >= ",
        });
        self.say(&right, sort);
        Ok(())
    }

    fn like(&mut self, left: &Value, pattern: &Value) -> Result<(), Error> {
        let (left, pattern) = (side(left, None)?, side(pattern, None)?);
        if of_same_sort(&[&left, &pattern])? != Sort::Text {
            return Err(refused("\"like\" compares texts"));
        }
        self.say(&left, Sort::Text);
        self.query.say(" LIKE ");
        self.say(&pattern, Sort::Text);
        self.query.say(" ESCAPE '\\'");
        Ok(())
    }

    fn between(&mut self, value: &Value, from: &Value, to: &Value) -> Result<(), Error> {
        let sort = sort_of(value);
        let (value, from, to) = (side(value, sort)?, side(from, sort)?, side(to, sort)?);
        let sort = of_same_sort(&[&value, &from, &to])?;
        self.say(&value, sort);
        self.query.say(" BETWEEN ");
        self.say(&from, sort);
        self.query.say(" AND ");
        self.say(&to, sort);
        Ok(())
    }

    fn within(&mut self, value: &Value, list: &[Value]) -> Result<(), Error> {
        if list.is_empty() || list.len() > LONGEST {
            return Err(refused("a list has 1 to 1000 values"));
        }
        let sort = sort_of(value);
        let value = side(value, sort)?;
        let list = list.iter().map(|one| side(one, sort)).collect::<Result<Vec<_>, _>>()?;
        let all: Vec<&Side> = std::iter::once(&value).chain(&list).collect();
        let sort = of_same_sort(&all)?;
        self.say(&value, sort);
        self.query.say(" IN (");
        for (i, one) in list.iter().enumerate() {
            if i > 0 {
                self.query.say(", ");
            }
            self.say(one, sort);
        }
        self.query.say(")");
        Ok(())
    }

    /// Compares the time of items, which may last, with a moment or interval.
    fn temporal(&mut self, op: &str, left: &Value, right: &Value) -> Result<(), Error> {
        let column = left["property"].as_str().map(Queryable::named).transpose()?;
        if column.is_none_or(|column| column.sort != Sort::Moment) {
            return Err(refused("times are compared with a property such as datetime on the left"));
        }
        let [from, to] = interval(right)?;
        match op {
            "t_after" => self.query.say("i.t_from > ").bind(to),
            "t_before" => self.query.say("i.t_to < ").bind(from),
            "t_during" => self.query.say("i.t_from > ").bind(from).say(" AND i.t_to < ").bind(to),
            "t_equals" => self.query.say("i.t_from = ").bind(from).say(" AND i.t_to = ").bind(to),
            _ => self.query.say("i.t_from <= ").bind(to).say(" AND i.t_to >= ").bind(from),
        };
        Ok(())
    }

    /// Writes one side of a comparison of values of a sort.
    fn say(&mut self, side: &Side, sort: Sort) {
        match side {
            Side::Column(column) => {
                self.query.say("i.").say(column.column);
            }
            Side::Value(value) => {
                self.query.bind(value.clone());
            }
            Side::CaseFolded(side) => {
                self.query.say("lower(");
                self.say(side, sort);
                self.query.say(")");
            }
            Side::Property(name) => self.property(name, sort),
        }
    }

    /// Writes a property that has no column.
    fn property(&mut self, name: &str, sort: Sort) {
        match (self.engine, sort) {
            (Engine::Sqlite, _) => {
                let path = format!("$.properties.\"{name}\"");
                self.query.say("json_extract(i.document, ").bind(path.as_str()).say(")");
            }
            (Engine::Postgres, Sort::Number) => {
                self.query.say("(CASE WHEN jsonb_typeof(i.document::jsonb -> 'properties' -> ").bind(name);
                self.query.say(") = 'number' THEN (i.document::jsonb -> 'properties' ->> ").bind(name);
                self.query.say(")::double precision END)");
            }
            (Engine::Postgres, _) => {
                self.query.say("(i.document::jsonb -> 'properties' ->> ").bind(name).say(")");
            }
        }
    }
}

/// The operation and its arguments.
pub(super) fn operation(filter: &Value) -> Result<(&str, &[Value]), Error> {
    let op = filter["op"].as_str();
    let args = filter["args"].as_array();
    op.zip(args.map(Vec::as_slice)).ok_or_else(|| refused("it is no operation with \"op\" and \"args\""))
}

/// The sort of a property that has a column.
fn sort_of(value: &Value) -> Option<Sort> {
    Some(Queryable::named(value["property"].as_str()?).ok()?.sort)
}

/// One side of a comparison; `sort` is that of the other side where it is known.
fn side(value: &Value, sort: Option<Sort>) -> Result<Side, Error> {
    if let Some(name) = value["property"].as_str() {
        let plain = |c: char| c.is_alphanumeric() || ":_-.".contains(c);
        return match Queryable::named(name) {
            Ok(column) => Ok(Side::Column(column)),
            Err(_) if name.chars().all(plain) && !name.is_empty() => Ok(Side::Property(name.to_owned())),
            Err(error) => Err(error),
        };
    }
    if value["op"] == "casei" {
        let (_, args) = operation(value)?;
        let [one] = args else { return Err(refused("casei takes one text")) };
        return Ok(Side::CaseFolded(Box::new(side(one, sort)?)));
    }
    if sort == Some(Sort::Moment) || value["timestamp"].is_string() || value["date"].is_string() {
        return moment(value).map(|moment| Side::Value(moment.into()));
    }
    match value {
        Value::String(text) => Ok(Side::Value(text.as_str().into())),
        Value::Number(number) => Ok(Side::Value(number.as_f64().unwrap_or(f64::NAN).into())),
        Value::Bool(truth) => Ok(Side::Value(f64::from(u8::from(*truth)).into())),
        _ => Err(refused(&format!("{value} is no value"))),
    }
}

/// The sort that all sides have.
fn of_same_sort(sides: &[&Side]) -> Result<Sort, Error> {
    let mut found: Option<Sort> = None;
    for side in sides {
        let Some(own) = side.sort() else { continue };
        if found.is_some_and(|found| found != own) {
            return Err(refused("it compares a text, number or moment with something of another sort"));
        }
        found = Some(own);
    }
    Ok(found.unwrap_or(Sort::Text))
}

impl Side {
    /// Its sort, where it has one of its own.
    fn sort(&self) -> Option<Sort> {
        match self {
            Self::Column(column) => Some(column.sort),
            Self::Value(Bound::Text(_)) | Self::CaseFolded(_) => Some(Sort::Text),
            Self::Value(Bound::Number(_)) => Some(Sort::Number),
            Self::Value(Bound::Integer(_)) => Some(Sort::Moment),
            Self::Property(_) => None,
        }
    }
}

/// First and last millisecond of a moment or interval.
fn interval(value: &Value) -> Result<[i64; 2], Error> {
    let Some(ends) = value["interval"].as_array() else {
        let moment = moment(value)?;
        return Ok([moment, moment]);
    };
    let end = |value: &Value, open: i64| match value.as_str() {
        Some("..") => Ok(open),
        _ => moment(value),
    };
    match ends.as_slice() {
        [from, to] => Ok([end(from, i64::MIN)?, end(to, i64::MAX)?]),
        _ => Err(refused("an interval has two ends")),
    }
}

/// Milliseconds of a timestamp, of a day's beginning, or of a text that is one of them.
fn moment(value: &Value) -> Result<i64, Error> {
    let text = [&value["timestamp"], &value["date"], value].into_iter().find_map(Value::as_str);
    let text = text.ok_or_else(|| refused(&format!("{value} is no moment")))?;
    let day = || Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
    let exact = DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.timestamp_millis());
    exact.or_else(day).ok_or_else(|| refused(&format!("{text:?} is no moment of RFC 3339")))
}

/// The filter is not what this catalog understands.
pub(super) fn refused(why: &str) -> Error {
    Error::BadFilter { why: why.to_owned() }
}
