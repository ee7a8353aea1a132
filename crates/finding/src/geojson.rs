use std::collections::BTreeMap;

use plumbline_geodesy::Crs;
use plumbline_plan::outline_geometry;
use serde_json::{Value, json};

use crate::{Error, Finding};

/// Findings as a GeoJSON collection (RFC 7946: WGS 84, longitude before latitude).
///
/// `crs` is the map that the outlines lie on; `photos` names the photos that show a finding, by its identifier.
pub fn to_geojson(
    findings: &[Finding],
    crs: &Crs,
    photos: &BTreeMap<String, Vec<String>>,
) -> Result<Value, Error> {
    let features = findings.iter().map(|finding| {
        let names = photos.get(&finding.id).map_or(&[][..], Vec::as_slice);
        Ok(json!({
            "type": "Feature",
            "id": finding.id,
            "geometry": outline_geometry(&finding.outline, crs)?,
            "properties": properties(finding, names),
        }))
    });
    let features = features.collect::<Result<Vec<_>, Error>>()?;
    Ok(json!({ "type": "FeatureCollection", "features": features }))
}

fn properties(finding: &Finding, photos: &[String]) -> Value {
    json!({
        "id": finding.id,
        "kind": finding.kind,
        "kind_zh": finding.kind.zh(),
        "kind_en": finding.kind.en(),
        "verdict": finding.verdict,
        "verdict_zh": finding.verdict.zh(),
        "measured": rounded(finding.measure.measured),
        "sigma": rounded(finding.measure.sigma),
        "limit": rounded(finding.measure.limit),
        "unit": finding.measure.unit.to_string(),
        "building_no": finding.building_no,
        "stage_lo": finding.stage_lo,
        "stage_hi": finding.stage_hi,
        "storeys_lo": finding.storeys.map(|(lo, _)| lo),
        "storeys_hi": finding.storeys.map(|(_, hi)| hi),
        "photos": photos,
        "epoch": finding.epoch,
        "earlier_epoch": finding.earlier_epoch,
        "last_seen_without": finding.last_seen_without,
        "first_seen_with": finding.first_seen_with,
        "plan_version": finding.plan_version,
        "priority": finding.priority,
        "statutes": finding.statutes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "explanation_zh": finding.explanation.zh,
        "explanation_en": finding.explanation.en,
    })
}

/// Millimetres are enough for a screening measurement.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
