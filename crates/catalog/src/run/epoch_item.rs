use std::path::{Component, Path};

use plumbline_custody::Digest;
use plumbline_raster::{Grid, cog};
use serde_json::{Value, json};

use crate::footprint::Footprint;
use crate::stac::{Asset, COG, GEOJSON, Item, JSON, extension, path_to_href, utc};
use crate::{EpochRecord, Error, Product, ProductKind, Software};

/// The item of one epoch. `run` is the folder inside which the products lie.
pub(crate) fn epoch_item(run: &Path, epoch: &EpochRecord, software: &Software) -> Result<Item, Error> {
    let (from, to) = epoch.captured;
    let mut item = Item::new("epochs", &epoch.id, from, "")
        .extended(&[
            extension::PROJECTION,
            extension::RASTER,
            extension::FILE,
            extension::PROCESSING,
            extension::PLUMBLINE,
        ])
        .with("start_datetime", json!(utc(from)))
        .with("end_datetime", json!(utc(to)))
        .with("gsd", json!(epoch.gsd_m))
        .with("processing:software", json!({ &software.name: software.version }))
        .with("plumbline:flight", json!(epoch.flight_id))
        .with("plumbline:survey_class", json!(epoch.survey.class))
        .with("plumbline:u_xy_m", finite(epoch.survey.u_xy_m))
        .with("plumbline:u_z_m", finite(epoch.survey.u_z_m))
        .with("plumbline:u_height_m", finite(epoch.survey.u_height_m))
        .with("plumbline:height_datum", json!(epoch.heights.datum))
        .with("plumbline:height_datum_name", json!(epoch.heights.name))
        .with("plumbline:heights_from", json!(epoch.heights.source))
        .with("plumbline:reprojection_px", finite(epoch.reprojection_px))
        .with("plumbline:photos_adjusted", json!(epoch.photos_adjusted))
        .with("plumbline:photos_left_out", json!(epoch.photos_left_out));
    for product in &epoch.products {
        let (asset, grid) = product_asset(run, product)?;
        item = item.file(product.kind.key(), asset);
        if let Some(grid) = grid.filter(|_| item.bbox.is_none()) {
            let footprint = Footprint::of_grid(&grid)?;
            item = item.at(footprint.geometry, footprint.bbox);
            item = projection(&grid)?.into_iter().fold(item, |item, (key, value)| item.with(key, value));
        }
    }
    Ok(item)
}

/// The asset of a product, and its grid where it is a raster.
fn product_asset(run: &Path, product: &Product) -> Result<(Asset, Option<Grid>), Error> {
    let path = run.join(&product.path);
    let (digest, size) = Digest::of_file(&path)?;
    let href = path_to_href(&format!("../../{}", slashed(&product.path)));
    let title = product.kind.title();
    let raster = |role, bands| -> Result<_, Error> {
        let grid = cog::read_grid(&path)?;
        let mut asset = Asset::new(href.clone(), title, COG, role).with("bands", bands);
        for (key, value) in projection(&grid)? {
            asset = asset.with(key, value);
        }
        let asset = asset.with("raster:spatial_resolution", json!(grid.cell_m)).checked(&digest, size);
        Ok((asset, Some(grid)))
    };
    match product.kind {
        ProductKind::Dsm => raster("data", heights("height", "height of the surface")),
        ProductKind::DsmSigma => raster("data", heights("sigma", "standard uncertainty of the height")),
        ProductKind::Rise => raster("data", heights("rise", "height now less height before")),
        ProductKind::Ortho => raster("visual", colours()),
        ProductKind::Block => Ok((Asset::new(href, title, JSON, "metadata").checked(&digest, size), None)),
        ProductKind::Plan => Ok((Asset::new(href, title, GEOJSON, "metadata").checked(&digest, size), None)),
    }
}

/// A raster's place on the map, as the projection extension puts it.
fn projection(grid: &Grid) -> Result<Vec<(&'static str, Value)>, Error> {
    let Grid { crs, west, north, cell_m, cols, rows } = grid;
    let mut fields = vec![
        ("proj:shape", json!([rows, cols])),
        ("proj:transform", json!([cell_m, 0.0, west, 0.0, -cell_m, north])),
    ];
    if crs.definition().starts_with("EPSG:") {
        fields.push(("proj:code", json!(crs.definition())));
    } else {
        fields.push(("proj:wkt2", json!(crs.wkt()?)));
    }
    Ok(fields)
}

fn heights(name: &str, description: &str) -> Value {
    json!([{ "name": name, "description": description, "data_type": "float32", "nodata": "nan", "unit": "m" }])
}

fn colours() -> Value {
    let band = |name: &str| json!({ "name": name, "data_type": "uint8" });
    json!([band("red"), band("green"), band("blue"), band("coverage")])
}

/// A number, or null where it is not finite: JSON has no infinity.
fn finite(value: f64) -> Value {
    json!(value.is_finite().then_some(value))
}

/// A path with forward slashes.
fn slashed(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}
