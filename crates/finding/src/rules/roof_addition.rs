use geo::{Area, MultiPolygon};
use plumbline_change::{ChangeClass, ChangeRegion};
use plumbline_plan::{Origin, RoofStructure};

use crate::geometry::{MOSTLY, share_inside};
use crate::rules::post_completion::WHOLE_ROOF_SHARE;
use crate::site::{Draft, Site, Topic};
use crate::{Bilingual, Findings, Kind, Lawful, Measure, Priority, Suppressed, Unit, Verdict};

/// A change that started this near below the approved roof or above it is on the roof, metres.
const ON_ROOF_M: f64 = 1.0;
/// An approved roof structure may be this much higher than approved before it is told, metres.
const ROOF_STRUCTURE_TOLERANCE_M: f64 = 0.5;

/// A roof of the plan that a change lies on.
struct Roof<'a> {
    building_no: Option<&'a str>,
    outline: &'a MultiPolygon<f64>,
    origin: &'a Origin,
    structures: &'a [RoofStructure],
    /// Height of the finished roof above the ground, metres; none where the plan does not say.
    height_m: Option<f64>,
}

/// 屋顶搭建: something new on a part of a finished roof that the approved roof plan does not have.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let rising = site.regions().iter().filter(|region| region.height_change_m > 0.0);
    for region in rising.filter(|region| on_a_roof(region.class)) {
        let outline: MultiPolygon<f64> = region.outline.clone().into();
        let Some(roof) = roofs(site, &outline).find(|roof| is_on(&outline, region, roof)) else { continue };
        match lawful(site, &outline, region, &roof) {
            Some(reason) => found.suppressed.push(reason),
            None => found.findings.push(site.finding(draft(site, outline, region, &roof))),
        }
    }
}

fn on_a_roof(class: ChangeClass) -> bool {
    !matches!(class, ChangeClass::Vegetation | ChangeClass::Earthwork)
}

/// The roofs near an outline.
fn roofs<'a>(site: &Site<'a>, outline: &MultiPolygon<f64>) -> impl Iterator<Item = Roof<'a>> {
    let approved = site.near.buildings(outline, 0.0).map(|building| Roof {
        building_no: Some(&building.building_no),
        outline: &building.base,
        origin: &building.origin,
        structures: &building.roof_structures,
        height_m: building.storey_levels().and_then(|levels| levels.top_m(levels.count())),
    });
    let existing = site.near.existing(outline, 0.0).map(|existing| Roof {
        building_no: existing.building_no.as_deref(),
        outline: &existing.outline,
        origin: &existing.origin,
        structures: &[],
        height_m: None,
    });
    approved.chain(existing)
}

/// Whether a change lies on a part of a finished roof; lower ones are a building that grows.
fn is_on(outline: &MultiPolygon<f64>, region: &ChangeRegion, roof: &Roof) -> bool {
    let finished = roof.height_m.is_none_or(|height_m| region.height_before_m >= height_m - ON_ROOF_M);
    let part = outline.unsigned_area() < WHOLE_ROOF_SHARE * roof.outline.unsigned_area();
    finished && part && share_inside(outline, roof.outline) >= MOSTLY
}

fn lawful(
    site: &Site,
    outline: &MultiPolygon<f64>,
    region: &ChangeRegion,
    roof: &Roof,
) -> Option<Suppressed> {
    let least = site.input.pack.least;
    let (area_m2, rise_m) = (region.area_m2, region.height_change_m);
    let approved = roof.structures.iter().any(|structure| {
        let high = structure.height_m.is_some_and(|height_m| rise_m > height_m + ROOF_STRUCTURE_TOLERANCE_M);
        share_inside(outline, &structure.outline) >= MOSTLY && !high
    });
    let (reason, zh, en) = if approved {
        (Lawful::ApprovedRoofStructure, "屋面图已批准的突出物", "on the approved roof plan")
    } else if region.class == ChangeClass::Temporary {
        (Lawful::VehicleOrMaterial, "屋面堆放物或设备", "material or plant on a roof")
    } else if area_m2 < least.roof_area_m2 || rise_m < least.roof_height_m {
        (Lawful::BelowLeastSize, "小于屋顶搭建起报尺寸", "below the least size of a roof structure")
    } else {
        return None;
    };
    Some(Suppressed {
        outline: outline.clone(),
        reason,
        explanation: Bilingual::new(
            format!("{zh}:{area_m2:.0}平方米,高{rise_m:.1}米。"),
            format!("{en}: {area_m2:.0} m², {rise_m:.1} m high"),
        ),
    })
}

fn draft<'a>(site: &Site, outline: MultiPolygon<f64>, region: &ChangeRegion, roof: &Roof<'a>) -> Draft<'a> {
    let (least, guard) = (site.input.pack.least, site.input.pack.guard_factor);
    let (measured, sigma) = (region.area_m2, region.area_sigma_m2);
    let rise_m = region.height_change_m;
    let u_rise_m = region.height_change_sigma_m.hypot(site.input.quality.u_height_m);
    let large = Verdict::guarded(measured, least.roof_area_m2, sigma, guard);
    let high = Verdict::guarded(rise_m, least.roof_height_m, u_rise_m, guard);
    let verdict = large.min(high).max(Verdict::InconclusiveNeedsSurvey);
    let (zh, en) =
        roof.building_no.map_or(("既有建筑".to_owned(), "an existing building".to_owned()), |no| {
            let name = Bilingual::building(no);
            (name.zh, name.en)
        });
    Draft {
        kind: Kind::RoofAddition,
        verdict: site.allowed(verdict, Topic::Existence),
        measure: Measure { measured, sigma, limit: least.roof_area_m2, unit: Unit::SquareMetre },
        outline,
        building_no: roof.building_no,
        origin: Some(roof.origin),
        explanation: Bilingual::new(
            format!(
                "{zh}屋顶新增搭建{measured:.0}±{sigma:.0}平方米,高{rise_m:.1}±{u_rise_m:.1}米,批准屋面图内没有。"
            ),
            format!(
                "{measured:.0} ± {sigma:.0} m², {rise_m:.1} ± {u_rise_m:.1} m high, added on the roof of {en}; \
                 the approved roof plan does not have it."
            ),
        ),
        priority: Priority::High,
    }
}
