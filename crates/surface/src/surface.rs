use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::s;
use plumbline_raster::{Grid, Raster, Window};
use plumbline_scene::{Block, Photos};
use rayon::prelude::*;

use crate::{Error, Options, Pyramids, basis, surface_tile, tiles};

/// A height field and how sure it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// Map height of the highest opaque thing in a cell, metres; NaN where nothing could be measured.
    pub dsm: Raster<f32>,
    /// Standard uncertainty of the height against the block's own frame, metres; NaN where the height is.
    pub sigma: Raster<f32>,
    /// What the height of a cell rests on, or why there is none: see [`basis`].
    pub basis: Raster<u16>,
}

impl Surface {
    /// A surface of holes.
    pub fn empty(grid: &Grid) -> Self {
        Self {
            dsm: Raster::filled(grid.clone(), f32::NAN),
            sigma: Raster::filled(grid.clone(), f32::NAN),
            basis: Raster::filled(grid.clone(), basis::UNSEEN),
        }
    }

    /// Puts a tile in its place.
    pub fn place(&mut self, window: &Window, tile: &Self) {
        let under = s![window.row..window.row + window.rows, window.col..window.col + window.cols];
        self.dsm.cells.slice_mut(under).assign(&tile.dsm.cells);
        self.sigma.cells.slice_mut(under).assign(&tile.sigma.cells);
        self.basis.cells.slice_mut(under).assign(&tile.basis.cells);
    }
}

/// Matches a whole grid, tile by tile on all cores. `progress` hears how many tiles of how many are done.
pub fn surface(
    block: &Block,
    photos: &impl Photos,
    grid: &Grid,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Surface, Error> {
    let pyramids = Pyramids::new(block, photos, grid.cell_m, options)?;
    let windows = tiles(grid, options);
    let done = AtomicUsize::new(0);
    let parts: Vec<Surface> = windows
        .par_iter()
        .map(|window| {
            let part = surface_tile(block, &pyramids, grid, window, options);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, windows.len());
            part
        })
        .collect::<Result<_, _>>()?;
    let mut whole = Surface::empty(grid);
    for (window, part) in windows.iter().zip(&parts) {
        whole.place(window, part);
    }
    Ok(whole)
}
