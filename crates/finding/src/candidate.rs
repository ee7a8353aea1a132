use std::collections::BTreeMap;

use geo::{Area, BooleanOps, Buffer, Euclidean, Length, MultiPolygon};
use plumbline_change::{ChangeClass, ChangeRegion, Footprint, Structure};
use plumbline_plan::{OutlineIndex, PlanIndex, Record};

use crate::Judgement;
use crate::geometry::{MOSTLY, distance_m, nearest_step, same_place, share_inside, shortest, swept};

/// Share of a structure that must lie on something approved for that to explain it.
const EXPLAINED_SHARE: f64 = 0.1;

/// Eaves stand out by 0.3 to 0.8 m, matched walls by up to four cells more, and the dates lie apart: what is below them is
/// hidden this far, metres.
const UNDER_EAVES_M: f64 = 1.5;
/// Matched walls stand too far out by this at the median, metres: one cell or a little more.
const WALL_OUT_M: f64 = 0.12;
/// What leans on a wall is hidden by it along this share of its border at least.
const LEANING_BORDER: f64 = 0.1;
/// Width of a uniform law in its standard deviations: the square root of twelve.
const UNIFORM_SIGMAS: f64 = 3.464;

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
    /// Share of the border that walls or eaves on both dates hide, 0 to 1.
    pub blind_border: f64,
    /// What the change was taken for; none for what only stands.
    pub class: Option<ChangeClass>,
}

impl Candidate {
    /// Whether it came since the earlier epoch.
    pub fn is_new(&self) -> bool {
        self.class.is_some()
    }

    /// Standard uncertainty of the area, square metres: that of the outline, and that walls are matched too far out.
    pub fn u_area_m2(&self) -> f64 {
        let length_m: f64 = self.outline.iter().map(|part| Euclidean.length(part.exterior())).sum();
        self.area_sigma_m2.hypot(WALL_OUT_M * length_m)
    }

    /// With the strip under the eaves of a finished building that it leans on: nothing can be seen there, and whatever
    /// leans on a wall reaches it.
    fn up_to_walls(mut self, near: &PlanIndex) -> Self {
        let walls = near.existing(&self.outline, UNDER_EAVES_M);
        let step = shortest(walls.filter_map(|existing| nearest_step(&self.outline, &existing.outline)));
        let Some(step) = step.filter(|step| step.x.hypot(step.y) <= UNDER_EAVES_M) else { return self };
        if self.blind_border >= LEANING_BORDER {
            let reaching = swept(&self.outline, step);
            let strip_m2 = reaching.unsigned_area() - self.outline.unsigned_area();
            self.area_m2 += strip_m2;
            self.area_sigma_m2 = self.area_sigma_m2.hypot(strip_m2 / UNIFORM_SIGMAS);
            self.outline = reaching;
        }
        self
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
            blind_border: region.blind_border,
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
            blind_border: 0.0,
            class: None,
        }
    }
}

/// New structures, and standing ones that are not new, that nothing in the plan explains.
pub(crate) fn candidates(
    input: &Judgement,
    near: &PlanIndex,
    footprints: &BTreeMap<&str, &Footprint>,
) -> Vec<Candidate> {
    let explained = |outline: &MultiPolygon<f64>| {
        let lawful = explaining_outlines(input, near, outline);
        lawful.map(|area| share_inside(outline, area)).sum::<f64>() > EXPLAINED_SHARE
            || is_part(outline, input, near, footprints)
            || is_scaffold(outline, input, near)
    };
    let regions = input.comparison.map_or(&[][..], |comparison| &comparison.regions);
    let mut found: Vec<_> = regions.iter().filter(|region| came_up(region)).map(Candidate::from).collect();
    found.retain(|candidate| !explained(&candidate.outline));
    found = found.into_iter().map(|candidate| candidate.up_to_walls(near)).collect();
    let new = OutlineIndex::of(found.iter().map(|candidate| &candidate.outline));
    for standing in input.structures.iter().map(Candidate::from) {
        let mut about = new.near(&standing.outline, 0.0).into_iter();
        let known = about.any(|idx| same_place(&found[idx].outline, &standing.outline));
        if !known && !explained(&standing.outline) {
            found.push(standing);
        }
    }
    found
}

/// Whether something is a part of what stands on an approved outline: scaffold, a corner, an annex that rules of their
/// own look at. Two buildings may touch and be drawn as one; what is farther off than scaffold reaches is the other one.
fn is_part(
    outline: &MultiPolygon<f64>,
    input: &Judgement,
    near: &PlanIndex,
    footprints: &BTreeMap<&str, &Footprint>,
) -> bool {
    let reach_m = input.pack.outline_model.scaffold_m;
    let mut buildings = near.buildings(outline, reach_m);
    buildings.any(|building| {
        let print = footprints.get(building.building_no.as_str());
        let inside = |print: &&Footprint| share_inside(outline, &print.outline.clone().into()) >= MOSTLY;
        print.is_some_and(inside) && distance_m(outline, &building.base) <= reach_m
    })
}

/// Whether something stands where the scaffold of approved buildings does, facades unfinished: a ring around the outline is seen
/// before the first deck is, and nothing of it lies on the outline; rings of two buildings may be one.
fn is_scaffold(outline: &MultiPolygon<f64>, input: &Judgement, near: &PlanIndex) -> bool {
    let (reach_m, on) = (input.pack.outline_model.scaffold_m, input.epoch.captured_on);
    let open = near.buildings(outline, reach_m).filter(|building| !building.passed(Record::Facade, on));
    let reaches = open.map(|building| building.base.buffer(reach_m));
    reaches.reduce(|a, b| a.union(&b)).is_some_and(|reach| share_inside(outline, &reach) >= MOSTLY)
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

/// Outlines of the plan that may have something standing on them, near a place; rules of their own look at each.
fn explaining_outlines<'a>(
    input: &Judgement,
    near: &PlanIndex<'a>,
    place: &MultiPolygon<f64>,
) -> impl Iterator<Item = &'a MultiPolygon<f64>> {
    let on = input.epoch.captured_on;
    let permitted = near.buildings(place, 0.0).filter(move |b| b.valid_from.is_none_or(|first| first <= on));
    let approved = permitted.map(|building| &building.base);
    let existing = near.existing(place, 0.0).map(|existing| &existing.outline);
    let temporary = near.temporaries(place, 0.0).map(|temporary| &temporary.outline);
    let doomed = near.to_demolish(place).map(|doomed| &doomed.outline);
    approved.chain(existing).chain(temporary).chain(doomed)
}
