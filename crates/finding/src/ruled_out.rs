use std::collections::BTreeSet;

use chrono::NaiveDate;
use plumbline_plan::Building;
use plumbline_stage::{Outcome, Overbuilt, PhysicalStage, StageObservation};

use crate::{JurisdictionPack, Kind};

/// What only a building with walls can have.
const OF_WALLS: [Kind; 6] = [
    Kind::Shifted,
    Kind::FootprintExcess,
    Kind::OutOfRedline,
    Kind::SetbackBreach,
    Kind::ExtraStorey,
    Kind::OverHeight,
];

/// The mismatches that an approved building surely did not have on the day of a flight, by the greatest stage that the flight
/// allows: if they are told later, they began after that day. A flight that did not tell a mismatch has not ruled it out.
pub fn ruled_out(
    building: &Building,
    seen: &StageObservation,
    pack: &JurisdictionPack,
    on: NaiveDate,
) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::new();
    if seen.outcome != Outcome::Observed {
        return kinds;
    }
    if seen.stage_hi < PhysicalStage::FirstStorey {
        kinds.extend(OF_WALLS);
    }
    if seen.overbuilt == Overbuilt::No {
        kinds.insert(Kind::ExtraStorey);
    }
    if seen.stage_hi < PhysicalStage::ToppedOut {
        kinds.insert(Kind::OverHeight);
    }
    if seen.stage_hi == PhysicalStage::Unstarted {
        kinds.insert(Kind::PermitExpiredStart);
    }
    let required = &pack.line_check.required;
    let mut gates = seen.stage_hi.records_before().iter().filter(|record| required.contains(record));
    if gates.all(|&record| building.passed(record, on)) {
        kinds.insert(Kind::StageAhead);
    }
    kinds
}

#[cfg(test)]
mod tests {
    use geo::Rect;
    use plumbline_plan::{Inspection, Origin, Record};
    use plumbline_stage::Unseen;

    use super::*;

    fn seen(hi: &str, overbuilt: Overbuilt) -> StageObservation {
        let unseen = StageObservation::unseen("3", 4, Unseen::NotCovered);
        StageObservation { outcome: Outcome::Observed, stage_hi: hi.parse().unwrap(), overbuilt, ..unseen }
    }

    #[test]
    fn only_what_the_greatest_stage_excludes_is_ruled_out() {
        let pack = JurisdictionPack::sample().unwrap();
        let on = "2025-06-12".parse().unwrap();
        let origin = Origin { source_idx: 0, layer: "b".into(), feature_id: 0 };
        let base = Rect::new((0.0, 0.0), (20.0, 10.0)).to_polygon().into();
        let mut building = Building::outlined("3", base, origin);
        let passed = |record, day: &str| Inspection {
            record,
            storey: None,
            applied_at: None,
            passed_at: Some(day.parse().unwrap()),
        };
        building.inspections =
            vec![passed(Record::SettingOut, "2025-03-01"), passed(Record::Foundation, "2025-07-01")];
        let kinds = |seen: &StageObservation| ruled_out(&building, seen, &pack, on);
        let pit = kinds(&seen("FOUNDATION", Overbuilt::No));
        assert!(OF_WALLS.iter().all(|kind| pit.contains(kind)) && pit.contains(&Kind::StageAhead));
        // The foundation had not passed on that day.
        let slab = kinds(&seen("PLUS_MINUS_ZERO", Overbuilt::No));
        assert!(slab.contains(&Kind::Shifted) && !slab.contains(&Kind::StageAhead));
        let storeys = kinds(&seen("TYPICAL_STOREY(3)", Overbuilt::Possible));
        assert_eq!(storeys, BTreeSet::from([Kind::OverHeight]));
        assert!(kinds(&StageObservation::unseen("3", 4, Unseen::NotCovered)).is_empty());
    }
}
