//! How far the approved buildings have come.

use plumbline_plan::Plan;
use plumbline_stage::{StageObservation, observe};

use crate::steps::change::Changed;

/// One observation for each approved building.
pub fn observations(plan: Option<&Plan>, changed: &Changed) -> Vec<StageObservation> {
    let buildings = plan.map_or(&[][..], |plan| &plan.buildings);
    let earlier = changed.comparison.as_ref();
    buildings.iter().map(|building| observe(building, &changed.after, &changed.terrain, earlier)).collect()
}
