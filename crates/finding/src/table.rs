use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use crate::Finding;

/// Days from the common era to 1970-01-01, from which Arrow counts dates.
const EPOCH_DAYS: i32 = 719_163;

/// Findings as a table, one row each, for analysis; outlines are in the GeoJSON.
///
/// `photos` names the photos that show a finding, by its identifier; they are joined by semicolons.
pub fn to_table(findings: &[Finding], photos: &BTreeMap<String, Vec<String>>) -> PolarsResult<DataFrame> {
    let text = |name: &str, of: &dyn Fn(&Finding) -> Option<String>| {
        Column::new(name.into(), findings.iter().map(of).collect::<Vec<_>>())
    };
    let number = |name: &str, of: &dyn Fn(&Finding) -> f64| {
        Column::new(name.into(), findings.iter().map(of).collect::<Vec<_>>())
    };
    let columns = vec![
        text("id", &|f| Some(f.id.clone())),
        text("kind", &|f| Some(f.kind.to_string())),
        text("verdict", &|f| Some(f.verdict.to_string())),
        number("measured", &|f| f.measure.measured),
        number("sigma", &|f| f.measure.sigma),
        number("limit", &|f| f.measure.limit),
        text("unit", &|f| Some(f.measure.unit.to_string())),
        text("building_no", &|f| f.building_no.clone()),
        text("stage_lo", &|f| f.stage_lo.map(|stage| stage.to_string())),
        text("stage_hi", &|f| f.stage_hi.map(|stage| stage.to_string())),
        number("area_m2", &|f| geo::Area::unsigned_area(&f.outline)),
        text("photos", &|f| photos.get(&f.id).map(|names| names.join(";"))),
        text("epoch", &|f| Some(f.epoch.clone())),
        dates("last_seen_without", findings, &|f| f.last_seen_without)?,
        dates("first_seen_with", findings, &|f| Some(f.first_seen_with))?,
        text("priority", &|f| Some(format!("{:?}", f.priority).to_uppercase())),
        text("explanation_zh", &|f| Some(f.explanation.zh.clone())),
        text("explanation_en", &|f| Some(f.explanation.en.clone())),
    ];
    DataFrame::new(findings.len(), columns)
}

fn dates(
    name: &str,
    findings: &[Finding],
    of: &dyn Fn(&Finding) -> Option<NaiveDate>,
) -> PolarsResult<Column> {
    let days = findings.iter().map(|finding| of(finding).map(|day| day.num_days_from_ce() - EPOCH_DAYS));
    Column::new(name.into(), days.collect::<Vec<Option<i32>>>()).cast(&DataType::Date)
}
