use std::collections::BTreeSet;
use std::path::Path;

use geo::{Contains, InteriorPoint};

use crate::linework::Shapes;
use crate::row::Row;
use crate::{
    Building, ControlLine, Error, Existing, Extent, Inspection, LayerKind, Parcel, Plan, Record,
    RoofStructure, Storey, Temporary, ToDemolish,
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
    Storey(Storey),
    Inspection(Inspection),
}

impl<'a> Draft<'a> {
    pub fn new(path: &'a Path) -> Self {
        Self { path, plan: Plan::default(), about_buildings: Vec::new() }
    }

    /// Adds one feature as an element of its kind.
    pub fn add(&mut self, kind: LayerKind, row: Row<'a>, shapes: Shapes) -> Result<(), Error> {
        match kind {
            LayerKind::Parcel => self.plan.parcels.push(parcel(&row, shapes)?),
            LayerKind::ControlLine => self.plan.control_lines.push(control_line(&row, shapes)),
            LayerKind::Extent => {
                self.plan.extents.push(Extent { outline: row.area(shapes)?, origin: row.origin() });
            }
            LayerKind::Building => self.plan.buildings.push(building(&row, shapes)?),
            LayerKind::Existing => self.plan.existing.push(existing(&row, shapes)?),
            LayerKind::Temporary => self.plan.temporaries.push(temporary(&row, shapes)?),
            LayerKind::ToDemolish => self.plan.to_demolish.push(to_demolish(&row, shapes)?),
            LayerKind::RoofStructure => {
                let (outline, height_m) = (row.area(shapes)?, row.number("height_m")?);
                let roof = RoofStructure { outline, height_m, origin: row.origin() };
                self.about_buildings.push((row, About::Roof(roof)));
            }
            LayerKind::Storeys => self.about_buildings.push((row, About::Storey(storey(&row)?))),
            LayerKind::Inspections => self.about_buildings.push((row, About::Inspection(inspection(&row)?))),
            LayerKind::Ignore => {}
        }
        Ok(())
    }

    /// The plan, every row about a building at its building.
    pub fn finish(mut self) -> Result<Plan, Error> {
        self.require_unique_numbers()?;
        for (row, about) in std::mem::take(&mut self.about_buildings) {
            let building = match &about {
                About::Roof(roof) if row.text("building_no").is_none() => self.building_under(&row, roof)?,
                _ => self.building_of(&row)?,
            };
            match about {
                About::Roof(roof) => building.roof_structures.push(roof),
                About::Storey(storey) => building.storeys.push(storey),
                About::Inspection(inspection) => building.inspections.push(inspection),
            }
        }
        for building in &mut self.plan.buildings {
            building.storeys.sort_by_key(|run| run.from);
            require_every_storey_once(self.path, building)?;
        }
        Ok(self.plan)
    }

    fn require_unique_numbers(&self) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        match self.plan.buildings.iter().find(|b| !seen.insert(&b.building_no)) {
            None => Ok(()),
            Some(twin) => Err(Error::DuplicateBuilding {
                path: self.path.to_owned(),
                layer: twin.origin.layer.clone(),
                building_no: twin.building_no.clone(),
            }),
        }
    }

    /// The building that carries a roof structure without a number, as drawings have them.
    fn building_under(&mut self, row: &Row<'_>, roof: &RoofStructure) -> Result<&mut Building, Error> {
        let inside = roof.outline.interior_point();
        let found = self.plan.buildings.iter_mut().find(|b| inside.is_some_and(|p| b.base.contains(&p)));
        found.ok_or_else(|| {
            row.incomplete("has no building_no and lies on no building: give it one".to_owned())
        })
    }

    fn building_of(&mut self, row: &Row<'_>) -> Result<&mut Building, Error> {
        let building_no = row.required("building_no", row.text("building_no"))?;
        let found = self.plan.buildings.iter_mut().find(|b| b.building_no == building_no);
        found.ok_or_else(|| Error::NoSuchBuilding {
            path: row.path.to_owned(),
            layer: row.layer.to_owned(),
            feature: row.feature.id,
            building_no: building_no.to_owned(),
        })
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

fn parcel(row: &Row<'_>, shapes: Shapes) -> Result<Parcel, Error> {
    Ok(Parcel {
        project_no: owned(row, "project_no"),
        name: owned(row, "name"),
        outline: row.area(shapes)?,
        origin: row.origin(),
    })
}

fn control_line(row: &Row<'_>, shapes: Shapes) -> ControlLine {
    ControlLine { project_no: owned(row, "project_no"), line: shapes.into_lines(), origin: row.origin() }
}

/// A building; one without a number is called after its feature, such as "#12".
fn building(row: &Row<'_>, shapes: Shapes) -> Result<Building, Error> {
    let storeys = row.parsed("storey_heights", "a list such as 1:3.9;2+5:3.0", Storey::list)?;
    Ok(Building {
        building_no: owned(row, "building_no").unwrap_or_else(|| format!("#{}", row.feature.id)),
        permit_no: owned(row, "permit_no"),
        permit_kind: owned(row, "permit_kind"),
        storeys_above: row.count("storeys_above")?,
        height_m: row.number("height_m")?,
        zero_level_m: row.number("zero_level_m")?,
        storeys: storeys.unwrap_or_default(),
        base: row.area(shapes)?,
        roof_structures: Vec::new(),
        valid_from: row.date("valid_from")?,
        expires_at: row.date("expires_at")?,
        inspections: Vec::new(),
        origin: row.origin(),
    })
}

fn existing(row: &Row<'_>, shapes: Shapes) -> Result<Existing, Error> {
    Ok(Existing {
        building_no: owned(row, "building_no"),
        storeys_above: row.count("storeys_above")?,
        height_m: row.number("height_m")?,
        outline: row.area(shapes)?,
        origin: row.origin(),
    })
}

fn temporary(row: &Row<'_>, shapes: Shapes) -> Result<Temporary, Error> {
    Ok(Temporary {
        permit_no: owned(row, "permit_no"),
        outline: row.area(shapes)?,
        expires_at: row.date("expires_at")?,
        height_m: row.number("height_m")?,
        origin: row.origin(),
    })
}

fn to_demolish(row: &Row<'_>, shapes: Shapes) -> Result<ToDemolish, Error> {
    Ok(ToDemolish {
        building_no: owned(row, "building_no"),
        outline: row.area(shapes)?,
        deadline: row.date("deadline")?,
        origin: row.origin(),
    })
}

fn storey(row: &Row<'_>) -> Result<Storey, Error> {
    let run = row.parsed("storey", "a storey such as 1 or a run such as 2+17", Storey::run)?;
    let (from, to) = row.required("storey", run)?;
    let height_m = row.required("approved_height_m", row.number("approved_height_m")?)?;
    Ok(Storey { from, to, name: owned(row, "name"), height_m })
}

fn inspection(row: &Row<'_>) -> Result<Inspection, Error> {
    let record =
        row.parsed("record", "one of the records SETTING_OUT 放线 to FACADE 外立面", |text| {
            text.parse().ok()
        })?;
    Ok(Inspection {
        record: row.required::<Record>("record", record)?,
        storey: row.count("storey")?,
        applied_at: row.date("applied_at")?,
        passed_at: row.date("passed_at")?,
    })
}

fn owned(row: &Row<'_>, field: &str) -> Option<String> {
    row.text(field).map(str::to_owned)
}
