use std::collections::BTreeMap;
use std::path::Path;

use minijinja::{Value, context};
use plumbline_case::{Lead, Presence};
use plumbline_finding::{Bilingual, Finding, Lawful, Suppressed, Undecided, Verdict};
use plumbline_ledger::{BuildingStages, Site, Trend};

use crate::card::Card;
use crate::chart::Chart;
use crate::page::{pages, write_whole};
use crate::site_row::SiteRow;
use crate::texts::texts;
use crate::timeline::Timeline;
use crate::trend_chart::TrendChart;
use crate::{EpochSummary, Error, Map, PlanOutline};

/// Everything that the report tells.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// Name of the project.
    pub project: &'a str,
    /// Name and build of the program, such as `plumbline 0.1.0`.
    pub software: &'a str,
    /// Definition of the map, such as `EPSG:4547`.
    pub crs: &'a str,
    /// Folder of the run, in which the pictures of the leads lie.
    pub run: &'a Path,
    /// The epochs, oldest first.
    pub epochs: &'a [EpochSummary],
    /// Orthophoto of the latest epoch.
    pub overview: &'a Map,
    /// Orthophoto of the earlier epoch on the same grid, to swipe against the latest.
    pub earlier: Option<&'a Map>,
    /// Differences of height, where there is an earlier epoch.
    pub change: Option<&'a Map>,
    /// Outlines of the plan.
    pub plan: &'a [PlanOutline],
    /// The leads, most urgent first.
    pub leads: &'a [Lead],
    /// The approved buildings with the stage that each epoch shows.
    pub stages: &'a [BuildingStages],
    /// The sites with approved buildings and when they were flown.
    pub sites: &'a [Site],
    /// Mismatches by area, kind and month.
    pub trends: &'a [Trend],
    /// What changed and is no finding.
    pub suppressed: &'a [Suppressed],
    /// What could not be decided.
    pub undecided: &'a [Undecided],
}

/// Writes the report as one page that needs nothing beside it.
pub fn write(path: &Path, report: &Report<'_>) -> Result<(), Error> {
    write_whole(path, &page(report)?)
}

fn page(report: &Report<'_>) -> Result<String, Error> {
    let earlier = report.earlier.map(|map| Chart::of(map, &[], &[]));
    Ok(pages()?.get_template("report")?.render(context! {
        style => Value::from_safe_string(include_str!("../templates/report.css").to_owned()),
        t => texts()?,
        project => report.project,
        software => report.software,
        crs => report.crs,
        count => counts(report.leads),
        epochs => report.epochs,
        overview => Chart::of(report.overview, report.plan, report.leads),
        earlier,
        change => report.change.map(|map| Chart::of(map, &[], report.leads)),
        cards => Card::all(report.run, report.leads)?,
        timeline => Timeline::of(report.stages),
        sites => report.sites.iter().map(SiteRow::of).collect::<Vec<_>>(),
        trends => TrendChart::of(report.trends),
        suppressed => report.suppressed.len(),
        lawful => by_reason(report.suppressed),
        undecided => report.undecided,
    })?)
}

/// The changes that are no findings, gathered by their reason.
fn by_reason(suppressed: &[Suppressed]) -> Vec<Value> {
    let mut reasons: BTreeMap<Lawful, Vec<&Bilingual>> = BTreeMap::new();
    for change in suppressed {
        reasons.entry(change.reason).or_default().push(&change.explanation);
    }
    reasons.into_iter().map(|(reason, explanations)| context! { reason, explanations }).collect()
}

/// How many leads are open and how many of them under way, how many findings still hold, and of the verdicts that ask for
/// action how many.
fn counts(leads: &[Lead]) -> Value {
    let of = |presence| leads.iter().filter(|lead| lead.presence() == presence).count();
    let open = leads.iter().filter(|lead| lead.presence().is_open()).count();
    let held = |lead: &&'_ Lead, finding: &Finding| lead.presence_of(finding).is_open();
    let holding = leads.iter().flat_map(|lead| lead.findings.iter().filter(move |f| held(&lead, f)));
    let holding: Vec<Verdict> = holding.map(|finding| finding.verdict).collect();
    let with = |verdict| holding.iter().filter(|held| **held == verdict).count();
    context! {
        leads => open,
        under_way => of(Presence::Ongoing),
        over => leads.len() - open,
        findings => holding.len(),
        confirmed => with(Verdict::ConfirmedExceed),
        inconclusive => with(Verdict::InconclusiveNeedsSurvey),
    }
}
