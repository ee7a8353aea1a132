//! The books over all epochs: findings, stages, sites, trends, each as a table.

use plumbline_case::{Lead, Round};
use plumbline_finding::{Finding, JurisdictionPack, to_geojson};
use plumbline_ledger::{
    BuildingStages, EpochStages, Site, Trend, by_building, finding_table, site_table, sites, stage_table,
    trend_table, trends, write_parquet,
};
use plumbline_plan::Plan;
use serde_json::json;

use crate::error::Error;
use crate::steps::Context;
use crate::steps::case::Leads;
use crate::steps::flown::Flown;
use crate::steps::judged::Judged;
use crate::store::write_whole;

/// What the epochs say together.
#[derive(Debug)]
pub struct Books {
    /// The approved buildings with the stage that each epoch shows.
    pub stages: Vec<BuildingStages>,
    /// The sites with approved buildings and when they were flown, as of the last epoch.
    pub sites: Vec<Site>,
    /// Mismatches by area, kind and month.
    pub trends: Vec<Trend>,
}

/// Writes the tables and the map of findings.
pub fn books(
    context: &Context,
    last: &Flown,
    plan: Option<&Plan>,
    judged: &[Judged],
    leads: &Leads,
) -> Result<Books, Error> {
    let pack = JurisdictionPack::open(&context.project.project.jurisdiction)?;
    let rounds: Vec<&Round> = judged.iter().map(|judged| &judged.round).collect();
    let epochs = judged.iter().map(|judged| EpochStages {
        epoch: &judged.round.epoch,
        stages: &judged.stages,
        findings: &judged.round.findings,
    });
    let epochs: Vec<EpochStages<'_>> = epochs.collect();
    let books = Books {
        stages: plan.map_or_else(Vec::new, |plan| by_building(plan, &epochs)),
        sites: plan.map_or_else(Vec::new, |plan| sites(plan, &rounds, &pack, last.day())),
        trends: trends(plan, &leads.leads),
    };
    let workspace = &context.workspace;
    write_parquet(finding_table(&leads.leads, &leads.photos), &workspace.findings_parquet())?;
    write_parquet(stage_table(&books.stages), &workspace.stages())?;
    write_parquet(site_table(&books.sites), &workspace.coverage())?;
    write_parquet(trend_table(&books.trends), &workspace.trends())?;
    map(context, last, leads)?;
    Ok(books)
}

/// The findings on a map, each with its lead and whether it still holds.
fn map(context: &Context, last: &Flown, Leads { leads, photos }: &Leads) -> Result<(), Error> {
    let path = context.workspace.findings_geojson();
    let each: Vec<(&Lead, &Finding)> =
        leads.iter().flat_map(|lead| lead.findings.iter().map(move |finding| (lead, finding))).collect();
    let findings: Vec<Finding> = each.iter().map(|(_, finding)| (*finding).clone()).collect();
    let mut geojson = to_geojson(&findings, last.crs(), photos)?;
    let features = geojson["features"].as_array_mut();
    for (feature, (lead, finding)) in features.into_iter().flatten().zip(&each) {
        feature["properties"]["lead"] = json!(lead.id);
        feature["properties"]["presence"] = json!(lead.presence_of(finding));
    }
    let text =
        serde_json::to_vec_pretty(&geojson).map_err(|source| Error::Json { path: path.clone(), source })?;
    write_whole(&path, &text)
}
