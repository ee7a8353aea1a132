use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime};
use geo::{MultiPolygon, Validation};

use crate::linework::{Break, Shapes};
use crate::raw::RawFeature;
use crate::{Error, Origin};

/// One feature read through the layer map.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub path: &'a Path,
    pub layer: &'a str,
    /// Names of the layer's fields.
    pub fields: &'a [String],
    pub feature: &'a RawFeature,
    /// Source field by field of the kind; fields without entry go by their own name.
    pub names: &'a BTreeMap<String, String>,
    /// What holds for every feature of the layer, by field of the kind.
    pub constants: &'a BTreeMap<String, String>,
}

/// Ways in which planning offices write days.
const DATE_FORMATS: [&str; 5] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"];
/// Ways in which their databases write a day with a time.
const TIME_FORMATS: [&str; 3] = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S"];
/// Years of plans that are in force or were; others are slips of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1980..=2100;

impl Row<'_> {
    pub fn text(&self, field: &str) -> Option<&str> {
        let wanted = self.source_field(field);
        let idx = self.fields.iter().position(|name| name == wanted);
        let own = idx.and_then(|idx| self.feature.values.get(idx)?.as_deref());
        own.or_else(|| self.constants.get(field).map(String::as_str))
    }

    /// The text of a field, to keep.
    pub fn owned(&self, field: &str) -> Option<String> {
        self.text(field).map(str::to_owned)
    }

    pub fn number(&self, field: &str) -> Result<Option<f64>, Error> {
        self.parsed(field, "a number", |text| text.parse().ok().filter(|v: &f64| v.is_finite()))
    }

    /// A length or a height of storeys that cannot be zero or less.
    pub fn positive(&self, field: &str) -> Result<Option<f64>, Error> {
        self.parsed(field, "a number above zero", |text| {
            text.parse().ok().filter(|v: &f64| v.is_finite() && *v > 0.0)
        })
    }

    /// A whole number, also when the file stores it as a decimal one.
    pub fn count(&self, field: &str) -> Result<Option<u32>, Error> {
        let whole =
            |text: &str| text.parse::<f64>().ok().filter(|v| v.fract() == 0.0 && (0.0..1e6).contains(v));
        self.parsed(field, "a whole number", |text| whole(text).map(|v| v as u32))
    }

    pub fn date(&self, field: &str) -> Result<Option<NaiveDate>, Error> {
        self.parsed(field, "a date such as 2025-03-10", day)
    }

    /// A value of an enumeration.
    pub fn one_of<T: FromStr>(&self, field: &str, expected: &'static str) -> Result<Option<T>, Error> {
        self.parsed(field, expected, |text| text.parse().ok())
    }

    pub fn parsed<T>(
        &self,
        field: &str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.text(field) else { return Ok(None) };
        parse(value).map(Some).ok_or_else(|| Error::Value {
            path: self.path.to_owned(),
            layer: self.layer.to_owned(),
            feature: self.feature.id,
            field: self.source_field(field).to_owned(),
            value: value.to_owned(),
            expected,
        })
    }

    pub fn required<T>(&self, field: &str, value: Option<T>) -> Result<T, Error> {
        let source = self.source_field(field);
        value.ok_or_else(|| self.incomplete(format!("{field} (field {source:?}) is empty: fill it in")))
    }

    pub fn incomplete(&self, what: String) -> Error {
        Error::Incomplete {
            path: self.path.to_owned(),
            layer: self.layer.to_owned(),
            feature: self.feature.id,
            what,
        }
    }

    /// The feature as a valid area.
    pub fn area(&self, shapes: Shapes) -> Result<MultiPolygon<f64>, Error> {
        let area = shapes.into_areas().map_err(|end| self.broken(end))?;
        match area.check_validation() {
            _ if area.0.is_empty() => {
                Err(self.incomplete("has no outline: draw one, or delete it".to_owned()))
            }
            Ok(()) => Ok(area),
            Err(reason) => Err(Error::InvalidOutline {
                path: self.path.to_owned(),
                layer: self.layer.to_owned(),
                feature: self.feature.id,
                reason: reason.to_string(),
            }),
        }
    }

    /// Lines that do not enclose an area.
    pub fn broken(&self, end: Break) -> Error {
        let (path, layer, feature) = (self.path.to_owned(), self.layer.to_owned(), self.feature.id);
        match end {
            Break::Gap { at, width_m } => {
                Error::OpenOutline { path, layer, feature, east: at.x, north: at.y, width_m }
            }
            Break::Fork { at } => Error::Fork { path, layer, feature, east: at.x, north: at.y },
        }
    }

    pub fn origin(&self) -> Origin {
        Origin { source_idx: 0, layer: self.layer.to_owned(), feature_id: self.feature.id }
    }

    fn source_field<'b>(&'b self, field: &'b str) -> &'b str {
        self.names.get(field).map_or(field, String::as_str)
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    let day = DATE_FORMATS.iter().find_map(|f| NaiveDate::parse_from_str(text, f).ok());
    let time = || TIME_FORMATS.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
    let day = day.or_else(|| time().map(|time| time.date()))?;
    YEARS.contains(&chrono::Datelike::year(&day)).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_offices_write_them_and_impossible_ones_are_not() {
        let march = NaiveDate::from_ymd_opt(2025, 3, 10);
        for text in
            ["2025-03-10", "2025/3/10", "2025.03.10", "20250310", "2025年3月10日", "2025-03-10T08:30:00"]
        {
            assert_eq!(day(text), march, "{text}");
        }
        for text in ["2025-02-30", "0025-03-10", "10.3.2025", "待定"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
