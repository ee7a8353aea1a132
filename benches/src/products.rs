//! The products of an epoch held against a simulated city.

use std::error::Error;
use std::path::Path;

use plumbline_fixtures::Recipe;
use plumbline_raster::{Grid, Raster, cog};
use plumbline_scene::Block;
use serde_json::Value;

use crate::ortho_score::OrthoScore;
use crate::surface_score::SurfaceScore;
use crate::true_site::TrueSite;

/// What the surface model in a folder is worth and, where there is one, the orthophoto, as the end of a table's row; and the
/// grid they lie on.
pub fn products_score(city: &Path, recipe: &Recipe, epoch: &Path) -> Result<(String, Grid), Box<dyn Error>> {
    let dsm = cog::read_f32(&epoch.join("dsm.tif"))?;
    let sigma = cog::read_f32(&epoch.join("dsm_sigma.tif"))?;
    let site = TrueSite::read(city, recipe)?;
    let surface = SurfaceScore::of(&site, recipe, &dsm, &sigma);
    let ortho =
        ortho_score(&site, recipe, &dsm, epoch)?.map_or_else(OrthoScore::none, |score| score.to_string());
    Ok((format!("{surface} {ortho}"), dsm.grid))
}

/// The score of the orthophoto of a folder; `None` where no orthophoto was made.
fn ortho_score(
    site: &TrueSite,
    recipe: &Recipe,
    dsm: &Raster<f32>,
    epoch: &Path,
) -> Result<Option<OrthoScore>, Box<dyn Error>> {
    let path = epoch.join("ortho_source.tif");
    if !path.exists() {
        return Ok(None);
    }
    let source = cog::read_u16(&path)?;
    let rgba = cog::read_rgba(&epoch.join("ortho.tif"))?;
    let file: Value = serde_json::from_slice(&std::fs::read(epoch.join("block.json"))?)?;
    Ok(Some(OrthoScore::of(site, recipe, &block(&file)?, dsm, &source, &rgba)))
}

/// The placed photos, without their tracks.
fn block(file: &Value) -> Result<Block, Box<dyn Error>> {
    let part = |name: &str| file["block"][name].clone();
    Ok(Block {
        frame: serde_json::from_value(part("frame"))?,
        cameras: serde_json::from_value(part("cameras"))?,
        views: serde_json::from_value(part("views"))?,
        tracks: Vec::new(),
    })
}
