//! Approved-plan layers become one plan on the survey map.

use plumbline_plan::{Plan, SourceSpec, read};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::flown::Flown;

/// GeoJSON is in WGS 84 unless somebody says otherwise (RFC 7946).
const GEOJSON_CRS: &str = "EPSG:4326";

/// The project's plan; `None` where it names no plan layers.
pub fn approved(context: &Context, epochs: &[Flown]) -> Result<Option<Plan>, Error> {
    let sources = &context.project.plans;
    let Some(map) = epochs.last().map(Flown::crs) else { return Ok(None) };
    let plans = sources.iter().map(|source| {
        let spec = SourceSpec {
            file: source.file.clone(),
            crs: source.crs.clone().unwrap_or_else(|| GEOJSON_CRS.to_owned()),
            layer_map: source.layers.clone(),
            version: source.version.clone(),
            u_m: source.u_m,
            transform: source.transform,
        };
        read(&spec, map)
    });
    let plans = plans.collect::<Result<Vec<_>, _>>()?;
    Ok((!plans.is_empty()).then(|| Plan::merged(plans)))
}
