//! One epoch, judged: small enough to be kept for every epoch while the surfaces of two are in memory.

use chrono::NaiveDate;
use plumbline_adjustment::Tie;
use plumbline_case::Round;
use plumbline_finding::{Findings, Suppressed, Undecided};
use plumbline_geodesy::SurveyQuality;
use plumbline_photo::check::Text;
use plumbline_plan::Plan;
use plumbline_stage::StageObservation;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::flown::Flown;
use crate::store::{Key, digest, digest_file};

/// What came of one epoch, held against the plan and the earlier epoch.
#[derive(Debug, Serialize, Deserialize)]
pub struct Judged {
    /// What it found, and what it shows of every place.
    pub round: Round,
    /// How far the approved buildings had come.
    pub stages: Vec<StageObservation>,
    /// What changed and is lawful or no building.
    pub suppressed: Vec<Suppressed>,
    /// What it leaves open.
    pub undecided: Vec<Undecided>,
    /// How it was laid onto the earlier epoch.
    pub remarks: Vec<Text>,
    /// How far the earlier epoch was moved for that, east and north, metres.
    pub moved_m: (f64, f64),
    /// Digest of the raster of height differences; none where heights were not compared.
    pub rise: Option<String>,
}

/// Everything about an epoch that a judgement depends on.
#[derive(Debug, Serialize)]
struct Evidence<'a> {
    id: &'a str,
    day: NaiveDate,
    quality: SurveyQuality,
    tie: Option<&'a Tie>,
    /// Digests of its heights, their sigmas and its colours.
    files: Vec<Option<String>>,
}

impl<'a> Evidence<'a> {
    fn of(context: &Context, epoch: &'a Flown) -> Self {
        let files = context.workspace.epoch(epoch.id());
        let files = [files.dsm(), files.dsm_sigma(), files.ortho()];
        Self {
            id: epoch.id(),
            day: epoch.day(),
            quality: epoch.quality(),
            tie: epoch.photographed().and_then(|epoch| epoch.report.tie.as_ref()),
            files: files.iter().map(|file| digest_file(file).ok()).collect(),
        }
    }
}

impl Judged {
    /// The key of the judgement of an epoch.
    pub fn key(
        context: &Context,
        epoch: &Flown,
        earlier: Option<&Flown>,
        plan: Option<&Plan>,
        before: &[Findings],
    ) -> Result<Key, Error> {
        let evidence = |epoch| Evidence::of(context, epoch);
        let pack = &context.project.project.jurisdiction;
        let pack = if pack == "sample" { pack.clone() } else { digest(pack.as_ref())? };
        context.store.key("finding", &(evidence(epoch), earlier.map(evidence), plan, pack, before))
    }

    /// What was found, for those who judge later epochs.
    pub fn found(&self) -> Findings {
        let (findings, suppressed) = (self.round.findings.clone(), self.suppressed.clone());
        Findings { findings, suppressed, undecided: self.undecided.clone() }
    }

    /// The judgement as it was kept, if all that goes with it is still there.
    pub fn known(context: &Context, key: &Key) -> Option<Self> {
        let known: Self = context.store.known("finding", key)?;
        let rise = context.workspace.epoch(&known.round.epoch.id).rise();
        (known.rise.is_none() || known.rise == digest_file(&rise).ok()).then_some(known)
    }
}
