//! What an epoch shows of any place, for those who ask later.

use plumbline_case::{Mask, Sight};
use plumbline_change::{ChangeRegion, Comparability};
use plumbline_finding::{JurisdictionPack, ruled_out};
use plumbline_plan::Plan;
use plumbline_stage::{Outcome, StageObservation};

use crate::steps::change::Changed;

/// What stands, what went down and what was covered in an epoch.
pub fn sight(
    changed: &Changed,
    plan: Option<&Plan>,
    stages: &[StageObservation],
    pack: &JurisdictionPack,
) -> Sight {
    let buildings = plan.map_or(&[][..], |plan| &plan.buildings);
    let on = changed.after.captured_on;
    let comparison = changed.comparison.as_ref().filter(|comparison| comparison.refused.is_none());
    let regions = comparison.map_or(&[][..], |comparison| &comparison.regions);
    let fell = |region: &&ChangeRegion| -region.height_change_m >= pack.least.structure_height_m;
    let hidden = stages.iter().filter(|stage| stage.outcome != Outcome::Observed);
    Sight {
        measured: Mask::of(&changed.after.dsm, |height| height.is_finite()),
        pictured: changed.after.ortho.as_ref().map(|ortho| Mask::of(ortho, |pixel| pixel[3] > 0)),
        compared: comparison
            .map(|comparison| Mask::of(&comparison.mask, |cell| *cell == Comparability::Comparable)),
        standing: changed.structures.iter().map(|structure| structure.outline.clone()).collect(),
        fell: regions.iter().filter(fell).map(|region| region.outline.clone()).collect(),
        hidden: hidden.map(|stage| stage.building_no.clone()).collect(),
        // The stages are in the order of the plan, one a building.
        ruled_out: buildings
            .iter()
            .zip(stages)
            .map(|(building, seen)| (building.building_no.clone(), ruled_out(building, seen, pack, on)))
            .collect(),
    }
}
