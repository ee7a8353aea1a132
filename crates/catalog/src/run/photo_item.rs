use serde_json::json;

use crate::footprint::Footprint;
use crate::stac::{Asset, Item, extension, file_name, media_type, path_to_href, utc};
use crate::{FlightRecord, PhotoRecord};

/// Folder of the catalog that leads to the flights' own folders.
pub(crate) const ORIGINALS: &str = "originals";

/// The item of one photo, in the folder of its flight.
pub(crate) fn photo_item(flight: &FlightRecord, photo: &PhotoRecord) -> Item {
    let (from, to) = flight.captured;
    let footprint = match (&photo.footprint, &photo.position) {
        (Some(corners), _) => Footprint::ring(corners),
        (None, Some(position)) => Footprint::point(position),
        (None, None) => Footprint::nowhere(),
    };
    let href = path_to_href(&format!("../../{ORIGINALS}/{}/{}", file_name(&flight.id), photo.name));
    let original =
        Asset::new(href, &photo.name, media_type(&photo.name), "data").checked(&photo.sha256, photo.size);
    let id = format!("{}_{}", flight.id, file_name(&photo.name));
    let item = Item::new("flights", &id, photo.captured_at.unwrap_or(from), "../")
        .extended(&[extension::FILE, extension::PLUMBLINE])
        .at(footprint.geometry, footprint.bbox)
        .with("plumbline:flight", json!(flight.id))
        .with("plumbline:camera", json!(photo.camera))
        .with("plumbline:size_px", json!(photo.size_px))
        .with(
            "plumbline:position",
            json!(photo.position.map(|p| [p.longitude_deg, p.latitude_deg, p.height_m])),
        )
        .with("plumbline:left_out", json!(photo.left_out))
        .file("original", original);
    match photo.captured_at {
        Some(_) => item,
        None => item.with("start_datetime", json!(utc(from))).with("end_datetime", json!(utc(to))),
    }
}
