use chrono::NaiveDate;
use polars::prelude::{AnyValue, DataFrame};
use serde_json::{Map, Value, json};

/// A table as its rows, for what knows no columns: pages, lines of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Names of the columns.
    pub names: Vec<String>,
    /// The cells of each row; dates are texts such as `2025-06-12`.
    pub rows: Vec<Vec<Value>>,
}

impl Rows {
    /// The rows of a table.
    pub fn of(table: &DataFrame) -> Self {
        let names = table.get_column_names().into_iter().map(ToString::to_string).collect();
        let cells = |row: usize| {
            let columns = table.columns().iter();
            columns.map(|column| column.get(row).map_or(Value::Null, value)).collect()
        };
        Self { names, rows: (0..table.height()).map(cells).collect() }
    }

    /// Each row as an object.
    pub fn objects(&self) -> Vec<Value> {
        let object = |row: &Vec<Value>| {
            let pairs = self.names.iter().cloned().zip(row.iter().cloned());
            Value::Object(pairs.collect::<Map<String, Value>>())
        };
        self.rows.iter().map(object).collect()
    }
}

fn value(cell: AnyValue<'_>) -> Value {
    match cell {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(flag) => json!(flag),
        AnyValue::UInt32(count) => json!(count),
        AnyValue::Float64(number) => json!(number),
        AnyValue::String(text) => json!(text),
        AnyValue::Date(days) => json!(NaiveDate::from_epoch_days(days).map(|day| day.to_string())),
        other => json!(other.to_string()),
    }
}
