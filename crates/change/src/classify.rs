//! From measured quantities to a class of change.

use crate::{ChangeClass, ChangeRegion};

/// Share of green above which plants are thought of.
const GREEN: f64 = 0.4;
/// What is green and as rough as this is a crown, metres: painted roofs and nets are planes, and a dome of 2 m radius bends by
/// 0.09 m even where its leaves are smooth.
const CROWN_ROUGHNESS_M: f64 = 0.07;
/// Bare crowns are at most so large, square metres, and rougher than this, metres: what is built of that size is a plane that is
/// matched to 0.05 m.
const CROWN_M2: f64 = 50.0;
const BARE_ROUGHNESS_M: f64 = 0.12;
/// Rougher than any structure of any size, metres; large roofs with all their equipment reach 0.16 m.
const WILD_ROUGHNESS_M: f64 = 0.25;
/// Planes are rougher than the noise of the surface by a factor that seldom exceeds this.
const NOISE_SIGMAS: f64 = 2.0;
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
pub(crate) fn classify(
    region: &ChangeRegion,
    of_standing: Option<f64>,
    ground_after: bool,
    noise_m: f64,
) -> ChangeClass {
    if is_plant(region, noise_m) {
        ChangeClass::Vegetation
    } else if region.height_change_m > 0.0 {
        gained(region, of_standing, ground_after)
    } else {
        lost(region, ground_after)
    }
}

fn is_plant(region: &ChangeRegion, noise_m: f64) -> bool {
    let low = region.height_before_m.max(region.height_above_ground_m) < STRUCTURE_M;
    match region.greenness {
        Some(green) if green > GREEN => low || region.roughness_m > beyond(CROWN_ROUGHNESS_M, noise_m),
        _ => is_wild(region.area_m2, region.roughness_m, noise_m),
    }
}

/// Whether something is rougher than what is built of its size, on a surface with this noise about planes: plants, whatever
/// their colour.
pub(crate) fn is_wild(area_m2: f64, roughness_m: f64, noise_m: f64) -> bool {
    roughness_m > beyond(if area_m2 < CROWN_M2 { BARE_ROUGHNESS_M } else { WILD_ROUGHNESS_M }, noise_m)
}

/// A limit of roughness on a surface that is itself noisy.
fn beyond(limit_m: f64, noise_m: f64) -> f64 {
    limit_m.hypot(NOISE_SIGMAS * noise_m)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_crown_is_rougher_than_a_shed_of_its_size_and_a_large_roof_may_carry_plant() {
        assert!(is_wild(15.0, 0.2, 0.03) && !is_wild(15.0, 0.06, 0.03));
        assert!(!is_wild(120.0, 0.16, 0.03) && is_wild(120.0, 0.4, 0.03));
        assert!(!is_wild(15.0, 0.15, 0.1), "the surface itself is as rough");
    }
}
