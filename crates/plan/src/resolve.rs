//! How the numbers of a file are taken, from what is declared and what the file states.

use geo::CoordsIter;
use plumbline_geodesy::{Crs, Gcj02};

use crate::raw::RawFile;
use crate::sheet::Sheet;
use crate::to_survey::{GCJ02, ToSurvey};
use crate::vector::extension;
use crate::{Authority, Axes, Error, Reading, SaidBy, SourceSpec, Unit};

/// Two ways to the survey CRS that differ by less than this are one, metres.
const SAME_M: f64 = 0.001;

/// The reading and who says each part of it.
pub(crate) fn resolved(
    spec: &SourceSpec,
    file: &RawFile,
    sheets: &[Sheet<'_>],
    survey_crs: &Crs,
) -> Result<(Reading, SaidBy), Error> {
    let (axes, by_axes) = axes(spec, file)?;
    let (unit, by_unit) = unit(spec, file);
    let (crs, by_crs) = match &spec.crs {
        Some(crs) => (crs.clone(), Authority::Declared),
        // Tables of rows alone have no place.
        None => stated(spec, sheets)?.map_or_else(
            || (survey_crs.definition().to_owned(), Authority::Usual),
            |crs| (crs, Authority::Stated),
        ),
    };
    let reading = Reading { crs, axes, unit };
    if by_crs == Authority::Declared && spec.transform.is_none() && spec.register.is_none() {
        sheets.iter().try_for_each(|sheet| agree(spec, sheet, &reading, survey_crs))?;
    }
    if reading.crs == GCJ02 && spec.u_m < Gcj02::U_M {
        return Err(Error::Gcj02 { path: spec.file.clone(), u_m: spec.u_m, least_m: Gcj02::U_M });
    }
    Ok((reading, SaidBy { crs: by_crs, unit: by_unit, axes: by_axes }))
}

fn axes(spec: &SourceSpec, file: &RawFile) -> Result<(Axes, Authority), Error> {
    let path = || spec.file.clone();
    match (spec.axes, file.axes) {
        (Some(declared), Some(stated)) if declared != stated => {
            Err(Error::AxesContradicted { path: path(), stated: stated.name(), declared: declared.name() })
        }
        (Some(declared), _) => Ok((declared, Authority::Declared)),
        (None, Some(stated)) => Ok((stated, Authority::Stated)),
        (None, None) if file.needs_axes => Err(Error::NoAxes { path: path(), remedy: String::new() }),
        (None, None) => Ok((Axes::default(), Authority::Usual)),
    }
}

fn unit(spec: &SourceSpec, file: &RawFile) -> (Unit, Authority) {
    match (spec.unit, file.unit) {
        (Some(declared), _) => (declared, Authority::Declared),
        (None, Some(stated)) => (stated, Authority::Stated),
        (None, None) => (Unit::default(), Authority::Usual),
    }
}

/// The system that all drawn layers state; `None` where none is drawn.
fn stated(spec: &SourceSpec, sheets: &[Sheet<'_>]) -> Result<Option<String>, Error> {
    let path = || spec.file.clone();
    let drawn = sheets.iter().filter(|sheet| sheet.geometries().next().is_some());
    let mut stated: Vec<(&str, Option<&str>)> =
        drawn.map(|sheet| (sheet.layer.name.as_str(), sheet.layer.stated_crs.as_deref())).collect();
    stated.dedup_by_key(|(_, crs)| *crs);
    let is_placed = spec.transform.is_some() || spec.register.is_some();
    match stated[..] {
        [(_, Some(crs))] if !is_placed => Ok(Some(crs.to_owned())),
        [] => Ok(None),
        [_] => Err(Error::NoCrs { path: path(), remedy: String::new() }),
        _ => {
            let each = |(layer, crs): &(&str, Option<&str>)| format!("{layer}: {}", crs.unwrap_or("none"));
            Err(Error::MixedCrs {
                path: path(),
                systems: stated.iter().map(each).collect::<Vec<_>>().join("; "),
            })
        }
    }
}

/// Refuses a layer that states another system than the one declared for it.
fn agree(spec: &SourceSpec, sheet: &Sheet<'_>, reading: &Reading, survey_crs: &Crs) -> Result<(), Error> {
    let Some(stated) = sheet.layer.stated_crs.as_deref().filter(|stated| counts(spec, stated)) else {
        return Ok(());
    };
    let Some(corner) = sheet.geometries().find_map(|geometry| geometry.coords_iter().next()) else {
        return Ok(());
    };
    if stated == reading.crs {
        return Ok(());
    }
    let by = |crs: &str| {
        let reading = Reading { crs: crs.to_owned(), ..reading.clone() };
        ToSurvey::new(&spec.file, &reading, None, survey_crs)?.coords(&[corner])
    };
    let declared = by(&reading.crs);
    let is_same = declared
        .as_ref()
        .ok()
        .zip(by(stated).ok())
        .is_some_and(|(a, b)| (a[0].x - b[0].x).hypot(a[0].y - b[0].y) < SAME_M);
    if is_same {
        return Ok(());
    }
    Err(Error::CrsContradicted {
        path: spec.file.clone(),
        layer: sheet.layer.name.clone(),
        stated: stated.to_owned(),
        declared: reading.crs.clone(),
    })
}

/// Whether what a file states counts against a declaration: GDAL says WGS 84 for every GeoJSON that is silent.
fn counts(spec: &SourceSpec, stated: &str) -> bool {
    !(matches!(extension(&spec.file).as_str(), "geojson" | "json") && stated == "EPSG:4326")
}
