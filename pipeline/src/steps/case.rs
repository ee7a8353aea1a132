//! Findings of all epochs become leads with evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use geo::MultiPolygon;
use plumbline_case::{Lead, Round, merge};
use plumbline_finding::Finding;
use plumbline_plan::Plan;

use crate::error::Error;
use crate::steps::Context;
use crate::steps::clerk::{Clerk, Filed};
use crate::steps::flown::Flown;
use crate::steps::judged::Judged;
use crate::store::remove;

/// The leads of a project and the photos that show what they found.
#[derive(Debug)]
pub struct Leads {
    /// The leads, most urgent first.
    pub leads: Vec<Lead>,
    /// Names of the photos that show a finding, by its identifier.
    pub photos: BTreeMap<String, Vec<String>>,
}

/// One lead for each structure with findings, with pictures of the place and the photos that show it best. The surfaces of two
/// epochs are looked at at a time.
pub fn leads(
    context: &Context,
    epochs: &[Flown],
    plan: Option<&Plan>,
    judged: &[Judged],
) -> Result<Leads, Error> {
    let rounds: Vec<&Round> = judged.iter().map(|judged| &judged.round).collect();
    let mut leads = merge(&rounds);
    let outlines = plan.map_or_else(Vec::new, outlines);
    let mut filed: BTreeMap<String, Filed> = BTreeMap::new();
    for judged in judged.iter().rev() {
        let id = &judged.round.epoch.id;
        let findings = leads.iter().flat_map(|lead| &lead.findings).filter(|finding| &finding.epoch == id);
        let findings: Vec<&Finding> = findings.collect();
        if !findings.is_empty() {
            let clerk = Clerk { context, epochs, judged, plan: &outlines };
            filed.extend(clerk.file(&findings)?);
        }
    }
    for lead in &mut leads {
        let of = |finding: &Finding| filed.get(&finding.id);
        let pictures = lead.findings.iter().filter_map(of).flat_map(|filed| filed.pictures.clone());
        let photos = lead.findings.first().and_then(of).map_or_else(Vec::new, |filed| filed.photos.clone());
        lead.evidence = pictures.chain(photos).collect();
    }
    tidy(context, &leads)?;
    Ok(Leads { leads, photos: filed.into_iter().map(|(id, filed)| (id, filed.shown_by)).collect() })
}

/// Takes away the pictures of an earlier run, whose findings may have been others.
fn tidy(context: &Context, leads: &[Lead]) -> Result<(), Error> {
    let folder = context.workspace.pictures();
    let evidence = leads.iter().flat_map(|lead| &lead.evidence);
    let in_use: BTreeSet<&Path> = evidence.map(|evidence| evidence.file.as_path()).collect();
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    for file in entries.filter(|file| !in_use.contains(context.workspace.below(file))) {
        remove(&file)?;
    }
    Ok(())
}

fn outlines(plan: &Plan) -> Vec<MultiPolygon<f64>> {
    let buildings = plan.buildings.iter().map(|building| &building.base);
    let existing = plan.existing.iter().map(|existing| &existing.outline);
    let temporaries = plan.temporaries.iter().map(|temporary| &temporary.outline);
    buildings.chain(existing).chain(temporaries).cloned().collect()
}
