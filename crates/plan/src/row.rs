use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use geo::{MultiPolygon, Validation};

use crate::linework::{Gap, Shapes};
use crate::vector::RawFeature;
use crate::{Error, Origin};

/// One feature read through the layer map.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub path: &'a Path,
    pub layer: &'a str,
    pub feature: &'a RawFeature,
    /// Source field by field of the kind; fields without entry go by their own name.
    pub names: &'a BTreeMap<String, String>,
}

/// Ways in which planning offices write days.
const DATE_FORMATS: [&str; 5] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"];

impl Row<'_> {
    pub fn text(&self, field: &str) -> Option<&str> {
        self.feature.values.get(self.source_field(field)).map(String::as_str)
    }

    pub fn number(&self, field: &str) -> Result<Option<f64>, Error> {
        self.parsed(field, "a number", |text| text.parse().ok().filter(|v: &f64| v.is_finite()))
    }

    /// A whole number, also when the file stores it as a decimal one.
    pub fn count(&self, field: &str) -> Result<Option<u32>, Error> {
        let whole =
            |text: &str| text.parse::<f64>().ok().filter(|v| v.fract() == 0.0 && (0.0..1e4).contains(v));
        self.parsed(field, "a whole number", |text| whole(text).map(|v| v as u32))
    }

    pub fn date(&self, field: &str) -> Result<Option<NaiveDate>, Error> {
        let day = |text: &str| DATE_FORMATS.iter().find_map(|f| NaiveDate::parse_from_str(text, f).ok());
        self.parsed(field, "a date such as 2025-03-10", day)
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
        let area = shapes.into_areas().map_err(|gap| self.open_outline(gap))?;
        match area.check_validation() {
            _ if area.0.is_empty() => Err(self.incomplete("has no outline: draw one".to_owned())),
            Ok(()) => Ok(area),
            Err(reason) => Err(Error::InvalidOutline {
                path: self.path.to_owned(),
                layer: self.layer.to_owned(),
                feature: self.feature.id,
                reason: reason.to_string(),
            }),
        }
    }

    pub fn open_outline(&self, Gap { at, width_m }: Gap) -> Error {
        Error::OpenOutline {
            path: self.path.to_owned(),
            layer: self.layer.to_owned(),
            feature: self.feature.id,
            east: at.x,
            north: at.y,
            width_m,
        }
    }

    pub fn origin(&self) -> Origin {
        Origin { source_idx: 0, layer: self.layer.to_owned(), feature_id: self.feature.id }
    }

    fn source_field<'b>(&'b self, field: &'b str) -> &'b str {
        self.names.get(field).map_or(field, String::as_str)
    }
}
