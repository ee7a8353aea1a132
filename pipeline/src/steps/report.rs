//! The page for people.

use plumbline_case::Lead;
use plumbline_finding::Bilingual;
use plumbline_plan::Plan;
use plumbline_report::{EpochSummary, LeftOut, Map, PlanOutline, PlanRole, Report, write};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::steps::finding::Judged;

/// Writes `report.html`.
pub fn page(context: &Context, epochs: &[Epoch], judged: &Judged, leads: &[Lead]) -> Result<(), Error> {
    let changed = &judged.changed;
    let (Some(last), Some(ortho)) = (epochs.last(), &changed.after.ortho) else { return Ok(()) };
    let earlier = changed.before.as_ref().and_then(|epoch| epoch.ortho.as_ref());
    let earlier = earlier.map(Map::of_ortho).transpose()?;
    let change = changed.comparison.as_ref();
    let change = change.map(|comparison| Map::of_height_change(&comparison.difference, ortho)).transpose()?;
    let summaries: Vec<EpochSummary> = epochs.iter().map(summary).collect();
    let software = format!("plumbline {}", env!("CARGO_PKG_VERSION"));
    let report = Report {
        project: &context.project.project.name,
        software: &software,
        crs: last.block.frame.crs.definition(),
        run: context.workspace.root(),
        epochs: &summaries,
        overview: &Map::of_ortho(ortho)?,
        earlier: earlier.as_ref(),
        change: change.as_ref(),
        plan: &judged.plan.as_ref().map_or_else(Vec::new, outlines),
        leads,
        suppressed: &judged.findings.suppressed,
        undecided: &judged.findings.undecided,
    };
    write(&context.workspace.report(), &report)?;
    Ok(())
}

/// An epoch in figures.
pub fn summary(epoch: &Epoch) -> EpochSummary {
    let left_out = epoch.left_out().map(|(photo, reason)| LeftOut {
        photo: photo.to_owned(),
        reason: Bilingual::new(reason.zh, reason.en),
    });
    EpochSummary {
        id: epoch.id.clone(),
        page: format!("epochs/{}/block.html", epoch.id),
        photos_used: epoch.block.views.len(),
        left_out: left_out.collect(),
        reprojection_px: epoch.report.reprojection_px,
        gnss_rms_m: epoch.report.gnss_rms_m,
        gsd_m: epoch.report.gsd_m,
        survey: epoch.report.quality,
        heights: epoch.heights.clone(),
    }
}

fn outlines(plan: &Plan) -> Vec<PlanOutline> {
    let drawn = |role, outline: &geo::MultiPolygon<f64>| PlanOutline { role, outline: outline.clone() };
    let parcels = plan.parcels.iter().map(|parcel| drawn(PlanRole::Parcel, &parcel.outline));
    let buildings = plan.buildings.iter().map(|building| drawn(PlanRole::Building, &building.base));
    let existing = plan.existing.iter().map(|existing| drawn(PlanRole::Existing, &existing.outline));
    let temporaries = plan.temporaries.iter().map(|temporary| drawn(PlanRole::Temporary, &temporary.outline));
    parcels.chain(buildings).chain(existing).chain(temporaries).collect()
}
