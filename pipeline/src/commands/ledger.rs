use std::process::ExitCode;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use plumbline_ledger::{Rows, read_parquet};
use serde_json::Value;

use crate::cli::{self, Book, Printed};
use crate::commands::{print, print_json};
use crate::error::Error;
use crate::workspace::Workspace;

/// `plumbline ledger RUN`.
pub fn ledger(arguments: &cli::Ledger) -> Result<ExitCode, Error> {
    let workspace = Workspace::new(&arguments.run);
    let path = match arguments.book {
        Book::Findings => workspace.findings_parquet(),
        Book::Stages => workspace.stages(),
        Book::Coverage => workspace.coverage(),
        Book::Trends => workspace.trends(),
    };
    if !path.exists() {
        let book = workspace.below(&path).to_owned();
        return Err(Error::NoBook { run: arguments.run.clone(), book });
    }
    let table = Rows::of(&read_parquet(&path)?);
    match arguments.format {
        Printed::Text => print(&for_people(&table, main_columns(arguments.book))),
        Printed::Csv => print(&csv(&table)),
        Printed::Json => print_json(&table.objects())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The columns that people look at, and their names.
fn main_columns(book: Book) -> &'static [(&'static str, &'static str)] {
    match book {
        Book::Findings => &[
            ("presence", "now 现状"),
            ("kind", "kind 类型"),
            ("building_no", "building 楼号"),
            ("verdict", "verdict 判定"),
            ("measured", "measured 量测"),
            ("sigma", "± 1 sigma"),
            ("unit", "unit 单位"),
            ("last_seen_without", "last without 未见"),
            ("first_seen_with", "first with 首见"),
            ("epoch", "epoch 期次"),
            ("lead", "lead 线索"),
        ],
        Book::Stages => &[
            ("building_no", "building 楼号"),
            ("on", "date 日期"),
            ("stage_lo", "least 最低阶段"),
            ("stage_hi", "most 最高阶段"),
            ("reason", "cannot be seen 无法判断"),
            ("storeys_approved", "approved 批准层数"),
            ("deck_m", "deck m 板面高"),
            ("u_deck_m", "± 1 sigma"),
            ("passed", "passed 已合格"),
            ("pending", "applied 已申请"),
            ("mismatches", "told 疑点"),
        ],
        Book::Coverage => &[
            ("site", "site 项目"),
            ("open", "may be under way 在建期内"),
            ("epoch", "epoch 期次"),
            ("share", "covered 覆盖"),
            ("last_flown", "last flown 最近航拍"),
            ("days_unflown", "days since 未飞天数"),
            ("overdue", "overdue 超期"),
        ],
        Book::Trends => &[
            ("area", "area 区域"),
            ("kind", "kind 类型"),
            ("month", "month 月份"),
            ("opened", "opened 新增"),
            ("closed", "closed 消除"),
            ("open", "open 未了"),
            ("confirmed", "confirmed 确认"),
        ],
    }
}

/// Some columns as a table.
fn for_people(rows: &Rows, columns: &[(&str, &str)]) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(columns.iter().map(|(_, head)| *head));
    let idx = |name: &str| rows.names.iter().position(|own| own == name);
    for row in &rows.rows {
        table.add_row(columns.iter().map(|(name, _)| idx(name).map_or_else(String::new, |i| short(&row[i]))));
    }
    table.to_string()
}

fn csv(rows: &Rows) -> String {
    let head = rows.names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
    let line = |row: &Vec<Value>| row.iter().map(|cell| quoted(&plain(cell))).collect::<Vec<_>>().join(",");
    std::iter::once(head).chain(rows.rows.iter().map(line)).collect::<Vec<_>>().join("\r\n")
}

/// A cell without quotation marks.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A field of a line of comma-separated values: in quotation marks where it holds what separates (RFC 4180).
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// The same with two decimals, for people.
fn short(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => format!("{:.2}", number.as_f64().unwrap_or(f64::NAN)),
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, DataFrame, DataType};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_survives_as_lines_and_as_objects() {
        let columns = vec![
            Column::new("name".into(), ["3#, east", "say \"no\""]),
            Column::new("share".into(), [Some(0.5), None]),
            Column::new("on".into(), [20_251_i32, 20_252]).cast(&DataType::Date).unwrap(),
        ];
        let rows = Rows::of(&DataFrame::new(2, columns).unwrap());
        assert_eq!(
            csv(&rows),
            "name,share,on\r\n\"3#, east\",0.5,2025-06-12\r\n\"say \"\"no\"\"\",,2025-06-13"
        );
        assert_eq!(rows.objects()[0], json!({"name": "3#, east", "share": 0.5, "on": "2025-06-12"}));
        assert_eq!(rows.objects()[1]["share"], Value::Null);
        let text = for_people(&rows, &[("share", "覆盖"), ("missing", "-")]);
        assert!(text.contains("0.50") && text.contains("覆盖"), "{text}");
    }
}
