use geo::BooleanOps;
use plumbline_change::Excess;
use plumbline_plan::Parcel;

use crate::geometry::{MOSTLY, share_inside};
use crate::outset::Outset;
use crate::rules::footprint_excess::outline_u_m;
use crate::site::{Draft, Seen, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Priority, Unit};

/// 超用地红线: a building that reaches out of the parcel that it stands in.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    for seen in site.seen().filter(Seen::has_walls) {
        let base = &seen.building.base;
        let parcel = site.near.parcels(base).find(|p| share_inside(base, &p.outline) >= MOSTLY);
        let draft = parcel.and_then(|parcel| draft(site, &seen, parcel));
        found.findings.extend(draft.map(|draft| site.finding(draft)));
    }
}

fn draft<'a>(site: &Site, seen: &Seen<'a>, parcel: &'a Parcel) -> Option<Draft<'a>> {
    // What the plan itself approved beyond the line is the plan's contradiction, not the builder's.
    let allowed = parcel.outline.union(&seen.building.base);
    let print = seen.footprint?;
    let (excess, outset) = (Excess::beyond(print, &allowed), Outset::of(site, seen, print));
    let (d, limit) = (excess.max_outward_m - outset.common_m, site.tolerances.redline);
    let sigma = outline_u_m(site, seen, &excess).hypot(site.u_plan_m(&parcel.origin));
    let verdict = site.verdict(d, limit, sigma, outset.at_one_side)?;
    let name = Bilingual::building(&seen.building.building_no);
    let area_m2 = excess.area_m2;
    Some(Draft {
        kind: Kind::OutOfRedline,
        verdict: site.allowed(verdict, Topic::Position),
        measure: Measure { measured: d, sigma, limit, unit: Unit::Metre },
        outline: excess.outside,
        building_no: Some(&seen.building.building_no),
        origin: Some(&parcel.origin),
        explanation: Bilingual::new(
            format!("{}超出用地红线{d:.2}±{sigma:.2}米,面积{area_m2:.1}平方米。", name.zh),
            format!(
                "{d:.2} ± {sigma:.2} m of {} lies beyond the land red line, {area_m2:.1} m² in all.",
                name.en
            ),
        ),
        priority: Priority::High,
    })
}
