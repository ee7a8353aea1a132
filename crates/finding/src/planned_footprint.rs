use plumbline_change::Footprint;
use plumbline_plan::{OutlineIndex, Plan};
use plumbline_raster::Raster;
use serde::{Deserialize, Serialize};

use crate::JurisdictionPack;

/// Buildings this near may have grown together, metres.
const NEIGHBOUR_M: f64 = 15.0;

/// The outline that an approved building was observed to have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedFootprint {
    /// Number of the building in the plan.
    pub building_no: String,
    /// What stands there.
    pub footprint: Footprint,
}

impl PlannedFootprint {
    /// Outlines of everything that stands on an approved outline, from heights above the ground, in the plan's order.
    pub fn observe_all(plan: &Plan, above_ground: &Raster<f32>, pack: &JurisdictionPack) -> Vec<Self> {
        let least_m = pack.least.structure_height_m;
        let bases = plan.buildings.iter().map(|building| &building.base);
        let standing: Vec<_> = bases.chain(plan.existing.iter().map(|existing| &existing.outline)).collect();
        let index = OutlineIndex::of(standing.iter().copied());
        let observed = plan.buildings.iter().enumerate().filter_map(|(own, building)| {
            let near = index.near(&building.base, NEIGHBOUR_M).into_iter().filter(|&idx| idx != own);
            let others: Vec<_> = near.map(|idx| standing[idx]).collect();
            let footprint = Footprint::observe(above_ground, &building.base, &others, least_m)?;
            Some(Self { building_no: building.building_no.clone(), footprint })
        });
        observed.collect()
    }
}
