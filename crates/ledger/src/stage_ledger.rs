use chrono::NaiveDate;
use plumbline_finding::{EpochRef, Finding, Kind};
use plumbline_plan::{Building, Inspection, Plan};
use plumbline_stage::{Outcome, StageObservation};
use polars::prelude::*;

use crate::table::{Columns, code, joined};

/// What one epoch says of the approved buildings.
#[derive(Debug, Clone, Copy)]
pub struct EpochStages<'a> {
    /// The epoch.
    pub epoch: &'a EpochRef,
    /// How far the buildings had come.
    pub stages: &'a [StageObservation],
    /// What it found.
    pub findings: &'a [Finding],
}

/// An approved building over all epochs: one row of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingStages {
    /// Number of the building in the plan.
    pub building_no: String,
    /// Approved storeys above ground, where the plan says them.
    pub storeys_approved: Option<u32>,
    /// What each epoch shows of it, oldest first.
    pub rows: Vec<StageRow>,
    /// Its records, in the order of the plan.
    pub inspections: Vec<Inspection>,
}

/// What one epoch shows of one approved building, beside the records of that day.
#[derive(Debug, Clone, PartialEq)]
pub struct StageRow {
    /// The epoch.
    pub epoch: String,
    /// Day of the flight.
    pub on: NaiveDate,
    /// The stage as an interval, with the quantities behind it.
    pub seen: StageObservation,
    /// Records that had passed by the end of that day.
    pub passed: Vec<Inspection>,
    /// Records applied for and not passed by the end of that day.
    pub pending: Vec<Inspection>,
    /// Kinds of mismatch that the epoch told of the building.
    pub mismatches: Vec<Kind>,
}

/// The approved buildings of a plan in its order, each with what every epoch shows of it.
pub fn by_building(plan: &Plan, epochs: &[EpochStages<'_>]) -> Vec<BuildingStages> {
    let stages = plan.buildings.iter().map(|building| BuildingStages {
        building_no: building.building_no.clone(),
        storeys_approved: building.storey_count(),
        rows: epochs.iter().filter_map(|epoch| row(building, epoch)).collect(),
        inspections: building.inspections.clone(),
    });
    stages.collect()
}

fn row(building: &Building, epoch: &EpochStages<'_>) -> Option<StageRow> {
    let no = &building.building_no;
    let on = epoch.epoch.captured_on;
    let seen = epoch.stages.iter().find(|stage| &stage.building_no == no)?;
    let passed = |record: &Inspection| record.passed_at.is_some_and(|day| day <= on);
    let applied = |record: &Inspection| record.applied_at.is_some_and(|day| day <= on);
    let told = epoch.findings.iter().filter(|finding| finding.building_no.as_ref() == Some(no));
    let mut mismatches: Vec<Kind> = told.map(|finding| finding.kind).collect();
    mismatches.sort();
    mismatches.dedup();
    let records = building.inspections.iter().copied();
    Some(StageRow {
        epoch: epoch.epoch.id.clone(),
        on,
        seen: seen.clone(),
        passed: records.clone().filter(passed).collect(),
        pending: records.filter(|record| applied(record) && !passed(record)).collect(),
        mismatches,
    })
}

/// A row of the table: a building at an epoch.
type Row<'a> = (&'a BuildingStages, &'a StageRow);

/// The stages as a table, a row for each building and epoch: the interval, the measured quantities, the records of the day.
pub fn stage_table(buildings: &[BuildingStages]) -> PolarsResult<DataFrame> {
    let rows = buildings.iter().flat_map(|building| building.rows.iter().map(move |row| (building, row)));
    let rows: Vec<Row<'_>> = rows.collect();
    let observed = |row: &Row<'_>| row.1.seen.outcome == Outcome::Observed;
    let stage = |row: &Row<'_>, stage: String| observed(row).then_some(stage);
    Columns::of(&rows)
        .text("building_no", |(building, _)| Some(building.building_no.clone()))
        .text("epoch", |(_, row)| Some(row.epoch.clone()))
        .date("on", |(_, row)| Some(row.on))?
        .text("outcome", |row| Some(if observed(row) { "OBSERVED" } else { "CANNOT_BE_SEEN" }.to_owned()))
        .text("reason", |(_, row)| match row.seen.outcome {
            Outcome::CannotBeSeen(reason) => code(&reason),
            Outcome::Observed => None,
        })
        .text("stage_lo", |row| stage(row, row.1.seen.stage_lo.to_string()))
        .text("stage_hi", |row| stage(row, row.1.seen.stage_hi.to_string()))
        .count("storeys_lo", |row| observed(row).then_some(row.1.seen.storeys_lo))
        .count("storeys_hi", |row| observed(row).then_some(row.1.seen.storeys_hi))
        .count("storeys_approved", |(building, _)| building.storeys_approved)
        .text("overbuilt", |row| observed(row).then(|| code(&row.1.seen.overbuilt)).flatten())
        .number("deck_m", |(_, row)| row.seen.deck.map(|deck| deck.height_m))
        .number("u_deck_m", |(_, row)| Some(row.seen.u_deck_m))
        .number("deck_share", |(_, row)| row.seen.deck.map(|deck| deck.share))
        .number("zero_level_m", |(_, row)| row.seen.zero_level.map(|zero| zero.height_m))
        .text("zero_level_from", |(_, row)| row.seen.zero_level.and_then(|zero| code(&zero.source)))
        .number("coverage", |(_, row)| Some(row.seen.coverage))
        .text("passed", |(_, row)| Some(records(&row.passed)))
        .text("pending", |(_, row)| Some(records(&row.pending)))
        .text("mismatches", |(_, row)| Some(joined(&row.mismatches)))
        .table()
}

/// Records with their storeys, such as `PLUS_MINUS_ZERO;TYPICAL_STOREY(3)`.
fn records(records: &[Inspection]) -> String {
    joined(records.iter().map(|inspection| match inspection.storey {
        Some(storey) => format!("{}({storey})", inspection.record),
        None => inspection.record.to_string(),
    }))
}
