use chrono::{DateTime, NaiveTime, Utc};
use geo::MultiPolygon;
use plumbline_case::Lead;
use plumbline_finding::Finding;
use plumbline_geodesy::Crs;
use serde_json::json;

use crate::footprint::Footprint;
use crate::stac::{Item, Link, extension, file_name, path_to_href};
use crate::{EpochRecord, Error};

/// The item of one finding.
pub(crate) fn finding_item(
    crs: &Crs,
    finding: &Finding,
    lead: &Lead,
    epochs: &[EpochRecord],
) -> Result<Item, Error> {
    let footprint = Footprint::of_outline(crs, &finding.outline)?;
    let measure = finding.measure;
    let item = Item::new("findings", &finding.id, captured(finding, epochs), "")
        .extended(&[extension::PLUMBLINE])
        .at(footprint.geometry, footprint.bbox)
        .with("title", json!(format!("{} / {}", finding.kind.zh(), finding.kind.en())))
        .with("description", json!(format!("{}\n\n{}", finding.explanation.zh, finding.explanation.en)))
        .with("plumbline:kind", json!(finding.kind))
        .with("plumbline:verdict", json!(finding.verdict))
        .with("plumbline:priority", json!(finding.priority))
        .with("plumbline:measured", json!(measure.measured))
        .with("plumbline:sigma", json!(measure.sigma))
        .with("plumbline:limit", json!(measure.limit))
        .with("plumbline:unit", json!(measure.unit))
        .with("plumbline:building_no", json!(finding.building_no))
        .with("plumbline:plan_version", json!(finding.plan_version))
        .with("plumbline:epoch", json!(finding.epoch))
        .with("plumbline:earlier_epoch", json!(finding.earlier_epoch))
        .with("plumbline:lead", json!(lead.id))
        .with("plumbline:presence", json!(lead.presence_of(finding)))
        .with("plumbline:first_seen_with", json!(finding.first_seen_with))
        .with("plumbline:last_seen_without", json!(finding.last_seen_without))
        .linked(Link::to_item("related", path_to_href(&format!("../leads/{}.json", file_name(&lead.id)))));
    let mut shown: Vec<&str> = finding.earlier_epoch.iter().map(String::as_str).collect();
    shown.push(&finding.epoch);
    shown.retain(|id| epochs.iter().any(|epoch| epoch.id == **id));
    let to_epoch =
        |id: &str| Link::to_item("derived_from", path_to_href(&format!("../epochs/{}.json", file_name(id))));
    Ok(shown.into_iter().map(to_epoch).fold(item, Item::linked))
}

/// The item of one lead, without its evidence, and when what it shows was first captured.
pub(crate) fn lead_item(
    crs: &Crs,
    lead: &Lead,
    epochs: &[EpochRecord],
) -> Result<(Item, DateTime<Utc>), Error> {
    let outlines: MultiPolygon<f64> =
        lead.findings.iter().flat_map(|finding| finding.outline.clone()).collect();
    let footprint = Footprint::of_outline(crs, &outlines)?;
    let first = lead.findings.iter().map(|finding| captured(finding, epochs)).min().unwrap_or_default();
    let kinds: Vec<_> = lead.findings.iter().map(|finding| finding.kind).collect();
    let verdicts: Vec<_> = lead.findings.iter().map(|finding| finding.verdict).collect();
    let building_no = lead.findings.iter().find_map(|finding| finding.building_no.as_ref());
    let item = Item::new("leads", &lead.id, first, "")
        .extended(&[extension::FILE, extension::PLUMBLINE])
        .at(footprint.geometry, footprint.bbox)
        .with("plumbline:state", json!(lead.state()))
        .with("plumbline:presence", json!(lead.presence()))
        .with("plumbline:priority", json!(lead.priority()))
        .with("plumbline:kinds", json!(kinds))
        .with("plumbline:verdicts", json!(verdicts))
        .with("plumbline:building_no", json!(building_no));
    let to_finding = |finding: &Finding| {
        let href = path_to_href(&format!("../findings/{}.json", file_name(&finding.id)));
        Link::to_item("related", href).titled(finding.kind.code())
    };
    Ok((lead.findings.iter().map(to_finding).fold(item, Item::linked), first))
}

/// When the epoch that shows a finding was captured; midnight of the finding's date if the epoch is not filed.
fn captured(finding: &Finding, epochs: &[EpochRecord]) -> DateTime<Utc> {
    let epoch = epochs.iter().find(|epoch| epoch.id == finding.epoch);
    epoch.map_or_else(|| finding.first_seen_with.and_time(NaiveTime::MIN).and_utc(), |epoch| epoch.captured.0)
}
