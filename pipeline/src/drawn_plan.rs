//! A plan as it was understood, drawn.

use std::path::Path;

use geo::{LineString, MultiLineString, MultiPolygon};
use plumbline_geodesy::Crs;
use plumbline_plan::{Building, Plan};
use plumbline_report::{DrawnShape, PlanDrawing, PlanRole};

use crate::error::Error;

/// Draws a plan of one file.
pub fn drawing(plan: &Plan, crs: &Crs, picture: &Path) -> Result<(), Error> {
    let source = &plan.sources[0];
    let title =
        format!("{} {}", source.file.file_name().unwrap_or_default().to_string_lossy(), source.version);
    let extent = source.understood.extent.map_or_else(String::new, |extent| {
        let (min, max) = (extent.min(), extent.max());
        format!("东 east {:.1}–{:.1}, 北 north {:.1}–{:.1}", min.x, max.x, min.y, max.y)
    });
    let subtitle = format!("{}; {extent}; u {:.2} m", crs.definition(), source.u_m);
    PlanDrawing { title: &title, subtitle: &subtitle, shapes: shapes(plan) }.write(picture)?;
    Ok(())
}

fn shapes(plan: &Plan) -> Vec<DrawnShape> {
    let named = |name: &Option<String>| name.clone();
    let extents = plan.extents.iter().map(|e| area(PlanRole::Extent, &e.outline, None));
    let parcels = plan.parcels.iter().map(|p| area(PlanRole::Parcel, &p.outline, named(&p.name)));
    let lines = plan.control_lines.iter().map(|line| DrawnShape {
        role: PlanRole::ControlLine,
        lines: line.line.clone(),
        name: None,
    });
    let buildings = plan.buildings.iter().flat_map(building);
    let existing = plan.existing.iter().map(|e| area(PlanRole::Existing, &e.outline, named(&e.building_no)));
    let temporary =
        plan.temporaries.iter().map(|t| area(PlanRole::Temporary, &t.outline, named(&t.permit_no)));
    let doomed =
        plan.to_demolish.iter().map(|d| area(PlanRole::ToDemolish, &d.outline, named(&d.building_no)));
    let points = plan.condition_points.iter().map(|point| DrawnShape {
        role: PlanRole::ConditionPoint,
        lines: MultiLineString(vec![LineString(vec![point.at.0])]),
        name: None,
    });
    let areas = extents.chain(parcels).chain(existing).chain(buildings).chain(temporary).chain(doomed);
    areas.chain(lines).chain(points).collect()
}

fn building(building: &Building) -> Vec<DrawnShape> {
    let base = area(PlanRole::Building, &building.base, Some(building.building_no.clone()));
    let levels =
        building.level_outlines.iter().map(|level| area(PlanRole::LevelOutline, &level.outline, None));
    let roofs =
        building.roof_structures.iter().map(|roof| area(PlanRole::RoofStructure, &roof.outline, None));
    std::iter::once(base).chain(levels).chain(roofs).collect()
}

fn area(role: PlanRole, outline: &MultiPolygon<f64>, name: Option<String>) -> DrawnShape {
    let rings =
        outline.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()).cloned());
    DrawnShape { role, lines: MultiLineString(rings.collect()), name }
}
