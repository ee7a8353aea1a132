use plumbline_change::Footprint;
use plumbline_plan::Plan;
use plumbline_raster::Raster;
use serde::{Deserialize, Serialize};

use crate::JurisdictionPack;

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
        let observed = plan.buildings.iter().filter_map(|building| {
            let footprint = Footprint::observe(above_ground, &building.base, least_m)?;
            Some(Self { building_no: building.building_no.clone(), footprint })
        });
        observed.collect()
    }
}
