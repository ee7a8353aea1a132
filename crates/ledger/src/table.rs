use std::fs::{self, File};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;
use serde::Serialize;

use crate::Error;

/// Days from the common era to 1970-01-01, from which Arrow counts dates.
const EPOCH_DAYS: i32 = 719_163;

/// A table in the making: a column is a name and what it takes from a row.
pub(crate) struct Columns<'a, R> {
    rows: &'a [R],
    columns: Vec<Column>,
}

impl<'a, R> Columns<'a, R> {
    pub fn of(rows: &'a [R]) -> Self {
        Self { rows, columns: Vec::new() }
    }

    pub fn text(mut self, name: &str, of: impl Fn(&R) -> Option<String>) -> Self {
        let values: Vec<Option<String>> = self.rows.iter().map(of).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }

    /// A number; nothing where it is not finite.
    pub fn number(mut self, name: &str, of: impl Fn(&R) -> Option<f64>) -> Self {
        let finite = |row: &R| of(row).filter(|value| value.is_finite());
        let values: Vec<Option<f64>> = self.rows.iter().map(finite).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }

    pub fn count(mut self, name: &str, of: impl Fn(&R) -> Option<u32>) -> Self {
        let values: Vec<Option<u32>> = self.rows.iter().map(of).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }

    pub fn flag(mut self, name: &str, of: impl Fn(&R) -> bool) -> Self {
        let values: Vec<bool> = self.rows.iter().map(of).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }

    pub fn date(mut self, name: &str, of: impl Fn(&R) -> Option<NaiveDate>) -> PolarsResult<Self> {
        let days = self.rows.iter().map(|row| of(row).map(|day| day.num_days_from_ce() - EPOCH_DAYS));
        let days = Column::new(name.into(), days.collect::<Vec<Option<i32>>>());
        self.columns.push(days.cast(&DataType::Date)?);
        Ok(self)
    }

    pub fn table(self) -> PolarsResult<DataFrame> {
        DataFrame::new(self.rows.len(), self.columns)
    }
}

/// The code of a value in files, such as `NOT_COVERED`.
pub(crate) fn code(value: &impl Serialize) -> Option<String> {
    let value = serde_json::to_value(value).ok()?;
    value.as_str().map(str::to_owned)
}

/// Several names in one cell.
pub(crate) fn joined<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join(";")
}

/// Writes a table as Parquet, beside its place first, so that nobody finds half of it.
pub fn write_parquet(table: PolarsResult<DataFrame>, path: &Path) -> Result<(), Error> {
    let failed = |source: PolarsError| Error::Table { path: path.into(), source: Box::new(source) };
    let refused = |source| Error::Io { path: path.into(), source };
    let mut table = table.map_err(failed)?;
    let under_way = path.with_extension("part");
    let file = File::create(&under_way).map_err(refused)?;
    ParquetWriter::new(file).finish(&mut table).map_err(failed)?;
    fs::rename(&under_way, path).map_err(refused)
}

/// Reads what [`write_parquet`] wrote.
pub fn read_parquet(path: &Path) -> Result<DataFrame, Error> {
    let file = File::open(path).map_err(|source| Error::Io { path: path.into(), source })?;
    let table = ParquetReader::new(file).finish();
    table.map_err(|source| Error::Table { path: path.into(), source: Box::new(source) })
}
