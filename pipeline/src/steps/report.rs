//! The page for people.

use plumbline_case::Lead;
use plumbline_catalog::ProductKind;
use plumbline_finding::Bilingual;
use plumbline_photo::check::Text;
use plumbline_plan::Plan;
use plumbline_raster::{Raster, Rgba, cog};
use plumbline_report::{EpochSummary, LeftOut, Map, PlanOutline, PlanRole, Report, write};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::steps::flown::{Flown, Imported};
use crate::steps::judged::Judged;
use crate::steps::ledger::Books;

/// Writes `report.html`.
pub fn page(
    context: &Context,
    epochs: &[Flown],
    plan: Option<&Plan>,
    judged: &[Judged],
    leads: &[Lead],
    books: &Books,
) -> Result<(), Error> {
    let (Some(last), Some(judgement)) = (epochs.last(), judged.last()) else { return Ok(()) };
    let overview = overview(context, last)?;
    let (earlier, change) =
        (earlier(context, epochs, judgement, &overview)?, change(context, judgement, &overview)?);
    let mut summaries: Vec<EpochSummary> = epochs.iter().map(summary).collect();
    for (summary, judged) in summaries.iter_mut().zip(judged) {
        summary.remarks.extend(judged.remarks.iter().map(bilingual));
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
        plan: &plan.map_or_else(Vec::new, outlines),
        leads,
        stages: &books.stages,
        sites: &books.sites,
        trends: &books.trends,
        suppressed: &judgement.suppressed,
        undecided: &judgement.undecided,
    };
    write(&context.workspace.report(), &report)?;
    Ok(())
}

/// The orthophoto of an epoch, or a shaded relief where it has none.
fn overview(context: &Context, epoch: &Flown) -> Result<Raster<Rgba>, Error> {
    let files = context.workspace.epoch(epoch.id());
    let has_colours = epoch.has(ProductKind::Ortho);
    Ok(if has_colours { cog::read_rgba(&files.ortho())? } else { cog::read_f32(&files.dsm())?.shaded() })
}

/// The orthophoto of the epoch compared with, laid under the overview; none where there is none.
fn earlier(
    context: &Context,
    epochs: &[Flown],
    judged: &Judged,
    overview: &Raster<Rgba>,
) -> Result<Option<Map>, Error> {
    let named = |epoch: &&Flown| judged.round.earlier.as_ref().is_some_and(|named| named.id == epoch.id());
    let Some(earlier) = epochs.iter().find(named).filter(|epoch| epoch.has(ProductKind::Ortho)) else {
        return Ok(None);
    };
    let mut ortho = cog::read_rgba(&context.workspace.epoch(earlier.id()).ortho())?;
    ortho.grid.west += judged.moved_m.0;
    ortho.grid.north += judged.moved_m.1;
    Ok(Some(Map::of_ortho(&ortho.under(&overview.grid, [0; 4]))?))
}

/// The differences of height, where heights were compared.
fn change(context: &Context, judged: &Judged, overview: &Raster<Rgba>) -> Result<Option<Map>, Error> {
    if judged.rise.is_none() {
        return Ok(None);
    }
    let rise = cog::read_f32(&context.workspace.epoch(&judged.round.epoch.id).rise())?;
    Ok(Some(Map::of_height_change(&rise, overview)?))
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
