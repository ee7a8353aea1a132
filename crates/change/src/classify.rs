//! From measured quantities to a class of change.

use crate::{ChangeClass, ChangeRegion};

/// Share of green above which plants are thought of.
const GREEN: f64 = 0.4;
/// What is green and as rough as this is a crown, metres: painted roofs and nets are as smooth as others.
const CROWN_ROUGHNESS_M: f64 = 0.12;
/// Rougher than any structure, metres: bare crowns, whatever their colour. Roofs are matched to 0.05 m about their planes
/// and with all their equipment to 0.16 m, crowns to 0.4 m.
pub(crate) const WILD_ROUGHNESS_M: f64 = 0.25;
/// Things lower than this above the ground are not structures, metres (domain rule for unpermitted building).
pub(crate) const STRUCTURE_M: f64 = 1.5;
/// Cars, skips and material stacks: no larger (a car of 8 m2 with the cells that matching adds about it) and no higher than
/// this. Vans and lorries are told from sheds by their shape.
const VEHICLE_M2: f64 = 11.0;
const VEHICLE_M: f64 = 2.7;
/// Masts and cranes: what is left of them after thin parts are gone is no larger than this, and higher than that.
const MAST_M2: f64 = 10.0;
const MAST_M: f64 = 6.0;
/// A change on more than this share of what stood there before changes the whole of it.
const WHOLE: f64 = 0.6;
/// A structure that keeps less than this share of its height is gone.
const GONE: f64 = 0.25;

/// The class of a measured region; `of_standing` is its area as a share of the structure that stood there before,
/// and `ground_after` whether what is there now is ground.
pub(crate) fn classify(region: &ChangeRegion, of_standing: Option<f64>, ground_after: bool) -> ChangeClass {
    if is_plant(region) {
        ChangeClass::Vegetation
    } else if region.height_change_m > 0.0 {
        gained(region, of_standing, ground_after)
    } else {
        lost(region, ground_after)
    }
}

fn is_plant(region: &ChangeRegion) -> bool {
    let low = region.height_before_m.max(region.height_above_ground_m) < STRUCTURE_M;
    match region.greenness {
        Some(green) if green > GREEN => low || region.roughness_m > CROWN_ROUGHNESS_M,
        _ => region.roughness_m > WILD_ROUGHNESS_M,
    }
}

fn gained(region: &ChangeRegion, of_standing: Option<f64>, ground_after: bool) -> ChangeClass {
    let height_m = region.height_above_ground_m;
    match of_standing {
        Some(share) if share < WHOLE => ChangeClass::RoofAddition,
        Some(_) => ChangeClass::Heightened,
        None if is_passing(region.area_m2, height_m) => ChangeClass::Temporary,
        None if ground_after || height_m < STRUCTURE_M => ChangeClass::Earthwork,
        None => ChangeClass::NewStructure,
    }
}

fn lost(region: &ChangeRegion, ground_after: bool) -> ChangeClass {
    let (was_m, is_m) = (region.height_before_m, region.height_above_ground_m);
    if is_passing(region.area_m2, was_m) {
        ChangeClass::Temporary
    } else if was_m < STRUCTURE_M {
        if ground_after { ChangeClass::Earthwork } else { ChangeClass::Unknown }
    } else if is_m < STRUCTURE_M.max(GONE * was_m) {
        ChangeClass::Demolished
    } else {
        ChangeClass::Lowered
    }
}

/// Vehicles and cranes: small and low, or small and very high.
fn is_passing(area_m2: f64, height_m: f64) -> bool {
    (area_m2 < VEHICLE_M2 && height_m < VEHICLE_M) || (area_m2 < MAST_M2 && height_m > MAST_M)
}
