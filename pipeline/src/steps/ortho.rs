//! A block and its surface become a true orthophoto.

use plumbline_ortho::{NO_SOURCE, Options, orthophoto};
use plumbline_raster::cog::{self, Band};
use plumbline_scene::Photos;

use crate::error::Error;
use crate::progress::Bar;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::store::digest;
use crate::workspace::EpochFiles;

/// Writes the orthophoto over a surface model of an epoch, and which photo each of its cells is from.
pub fn mosaic(
    context: &Context,
    bar: &Bar<'_>,
    epoch: &Epoch,
    pixels: &impl Photos,
    files: &EpochFiles,
) -> Result<(), Error> {
    let (options, notes) = (Options::default(), epoch.notes());
    let surface = digest(&files.dsm())?;
    let key = context.store.key("ortho", &(&epoch.block, surface, format!("{options:?}"), &notes))?;
    context.store.files("ortho", &key, &[files.ortho(), files.ortho_source()], || {
        let dsm = cog::read_f32(&files.dsm())?;
        let ortho = orthophoto(&epoch.block, pixels, &dsm, &options, &|done, of| {
            bar.expect(of);
            bar.reach(done);
        })?;
        cog::write_rgba(&files.ortho(), &ortho.rgba, &notes)?;
        let views = epoch.block.views.iter().enumerate().map(|(i, view)| format!("{i}={}", view.name));
        let sources = ("VIEWS", views.collect::<Vec<_>>().join(","));
        let source_notes = [&notes[..], &[sources]].concat();
        let band = Band { description: "index of the photo that a cell's colour comes from", unit: "" };
        cog::write_u16(&files.ortho_source(), &ortho.source, NO_SOURCE, band, &source_notes)?;
        Ok::<_, Error>(())
    })?;
    Ok(())
}
