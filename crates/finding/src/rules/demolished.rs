use geo::MultiPolygon;
use plumbline_change::{ChangeClass, ChangeRegion};
use plumbline_plan::Origin;

use crate::candidate::Candidate;
use crate::geometry::{MOSTLY, common_area_m2, share_inside};
use crate::site::{Allowance, Draft, Site, Topic};
use crate::suppress::was_vehicle;
use crate::{Bilingual, Findings, Kind, Measure, Priority, Unit, Verdict};

/// 已拆除: a building that is gone - evidence for closing a case, or of a loss.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let least = site.input.pack.least;
    let gone = site.regions().iter().filter(|region| region.class == ChangeClass::Demolished);
    for region in gone.filter(|r| r.area_m2 >= least.structure_area_m2) {
        let outline: MultiPolygon<f64> = region.outline.clone().into();
        let passing = named(site, &outline).is_none() && is_passing(site, region, &outline);
        if -region.height_change_m >= least.structure_height_m && !passing {
            found.findings.push(site.finding(draft(site, region, outline)));
        }
    }
}

/// Huts and stacks that leave an open site are no demolition, nor is a lorry that drives off or a stack that is carted away,
/// unless it was told before.
fn is_passing(site: &Site, region: &ChangeRegion, outline: &MultiPolygon<f64>) -> bool {
    let pack = site.input.pack;
    let surely_m2 = region.area_m2 - pack.guard_factor * Candidate::from(region).u_area_m2();
    let is_small = surely_m2 < pack.least.structure_area_m2;
    site.is_open_site(outline) || (!was_told(site, outline) && (is_small || was_vehicle(site, region)))
}

/// Whether an earlier date told of a structure here.
fn was_told(site: &Site, outline: &MultiPolygon<f64>) -> bool {
    site.earlier.iter().any(|found| found.told(Kind::NoPermit, outline))
}

/// The element of the plan that is gone: its number, where it was read, and whether it was to go.
fn named<'a>(site: &Site<'a>, gone: &MultiPolygon<f64>) -> Option<(Option<&'a str>, &'a Origin, bool)> {
    let is_gone = |outline: &MultiPolygon<f64>| {
        share_inside(gone, outline) >= MOSTLY || common_area_m2(gone, outline) >= MOSTLY * area(outline)
    };
    let mut doomed = site.near.to_demolish(gone).filter(|doomed| is_gone(&doomed.outline));
    let mut existing = site.near.existing(gone, 0.0).filter(|existing| is_gone(&existing.outline));
    doomed
        .next()
        .map(|d| (d.building_no.as_deref(), &d.origin, true))
        .or_else(|| existing.next().map(|e| (e.building_no.as_deref(), &e.origin, false)))
}

fn area(outline: &MultiPolygon<f64>) -> f64 {
    geo::Area::unsigned_area(outline)
}

fn draft<'a>(site: &Site<'a>, region: &ChangeRegion, outline: MultiPolygon<f64>) -> Draft<'a> {
    let named = named(site, &outline);
    let drop_m = -region.height_change_m;
    let sigma = region.height_change_sigma_m.hypot(site.input.quality.u_height_m);
    let limit = site.input.pack.least.structure_height_m;
    let lower = site.verdict(drop_m, limit, sigma, Allowance::default());
    // Of what neither the plan nor an earlier date knows, one date's heights alone say that it was no crane and no stack.
    let known = named.is_some() || was_told(site, &outline);
    let verdict = lower.filter(|_| known).unwrap_or(Verdict::InconclusiveNeedsSurvey);
    let (zh, en, priority) = match named {
        Some((_, _, true)) => ("应拆建筑已拆除", "A building due for demolition is gone", Priority::Info),
        Some(_) => ("图册内的既有建筑已拆除", "An existing building of the plan is gone", Priority::Low),
        None => {
            ("图册外的建(构)筑物已拆除", "A structure that the plan does not have is gone", Priority::Info)
        }
    };
    let area_m2 = region.area_m2;
    Draft {
        kind: Kind::Demolished,
        verdict: site.allowed(verdict, Topic::Existence),
        measure: Measure { measured: drop_m, sigma, limit, unit: Unit::Metre },
        outline,
        building_no: named.and_then(|(no, ..)| no),
        origin: named.map(|(_, origin, _)| origin),
        explanation: Bilingual::new(
            format!("{zh}:{area_m2:.0}平方米,降低{drop_m:.1}±{sigma:.1}米。"),
            format!("{en}: {area_m2:.0} m², {drop_m:.1} ± {sigma:.1} m lower."),
        ),
        priority,
    }
}
