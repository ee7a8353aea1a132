//! A file without a coordinate system, placed on what it has in common with the map.

use geo::{Coord, Geometry, MapCoords, Polygon};
use plumbline_geodesy::Crs;

use crate::linework::Shapes;
use crate::read::bounds;
use crate::registration::{Register, Registration, Tie, control_points};
use crate::sheet::Sheet;
use crate::to_survey::ToSurvey;
use crate::{Error, Reading, SourceSpec, outline_match, vector};

/// A registration and what it makes of the plan's uncertainty.
pub(crate) struct Registered {
    pub registration: Registration,
    /// Of the plan's least certain corner, metres (1 sigma).
    pub u_m: f64,
}

/// Registers the file where its declaration says on what.
pub(crate) fn registered(
    spec: &SourceSpec,
    reading: &Reading,
    sheets: &[Sheet<'_>],
) -> Result<Option<Registered>, Error> {
    let Some(register) = &spec.register else { return Ok(None) };
    let ties = match register {
        Register::Control(table) => control_points(table)?
            .into_iter()
            .map(|tie| Tie { local: reading.metres(tie.local), ..tie })
            .collect::<Vec<_>>(),
        Register::Outlines(known) => {
            let drawn: Vec<Polygon<f64>> = sheets
                .iter()
                .flat_map(Sheet::geometries)
                .flat_map(|geometry| areas(geometry.map_coords(|c| reading.metres(c))))
                .collect();
            outline_match::ties(&spec.file, &drawn, &known_outlines(known, &reading.crs)?)?
        }
    };
    let registration = Registration::fit(&spec.file, register.clone(), &ties)?;
    let corners = bounds(sheets).map(|bounds| bounds.to_polygon().exterior().0.clone()).unwrap_or_default();
    let u_m = corners.into_iter().map(|corner| registration.u_m(&ties, reading.metres(corner)));
    let u_m = u_m.fold(registration.rms_m, f64::max);
    Ok(Some(Registered { registration, u_m }))
}

/// Every area of a file that states its coordinate system, on the map of another.
pub(crate) fn known_outlines(path: &std::path::Path, crs: &str) -> Result<Vec<Polygon<f64>>, Error> {
    let map = Crs::new(crs)?;
    let mut outlines = Vec::new();
    for layer in vector::file(path, None)?.layers {
        let no_crs = || Error::NoCrs {
            path: path.to_owned(),
            remedy: "write it with its coordinate system".to_owned(),
        };
        let stated = layer.stated_crs.clone().ok_or_else(no_crs)?;
        let reading = Reading { crs: stated, ..Reading::default() };
        let to_map = ToSurvey::new(path, &reading, None, &map)?;
        for geometry in layer.features.iter().filter_map(|feature| feature.geometry()) {
            outlines.extend(areas(to_map.geometry(geometry)?));
        }
    }
    Ok(outlines)
}

/// The areas of a geometry; lines that enclose none do not count.
fn areas(geometry: Geometry<f64>) -> Vec<Polygon<f64>> {
    let mut shapes = Shapes::of(geometry);
    shapes.take_open_lines();
    shapes.into_areas().map(|areas| areas.0).unwrap_or_default()
}

/// Corners of known outlines.
pub(crate) fn corners_of(outlines: &[Polygon<f64>]) -> Vec<Coord<f64>> {
    outlines.iter().flat_map(|outline| outline.exterior().0.clone()).collect()
}
