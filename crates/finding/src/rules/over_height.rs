use crate::rules::extra_storey;
use crate::site::{Allowance, Draft, Seen, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Unit};

/// 超高: a roof above the approved roof by less than a storey.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let high = site.seen().filter_map(|seen| Some(site.finding(draft(site, &seen)?)));
    found.findings.extend(high);
}

fn draft<'a>(site: &Site, seen: &Seen<'a>) -> Option<Draft<'a>> {
    if extra_storey::is_likely(site, seen) {
        return None;
    }
    let levels = seen.building.storey_levels()?;
    let roof_m = levels.top_m(levels.count())?;
    // A total that includes the parapet is the more generous limit.
    let approved_m = roof_m.max(seen.building.height_m.unwrap_or(roof_m));
    let (measured, sigma) = (seen.stage.deck?.height_m, seen.stage.u_deck_m);
    let tolerance_m = site.tolerances.height;
    let verdict = site.verdict(measured - approved_m, tolerance_m, sigma, Allowance::default())?;
    let name = Bilingual::building(&seen.building.building_no);
    Some(Draft {
        kind: Kind::OverHeight,
        verdict: site.allowed(verdict, Topic::Height),
        measure: Measure { measured, sigma, limit: approved_m + tolerance_m, unit: Unit::Metre },
        outline: seen.building.base.clone(),
        building_no: Some(&seen.building.building_no),
        origin: Some(&seen.building.origin),
        explanation: Bilingual::new(
            format!("{}屋面高出±0 {measured:.1}±{sigma:.1}米,许可{approved_m:.1}米。", name.zh),
            format!(
                "The roof of {} stands {measured:.1} ± {sigma:.1} m above ±0; {approved_m:.1} m are approved.",
                name.en
            ),
        ),
        priority: seen.priority(),
    })
}
