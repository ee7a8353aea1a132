use geo::Translate;
use plumbline_change::Displacement;

use crate::geometry::{combined, share_inside};
use crate::outset::Outset;
use crate::site::{Allowance, Draft, Seen, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Unit, Verdict};

/// A shift explains an outline that covers this share of the approved one in its new place; what it covers beyond that,
/// scaffold or an excess, is told by itself.
const SAME_SHAPE_SHARE: f64 = 0.9;

/// The length of two components exceeds 2.45 sigma of each as rarely as one component exceeds 1.645 sigma on one side, one time
/// in twenty. A shift accuses a whole building: the guard band is that of one time in a hundred, 3.03 sigma.
const PLANE_GUARD: f64 = 1.84;

/// 移位: the approved shape at another place.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let moved = site.seen().filter_map(|seen| Some(site.finding(draft(site, &seen)?)));
    found.findings.extend(moved);
}

/// The shift of a building as a whole, where a shift explains its outline and is more than noise.
pub(crate) fn shift(site: &Site, seen: &Seen) -> Option<Shift> {
    let footprint = seen.footprint.filter(|_| seen.has_walls())?;
    let outset = Outset::of(site, seen, footprint);
    let displacement = outset.displacement;
    let in_place = seen.building.base.translate(displacement.east_m, displacement.north_m);
    if share_inside(&in_place, &footprint.outline.clone().into()) < SAME_SHAPE_SHARE {
        return None;
    }
    let (model, u_plan_m) = (site.input.pack.outline_model, site.u_plan_m(&seen.building.origin));
    let u_m = combined(&[displacement.sigma_m, site.input.quality.u_xy_m, u_plan_m, model.shift_u_m]);
    // Scaffold on one side alone moves the middle of an outline by half its depth.
    let Allowance { deepest_m, usual_m } = outset.at_one_side;
    let one_sided = Allowance { deepest_m: 0.5 * deepest_m, usual_m: 0.5 * usual_m };
    // The noise of two components alone has a length: its square is twice the variance of each too large.
    let length_m = (displacement.length_m().powi(2) - 2.0 * u_m * u_m).max(0.0).sqrt();
    let verdict = site.verdict(length_m, site.tolerances.shift, PLANE_GUARD * u_m, one_sided)?;
    Some(Shift { displacement, length_m, u_m, verdict: site.allowed(verdict, Topic::Position) })
}

/// A building at another place.
pub(crate) struct Shift {
    pub displacement: Displacement,
    /// How far it was moved, metres, and its standard uncertainty.
    length_m: f64,
    u_m: f64,
    verdict: Verdict,
}

fn draft<'a>(site: &Site, seen: &Seen<'a>) -> Option<Draft<'a>> {
    let Shift { displacement, length_m: measured, u_m: sigma, verdict } = shift(site, seen)?;
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
                "{}整体移位{measured:.2}±{sigma:.2}米(向东{east_m:.2}米,向北{north_m:.2}米),许可轮廓整体在新位置。",
                name.zh
            ),
            format!(
                "The whole of {} stands {measured:.2} ± {sigma:.2} m off ({east_m:.2} m east, {north_m:.2} m north); \
                 the approved outline lies whole in the new place.",
                name.en
            ),
        ),
        priority: seen.priority(),
    })
}
