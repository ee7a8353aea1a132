use geo::Coord;
use serde::{Deserialize, Serialize};

use crate::Unit;

/// Order of the two coordinates of a position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axes {
    /// East first, as in CAD and GIS; longitude first.
    #[default]
    EastNorth,
    /// North first, as surveyors write X and Y; latitude first.
    NorthEast,
}

impl Axes {
    /// Name, as written in project files.
    pub fn name(self) -> &'static str {
        match self {
            Self::EastNorth => "east_north",
            Self::NorthEast => "north_east",
        }
    }
}

/// How the numbers of a file are taken for positions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Coordinate system: "EPSG:4547", well-known text, or "GCJ-02".
    pub crs: String,
    /// Order of the coordinates.
    pub axes: Axes,
    /// Unit of the coordinates where they are lengths.
    pub unit: Unit,
}

impl Reading {
    /// A position of the file with east first, in metres.
    pub(crate) fn metres(&self, at: Coord<f64>) -> Coord<f64> {
        self.east_first(at) * self.unit.metres()
    }

    /// A position of the file with east first.
    pub(crate) fn east_first(&self, Coord { x, y }: Coord<f64>) -> Coord<f64> {
        match self.axes {
            Axes::EastNorth => Coord { x, y },
            Axes::NorthEast => Coord { x: y, y: x },
        }
    }

    /// What a project file says to declare it, where `taken` is how the coordinates would be taken otherwise.
    pub fn declaration(&self, taken: &Self) -> String {
        let crs = format!("crs = {:?}", self.crs);
        let is_usual = |reading: &Self| (reading.axes == Axes::default(), reading.unit == Unit::default());
        let (usual_axes, usual_unit) =
            (is_usual(self).0 && is_usual(taken).0, is_usual(self).1 && is_usual(taken).1);
        let axes = (!usual_axes).then(|| format!("axes = {:?}", self.axes.name()));
        let unit = (!usual_unit).then(|| format!("unit = {:?}", self.unit.symbol()));
        [Some(crs), axes, unit].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
