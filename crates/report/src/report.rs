use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use minijinja::{AutoEscape, Environment, HtmlEscape, Value, context};
use plumbline_case::Lead;
use plumbline_finding::{Bilingual, Lawful, Suppressed, Undecided, Verdict};

use crate::card::Card;
use crate::chart::Chart;
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
    let page = page(report)?;
    let under_way = path.with_extension("html.part");
    let failed = |source| Error::Write { path: path.to_owned(), source };
    fs::write(&under_way, page).map_err(failed)?;
    fs::rename(&under_way, path).map_err(failed)
}

/// The page as text. Every text from outside is escaped by the template engine.
fn page(report: &Report<'_>) -> Result<String, Error> {
    let mut pages = Environment::new();
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_trim_blocks(true);
    pages.set_lstrip_blocks(true);
    pages.add_filter("both", both);
    pages.add_filter("figure", figure);
    pages.add_template("report", include_str!("../templates/report.html"))?;
    pages.add_template("map", include_str!("../templates/map.html"))?;
    pages.add_template("card", include_str!("../templates/card.html"))?;
    let earlier = report.earlier.map(|map| Chart::of(map, &[], &[]));
    Ok(pages.get_template("report")?.render(context! {
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

/// A number with so many decimals; a dash where it is not finite.
fn figure(value: f64, decimals: usize) -> String {
    if value.is_finite() { format!("{value:.decimals$}") } else { "–".to_owned() }
}

/// A text of two languages as a pair of elements, of which the reader may hide one; as plain text where both agree.
fn both(text: &Value) -> Result<Value, minijinja::Error> {
    let [zh, en] = [text.get_attr("zh")?, text.get_attr("en")?].map(|text| text.to_string());
    if zh == en {
        return Ok(Value::from(zh));
    }
    let pair =
        format!("<span lang=\"zh\">{}</span> <span lang=\"en\">{}</span>", HtmlEscape(&zh), HtmlEscape(&en));
    Ok(Value::from_safe_string(pair))
}
