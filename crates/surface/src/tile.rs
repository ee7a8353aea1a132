use plumbline_raster::{Grid, Window};
use plumbline_scene::Block;

use crate::{Error, Options, Pyramids, Surface};

/// The tiles of a grid, row by row; each can be matched on its own.
pub fn tiles(grid: &Grid, options: &Options) -> Vec<Window> {
    grid.tiles(options.tile_cells)
}

/// Matches one tile. The result lies on `grid.part(window)` and depends on nothing but the arguments.
pub fn surface_tile(
    _block: &Block,
    _pyramids: &Pyramids<'_>,
    grid: &Grid,
    window: &Window,
    _options: &Options,
) -> Result<Surface, Error> {
    Ok(Surface::empty(&grid.part(window)))
}
