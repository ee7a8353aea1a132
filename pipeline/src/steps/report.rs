//! The page for people.

use plumbline_case::Lead;
use plumbline_finding::Bilingual;
use plumbline_photo::check::Text;
use plumbline_plan::Plan;
use plumbline_report::{EpochSummary, LeftOut, Map, PlanOutline, PlanRole, Report, write};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::steps::finding::Judged;
use crate::steps::flown::{Flown, Imported};

/// Writes `report.html`.
pub fn page(context: &Context, epochs: &[Flown], judged: &Judged<'_>, leads: &[Lead]) -> Result<(), Error> {
    let changed = &judged.changed;
    let Some(last) = epochs.last() else { return Ok(()) };
    let overview = changed.overview();
    let earlier = changed.before.as_ref().and_then(|epoch| epoch.ortho.as_ref());
    let earlier = earlier.map(|ortho| Map::of_ortho(&ortho.under(&overview.grid, [0; 4]))).transpose()?;
    let change = changed.comparison.as_ref().filter(|comparison| comparison.refused.is_none());
    let change =
        change.map(|comparison| Map::of_height_change(&comparison.difference, &overview)).transpose()?;
    let mut summaries: Vec<EpochSummary> = epochs.iter().map(summary).collect();
    if let Some(last) = summaries.last_mut() {
        last.remarks.extend(changed.remarks.iter().map(bilingual));
    }
    let software = format!("plumbline {}", env!("CARGO_PKG_VERSION"));
    let report = Report {
        project: &context.project.project.name,
        software: &software,
        crs: last.crs().definition(),
        run: context.workspace.root(),
        epochs: &summaries,
        overview: &Map::of_ortho(&overview)?,
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

fn summary(epoch: &Flown) -> EpochSummary {
    match epoch {
        Flown::Photographed(epoch) => photographed(epoch),
        Flown::Imported(epoch) => imported(epoch),
    }
}

/// An epoch made from photos, in figures.
pub fn photographed(epoch: &Epoch) -> EpochSummary {
    let left_out = epoch.left_out().map(|(photo, reason)| LeftOut {
        photo: photo.to_owned(),
        reason: Bilingual::new(reason.zh, reason.en),
    });
    EpochSummary {
        id: epoch.id.clone(),
        page: Some(format!("epochs/{}/block.html", epoch.id)),
        photos_used: epoch.block.views.len(),
        left_out: left_out.collect(),
        reprojection_px: epoch.report.reprojection_px,
        gnss_rms_m: epoch.report.gnss_rms_m,
        gsd_m: epoch.report.gsd_m,
        survey: epoch.report.quality,
        heights: epoch.heights.clone(),
        remarks: Vec::new(),
    }
}

fn imported(epoch: &Imported) -> EpochSummary {
    EpochSummary {
        id: epoch.id.clone(),
        page: None,
        photos_used: 0,
        left_out: Vec::new(),
        reprojection_px: f64::NAN,
        gnss_rms_m: [f64::NAN; 3],
        gsd_m: epoch.cell_m,
        survey: epoch.quality,
        heights: epoch.heights.clone(),
        remarks: epoch.remarks.iter().map(bilingual).collect(),
    }
}

fn bilingual(text: &Text) -> Bilingual {
    Bilingual::new(&text.zh, &text.en)
}

fn outlines(plan: &Plan) -> Vec<PlanOutline> {
    let drawn = |role, outline: &geo::MultiPolygon<f64>| PlanOutline { role, outline: outline.clone() };
    let parcels = plan.parcels.iter().map(|parcel| drawn(PlanRole::Parcel, &parcel.outline));
    let buildings = plan.buildings.iter().map(|building| drawn(PlanRole::Building, &building.base));
    let existing = plan.existing.iter().map(|existing| drawn(PlanRole::Existing, &existing.outline));
    let temporaries = plan.temporaries.iter().map(|temporary| drawn(PlanRole::Temporary, &temporary.outline));
    parcels.chain(buildings).chain(existing).chain(temporaries).collect()
}
