use geo::{MinimumRotatedRect, MultiPolygon};
use plumbline_change::{ChangeClass, ChangeRegion};
use plumbline_plan::OutlineIndex;
use plumbline_stage::Outcome;

use crate::candidate::Candidate;
use crate::geometry::{MOSTLY, share_inside};
use crate::rules::post_completion;
use crate::site::Site;
use crate::{Bilingual, Findings, Judgement, Lawful, Suppressed, Undecided};

/// A thing this many times taller than wide is a crane, a mast or a chimney.
const CRANE_SLENDERNESS: f64 = 3.0;
/// Shadows of jibs and hoists blur cranes to at most this area, square metres.
const CRANE_AREA_M2: f64 = 60.0;
/// More than this share of green cells is vegetation or green netting.
const GREEN_SHARE: f64 = 0.5;
/// Leaves are rougher than this, metres; nets and roofs are smoother.
const LEAF_ROUGHNESS_M: f64 = 0.07;
/// Netting over bare soil stays below this height, metres.
const NET_HEIGHT_M: f64 = 2.0;

/// Vehicles are at most 2.55 m wide (GB 1589); a matched outline adds about two cells at each side, its sigma apart, metres.
const VEHICLE_WIDTH_M: f64 = 3.0;
/// Lorries, coaches and containers are at least this many times longer than wide: the shortest box lorry is 6 m x 2.5 m.
const VEHICLE_SLENDERNESS: f64 = 2.2;
/// A lorry is left at one place for two dates at most; what stood there on this many dates before is none.
const DATES_BEFORE: usize = 2;
/// Vehicles are at most 4 m high (GB 1589); their sigma added, metres.
const VEHICLE_HEIGHT_M: f64 = 4.3;

/// Why a structure that the plan does not explain is lawful or none.
pub(crate) fn look_alike(site: &Site, candidate: &Candidate) -> Option<LookAlike> {
    let least = site.input.pack.least;
    let notice = site.input.pack.notice_factor;
    let Candidate { area_m2, area_sigma_m2, height_m, height_sigma_m, roughness_m, .. } = *candidate;
    let green = candidate.greenness.is_some_and(|share| share > GREEN_SHARE);
    let slender = area_m2 <= CRANE_AREA_M2 && height_m >= CRANE_SLENDERNESS * area_m2.sqrt();
    let attached = post_completion::touches(site, candidate);
    Some(if slender {
        LookAlike(Lawful::Crane, "塔吊或杆状物", "a crane or mast")
    } else if candidate.class == Some(ChangeClass::Vegetation) || (green && roughness_m > LEAF_ROUGHNESS_M) {
        LookAlike(Lawful::Vegetation, "植被", "vegetation")
    } else if green && height_m < NET_HEIGHT_M {
        LookAlike(Lawful::DustNet, "防尘网", "netting over soil")
    } else if candidate.class == Some(ChangeClass::Temporary) && !attached {
        LookAlike(
            Lawful::VehicleOrMaterial,
            "车辆、集装箱或堆料",
            "a vehicle, container or stack of material",
        )
    } else if area_m2 - notice * area_sigma_m2 < least.structure_area_m2
        || height_m - notice * height_sigma_m < least.structure_height_m
    {
        LookAlike(Lawful::BelowLeastSize, "小于起报尺寸", "below the least size")
    } else if is_site_hut(site, candidate) {
        LookAlike(Lawful::SiteHut, "在建工地内的临时工棚", "a hut on a site whose construction is open")
    } else {
        return None;
    })
}

/// A reason in both languages.
pub(crate) struct LookAlike(Lawful, &'static str, &'static str);

impl LookAlike {
    /// The record of it, for what is new; what has always stood needs no excuse.
    pub fn filter_new(self, candidate: &Candidate) -> Option<Suppressed> {
        candidate
            .is_new()
            .then(|| self.over(candidate.outline.clone(), candidate.area_m2, candidate.height_m))
    }

    fn over(self, outline: MultiPolygon<f64>, area_m2: f64, height_m: f64) -> Suppressed {
        let Self(reason, zh, en) = self;
        Suppressed {
            outline,
            reason,
            explanation: Bilingual::new(
                format!("{zh}:{area_m2:.0}平方米,高{height_m:.1}米。"),
                format!("{en}: {area_m2:.0} m², {height_m:.1} m high"),
            ),
        }
    }
}

/// Whether something may be a vehicle that was left there: it has the size of one, and was not seen on two dates before.
pub(crate) fn may_be_passing(site: &Site, candidate: &Candidate) -> bool {
    let seen = site.earlier.iter().filter(|found| found.saw(&candidate.outline)).count();
    let is_annex = post_completion::touches(site, candidate) || post_completion::was_told(site, candidate);
    is_vehicle(site, candidate) && !is_annex && seen < DATES_BEFORE
}

/// Keeps a record of what may be a vehicle: what is new passes; what has stayed is to be looked at when somebody is there.
pub(crate) fn leave_open(site: &Site, candidate: &Candidate, found: &mut Findings) {
    let Candidate { area_m2, height_m, .. } = *candidate;
    if candidate.is_new() || site.input.comparison.is_none() {
        let reason =
            LookAlike(Lawful::VehicleOrMaterial, "大小如车辆的物体", "something of the size of a vehicle");
        found.suppressed.push(reason.over(candidate.outline.clone(), area_m2, height_m));
    } else {
        found.undecided.push(Undecided {
            building_no: None,
            outline: Some(candidate.outline.clone()),
            explanation: Bilingual::new(
                format!("大小如车辆的物体(约{area_m2:.0}平方米,高{height_m:.1}米)两期均在原处,是否为建(构)筑物待下期或现场核实。"),
                format!(
                    "Something of the size of a vehicle ({area_m2:.0} m², {height_m:.1} m high) has stayed for two dates: the next \
                     flight or a look on the ground tells whether it is a structure."
                ),
            ),
        });
    }
}

/// Whether something has the size of a lorry or a coach: size alone does not tell them from sheds, standing on does.
pub(crate) fn is_vehicle(site: &Site, candidate: &Candidate) -> bool {
    let (_, length_m) = sides_m(&candidate.outline);
    let least_m2 = candidate.area_m2 - site.input.pack.guard_factor * candidate.area_sigma_m2;
    let mean_width_m = least_m2 / length_m;
    mean_width_m <= VEHICLE_WIDTH_M
        && length_m >= VEHICLE_SLENDERNESS * mean_width_m
        && candidate.height_m <= VEHICLE_HEIGHT_M
}

/// The same of something that is gone: no later flight can tell, so that walls matched too far out count as well.
pub(crate) fn was_vehicle(site: &Site, region: &ChangeRegion) -> bool {
    let gone = Candidate::from(region);
    let area_sigma_m2 = gone.u_area_m2();
    is_vehicle(site, &Candidate { height_m: region.height_before_m, area_sigma_m2, ..gone })
}

fn is_site_hut(site: &Site, candidate: &Candidate) -> bool {
    let hut = site.input.pack.site_hut;
    candidate.height_m <= hut.height_m
        && candidate.area_m2 <= hut.area_m2
        && sides_m(&candidate.outline).0 <= hut.width_m
        && site.is_open_site(&candidate.outline)
}

/// Shorter and longer side of the smallest rectangle about an outline, metres.
fn sides_m(outline: &MultiPolygon<f64>) -> (f64, f64) {
    let rectangle = outline.minimum_rotated_rect();
    let sides = rectangle.iter().flat_map(|rectangle| rectangle.exterior().lines());
    let lengths = sides.map(|side| side.delta().x.hypot(side.delta().y));
    lengths.fold((f64::INFINITY, 0.0), |(short, long), length| (length.min(short), length.max(long)))
}

/// Gives the reason for every change that led to no finding.
pub(crate) fn explain_the_rest(site: &Site, found: &mut Findings) {
    let told = Told::of(found);
    for region in site.regions() {
        let outline: MultiPolygon<f64> = region.outline.clone().into();
        if told.has(&outline) {
            continue;
        }
        match reason(site, region, &outline) {
            Some(reason) => {
                found.suppressed.push(reason.over(outline, region.area_m2, region.height_above_ground_m));
            }
            None => found.undecided.push(unexplained(region, outline)),
        }
    }
}

/// What has been told already: findings, what is lawful, what is open.
struct Told {
    outlines: Vec<MultiPolygon<f64>>,
    index: OutlineIndex,
    open: Vec<MultiPolygon<f64>>,
    open_index: OutlineIndex,
}

impl Told {
    fn of(found: &Findings) -> Self {
        let lawful = found.suppressed.iter().map(|suppressed| &suppressed.outline);
        let told = found.findings.iter().map(|finding| &finding.outline).chain(lawful);
        let outlines: Vec<MultiPolygon<f64>> = told.cloned().collect();
        let open: Vec<MultiPolygon<f64>> = found.undecided.iter().filter_map(|u| u.outline.clone()).collect();
        let (index, open_index) = (OutlineIndex::of(&outlines), OutlineIndex::of(&open));
        Self { outlines, index, open, open_index }
    }

    /// Whether half of a place was told, or all of it is open.
    fn has(&self, place: &MultiPolygon<f64>) -> bool {
        let mut near = self.index.near(place, 0.0).into_iter();
        near.any(|idx| share_inside(place, &self.outlines[idx]) >= MOSTLY)
            || self.open_index.near(place, 0.0).into_iter().any(|idx| &self.open[idx] == place)
    }
}

fn reason(site: &Site, region: &ChangeRegion, outline: &MultiPolygon<f64>) -> Option<LookAlike> {
    let on = |area: &MultiPolygon<f64>| share_inside(outline, area) >= MOSTLY;
    let near = &site.near;
    let least = site.input.pack.least;
    Some(if near.buildings(outline, 0.0).any(|building| on(&building.base)) {
        LookAlike(
            Lawful::ApprovedConstruction,
            "许可建筑按许可施工",
            "an approved building within its permit",
        )
    } else if near.existing(outline, 0.0).any(|existing| on(&existing.outline)) {
        LookAlike(Lawful::ExistingBuilding, "既有建筑上的小变化", "a small change on an existing building")
    } else if near.temporaries(outline, 0.0).any(|temporary| on(&temporary.outline)) {
        LookAlike(Lawful::ApprovedTemporary, "期限内的临时建筑", "a temporary structure within its term")
    } else if region.class == ChangeClass::Vegetation {
        LookAlike(Lawful::Vegetation, "植被", "vegetation")
    } else if region.class == ChangeClass::Temporary {
        LookAlike(
            Lawful::VehicleOrMaterial,
            "车辆、集装箱或堆料",
            "a vehicle, container or stack of material",
        )
    } else if region.class == ChangeClass::Demolished && was_vehicle(site, region) {
        LookAlike(
            Lawful::VehicleOrMaterial,
            "大小如车辆的物体已离开",
            "something of the size of a vehicle left",
        )
    } else if region.class == ChangeClass::Earthwork && site.is_open_site(outline) {
        LookAlike(Lawful::ApprovedEarthwork, "在建工地土方", "earthwork on an open site")
    } else if region.height_change_m < 0.0 && site.is_open_site(outline) {
        LookAlike(Lawful::SiteHut, "在建工地撤除的工棚或堆料", "a hut or stack that left an open site")
    } else if region.area_m2 < least.structure_area_m2
        || region.height_change_m.abs() < least.structure_height_m
    {
        LookAlike(Lawful::BelowLeastSize, "小于起报尺寸", "below the least size")
    } else {
        return None;
    })
}

/// Lists the changes of structures where there is no plan to hold them against.
pub(crate) fn list_changes(input: &Judgement, found: &mut Findings) {
    let regions = input.comparison.map_or(&[][..], |comparison| &comparison.regions);
    let least = input.pack.least;
    let large = regions.iter().filter(|region| {
        region.area_m2 >= least.structure_area_m2
            && region.height_change_m.abs() >= least.structure_height_m
            && !matches!(region.class, ChangeClass::Vegetation | ChangeClass::Temporary)
    });
    found.undecided.extend(large.map(|region| unexplained(region, region.outline.clone().into())));
}

fn unexplained(region: &ChangeRegion, outline: MultiPolygon<f64>) -> Undecided {
    let (area_m2, rise_m) = (region.area_m2, region.height_change_m);
    let (zh, en) = match region.class {
        ChangeClass::Earthwork => {
            ("图册未说明的土方或基坑", "earthwork or a pit that the plan does not explain")
        }
        _ => ("图册未说明的变化", "a change that the plan does not explain"),
    };
    Undecided {
        building_no: None,
        outline: Some(outline),
        explanation: Bilingual::new(
            format!("{zh}:{area_m2:.0}平方米,高差{rise_m:+.1}米,请现场核查。"),
            format!("{en}: {area_m2:.0} m², {rise_m:+.1} m; look at it on the ground"),
        ),
    }
}

/// Says what the inputs themselves leave open.
pub(crate) fn note_what_is_missing(input: &Judgement, found: &mut Findings) {
    let mut note = |zh: String, en: String| {
        let explanation = Bilingual { zh, en };
        found.undecided.push(Undecided { building_no: None, outline: None, explanation });
    };
    if input.plan.is_none() {
        note(
            "没有图册,变化无法与许可比对。".to_owned(),
            "There is no plan: changes cannot be held against permits.".to_owned(),
        );
    }
    match input.comparison.map(|comparison| comparison.refused.as_deref()) {
        None => note(
            "没有前期影像,拆除、加建和起止时间无法判断。".to_owned(),
            "There is no earlier epoch: demolitions, additions and dates of change are open.".to_owned(),
        ),
        Some(Some(reason)) => note(
            format!("两期成果不可比({reason}),结论一律为待实测。"),
            format!("The epochs cannot be compared ({reason}): no finding is confirmed."),
        ),
        Some(None) => (),
    }
    for stage in input.stages {
        if let Outcome::CannotBeSeen(reason) = stage.outcome {
            let name = Bilingual::building(&stage.building_no);
            found.undecided.push(Undecided {
                building_no: Some(stage.building_no.clone()),
                outline: None,
                explanation: Bilingual::new(
                    format!("{}施工阶段无法判断:{}。", name.zh, reason.zh()),
                    format!("The stage of {} is open: {}.", name.en, reason.en()),
                ),
            });
        }
    }
}
