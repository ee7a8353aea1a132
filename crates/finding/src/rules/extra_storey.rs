use std::collections::BTreeMap;

use plumbline_change::Structure;
use plumbline_plan::Existing;
use plumbline_stage::Overbuilt;

use crate::geometry::share_inside;
use crate::site::{Allowance, Draft, Seen, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Unit, Verdict};

/// A roof must be this flat for its plane to be its height; a pitched one reaches above the eaves it is recorded by.
const FLAT_ROOF_SHARE: f64 = 0.5;
/// A structure must lie this much within an existing building's outline for its height to be that building's.
const SAME_BUILDING_SHARE: f64 = 0.7;

/// 加层: more storeys than approved.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let over = site.seen().filter_map(|seen| Some(site.finding(draft(site, &seen)?)));
    found.findings.extend(over);
    let mut higher: BTreeMap<usize, Draft> = BTreeMap::new();
    for standing in site.input.structures {
        for idx in site.near.existing_idx(&standing.outline.clone().into(), 0.0) {
            if !higher.contains_key(&idx) {
                higher
                    .extend(on_existing(site, &site.plan.existing[idx], standing).map(|draft| (idx, draft)));
            }
        }
    }
    found.findings.extend(higher.into_values().map(|draft| site.finding(draft)));
}

/// How far the deck stands above the approved roof, metres.
pub(crate) fn above_approved_roof_m(seen: &Seen) -> Option<f64> {
    let levels = seen.building.storey_levels()?;
    Some(seen.stage.deck?.height_m - levels.top_m(levels.count())?)
}

/// Whether the best estimate, not only a bound, is a storey more than approved.
pub(crate) fn is_likely(site: &Site, seen: &Seen) -> bool {
    let least_m = site.input.pack.least.roof_height_m;
    seen.stage.overbuilt != Overbuilt::No && above_approved_roof_m(seen).is_some_and(|m| m >= least_m)
}

fn draft<'a>(site: &Site, seen: &Seen<'a>) -> Option<Draft<'a>> {
    if !is_likely(site, seen) {
        return None;
    }
    let (stage, approved) = (seen.stage, seen.stage.storeys_approved);
    let verdict = match stage.overbuilt {
        Overbuilt::Yes => Verdict::ConfirmedExceed,
        _ => Verdict::InconclusiveNeedsSurvey,
    };
    let measured = stage.storeys_lo.max(approved + 1);
    let storey_m = seen.building.storeys.last().map_or(3.0, |storey| storey.height_m);
    let (deck_m, u_m) = (stage.deck?.height_m, stage.u_deck_m);
    let name = Bilingual::building(&seen.building.building_no);
    Some(Draft {
        kind: Kind::ExtraStorey,
        verdict: site.allowed(verdict, Topic::Storeys),
        measure: Measure {
            measured: f64::from(measured),
            sigma: u_m / storey_m,
            limit: f64::from(approved),
            unit: Unit::Storey,
        },
        outline: seen.building.base.clone(),
        building_no: Some(&seen.building.building_no),
        origin: Some(&seen.building.origin),
        explanation: Bilingual::new(
            format!("{}许可{approved}层,现第{measured}层已开工,楼面高出±0 {deck_m:.1}±{u_m:.1}米。", name.zh),
            format!(
                "{} is approved with {approved} storeys; storey {measured} has started, its deck {deck_m:.1} ± {u_m:.1} m above ±0.",
                name.sentence_en()
            ),
        ),
        priority: crate::Priority::High,
    })
}

/// An existing building that stood higher than recorded already at the earlier date, or without one.
fn on_existing<'a>(site: &Site, existing: &'a Existing, standing: &Structure) -> Option<Draft<'a>> {
    let approved_m = existing.height_m?;
    let outline = standing.outline.clone().into();
    if share_inside(&outline, &existing.outline) < SAME_BUILDING_SHARE
        || standing.plane_share < FLAT_ROOF_SHARE
        || site.bracket(&outline).last_seen_without.is_some()
    {
        return None;
    }
    let sigma = standing.height_sigma_m.hypot(site.input.quality.u_height_m);
    let (excess_m, least_m) = (standing.height_m - approved_m, site.input.pack.least.roof_height_m);
    let verdict = site.verdict(excess_m, least_m, sigma, Allowance::default())?;
    let measured = standing.height_m;
    Some(Draft {
        kind: Kind::ExtraStorey,
        verdict: site.allowed(verdict, Topic::Storeys),
        measure: Measure { measured, sigma, limit: approved_m, unit: Unit::Metre },
        outline,
        building_no: existing.building_no.as_deref(),
        origin: Some(&existing.origin),
        explanation: Bilingual::new(
            format!("既有建筑登记高{approved_m:.1}米,实测{measured:.1}±{sigma:.1}米,至少多出一层。"),
            format!(
                "An existing building is recorded as {approved_m:.1} m high and measures {measured:.1} ± {sigma:.1} m: \
                 at least a storey more."
            ),
        ),
        priority: crate::Priority::Mid,
    })
}
