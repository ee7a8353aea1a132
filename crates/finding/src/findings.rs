use std::collections::BTreeMap;

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::geometry::same_place;
use crate::{Bilingual, Finding, Kind};

/// Everything that one comparison led to, nothing dropped silently.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// What does not fit the plan, most urgent first.
    pub findings: Vec<Finding>,
    /// What changed and is lawful or no building, with the reason.
    pub suppressed: Vec<Suppressed>,
    /// What could not be decided from these data, with the reason.
    pub undecided: Vec<Undecided>,
}

/// A change that is no finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suppressed {
    /// Where, on the map of the survey.
    pub outline: MultiPolygon<f64>,
    /// Why it is none.
    pub reason: Lawful,
    /// A sentence with the measured values.
    pub explanation: Bilingual,
}

/// Why a change is no finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Lawful {
    /// An approved building growing within its permit.
    ApprovedConstruction,
    /// A lawful existing building.
    ExistingBuilding,
    /// A temporary structure within its term.
    ApprovedTemporary,
    /// A hut inside a parcel whose construction is open.
    SiteHut,
    /// A crane: far taller than wide.
    Crane,
    /// A vehicle, a stack of material, a container.
    VehicleOrMaterial,
    /// Trees and crops.
    Vegetation,
    /// Netting over bare soil.
    DustNet,
    /// A structure on the approved roof plan.
    ApprovedRoofStructure,
    /// Smaller or lower than the pack's least size.
    BelowLeastSize,
    /// A pit or spoil of an approved construction.
    ApprovedEarthwork,
    /// The approved demolition of a building.
    ApprovedDemolition,
}

/// A question that these data leave open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undecided {
    /// Number of the building in the plan, where one is concerned.
    pub building_no: Option<String>,
    /// Where, on the map of the survey, where one place is concerned.
    pub outline: Option<MultiPolygon<f64>>,
    /// What could not be decided and why, and what would decide it.
    pub explanation: Bilingual,
}

impl Findings {
    /// Orders the findings, the most urgent first, and makes their identifiers unique.
    pub(crate) fn settle(&mut self) {
        self.findings.sort_by(|a, b| {
            let urgency = b.priority.cmp(&a.priority).then(b.verdict.cmp(&a.verdict));
            urgency.then_with(|| a.id.cmp(&b.id))
        });
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for finding in &mut self.findings {
            let seen = times.entry(finding.id.clone()).or_default();
            *seen += 1;
            if *seen > 1 {
                finding.id = format!("{}-{seen}", finding.id);
            }
        }
    }

    /// Whether something unexplained of the size of a vehicle was seen at a place, or a structure there told.
    pub(crate) fn saw(&self, place: &MultiPolygon<f64>) -> bool {
        let passed = self.suppressed.iter().filter(|s| s.reason == Lawful::VehicleOrMaterial);
        let open = self.undecided.iter().filter_map(|undecided| undecided.outline.as_ref());
        let mut places = passed.map(|s| &s.outline).chain(open);
        self.told(Kind::NoPermit, place) || places.any(|other| same_place(place, other))
    }

    /// Whether a finding of a kind is about a place.
    pub(crate) fn told(&self, kind: Kind, place: &MultiPolygon<f64>) -> bool {
        self.findings.iter().any(|finding| finding.kind == kind && same_place(place, &finding.outline))
    }
}
