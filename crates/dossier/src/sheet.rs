use plumbline_case::{Actor, Evidence, Field, Lead, Review, StatusChange, What};
use plumbline_finding::{Bilingual, Finding};
use serde::Serialize;

use crate::fonts::FAMILIES;
use crate::window::Window;
use crate::{Dossier, Error, Remark};

/// Photos of one map and three photos (一注三图).
const PHOTOS: usize = 3;

/// What the template sets, in its order.
#[derive(Debug, Serialize)]
pub(crate) struct Sheet<'a> {
    fonts: [&'static str; 3],
    project: &'a str,
    crs: &'a str,
    software: &'a str,
    made_at: String,
    checkpoint: Option<&'a str>,
    lead: &'a str,
    state: Bilingual,
    presence: Bilingual,
    priority: String,
    findings: Vec<Row<'a>>,
    /// Before, after, and the plan over it: names of files for the template.
    pictures: Vec<Shown<'a>>,
    photos: Vec<Shown<'a>>,
    form: &'a [Field],
    history: Vec<Step<'a>>,
    remarks: &'a [Remark],
    evidence: Vec<Item<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    kind: Bilingual,
    verdict: Bilingual,
    measured: String,
    sigma: String,
    limit: String,
    unit: String,
    since: String,
    plan_version: Option<&'a str>,
    statutes: Vec<String>,
    explanation: &'a Bilingual,
}

/// What is said of a file wherever it is shown or listed.
#[derive(Debug, Serialize)]
struct Cited<'a> {
    what: Bilingual,
    name: String,
    sha256: &'a str,
    proves: &'a str,
}

/// A picture or photo in the document; `file` is none where the store did not give it.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    cited: Cited<'a>,
    file: Option<String>,
    window: Option<Window>,
}

#[derive(Debug, Serialize)]
struct Step<'a> {
    to: Bilingual,
    by: String,
    on: String,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct Item<'a> {
    #[serde(flatten)]
    cited: Cited<'a>,
    derived_from: &'a [String],
    made_with: Option<&'a str>,
    legal: Option<&'a Review>,
    technical: Option<&'a Review>,
}

/// Files that the template sets, by name.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

impl<'a> Sheet<'a> {
    /// The content of a dossier with the files that go into it.
    pub fn of(dossier: &'a Dossier<'a>) -> Result<(Self, Files), Error> {
        let lead = dossier.lead;
        let mut files = Vec::new();
        let pictures = pictures(lead).map(|evidence| picture(dossier, evidence, &mut files)).collect();
        let photos = photos(lead).into_iter().map(|evidence| photo(dossier, evidence, &mut files));
        let photos = photos.collect::<Result<_, Error>>()?;
        let state = lead.state();
        let sheet = Self {
            fonts: FAMILIES,
            project: dossier.project,
            crs: dossier.crs,
            software: dossier.software,
            made_at: dossier.made_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            checkpoint: dossier.checkpoint,
            lead: &lead.id,
            state: Bilingual::new(state.zh(), state.code()),
            presence: lead.presence().name(),
            priority: format!("{:?}", lead.priority()).to_uppercase(),
            findings: lead.findings.iter().map(Row::of).collect(),
            pictures,
            photos,
            form: &dossier.form.fields,
            history: lead.history.iter().map(Step::of).collect(),
            remarks: dossier.remarks,
            evidence: lead.evidence.iter().map(Item::of).collect(),
        };
        Ok((sheet, files))
    }
}

/// The pictures of the most urgent finding.
fn pictures(lead: &Lead) -> impl Iterator<Item = &Evidence> {
    [What::PlanOverlay, What::Before, What::After]
        .into_iter()
        .filter_map(|what| lead.evidence.iter().find(|evidence| evidence.what == what))
}

/// Three photos as the drone took them: one of the earlier date, where there is one, and the rest of the later.
fn photos(lead: &Lead) -> Vec<&Evidence> {
    let originals: Vec<&Evidence> =
        lead.evidence.iter().filter(|evidence| evidence.what == What::SourcePhoto).collect();
    let Some(last) = originals.last() else { return Vec::new() };
    let (later, earlier): (Vec<&Evidence>, Vec<&Evidence>) =
        originals.iter().partition(|evidence| evidence.proves == last.proves);
    let earlier = earlier.into_iter().take(1);
    let room = PHOTOS - earlier.len();
    earlier.chain(later.into_iter().take(room)).collect()
}

fn picture<'a>(dossier: &Dossier<'a>, evidence: &'a Evidence, files: &mut Files) -> Shown<'a> {
    let bytes = (dossier.file)(&evidence.sha256);
    let file = bytes.map(|bytes| keep(files, format!("{}.png", evidence.sha256), bytes));
    Shown { cited: Cited::of(evidence), file, window: None }
}

fn photo<'a>(dossier: &Dossier<'a>, evidence: &'a Evidence, files: &mut Files) -> Result<Shown<'a>, Error> {
    let bytes = (dossier.file)(&evidence.sha256);
    let window = bytes.map(|bytes| Window::of(&bytes, &evidence.sha256, &evidence.outline_px));
    let mut window = window.transpose()?;
    let jpeg = window.as_mut().map(|window| std::mem::take(&mut window.jpeg));
    let file = jpeg.map(|jpeg| keep(files, format!("{}.jpg", evidence.sha256), jpeg));
    Ok(Shown { cited: Cited::of(evidence), file, window })
}

fn keep(files: &mut Files, name: String, bytes: Vec<u8>) -> String {
    files.push((name.clone(), bytes));
    name
}

impl<'a> Cited<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        let name = evidence.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { what: named(evidence.what), name, sha256: &evidence.sha256, proves: &evidence.proves }
    }
}

impl<'a> Row<'a> {
    fn of(finding: &'a Finding) -> Self {
        let measure = finding.measure;
        let figure = |value: f64| measure.unit.figure(value);
        Self {
            id: &finding.id,
            kind: Bilingual::new(finding.kind.zh(), finding.kind.en()),
            verdict: Bilingual::new(finding.verdict.zh(), finding.verdict.code()),
            measured: figure(measure.measured),
            sigma: figure(measure.sigma),
            limit: figure(measure.limit),
            unit: measure.unit.to_string(),
            since: match finding.last_seen_without {
                Some(without) => format!("{without} → {}", finding.first_seen_with),
                None => format!("… → {}", finding.first_seen_with),
            },
            plan_version: finding.plan_version.as_deref(),
            statutes: finding.statutes.iter().map(ToString::to_string).collect(),
            explanation: &finding.explanation,
        }
    }
}

impl<'a> Step<'a> {
    fn of(change: &'a StatusChange) -> Self {
        let by = match &change.by {
            Actor::Software => "plumbline".to_owned(),
            Actor::Agency(officers) => {
                officers.both().each_ref().map(|one| format!("{} {}", one.name, one.cert_no)).join(", ")
            }
        };
        let to = Bilingual::new(change.to.zh(), change.to.code());
        Self { to, by, on: change.on.to_string(), reason: &change.reason }
    }
}

impl<'a> Item<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            cited: Cited::of(evidence),
            derived_from: &evidence.derived_from,
            made_with: evidence.made_with.as_deref(),
            legal: evidence.review_legal.as_ref(),
            technical: evidence.review_technical.as_ref(),
        }
    }
}

fn named(what: What) -> Bilingual {
    match what {
        What::Before => Bilingual::new("前期影像", "before, from the orthophoto"),
        What::After => Bilingual::new("本期影像", "after, from the orthophoto"),
        What::PlanOverlay => Bilingual::new("图册叠加图", "plan over the orthophoto"),
        What::SourcePhoto => Bilingual::new("航拍原片", "photo as taken"),
    }
}
