//! What was seen, held against the plan.

use geo::{Centroid, Contains, Point};
use plumbline_case::Round;
use plumbline_change::AppearanceChange;
use plumbline_finding::{
    Bilingual, EpochRef, Findings, Judgement, JurisdictionPack, PlannedFootprint, Undecided, judge_after,
};
use plumbline_plan::Plan;
use plumbline_stage::StageObservation;

use crate::error::Error;
use crate::steps::Context;
use crate::steps::change::Changed;
use crate::steps::judged::Judged;
use crate::steps::sight::sight;
use crate::store::digest;

/// Judges an epoch, knowing what was made of those before.
pub fn findings(
    context: &Context,
    plan: Option<&Plan>,
    changed: Changed,
    stages: Vec<StageObservation>,
    before: &[Findings],
) -> Result<Judged, Error> {
    let pack = JurisdictionPack::open(&context.project.project.jurisdiction)?;
    let reference = |epoch: &plumbline_change::EpochSurface| EpochRef {
        id: epoch.id.clone(),
        captured_on: epoch.captured_on,
    };
    let epoch = reference(&changed.after);
    let earlier = changed.before.as_ref().map(reference);
    let footprints =
        plan.map_or_else(Vec::new, |plan| PlannedFootprint::observe_all(plan, &changed.above_ground, &pack));
    let judgement = Judgement {
        epoch: &epoch,
        quality: changed.after.quality,
        earlier: earlier.as_ref(),
        plan,
        comparison: changed.comparison.as_ref(),
        structures: &changed.structures,
        stages: &stages,
        footprints: &footprints,
        pack: &pack,
    };
    let mut found = judge_after(&judgement, before)?;
    found.undecided.extend(changed.looks.iter().map(|change| looks_changed(change, plan)));
    let compared = changed.comparison.as_ref().is_some_and(|comparison| comparison.refused.is_none());
    let rise = context.workspace.epoch(&epoch.id).rise();
    let sight = sight(&changed, plan, &stages, &pack);
    Ok(Judged {
        round: Round { epoch, earlier, findings: found.findings, sight },
        stages,
        suppressed: found.suppressed,
        undecided: found.undecided,
        remarks: changed.remarks,
        moved_m: changed.moved_m,
        rise: compared.then(|| digest(&rise)).transpose()?,
    })
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
