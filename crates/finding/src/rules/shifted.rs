use geo::{Area, Euclidean, Length, MultiPolygon};
use plumbline_change::{Displacement, Footprint};

use crate::geometry::combined;
use crate::outset::Outset;
use crate::site::{Draft, Seen, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Unit, Verdict};

/// A shift explains an outline when the shifted plan and the outline overlap at least this much.
const SAME_SHAPE_OVERLAP: f64 = 0.85;
/// and when the areas agree to this share, or to the uncertainty of the outline.
const SAME_AREA_SHARE: f64 = 0.1;

/// 移位: the approved shape at another place.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let moved = site.seen().filter_map(|seen| Some(site.finding(draft(site, &seen)?)));
    found.findings.extend(moved);
}

/// The shift of a building as a whole, where a shift explains its outline and is more than noise.
pub(crate) fn shift(site: &Site, seen: &Seen) -> Option<(Displacement, f64, Verdict)> {
    let footprint = seen.footprint.filter(|_| seen.has_walls())?;
    let outset = Outset::of(site, seen, footprint);
    let displacement = Displacement::between(footprint, &outset.expected);
    if displacement.overlap_after < SAME_SHAPE_OVERLAP || !same_area(footprint, &outset.expected) {
        return None;
    }
    let (model, u_plan_m) = (site.input.pack.outline_model, site.u_plan_m(&seen.building.origin));
    let u_m = combined(&[displacement.sigma_m, site.input.quality.u_xy_m, u_plan_m, model.shift_u_m]);
    // Scaffold on one side alone moves the middle of an outline by half its depth.
    let one_sided_m = 0.5 * outset.possible_m;
    let verdict = site.verdict(displacement.length_m(), site.tolerances.shift, u_m, one_sided_m)?;
    Some((displacement, u_m, site.allowed(verdict, Topic::Position)))
}

fn same_area(footprint: &Footprint, expected: &MultiPolygon<f64>) -> bool {
    let approved_m2 = expected.unsigned_area();
    let noise_m2 = Euclidean.length(footprint.outline.exterior()) * footprint.sigma_m;
    (footprint.area_m2 - approved_m2).abs() <= (SAME_AREA_SHARE * approved_m2).max(noise_m2)
}

fn draft<'a>(site: &Site, seen: &Seen<'a>) -> Option<Draft<'a>> {
    let (displacement, sigma, verdict) = shift(site, seen)?;
    let measured = displacement.length_m();
    let Displacement { east_m, north_m, .. } = displacement;
    let name = Bilingual::building(&seen.building.building_no);
    Some(Draft {
        kind: Kind::Shifted,
        verdict,
        measure: Measure { measured, sigma, limit: site.tolerances.shift, unit: Unit::Metre },
        outline: seen.footprint?.outline.clone().into(),
        building_no: Some(&seen.building.building_no),
        origin: Some(&seen.building.origin),
        explanation: Bilingual::new(
            format!(
                "{}整体移位{measured:.2}±{sigma:.2}米(向东{east_m:.2}米,向北{north_m:.2}米),面积与许可基本一致。",
                name.zh
            ),
            format!(
                "The whole of {} stands {measured:.2} ± {sigma:.2} m off ({east_m:.2} m east, {north_m:.2} m north); \
                 its area is as approved.",
                name.en
            ),
        ),
        priority: seen.priority(),
    })
}
