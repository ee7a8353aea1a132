use std::collections::BTreeMap;

use plumbline_case::Lead;
use plumbline_finding::{Finding, to_table};
use polars::prelude::*;

/// The findings of all leads as a table, each with its lead and whether it still holds.
///
/// `photos` names the photos that show a finding, by its identifier.
pub fn finding_table(leads: &[Lead], photos: &BTreeMap<String, Vec<String>>) -> PolarsResult<DataFrame> {
    let findings: Vec<Finding> = leads.iter().flat_map(|lead| lead.findings.clone()).collect();
    let each = leads.iter().flat_map(|lead| lead.findings.iter().map(move |finding| (lead, finding)));
    let presences: Vec<&str> = each.clone().map(|(lead, f)| lead.presence_of(f).code()).collect();
    let names: Vec<&str> = each.map(|(lead, _)| lead.id.as_str()).collect();
    let mut table = to_table(&findings, photos)?;
    table.with_column(Column::new("presence".into(), presences))?;
    table.with_column(Column::new("lead".into(), names))?;
    Ok(table)
}
