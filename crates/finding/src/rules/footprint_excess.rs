use geo::{BooleanOps, MultiPolygon, Translate};
use plumbline_change::{Excess, Footprint};

use crate::geometry::{combined, distance_m};
use crate::outset::Outset;
use crate::rules::shifted;
use crate::site::{Allowance, Draft, Seen, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Undecided, Unit, Verdict};

/// An outline must be seen over this share of its border to be compared.
const LEAST_SEEN_BORDER: f64 = 0.7;

/// 超占地: more ground covered than approved, a shift of the whole taken out first.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    for seen in site.seen().filter(Seen::has_walls) {
        match seen.footprint {
            Some(print) if print.seen_border >= LEAST_SEEN_BORDER => {
                let outset = Outset::of(site, &seen, print);
                match draft(site, &seen, print, &outset) {
                    Some(draft) => found.findings.push(site.finding(draft)),
                    None => found.undecided.extend(stands_out(site, &seen, &outset)),
                }
            }
            Some(print) => found.undecided.push(half_seen(&seen, print)),
            None => (),
        }
    }
}

fn draft<'a>(site: &Site, seen: &Seen<'a>, print: &Footprint, outset: &Outset) -> Option<Draft<'a>> {
    let excess = Excess::beyond(print, &lawful_ground(site, seen, print, outset));
    let (d, sigma, limit) = (excess.max_outward_m, outline_u_m(site, seen, &excess), site.tolerances.outline);
    let verdict = site.verdict(d, limit, sigma, outset.at_one_side)?;
    if excess.area_m2 < site.input.pack.least.excess_area_m2 {
        return None;
    }
    let surely_larger = excess.area_m2 > site.input.pack.guard_factor * excess.area_sigma_m2;
    let verdict = if surely_larger { verdict } else { verdict.min(Verdict::InconclusiveNeedsSurvey) };
    let name = Bilingual::building(&seen.building.building_no);
    let Excess { area_m2, area_sigma_m2, .. } = excess;
    Some(Draft {
        kind: Kind::FootprintExcess,
        verdict: site.allowed(verdict, Topic::Position),
        measure: Measure { measured: d, sigma, limit, unit: Unit::Metre },
        outline: excess.outside,
        building_no: Some(&seen.building.building_no),
        origin: Some(&seen.building.origin),
        explanation: Bilingual::new(
            format!("{}超出许可轮廓{d:.2}±{sigma:.2}米,超占{area_m2:.1}±{area_sigma_m2:.1}平方米。", name.zh),
            format!(
                "{d:.2} ± {sigma:.2} m of {} stands outside the approved outline, {area_m2:.1} ± {area_sigma_m2:.1} m² in all.",
                name.en
            ),
        ),
        priority: seen.priority(),
    })
}

/// The approved outline with its scaffold, where the building stands, and everything else approved beside it.
fn lawful_ground(site: &Site, seen: &Seen, print: &Footprint, outset: &Outset) -> MultiPolygon<f64> {
    let observed: MultiPolygon<f64> = print.outline.clone().into();
    let shift = shifted::shift(site, seen)
        .map_or((0.0, 0.0), |shift| (shift.displacement.east_m, shift.displacement.north_m));
    let own = outset.expected.translate(shift.0, shift.1);
    let others = site.near.buildings(&observed, 0.0);
    let others = others.filter(|b| b.building_no != seen.building.building_no).map(|b| &b.base);
    let existing = site.near.existing(&observed, 0.0).map(|existing| &existing.outline);
    let temporary = site.near.temporaries(&observed, 0.0).map(|temporary| &temporary.outline);
    let near = others.chain(existing).chain(temporary).filter(|area| distance_m(&observed, area) <= 0.0);
    near.fold(own, |ground, area| ground.union(area))
}

/// Standard uncertainty of a distance beyond an approved line, metres.
pub(crate) fn outline_u_m(site: &Site, seen: &Seen, excess: &Excess) -> f64 {
    let model = site.input.pack.outline_model;
    let u_plan_m = site.u_plan_m(&seen.building.origin);
    combined(&[excess.outward_sigma_m, site.input.quality.u_xy_m, u_plan_m, model.eaves_u_m])
}

/// An outline that stands out all around: scaffold and eaves do, and so does a building that is too large.
fn stands_out(site: &Site, seen: &Seen, outset: &Outset) -> Option<Undecided> {
    let Outset { common_m, .. } = *outset;
    let model = site.input.pack.outline_model;
    site.verdict(common_m, site.tolerances.outline, model.eaves_u_m, Allowance::default())?;
    let name = Bilingual::building(&seen.building.building_no);
    Some(Undecided {
        building_no: Some(seen.building.building_no.clone()),
        outline: Some(seen.building.base.clone()),
        explanation: Bilingual::new(
            format!("{}四周均超出许可轮廓约{common_m:.1}米,可能为脚手架或挑檐,拆架后复测。", name.zh),
            format!(
                "The outline of {} stands out by about {common_m:.1} m all around: scaffold, eaves, or too large a building; \
                 measure it again once the scaffold is down.",
                name.en
            ),
        ),
    })
}

fn half_seen(seen: &Seen, print: &Footprint) -> Undecided {
    let name = Bilingual::building(&seen.building.building_no);
    let percent = 100.0 * print.seen_border;
    Undecided {
        building_no: Some(seen.building.building_no.clone()),
        outline: Some(seen.building.base.clone()),
        explanation: Bilingual::new(
            format!("{}轮廓仅测得{percent:.0}%,无法判断占地和位置,建议补飞。", name.zh),
            format!(
                "Only {percent:.0} % of the outline of {} was measured: its position is open; fly it again.",
                name.en
            ),
        ),
    }
}
