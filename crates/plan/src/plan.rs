use serde::{Deserialize, Serialize};

use crate::{Building, ControlLine, Existing, Extent, Origin, Parcel, Source, Temporary, ToDemolish};

/// Everything that was approved for an area, in the survey CRS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The files it was read from.
    pub sources: Vec<Source>,
    /// Parcels.
    pub parcels: Vec<Parcel>,
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

    /// Registration uncertainty of an element, metres (1 sigma).
    pub fn u_m(&self, origin: &Origin) -> f64 {
        self.sources[origin.source_idx].u_m
    }

    fn shift_sources(&mut self, by: usize) {
        let roofs = self.buildings.iter_mut().flat_map(|b| &mut b.roof_structures).map(|r| &mut r.origin);
        roofs.for_each(|origin| origin.source_idx += by);
        let parcels = self.parcels.iter_mut().map(|e| &mut e.origin);
        let lines = self.control_lines.iter_mut().map(|e| &mut e.origin);
        let extents = self.extents.iter_mut().map(|e| &mut e.origin);
        let buildings = self.buildings.iter_mut().map(|e| &mut e.origin);
        let existing = self.existing.iter_mut().map(|e| &mut e.origin);
        let temporaries = self.temporaries.iter_mut().map(|e| &mut e.origin);
        let doomed = self.to_demolish.iter_mut().map(|e| &mut e.origin);
        let areas = parcels.chain(lines).chain(extents);
        let structures = buildings.chain(existing).chain(temporaries).chain(doomed);
        areas.chain(structures).for_each(|origin| origin.source_idx += by);
    }
}
