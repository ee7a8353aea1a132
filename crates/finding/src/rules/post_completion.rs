use std::collections::BTreeMap;

use geo::{Area, MultiPolygon};
use plumbline_change::{ChangeClass, ChangeRegion};
use plumbline_plan::Existing;

use crate::candidate::Candidate;
use crate::geometry::{common_area_m2, distance_m};
use crate::rules::no_permit;
use crate::site::{Allowance, Draft, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Priority, Unit, suppress};

/// What stands this near to a finished building is added to it, metres.
const ATTACHED_M: f64 = 1.0;
/// Between a wall and a vehicle is room for a door, metres.
const TOUCHING_M: f64 = 0.5;
/// A change over this share of a roof is a storey, below it a roof structure.
pub(crate) const WHOLE_ROOF_SHARE: f64 = 0.6;

/// 竣工后加建: something added to a finished building, beside it or over its whole roof.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    for candidate in &site.candidates {
        let excused =
            suppress::look_alike(site, candidate).is_some() || suppress::may_be_passing(site, candidate);
        if !excused && concerns(site, candidate) {
            found.findings.extend(annex(site, candidate));
        }
    }
    for (region, existing) in raised(site) {
        found.findings.push(site.finding(storey(site, region, existing)));
    }
}

/// Whether a new structure belongs to a finished building.
pub(crate) fn concerns(site: &Site, candidate: &Candidate) -> bool {
    (candidate.is_new() || was_told(site, candidate))
        && beside(site, &candidate.outline, ATTACHED_M).is_some()
}

/// Whether an earlier date told it as an addition.
pub(crate) fn was_told(site: &Site, candidate: &Candidate) -> bool {
    site.earlier.iter().any(|found| found.told(Kind::PostCompletionAddition, &candidate.outline))
}

/// Whether it stands so near to a finished building that no vehicle was left there.
pub(crate) fn touches(site: &Site, candidate: &Candidate) -> bool {
    beside(site, &candidate.outline, TOUCHING_M).is_some()
}

/// The finished building that something stands within a reach of, metres.
fn beside<'a>(site: &Site<'a>, outline: &MultiPolygon<f64>, reach_m: f64) -> Option<&'a Existing> {
    let mut near = site.near.existing(outline, reach_m);
    near.find(|existing| distance_m(outline, &existing.outline) <= reach_m)
}

fn annex(site: &Site, candidate: &Candidate) -> Option<crate::Finding> {
    let existing = beside(site, &candidate.outline, ATTACHED_M)?;
    let Candidate { area_m2, area_sigma_m2, height_m, .. } = *candidate;
    Some(site.finding(Draft {
        kind: Kind::PostCompletionAddition,
        verdict: no_permit::existence(site, candidate),
        measure: Measure {
            measured: area_m2,
            sigma: area_sigma_m2,
            limit: site.input.pack.least.structure_area_m2,
            unit: Unit::SquareMetre,
        },
        outline: candidate.outline.clone(),
        building_no: existing.building_no.as_deref(),
        origin: Some(&existing.origin),
        explanation: Bilingual::new(
            format!("既有建筑旁加建{area_m2:.0}±{area_sigma_m2:.0}平方米,高{height_m:.1}米,图册内未见许可。"),
            format!(
                "{area_m2:.0} ± {area_sigma_m2:.0} m², {height_m:.1} m high, added beside an existing building; \
                 the plan has no permit for it."
            ),
        ),
        priority: Priority::High,
    }))
}

/// The existing buildings that were raised, in the order of the plan, each with the first change that raised it.
fn raised<'a>(site: &Site<'a>) -> Vec<(&'a ChangeRegion, &'a Existing)> {
    let mut raised: BTreeMap<usize, &ChangeRegion> = BTreeMap::new();
    for region in site.regions() {
        for idx in site.near.existing_idx(&region.outline.clone().into(), 0.0) {
            if raises(site, region, &site.plan.existing[idx]) {
                raised.entry(idx).or_insert(region);
            }
        }
    }
    raised.into_iter().map(|(idx, region)| (region, &site.plan.existing[idx])).collect()
}

fn raises(site: &Site, region: &ChangeRegion, existing: &Existing) -> bool {
    let common_m2 = common_area_m2(&region.outline.clone().into(), &existing.outline);
    matches!(region.class, ChangeClass::Heightened | ChangeClass::RoofAddition)
        && region.height_change_m >= site.input.pack.least.roof_height_m
        && common_m2 >= WHOLE_ROOF_SHARE * existing.outline.unsigned_area()
}

fn storey<'a>(site: &Site, region: &ChangeRegion, existing: &'a Existing) -> Draft<'a> {
    let (rise_m, limit) = (region.height_change_m, site.input.pack.least.roof_height_m);
    let sigma = region.height_change_sigma_m.hypot(site.input.quality.u_height_m);
    let verdict = site
        .verdict(rise_m, limit, sigma, Allowance::default())
        .unwrap_or(crate::Verdict::InconclusiveNeedsSurvey);
    Draft {
        kind: Kind::PostCompletionAddition,
        verdict: site.allowed(verdict, Topic::Existence),
        measure: Measure { measured: rise_m, sigma, limit, unit: Unit::Metre },
        outline: region.outline.clone().into(),
        building_no: existing.building_no.as_deref(),
        origin: Some(&existing.origin),
        explanation: Bilingual::new(
            format!("既有建筑整体加高{rise_m:.1}±{sigma:.1}米,图册内未见许可。"),
            format!(
                "An existing building was raised by {rise_m:.1} ± {sigma:.1} m; the plan has no permit for it."
            ),
        ),
        priority: Priority::High,
    }
}
