use serde::{Deserialize, Serialize};

use crate::{
    Building, ConditionPoint, ControlLine, Existing, Extent, Origin, Parcel, Permit, Source, Temporary,
    ToDemolish,
};

/// Everything that was approved for an area, in the survey CRS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The files it was read from.
    pub sources: Vec<Source>,
    /// Parcels.
    pub parcels: Vec<Parcel>,
    /// Building permits.
    pub permits: Vec<Permit>,
    /// Points that constrain the planning conditions.
    pub condition_points: Vec<ConditionPoint>,
    /// Building control lines.
    pub control_lines: Vec<ControlLine>,
    /// Areas that the plan describes completely.
    pub extents: Vec<Extent>,
    /// Approved buildings.
    pub buildings: Vec<Building>,
    /// Lawful existing buildings.
    pub existing: Vec<Existing>,
    /// Permitted temporary structures.
    pub temporaries: Vec<Temporary>,
    /// Buildings that must go.
    pub to_demolish: Vec<ToDemolish>,
}

impl Plan {
    /// One plan from several, elements in the order of the plans.
    #[must_use]
    pub fn merged(plans: Vec<Self>) -> Self {
        let mut whole = Self::default();
        for mut plan in plans {
            plan.shift_sources(whole.sources.len());
            whole.sources.append(&mut plan.sources);
            whole.parcels.append(&mut plan.parcels);
            whole.permits.append(&mut plan.permits);
            whole.condition_points.append(&mut plan.condition_points);
            whole.control_lines.append(&mut plan.control_lines);
            whole.extents.append(&mut plan.extents);
            whole.buildings.append(&mut plan.buildings);
            whole.existing.append(&mut plan.existing);
            whole.temporaries.append(&mut plan.temporaries);
            whole.to_demolish.append(&mut plan.to_demolish);
        }
        whole
    }

    /// The building with a number.
    pub fn building(&self, building_no: &str) -> Option<&Building> {
        self.buildings.iter().find(|b| b.building_no == building_no)
    }

    /// The permit with a number.
    pub fn permit(&self, permit_no: &str) -> Option<&Permit> {
        self.permits.iter().find(|permit| permit.permit_no == permit_no)
    }

    /// Number of elements: everything that has a place of its own in a file.
    pub fn len(&self) -> usize {
        let on_buildings = |b: &Building| {
            1 + b.roof_structures.len()
                + b.level_outlines.len()
                + b.storeys.len()
                + b.inspections.len()
                + b.required_distances.len()
        };
        self.parcels.len()
            + self.permits.len()
            + self.condition_points.len()
            + self.control_lines.len()
            + self.extents.len()
            + self.buildings.iter().map(on_buildings).sum::<usize>()
            + self.existing.len()
            + self.temporaries.len()
            + self.to_demolish.len()
    }

    /// Whether it has no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Registration uncertainty of an element, metres (1 sigma).
    pub fn u_m(&self, origin: &Origin) -> f64 {
        self.sources[origin.source_idx].u_m
    }

    fn shift_sources(&mut self, by: usize) {
        let on_buildings = self.buildings.iter_mut().flat_map(|b| {
            let roofs = b.roof_structures.iter_mut().map(|e| &mut e.origin);
            let levels = b.level_outlines.iter_mut().map(|e| &mut e.origin);
            roofs.chain(levels).chain([&mut b.origin])
        });
        let parcels = self.parcels.iter_mut().map(|e| &mut e.origin);
        let permits = self.permits.iter_mut().map(|e| &mut e.origin);
        let points = self.condition_points.iter_mut().map(|e| &mut e.origin);
        let lines = self.control_lines.iter_mut().map(|e| &mut e.origin);
        let extents = self.extents.iter_mut().map(|e| &mut e.origin);
        let existing = self.existing.iter_mut().map(|e| &mut e.origin);
        let temporaries = self.temporaries.iter_mut().map(|e| &mut e.origin);
        let doomed = self.to_demolish.iter_mut().map(|e| &mut e.origin);
        let areas = parcels.chain(permits).chain(points).chain(lines).chain(extents);
        let structures = on_buildings.chain(existing).chain(temporaries).chain(doomed);
        areas.chain(structures).for_each(|origin| origin.source_idx += by);
    }
}
