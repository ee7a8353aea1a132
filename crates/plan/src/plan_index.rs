use std::collections::BTreeMap;

use geo::MultiPolygon;

use crate::{Building, Existing, Extent, OutlineIndex, Parcel, Plan, Temporary, ToDemolish};

/// A plan by place and by number, so that a change is held against what is near it and not against the whole city.
#[derive(Debug)]
pub struct PlanIndex<'a> {
    plan: &'a Plan,
    numbers: BTreeMap<&'a str, usize>,
    parcels: OutlineIndex,
    extents: OutlineIndex,
    buildings: OutlineIndex,
    existing: OutlineIndex,
    temporaries: OutlineIndex,
    to_demolish: OutlineIndex,
}

impl<'a> PlanIndex<'a> {
    /// The index of a plan.
    pub fn of(plan: &'a Plan) -> Self {
        let mut numbers = BTreeMap::new();
        for (idx, building) in plan.buildings.iter().enumerate() {
            numbers.entry(building.building_no.as_str()).or_insert(idx);
        }
        Self {
            plan,
            numbers,
            parcels: OutlineIndex::of(plan.parcels.iter().map(|parcel| &parcel.outline)),
            extents: OutlineIndex::of(plan.extents.iter().map(|extent| &extent.outline)),
            buildings: OutlineIndex::of(plan.buildings.iter().map(|building| &building.base)),
            existing: OutlineIndex::of(plan.existing.iter().map(|existing| &existing.outline)),
            temporaries: OutlineIndex::of(plan.temporaries.iter().map(|temporary| &temporary.outline)),
            to_demolish: OutlineIndex::of(plan.to_demolish.iter().map(|doomed| &doomed.outline)),
        }
    }

    /// The building with a number.
    pub fn building(&self, building_no: &str) -> Option<&'a Building> {
        self.numbers.get(building_no).map(|&idx| &self.plan.buildings[idx])
    }

    /// Parcels whose boxes meet that of an outline, in the order of the plan.
    pub fn parcels(&self, outline: &MultiPolygon<f64>) -> impl Iterator<Item = &'a Parcel> {
        picked(&self.plan.parcels, self.parcels.near(outline, 0.0))
    }

    /// Areas that the plan describes completely whose boxes meet that of an outline, in the order of the plan.
    pub fn extents(&self, outline: &MultiPolygon<f64>) -> impl Iterator<Item = &'a Extent> {
        picked(&self.plan.extents, self.extents.near(outline, 0.0))
    }

    /// Approved buildings whose boxes come within `within_m` metres of that of an outline, in the order of the plan.
    pub fn buildings(
        &self,
        outline: &MultiPolygon<f64>,
        within_m: f64,
    ) -> impl Iterator<Item = &'a Building> {
        picked(&self.plan.buildings, self.buildings.near(outline, within_m))
    }

    /// Lawful existing buildings, likewise.
    pub fn existing(&self, outline: &MultiPolygon<f64>, within_m: f64) -> impl Iterator<Item = &'a Existing> {
        picked(&self.plan.existing, self.existing.near(outline, within_m))
    }

    /// Numbers of the existing buildings, likewise.
    pub fn existing_idx(&self, outline: &MultiPolygon<f64>, within_m: f64) -> Vec<usize> {
        self.existing.near(outline, within_m)
    }

    /// Permitted temporary structures, likewise.
    pub fn temporaries(
        &self,
        outline: &MultiPolygon<f64>,
        within_m: f64,
    ) -> impl Iterator<Item = &'a Temporary> {
        picked(&self.plan.temporaries, self.temporaries.near(outline, within_m))
    }

    /// Buildings that must go whose boxes meet that of an outline, in the order of the plan.
    pub fn to_demolish(&self, outline: &MultiPolygon<f64>) -> impl Iterator<Item = &'a ToDemolish> {
        picked(&self.plan.to_demolish, self.to_demolish.near(outline, 0.0))
    }
}

fn picked<T>(elements: &[T], numbers: Vec<usize>) -> impl Iterator<Item = &T> {
    numbers.into_iter().map(|idx| &elements[idx])
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;
    use crate::Origin;

    fn square(west: f64, side: f64) -> MultiPolygon<f64> {
        Rect::new((west, 0.0), (west + side, side)).to_polygon().into()
    }

    #[test]
    fn what_is_near_comes_in_the_order_of_the_plan_and_nothing_near_is_left_out() {
        let origin = Origin { source_idx: 0, layer: "b".into(), feature_id: 0 };
        let buildings = (0..500)
            .rev()
            .map(|i| Building::outlined(format!("{i}"), square(20.0 * f64::from(i), 10.0), origin.clone()));
        let plan = Plan { buildings: buildings.collect(), ..Plan::default() };
        let index = PlanIndex::of(&plan);
        let near = |outline: &MultiPolygon<f64>, within_m: f64| -> Vec<String> {
            index.buildings(outline, within_m).map(|b| b.building_no.clone()).collect()
        };
        assert_eq!(near(&square(205.0, 22.0), 0.0), ["11", "10"]);
        assert_eq!(near(&square(212.0, 5.0), 0.0), Vec::<String>::new());
        assert_eq!(near(&square(212.0, 5.0), 3.0), ["11", "10"]);
        assert_eq!(near(&MultiPolygon(vec![]), 1e9), Vec::<String>::new());
        assert_eq!(index.building("499").map(|b| b.building_no.as_str()), Some("499"));
        assert!(index.building("500").is_none());
        assert_eq!(index.existing(&square(0.0, 1e4), 0.0).count(), 0);
    }
}
