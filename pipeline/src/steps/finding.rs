//! What was seen, held against the plan: findings, on a map and in a table.

use std::collections::BTreeMap;

use geo::{Centroid, Contains, Point};
use plumbline_change::AppearanceChange;
use plumbline_finding::{
    Bilingual, EpochRef, Finding, Findings, Judgement, JurisdictionPack, PlannedFootprint, Undecided, judge,
    to_geojson, write_parquet,
};
use plumbline_plan::Plan;
use plumbline_stage::StageObservation;

use crate::error::Error;
use crate::steps::Context;
use crate::steps::change::Changed;
use crate::steps::evidence::EpochPhotos;
use crate::steps::flown::Flown;
use crate::store::write_whole;
use plumbline_photo::check::Text;

/// Everything that was judged and what came of it.
#[derive(Debug)]
pub struct Judged<'a> {
    /// The plan, where there is one.
    pub plan: Option<Plan>,
    /// Surfaces and differences.
    pub changed: Changed,
    /// Findings, lawful look-alikes, open questions.
    pub findings: Findings,
    /// The photos of the compared epochs that have some, the earlier first; none where nothing was found.
    pub photos: Vec<EpochPhotos<'a>>,
}

impl Judged<'_> {
    /// What the data leave open.
    pub fn undecided(&self) -> impl Iterator<Item = Text> {
        let texts = self.findings.undecided.iter().map(|undecided| &undecided.explanation);
        texts.map(|text| Text::new(&text.zh, &text.en))
    }
}

/// Judges the last epoch and writes `findings.geojson` and `findings.parquet`.
pub fn findings<'a>(
    context: &Context,
    epochs: &'a [Flown],
    plan: Option<Plan>,
    changed: Changed,
    stages: &[StageObservation],
) -> Result<Judged<'a>, Error> {
    let pack = JurisdictionPack::open(&context.project.project.jurisdiction)?;
    let reference = |epoch: &plumbline_change::EpochSurface| EpochRef {
        id: epoch.id.clone(),
        captured_on: epoch.captured_on,
    };
    let epoch = reference(&changed.after);
    let earlier = changed.before.as_ref().map(reference);
    let footprints = plan
        .as_ref()
        .map_or_else(Vec::new, |plan| PlannedFootprint::observe_all(plan, &changed.above_ground, &pack));
    let mut findings = judge(&Judgement {
        epoch: &epoch,
        quality: changed.after.quality,
        earlier: earlier.as_ref(),
        plan: plan.as_ref(),
        comparison: changed.comparison.as_ref(),
        structures: &changed.structures,
        stages,
        footprints: &footprints,
        pack: &pack,
    })?;
    findings.undecided.extend(changed.looks.iter().map(|change| looks_changed(change, plan.as_ref())));
    let photos = if findings.findings.is_empty() { Vec::new() } else { photographed(epochs, &changed)? };
    save(context, epochs, &changed, &findings.findings, &photos)?;
    Ok(Judged { plan, changed, findings, photos })
}

/// The photos of the compared epochs that have some.
fn photographed<'a>(epochs: &'a [Flown], changed: &Changed) -> Result<Vec<EpochPhotos<'a>>, Error> {
    let surfaces = changed.before.iter().chain([&changed.after]);
    let with_epoch = surfaces.filter_map(|surface| {
        let epoch = epochs.iter().find(|epoch| epoch.id() == surface.id)?;
        Some((epoch.photographed()?, surface))
    });
    with_epoch.map(|(epoch, surface)| EpochPhotos::over(epoch, &surface.dsm)).collect()
}

/// What a change of looks leaves open.
fn looks_changed(change: &AppearanceChange, plan: Option<&Plan>) -> Undecided {
    let AppearanceChange { outline, area_m2 } = change;
    let place = outline.centroid().unwrap_or(Point::new(f64::NAN, f64::NAN));
    let buildings = plan.map_or(&[][..], |plan| &plan.buildings);
    let building = buildings.iter().find(|building| building.base.contains(&place));
    let (east, north) = (place.x(), place.y());
    Undecided {
        building_no: building.map(|building| building.building_no.clone()),
        outline: Some(outline.clone().into()),
        explanation: Bilingual::new(
            format!(
                "INCONCLUSIVE：东 {east:.0}、北 {north:.0} 处约 {area_m2:.0} 平方米外观有变化；没有两期地表模型，是否新建、加高无法判断，\
                 也可能是阴影、车辆、堆料或翻耕，请现场核查或补充 dsm。"
            ),
            format!(
                "INCONCLUSIVE: about {area_m2:.0} m² at east {east:.0}, north {north:.0} look different; without two surface models \
                 it is open whether anything was built there, and it may be a shadow, vehicles, material or a ploughed field. Look at \
                 it on the ground, or add a dsm."
            ),
        ),
    }
}

fn save(
    context: &Context,
    epochs: &[Flown],
    changed: &Changed,
    findings: &[Finding],
    photos_of: &[EpochPhotos<'_>],
) -> Result<(), Error> {
    let Some(epoch) = epochs.iter().find(|epoch| epoch.id() == changed.after.id) else { return Ok(()) };
    let shown = photos_of.iter().find(|photos| photos.epoch.id == changed.after.id);
    let mut photos = BTreeMap::new();
    for finding in findings {
        let best = shown.map_or_else(Vec::new, |shown| shown.best(&finding.outline));
        let names: Vec<String> = best.into_iter().map(|photo| photo.name.clone()).collect();
        photos.insert(finding.id.clone(), names);
    }
    let path = context.workspace.findings_geojson();
    let geojson = to_geojson(findings, epoch.crs(), &photos)?;
    let text =
        serde_json::to_vec_pretty(&geojson).map_err(|source| Error::Json { path: path.clone(), source })?;
    write_whole(&path, &text)?;
    write_parquet(findings, &photos, &context.workspace.findings_parquet())?;
    Ok(())
}
