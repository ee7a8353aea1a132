use geo::{Buffer, Contains, Distance, Euclidean, InterpolateLine, Length, MultiPolygon, Translate};
use plumbline_change::{Displacement, Footprint};
use plumbline_plan::Record;

use crate::site::{Seen, Site};

/// Spacing of the points at which an outline is compared with the approved one, metres.
const SAMPLE_M: f64 = 0.5;

/// Scaffold, netting and eaves about an approved building: they stand out all around, an annex does at one side.
pub(crate) struct Outset {
    /// How far the outline stands out over half of its length at least, metres.
    pub common_m: f64,
    /// How much farther scaffold could reach at one side, metres; stands against confirming alone.
    pub possible_m: f64,
    /// The approved outline grown by the common outset.
    pub expected: MultiPolygon<f64>,
}

impl Outset {
    pub fn of(site: &Site, seen: &Seen, print: &Footprint) -> Self {
        let most_m = site.input.pack.outline_model.scaffold_m;
        let approved = &seen.building.base;
        // Without the shift of the whole, what two sides gain and the other two lose would pass for scaffold.
        let shift = Displacement::between(print, approved);
        let in_place = approved.translate(shift.east_m, shift.north_m);
        let common_m = median_outside_m(print, &in_place).clamp(0.0, most_m);
        let done = seen.building.passed(Record::Facade, site.on());
        let expected = if common_m > 0.0 { approved.buffer(common_m) } else { approved.clone() };
        Self { common_m, possible_m: if done { 0.0 } else { most_m - common_m }, expected }
    }
}

/// Median over the length of an observed outline of its distance outside the approved one, inside negative, metres.
fn median_outside_m(print: &Footprint, approved: &MultiPolygon<f64>) -> f64 {
    let ring = print.outline.exterior();
    let count = (Euclidean.length(ring) / SAMPLE_M).ceil().max(1.0) as usize;
    let mut outside_m: Vec<f64> = (0..count)
        .filter_map(|i| Euclidean.point_at_ratio_from_start(ring, (i as f64 + 0.5) / count as f64))
        .map(|point| {
            let away = |line: &geo::LineString<f64>| Euclidean.distance(&point, line);
            let distance_m = approved.iter().map(|p| away(p.exterior())).fold(f64::INFINITY, f64::min);
            if approved.contains(&point) { -distance_m } else { distance_m }
        })
        .collect();
    outside_m.sort_by(f64::total_cmp);
    outside_m.get(outside_m.len() / 2).copied().unwrap_or(0.0)
}
