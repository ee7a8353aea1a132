use geo::{Buffer, MultiPolygon};
use plumbline_change::{Displacement, Footprint};
use plumbline_plan::Record;

use crate::site::{Allowance, Seen, Site};

/// Depth of a usual scaffold as a share of the deepest: 1.2 m of 1.8 m.
const USUAL_SCAFFOLD: f64 = 2.0 / 3.0;

/// Scaffold, netting and eaves about an approved building: they stand out all around, an annex does at one side.
pub(crate) struct Outset {
    /// Shift of the whole.
    pub displacement: Displacement,
    /// How far the outline stands out on all sides, metres.
    pub common_m: f64,
    /// How much farther scaffold could reach at one side.
    pub at_one_side: Allowance,
    /// The approved outline grown by the common outset.
    pub expected: MultiPolygon<f64>,
}

impl Outset {
    pub fn of(site: &Site, seen: &Seen, print: &Footprint) -> Self {
        let most_m = site.input.pack.outline_model.scaffold_m;
        let approved = &seen.building.base;
        let displacement = Displacement::between(print, approved);
        let common_m = displacement.outset_m.clamp(0.0, most_m);
        let done = seen.building.passed(Record::Facade, site.on());
        let deepest_m = if done { 0.0 } else { most_m - common_m };
        let usual_m = USUAL_SCAFFOLD * deepest_m;
        let expected = if common_m > 0.0 { approved.buffer(common_m) } else { approved.clone() };
        Self { displacement, common_m, at_one_side: Allowance { deepest_m, usual_m }, expected }
    }
}
