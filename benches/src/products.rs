//! The products of an epoch held against a simulated city.

use std::error::Error;
use std::path::Path;

use plumbline_fixtures::Recipe;
use plumbline_raster::{Grid, cog};
use plumbline_scene::Block;
use serde_json::Value;

use crate::ortho_score::OrthoScore;
use crate::surface_score::SurfaceScore;
use crate::true_site::TrueSite;

/// What the surface model and the orthophoto in a folder are worth, as the end of a table's row, and the grid they lie on.
pub fn products_score(city: &Path, recipe: &Recipe, epoch: &Path) -> Result<(String, Grid), Box<dyn Error>> {
    let dsm = cog::read_f32(&epoch.join("dsm.tif"))?;
    let sigma = cog::read_f32(&epoch.join("dsm_sigma.tif"))?;
    let source = cog::read_u16(&epoch.join("ortho_source.tif"))?;
    let file: Value = serde_json::from_slice(&std::fs::read(epoch.join("block.json"))?)?;
    let site = TrueSite::read(city, recipe)?;
    let surface = SurfaceScore::of(&site, recipe, &dsm, &sigma);
    let ortho = OrthoScore::of(&site, recipe, &block(&file)?, &dsm, &source);
    Ok((format!("{surface} {ortho}"), dsm.grid))
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
