use geo::{Area, Euclidean, Length, MultiPolygon};
use plumbline_change::{ChangeClass, ChangeRegion, Structure};
use plumbline_plan::Plan;

use crate::geometry::{distance_m, share_inside};
use crate::site::MOSTLY;
use crate::{Judgement, PlannedFootprint};

/// Share of a structure that must lie on something approved for that to explain it.
const EXPLAINED_SHARE: f64 = 0.1;

/// Something that stands and that nothing in the plan explains.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub outline: MultiPolygon<f64>,
    pub area_m2: f64,
    pub area_sigma_m2: f64,
    pub height_m: f64,
    pub height_sigma_m: f64,
    pub roughness_m: f64,
    pub greenness: Option<f64>,
    /// What the change was taken for; none for what only stands.
    pub class: Option<ChangeClass>,
}

impl Candidate {
    /// Whether it came since the earlier epoch.
    pub fn is_new(&self) -> bool {
        self.class.is_some()
    }
}

impl From<&ChangeRegion> for Candidate {
    fn from(region: &ChangeRegion) -> Self {
        Self {
            outline: region.outline.clone().into(),
            area_m2: region.area_m2,
            area_sigma_m2: region.area_sigma_m2,
            height_m: region.height_above_ground_m,
            height_sigma_m: region.height_change_sigma_m,
            roughness_m: region.roughness_m,
            greenness: region.greenness,
            class: Some(region.class),
        }
    }
}

impl From<&Structure> for Candidate {
    fn from(structure: &Structure) -> Self {
        let perimeter_m = Euclidean.length(structure.outline.exterior());
        Self {
            outline: structure.outline.clone().into(),
            area_m2: structure.area_m2,
            area_sigma_m2: perimeter_m * structure.edge_sigma_m,
            height_m: structure.height_m,
            height_sigma_m: structure.height_sigma_m,
            roughness_m: structure.roughness_m,
            greenness: structure.greenness,
            class: None,
        }
    }
}

/// New structures, and standing ones that are not new, that nothing in the plan explains.
pub(crate) fn candidates(input: &Judgement, plan: &Plan) -> Vec<Candidate> {
    let lawful = explaining_outlines(input, plan);
    let explained = |outline: &MultiPolygon<f64>| {
        lawful.iter().map(|&area| share_inside(outline, area)).sum::<f64>() > EXPLAINED_SHARE
            || input.footprints.iter().any(|print| is_part(outline, print, input, plan))
    };
    let regions = input.comparison.map_or(&[][..], |comparison| &comparison.regions);
    let mut found: Vec<_> = regions.iter().filter(|region| came_up(region)).map(Candidate::from).collect();
    found.retain(|candidate| !explained(&candidate.outline));
    let new_count = found.len();
    for standing in input.structures.iter().map(Candidate::from) {
        let known = found[..new_count].iter().any(|new| same_place(&new.outline, &standing.outline));
        if !known && !explained(&standing.outline) {
            found.push(standing);
        }
    }
    found
}

/// Whether something is a part of what stands on an approved outline: scaffold, a corner, an annex that rules of their
/// own look at. Two buildings may touch and be drawn as one; what is farther off than scaffold reaches is the other one.
fn is_part(outline: &MultiPolygon<f64>, print: &PlannedFootprint, input: &Judgement, plan: &Plan) -> bool {
    let reach_m = input.pack.outline_model.scaffold_m;
    let base = plan.building(&print.building_no).map(|building| &building.base);
    base.is_some_and(|base| distance_m(outline, base) <= reach_m)
        && share_inside(outline, &print.footprint.outline.clone().into()) >= MOSTLY
}

/// Changes that put something where there was ground.
fn came_up(region: &ChangeRegion) -> bool {
    match region.class {
        ChangeClass::NewStructure | ChangeClass::Vegetation | ChangeClass::Temporary => {
            region.height_change_m > 0.0
        }
        ChangeClass::Unknown => region.height_change_m > 0.0 && region.height_before_m < 1.0,
        _ => false,
    }
}

/// Outlines of the plan that may have something standing on them; rules of their own look at each.
fn explaining_outlines<'a>(input: &Judgement, plan: &'a Plan) -> Vec<&'a MultiPolygon<f64>> {
    let on = input.epoch.captured_on;
    let permitted = plan.buildings.iter().filter(|b| b.valid_from.is_none_or(|first| first <= on));
    let approved = permitted.map(|building| &building.base);
    let existing = plan.existing.iter().map(|existing| &existing.outline);
    let temporary = plan.temporaries.iter().map(|temporary| &temporary.outline);
    let doomed = plan.to_demolish.iter().map(|doomed| &doomed.outline);
    approved.chain(existing).chain(temporary).chain(doomed).collect()
}

fn same_place(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> bool {
    let (smaller, larger) = if a.unsigned_area() < b.unsigned_area() { (a, b) } else { (b, a) };
    share_inside(smaller, larger) >= MOSTLY
}
