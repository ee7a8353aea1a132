use geo::MultiPolygon;

use crate::candidate::Candidate;
use crate::geometry::distance_m;
use crate::rules::post_completion;
use crate::site::{Draft, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Priority, Undecided, Unit, Verdict, suppress};

/// A survey whose position is not known better than by single-point GNSS may confirm a structure only this far from anything approved, metres.
const CLEAR_OF_APPROVED_M: f64 = 3.0;

/// 未批先建: a structure that no permit explains.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    for candidate in &site.candidates {
        if let Some(suppressed) = suppress::look_alike(site, candidate) {
            found.suppressed.extend(suppressed.filter_new(candidate));
        } else if suppress::may_be_passing(site, candidate) {
            suppress::leave_open(site, candidate, found);
        } else if post_completion::concerns(site, candidate) {
            // Told by its own rule.
        } else if site.describes(&candidate.outline) {
            found.findings.push(site.finding(draft(site, candidate)));
        } else if candidate.is_new() {
            found.undecided.push(outside_the_plan(candidate));
        }
    }
}

fn draft<'a>(site: &Site, candidate: &Candidate) -> Draft<'a> {
    let Candidate { area_m2, area_sigma_m2, height_m, .. } = *candidate;
    let u_height_m = u_height_m(site, candidate);
    let verdict = existence(site, candidate);
    let vehicle = suppress::is_vehicle(site, candidate);
    let verdict = if vehicle { verdict.at_best_inconclusive() } else { verdict };
    let (state_zh, state_en) = if candidate.is_new() { ("新增", "new") } else { ("现有", "standing") };
    Draft {
        kind: Kind::NoPermit,
        verdict,
        measure: Measure {
            measured: area_m2,
            sigma: area_sigma_m2,
            limit: site.input.pack.least.structure_area_m2,
            unit: Unit::SquareMetre,
        },
        outline: candidate.outline.clone(),
        building_no: None,
        origin: None,
        explanation: Bilingual::new(
            format!(
                "{state_zh}建(构)筑物,面积{area_m2:.0}±{area_sigma_m2:.0}平方米,高{height_m:.1}±{u_height_m:.1}米,图册内未见规划许可。"
            ),
            format!(
                "A {state_en} structure of {area_m2:.0} ± {area_sigma_m2:.0} m², {height_m:.1} ± {u_height_m:.1} m high; \
                 the plan has no permit for it."
            ),
        ),
        priority: if candidate.is_new() { Priority::High } else { Priority::Mid },
    }
}

/// The verdict on whether something is there: beyond the least area and the least height.
pub(crate) fn existence(site: &Site, candidate: &Candidate) -> Verdict {
    let (least, guard) = (site.input.pack.least, site.input.pack.guard_factor);
    let u_height_m = u_height_m(site, candidate);
    let u_area_m2 = candidate.u_area_m2();
    let large = Verdict::guarded(candidate.area_m2, least.structure_area_m2, u_area_m2, guard);
    let high = Verdict::guarded(candidate.height_m, least.structure_height_m, u_height_m, guard);
    let verdict = large.min(high).max(Verdict::InconclusiveNeedsSurvey);
    let far = !site.input.quality.is_placed() && is_clear(site, &candidate.outline);
    site.allowed(verdict, if far { Topic::Storeys } else { Topic::Existence })
}

/// Combined standard uncertainty of a height: that of a difference of two dates does not know the scale of the survey yet.
fn u_height_m(site: &Site, candidate: &Candidate) -> f64 {
    let of_survey_m = if candidate.is_new() { site.input.quality.u_height_m } else { 0.0 };
    candidate.height_sigma_m.hypot(of_survey_m)
}

fn is_clear(site: &Site, outline: &MultiPolygon<f64>) -> bool {
    let (near, clear_m) = (&site.near, CLEAR_OF_APPROVED_M);
    let bases = near.buildings(outline, clear_m).map(|b| &b.base);
    let bases = bases.chain(near.existing(outline, clear_m).map(|e| &e.outline));
    let mut lawful = bases.chain(near.temporaries(outline, clear_m).map(|t| &t.outline));
    lawful.all(|area| distance_m(outline, area) > CLEAR_OF_APPROVED_M)
}

fn outside_the_plan(candidate: &Candidate) -> Undecided {
    let Candidate { area_m2, height_m, .. } = candidate;
    Undecided {
        building_no: None,
        outline: Some(candidate.outline.clone()),
        explanation: Bilingual::new(
            format!("新增建(构)筑物(约{area_m2:.0}平方米,高约{height_m:.1}米)位于图册范围之外,需核对许可。"),
            format!(
                "A new structure of about {area_m2:.0} m² and {height_m:.1} m lies outside the area that the plan describes: \
                 look its permit up."
            ),
        ),
    }
}
