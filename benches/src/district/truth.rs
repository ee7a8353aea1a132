use std::error::Error;
use std::path::Path;

use geo::{Area, MultiPolygon};
use plumbline_finding::{Finding, Kind};
use plumbline_fixtures::{Construction, Recipe, write_plan};
use plumbline_geodesy::SurveyFrame;
use plumbline_plan::{Plan, SourceSpec, Survey, read};

use super::place::{on_map, same_place};

/// A town with its plan and with what is wrong and what is right in it, on the map.
#[derive(Debug)]
pub struct Truth<'a> {
    /// The town.
    pub town: &'a Recipe,
    /// Its world.
    pub frame: SurveyFrame,
    /// The plan as it was read from a file.
    pub plan: Plan,
    /// What does not fit the plan.
    pub seeded: Vec<Seeded>,
    /// What is lawful and may not look so.
    pub lawful: Vec<(&'static str, MultiPolygon<f64>)>,
}

/// A seeded mismatch.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// What differs.
    pub kind: Kind,
    /// Building or permit that it concerns; empty where there is none.
    pub subject: String,
    /// First date that shows it.
    pub epoch_idx: usize,
    /// Where.
    pub outline: MultiPolygon<f64>,
}

impl<'a> Truth<'a> {
    /// Writes a town's plan into a folder and reads it as the pipeline does.
    pub fn of(town: &'a Recipe, folder: &Path) -> Result<Self, Box<dyn Error>> {
        let frame = town.frame()?;
        write_plan(folder, town)?;
        let spec = SourceSpec {
            layer_map: Some(folder.join("layers.toml")),
            version: "2025-02".to_owned(),
            ..SourceSpec::new(folder.join("approved.gpkg"), "EPSG:4547")
        };
        let survey = Survey { crs: &frame.crs, place: Some(frame.origin) };
        let plan = read(&spec, &survey)?;
        let seeded = town.violations().into_iter().map(|v| {
            let outline = on_map(&frame, &v.outline);
            Ok(Seeded { kind: v.kind.parse()?, subject: v.subject, epoch_idx: v.epoch_idx, outline })
        });
        let seeded = seeded.collect::<Result<Vec<_>, plumbline_finding::Error>>()?;
        let lawful = town.lawful().into_iter().map(|(what, outline)| (what, on_map(&frame, &outline)));
        let lawful = lawful.collect();
        Ok(Self { town, frame, plan, seeded, lawful })
    }

    /// Buildings under construction, in the order of the plan.
    pub fn constructions(&self) -> impl Iterator<Item = &Construction> {
        self.town.projects.iter().flat_map(|project| &project.buildings)
    }

    /// Ground outside the parcels under construction, square kilometres.
    pub fn unchanged_km2(&self) -> f64 {
        let parcels: f64 = self.plan.parcels.iter().map(|parcel| parcel.outline.unsigned_area()).sum();
        let extent: f64 = self.plan.extents.iter().map(|extent| extent.outline.unsigned_area()).sum();
        1e-6 * (extent - parcels)
    }

    /// Whether a place lies in a parcel under construction.
    pub fn is_site(&self, outline: &MultiPolygon<f64>) -> bool {
        self.plan.parcels.iter().any(|parcel| same_place(outline, &parcel.outline))
    }

    /// Mismatches about the thing that a finding is about, whatever their kind and date.
    pub fn about<'b>(&'b self, finding: &'b Finding) -> impl Iterator<Item = &'b Seeded> {
        self.seeded.iter().filter(|seeded| seeded.is_about(finding))
    }

    /// The lawful thing that a finding is on.
    pub fn lawful_at(&self, outline: &MultiPolygon<f64>) -> Option<&'static str> {
        self.lawful.iter().find(|(_, lawful)| same_place(outline, lawful)).map(|(what, _)| *what)
    }
}

impl Seeded {
    /// Whether a finding is about the same thing: its building, or its place.
    pub fn is_about(&self, finding: &Finding) -> bool {
        let numbered = finding.building_no.as_ref() == Some(&self.subject);
        numbered || same_place(&self.outline, &finding.outline)
    }

    /// Whether a finding of a date tells this mismatch.
    pub fn is_told_by(&self, finding: &Finding, epoch_idx: usize) -> bool {
        finding.kind == self.kind && epoch_idx >= self.epoch_idx && self.is_about(finding)
    }

    /// Whether it is a structure of 10 m2 and more that nobody approved.
    pub fn is_new_structure(&self) -> bool {
        puts_something_up(self.kind) && self.outline.unsigned_area() >= 10.0
    }
}

/// Whether findings of a kind say that something new stands somewhere.
pub fn puts_something_up(kind: Kind) -> bool {
    matches!(kind, Kind::NoPermit | Kind::RoofAddition | Kind::PostCompletionAddition)
}
