//! Elements of a plan from the rows that tell of them.

use geo::{LineString, MultiPoint};

use crate::linework::Shapes;
use crate::row::Row;
use crate::{
    Building, ConditionPoint, ControlLine, Error, Existing, Extent, Inspection, LevelOutline, Parcel, Permit,
    RequiredDistance, RoofStructure, Storey, Temporary, ToDemolish,
};

const A_RUN: &str = "a storey such as 1 or a run such as 2+17";

impl Parcel {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        Ok(Self {
            project_no: row.owned("project_no"),
            name: row.owned("name"),
            land_permit_no: row.owned("land_permit_no"),
            site: row.owned("site"),
            developer: row.owned("developer"),
            site_area_m2: row.positive("site_area_m2")?,
            outline: row.area(shapes)?,
            origin: row.origin(),
        })
    }
}

impl Permit {
    pub(crate) fn of(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            permit_no: row.required("permit_no", row.owned("permit_no"))?,
            permit_kind: row.owned("permit_kind"),
            project_no: row.owned("project_no"),
            designer: row.owned("designer"),
            approver: row.owned("approver"),
            approved_at: row.date("approved_at")?,
            expires_at: row.date("expires_at")?,
            gfa_total_m2: row.number("gfa_total_m2")?,
            gfa_above_m2: row.number("gfa_above_m2")?,
            gfa_below_m2: row.number("gfa_below_m2")?,
            base_area_m2: row.number("base_area_m2")?,
            far: row.number("far")?,
            density: row.number("density")?,
            green_ratio: row.number("green_ratio")?,
            parking_total: row.count("parking_total")?,
            parking_above: row.count("parking_above")?,
            parking_below: row.count("parking_below")?,
            parking_bicycles: row.count("parking_bicycles")?,
            units: row.count("units")?,
            origin: row.origin(),
        })
    }
}

impl ControlLine {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Self {
        Self { project_no: row.owned("project_no"), line: shapes.into_lines(), origin: row.origin() }
    }
}

impl Extent {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        Ok(Self { outline: row.area(shapes)?, origin: row.origin() })
    }
}

impl Building {
    /// A building; one without a number is called after its feature, such as "#12".
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        let storeys = row.parsed("storey_heights", "a list such as 1:3.9;2+5:3.0", Storey::list)?;
        let building_no = row.owned("building_no").unwrap_or_else(|| format!("#{}", row.feature.id));
        Ok(Self {
            permit_no: row.owned("permit_no"),
            permit_kind: row.owned("permit_kind"),
            structure: row.owned("structure"),
            purpose: row.owned("purpose"),
            phase: row.owned("phase"),
            storeys_above: row.count("storeys_above")?,
            storeys_below: row.count("storeys_below")?,
            height_m: row.positive("height_m")?,
            height_rule: row.owned("height_rule"),
            zero_level_m: row.number("zero_level_m")?,
            indoor_level_m: row.number("indoor_level_m")?,
            outdoor_level_m: row.number("outdoor_level_m")?,
            top_level_m: row.number("top_level_m")?,
            storeys: storeys.unwrap_or_default(),
            valid_from: row.date("valid_from")?,
            expires_at: row.date("expires_at")?,
            ..Self::outlined(building_no, row.area(shapes)?, row.origin())
        })
    }
}

impl RoofStructure {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        Ok(Self { outline: row.area(shapes)?, height_m: row.positive("height_m")?, origin: row.origin() })
    }
}

impl LevelOutline {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        let level = row.one_of("level", "one of changed_storey 变化层, basement 地下室, projection 阳台")?;
        Ok(Self {
            level: row.required("level", level)?,
            storeys: row.parsed("storey", A_RUN, Storey::run)?,
            outline: row.area(shapes)?,
            origin: row.origin(),
        })
    }
}

impl Existing {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        Ok(Self {
            building_no: row.owned("building_no"),
            storeys_above: row.count("storeys_above")?,
            height_m: row.positive("height_m")?,
            outline: row.area(shapes)?,
            origin: row.origin(),
        })
    }
}

impl Temporary {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        Ok(Self {
            permit_no: row.owned("permit_no"),
            outline: row.area(shapes)?,
            expires_at: row.date("expires_at")?,
            height_m: row.positive("height_m")?,
            origin: row.origin(),
        })
    }
}

impl ToDemolish {
    pub(crate) fn of(row: &Row<'_>, shapes: Shapes) -> Result<Self, Error> {
        Ok(Self {
            building_no: row.owned("building_no"),
            outline: row.area(shapes)?,
            deadline: row.date("deadline")?,
            origin: row.origin(),
        })
    }
}

impl ConditionPoint {
    /// The points of a feature, or else the corners of its lines; several of one feature are numbered after it.
    pub(crate) fn all_of(row: &Row<'_>, shapes: &Shapes) -> Result<Vec<Self>, Error> {
        let name = row.required("point", row.text("point"))?;
        let corners = |line: &LineString<f64>| MultiPoint::from(line.0.clone()).0;
        let points: Vec<_> =
            shapes.points.iter().copied().chain(shapes.lines.iter().flat_map(corners)).collect();
        let numbered = |(idx, at)| Self {
            name: if points.len() == 1 { name.to_owned() } else { format!("{name}-{}", idx + 1) },
            building_no: row.owned("building_no"),
            at,
            origin: row.origin(),
        };
        Ok(points.iter().copied().enumerate().map(numbered).collect())
    }
}

impl Storey {
    pub(crate) fn of(row: &Row<'_>) -> Result<Self, Error> {
        let (from, to) = row.required("storey", row.parsed("storey", A_RUN, Self::run)?)?;
        Ok(Self {
            from,
            to,
            name: row.owned("name"),
            height_m: row.required("approved_height_m", row.positive("approved_height_m")?)?,
            measured_height_m: row.positive("measured_height_m")?,
        })
    }
}

impl Inspection {
    pub(crate) fn of(row: &Row<'_>) -> Result<Self, Error> {
        let record = row.one_of("record", "one of the records SETTING_OUT 放线 to FACADE 外立面")?;
        let (applied_at, passed_at) = (row.date("applied_at")?, row.date("passed_at")?);
        if applied_at.zip(passed_at).is_some_and(|(applied, passed)| passed < applied) {
            return Err(row.incomplete("passed before it was applied for: correct the dates".to_owned()));
        }
        Ok(Self {
            record: row.required("record", record)?,
            storey: row.count("storey")?,
            applied_at,
            passed_at,
        })
    }
}

impl RequiredDistance {
    pub(crate) fn of(row: &Row<'_>) -> Result<Self, Error> {
        let from = row.one_of("from", "one of setback 退线, spacing 间距")?;
        Ok(Self {
            from: row.required("from", from)?,
            to: row.owned("to"),
            least_m: row.required("least_m", row.positive("least_m")?)?,
        })
    }
}
