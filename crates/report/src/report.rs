use std::collections::BTreeMap;
use std::path::Path;

use minijinja::{Value, context};
use plumbline_case::Lead;
use plumbline_finding::{Bilingual, Lawful, Suppressed, Undecided, Verdict};

use crate::card::Card;
use crate::chart::Chart;
use crate::page::{pages, write_whole};
use crate::texts::texts;
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

/// How many leads, findings, and findings of the two verdicts that ask for action.
fn counts(leads: &[Lead]) -> Value {
    let of = |verdict| leads.iter().flat_map(|lead| &lead.findings).filter(|f| f.verdict == verdict).count();
    context! {
        leads => leads.len(),
        findings => leads.iter().map(|lead| lead.findings.len()).sum::<usize>(),
        confirmed => of(Verdict::ConfirmedExceed),
        inconclusive => of(Verdict::InconclusiveNeedsSurvey),
    }
}
