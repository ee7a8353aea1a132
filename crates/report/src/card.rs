use std::path::Path;

use plumbline_case::{Lead, Presence, Sighting, State, What};
use plumbline_finding::{Bilingual, Finding, Measure, Priority, Statute, Unit, Verdict};
use serde::Serialize;

use crate::Error;
use crate::picture::Picture;

/// One lead in the report: its pictures, and every finding on the structure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Card {
    id: String,
    state: State,
    state_zh: &'static str,
    priority: Priority,
    presence: Presence,
    presence_name: Bilingual,
    building_no: Option<String>,
    before: Option<Picture>,
    after: Option<Picture>,
    plan_overlay: Option<Picture>,
    photos: Vec<String>,
    findings: Vec<Entry>,
}

/// One finding on a card.
#[derive(Debug, Clone, Serialize)]
struct Entry {
    number: usize,
    kind: Bilingual,
    code: &'static str,
    verdict: Verdict,
    measured: String,
    sigma: String,
    limit: String,
    unit: Unit,
    stages: Vec<Bilingual>,
    epoch: String,
    earlier_epoch: Option<String>,
    first_seen_with: String,
    last_seen_without: Option<String>,
    plan_version: Option<String>,
    statutes: Vec<Statute>,
    explanation: Bilingual,
    presence: Presence,
    presence_name: Bilingual,
    sightings: Vec<(String, Bilingual)>,
}

impl Card {
    /// The cards of all leads, their findings numbered through.
    pub fn all(run: &Path, leads: &[Lead]) -> Result<Vec<Self>, Error> {
        let mut number = 0;
        leads
            .iter()
            .map(|lead| {
                let first = number + 1;
                number += lead.findings.len();
                Self::of(run, lead, first)
            })
            .collect()
    }

    fn of(run: &Path, lead: &Lead, first: usize) -> Result<Self, Error> {
        let picture = |what: What| {
            let shows = lead.evidence.iter().find(|evidence| evidence.what == what);
            shows.map(|evidence| Picture::of_file(&run.join(&evidence.file))).transpose()
        };
        let photos = lead.evidence.iter().filter(|evidence| evidence.what == What::SourcePhoto);
        let state = lead.state();
        Ok(Self {
            id: lead.id.clone(),
            state,
            state_zh: state.zh(),
            priority: lead.priority(),
            presence: lead.presence(),
            presence_name: lead.presence().name(),
            building_no: lead.findings.iter().find_map(|finding| finding.building_no.clone()),
            before: picture(What::Before)?,
            after: picture(What::After)?,
            plan_overlay: picture(What::PlanOverlay)?,
            photos: photos.map(|photo| short_name(&photo.file)).collect(),
            findings: lead.findings.iter().enumerate().map(|(i, f)| Entry::of(lead, f, first + i)).collect(),
        })
    }
}

impl Entry {
    fn of(lead: &Lead, finding: &Finding, number: usize) -> Self {
        let presence = lead.presence_of(finding);
        let sightings = lead.sightings.iter().filter(|sighting| sighting.finding == finding.id);
        let seen = |sighting: &Sighting| (sighting.on.to_string(), sighting.saw.text());
        let Measure { measured, sigma, limit, unit } = finding.measure;
        let mut stages: Vec<_> = finding.stage_lo.into_iter().chain(finding.stage_hi).collect();
        stages.dedup();
        Self {
            number,
            kind: Bilingual::new(finding.kind.zh(), finding.kind.en()),
            code: finding.kind.code(),
            verdict: finding.verdict,
            measured: unit.figure(measured),
            sigma: unit.figure(sigma),
            limit: unit.figure(limit),
            unit,
            stages: stages.into_iter().map(|stage| Bilingual::new(stage.zh(), stage.to_string())).collect(),
            epoch: finding.epoch.clone(),
            earlier_epoch: finding.earlier_epoch.clone(),
            first_seen_with: finding.first_seen_with.to_string(),
            last_seen_without: finding.last_seen_without.map(|date| date.to_string()),
            plan_version: finding.plan_version.clone(),
            statutes: finding.statutes.clone(),
            explanation: finding.explanation.clone(),
            presence,
            presence_name: presence.name(),
            sightings: sightings.map(seen).collect(),
        }
    }
}

/// The last two parts of a path: flight and photo.
fn short_name(file: &Path) -> String {
    let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}
