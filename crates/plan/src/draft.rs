use std::collections::BTreeMap;
use std::path::Path;

use geo::{BoundingRect, Contains, InteriorPoint, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::linework::Shapes;
use crate::row::Row;
use crate::{
    Building, ConditionPoint, ControlLine, Error, Existing, Extent, Inspection, LayerKind, LevelOutline,
    Parcel, Permit, Plan, RequiredDistance, RoofStructure, Storey, Temporary, ToDemolish,
};

/// A plan while its file is read: rows about a building wait until all buildings are known.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    path: &'a Path,
    plan: Plan,
    about_buildings: Vec<(Row<'a>, About)>,
}

/// Something that a row says about a building.
#[derive(Debug)]
enum About {
    Roof(RoofStructure),
    Level(LevelOutline),
    Storey(Storey),
    Inspection(Inspection),
    Distance(RequiredDistance),
}

impl About {
    /// Its outline, by which the building under it is found.
    fn outline(&self) -> Option<&MultiPolygon<f64>> {
        match self {
            Self::Roof(roof) => Some(&roof.outline),
            Self::Level(level) => Some(&level.outline),
            _ => None,
        }
    }
}

impl<'a> Draft<'a> {
    pub fn new(path: &'a Path) -> Self {
        Self { path, plan: Plan::default(), about_buildings: Vec::new() }
    }

    /// Adds one feature as an element of its kind.
    pub fn add(&mut self, kind: LayerKind, row: Row<'a>, shapes: Shapes) -> Result<(), Error> {
        match kind {
            LayerKind::Parcel => self.plan.parcels.push(Parcel::of(&row, shapes)?),
            LayerKind::Permits => self.plan.permits.push(Permit::of(&row)?),
            LayerKind::ControlLine => self.plan.control_lines.push(ControlLine::of(&row, shapes)),
            LayerKind::Extent => self.plan.extents.push(Extent::of(&row, shapes)?),
            LayerKind::Building => self.plan.buildings.push(Building::of(&row, shapes)?),
            LayerKind::Existing => self.plan.existing.push(Existing::of(&row, shapes)?),
            LayerKind::Temporary => self.plan.temporaries.push(Temporary::of(&row, shapes)?),
            LayerKind::ToDemolish => self.plan.to_demolish.push(ToDemolish::of(&row, shapes)?),
            LayerKind::ConditionPoints => {
                self.plan.condition_points.extend(ConditionPoint::all_of(&row, &shapes)?);
            }
            LayerKind::RoofStructure => self.wait(row, About::Roof(RoofStructure::of(&row, shapes)?)),
            LayerKind::LevelOutline => self.wait(row, About::Level(LevelOutline::of(&row, shapes)?)),
            LayerKind::Storeys => self.wait(row, About::Storey(Storey::of(&row)?)),
            LayerKind::Inspections => self.wait(row, About::Inspection(Inspection::of(&row)?)),
            LayerKind::RequiredDistances => self.wait(row, About::Distance(RequiredDistance::of(&row)?)),
            LayerKind::Ignore => {}
        }
        Ok(())
    }

    fn wait(&mut self, row: Row<'a>, about: About) {
        self.about_buildings.push((row, about));
    }

    /// The plan, every row about a building at its building.
    pub fn finish(mut self) -> Result<Plan, Error> {
        let numbers = self.unique_numbers()?;
        let waiting = std::mem::take(&mut self.about_buildings);
        let is_placed =
            |(row, about): &(Row<'_>, About)| about.outline().is_some() && row.text("building_no").is_none();
        let places = waiting.iter().any(is_placed).then(|| Places::of(&self.plan.buildings));
        for (row, about) in waiting {
            let under = places.as_ref().filter(|_| row.text("building_no").is_none());
            let idx = match under.zip(about.outline()) {
                Some((places, outline)) => places.under(&self.plan.buildings, &row, outline)?,
                None => numbered(&numbers, &row)?,
            };
            let building = &mut self.plan.buildings[idx];
            match about {
                About::Roof(roof) => building.roof_structures.push(roof),
                About::Level(level) => building.level_outlines.push(level),
                About::Storey(storey) => building.storeys.push(storey),
                About::Inspection(inspection) => building.inspections.push(inspection),
                About::Distance(distance) => building.required_distances.push(distance),
            }
        }
        for building in &mut self.plan.buildings {
            building.storeys.sort_by_key(|run| run.from);
            require_every_storey_once(self.path, building)?;
        }
        Ok(self.plan)
    }

    /// Indices of the buildings by their numbers, which differ.
    fn unique_numbers(&self) -> Result<BTreeMap<String, usize>, Error> {
        let mut numbers = BTreeMap::new();
        for (idx, building) in self.plan.buildings.iter().enumerate() {
            if let Some(twin) = numbers.insert(building.building_no.clone(), idx) {
                let twin: &Building = &self.plan.buildings[twin];
                return Err(Error::DuplicateBuilding {
                    path: self.path.to_owned(),
                    layer: building.origin.layer.clone(),
                    building_no: building.building_no.clone(),
                    features: (twin.origin.feature_id, building.origin.feature_id),
                });
            }
        }
        Ok(numbers)
    }
}

fn numbered(numbers: &BTreeMap<String, usize>, row: &Row<'_>) -> Result<usize, Error> {
    let building_no = row.required("building_no", row.text("building_no"))?;
    numbers.get(building_no).copied().ok_or_else(|| Error::NoSuchBuilding {
        path: row.path.to_owned(),
        layer: row.layer.to_owned(),
        feature: row.feature.id,
        building_no: building_no.to_owned(),
    })
}

/// Buildings by where they stand.
struct Places(RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>);

impl Places {
    fn of(buildings: &[Building]) -> Self {
        let place = |(idx, building): (usize, &Building)| {
            let bounds = building.base.bounding_rect()?;
            let (min, max) = (bounds.min(), bounds.max());
            Some(GeomWithData::new(Rectangle::from_corners([min.x, min.y], [max.x, max.y]), idx))
        };
        Self(RTree::bulk_load(buildings.iter().enumerate().filter_map(place).collect()))
    }

    /// The building under an outline without a number, as drawings have them.
    fn under(
        &self,
        buildings: &[Building],
        row: &Row<'_>,
        outline: &MultiPolygon<f64>,
    ) -> Result<usize, Error> {
        let on_none = || row.incomplete("has no building_no and lies on no building: give it one".to_owned());
        let inside: Point<f64> = outline.interior_point().ok_or_else(on_none)?;
        let around = self.0.locate_in_envelope_intersecting(AABB::from_point([inside.x(), inside.y()]));
        let under = around.map(|place| place.data).filter(|&idx| buildings[idx].base.contains(&inside));
        under.min().ok_or_else(on_none)
    }
}

fn require_every_storey_once(path: &Path, building: &Building) -> Result<(), Error> {
    let mut after = 0;
    for run in &building.storeys {
        if run.from != after + 1 {
            let building_no = building.building_no.clone();
            return Err(Error::StoreyGap { path: path.to_owned(), building_no, after, next: run.from });
        }
        after = run.to;
    }
    Ok(())
}
