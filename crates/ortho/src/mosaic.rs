use plumbline_raster::{Raster, Rgba};
use plumbline_scene::{Block, Photos};

use crate::{Error, Options};

/// Value of the source raster where no photo sees the ground.
pub const NO_SOURCE: u16 = u16::MAX;

/// A true orthophoto.
#[derive(Debug, Clone, PartialEq)]
pub struct Ortho {
    /// Colours; alpha 0 where no photo sees the surface or the surface is not known.
    pub rgba: Raster<Rgba>,
    /// Which view each cell was taken from, by index into the block's views; [`NO_SOURCE`] for none.
    pub source: Raster<u16>,
}

/// Makes the orthophoto of a block over its DSM.
///
/// `progress` is told after each tile how many of how many are done.
pub fn orthophoto(
    block: &Block,
    photos: &dyn Photos,
    dsm: &Raster<f32>,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Ortho, Error> {
    let _ = (block, photos, options, progress);
    Ok(Ortho {
        rgba: Raster::filled(dsm.grid.clone(), [0; 4]),
        source: Raster::filled(dsm.grid.clone(), NO_SOURCE),
    })
}
