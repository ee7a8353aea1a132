use chrono::{DateTime, Utc};
use plumbline_case::{Evidence, What};
use plumbline_custody::Stored;
use serde_json::json;

use crate::stac::{Asset, Item, Link, extension, media_type};

/// Digits of the digest in the name of an evidence item: enough that two never meet.
const ID_DIGITS: usize = 16;

/// Name of the item of a stored file.
pub(crate) fn evidence_id(stored: &Stored) -> String {
    stored.sha256.to_string()[..ID_DIGITS].to_owned()
}

/// The item of one piece of evidence: it lies where its lead does and links to the `sources` it was made from.
pub(crate) fn evidence_item(
    evidence: &Evidence,
    stored: &Stored,
    lead: &Item,
    captured: DateTime<Utc>,
    sources: Vec<Link>,
) -> Item {
    let item = Item::new("evidence", &evidence_id(stored), captured, "")
        .extended(&[extension::FILE, extension::PLUMBLINE])
        .at(lead.geometry.clone(), lead.bbox)
        .with("title", json!(title(evidence.what)))
        .with("plumbline:what", json!(evidence.what))
        .with("plumbline:proves", json!(evidence.proves))
        .with("plumbline:made_with", json!(evidence.made_with))
        .with("plumbline:made_by", json!(evidence.made_by))
        .with("plumbline:derived_from", json!(evidence.derived_from))
        .with("plumbline:reviewed", json!(evidence.require_reviewed().is_ok()))
        .with("plumbline:lead", json!(lead.id))
        .file("file", evidence_asset(evidence.what, stored, ""));
    sources.into_iter().fold(item, Item::linked)
}

/// The stored file as an asset; `store` is the path from the item to the store.
pub(crate) fn evidence_asset(what: What, stored: &Stored, store: &str) -> Asset {
    let role = if what == What::SourcePhoto { "data" } else { "overview" };
    let href = format!("{store}{}", stored.path());
    Asset::new(href, title(what), media_type(&stored.extension), role).checked(&stored.sha256, stored.size)
}

/// Key of a piece of evidence among the files of its lead; `number` tells those of one sort apart.
pub(crate) fn evidence_key(what: What, number: usize) -> String {
    let sort = match what {
        What::Before => "before",
        What::After => "after",
        What::PlanOverlay => "plan_overlay",
        What::SourcePhoto => "photo",
    };
    format!("{sort}_{number}")
}

fn title(what: What) -> &'static str {
    match what {
        What::Before => "之前 / before",
        What::After => "之后 / after",
        What::PlanOverlay => "规划叠加 / plan overlay",
        What::SourcePhoto => "原始像片 / original photo",
    }
}
