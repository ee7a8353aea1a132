//! A surface becomes the bare earth below it, and how high things stand above that.

use plumbline_change::{TerrainOptions, above_ground, terrain};
use plumbline_raster::cog::{self, Band};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::store::digest;

/// Writes `dtm.tif` and `ndsm.tif` of an epoch.
pub fn bare_earth(context: &Context, epoch: &Epoch) -> Result<(), Error> {
    let files = context.workspace.epoch(&epoch.id);
    let (options, notes) = (TerrainOptions::default(), epoch.notes());
    let key = context.store.key("terrain", &(digest(&files.dsm())?, &options, &notes))?;
    context.store.files("terrain", &key, &[files.dtm(), files.ndsm()], || {
        let dsm = cog::read_f32(&files.dsm())?;
        let ground = terrain(&dsm, &options);
        let height = Band { description: "height of the bare earth", unit: "m" };
        cog::write_f32(&files.dtm(), &ground, height, &notes)?;
        let above = Band { description: "height of the surface above the bare earth", unit: "m" };
        cog::write_f32(&files.ndsm(), &above_ground(&dsm, &ground), above, &notes)?;
        Ok::<_, Error>(())
    })?;
    Ok(())
}
