//! A block becomes heights, how sure they are and what they rest on.

use std::sync::{Mutex, PoisonError};

use ndarray::Array2;
use plumbline_raster::cog::{self, Band};
use plumbline_raster::{Grid, Raster, Window};
use plumbline_scene::{Block, Photos};
use plumbline_surface::{Options, Pyramids, Surface, basis, grid, surface_tile, tiles};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::executor::{Executor, Task};
use crate::progress::Bar;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::workspace::EpochFiles;

/// A matched tile as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct Tile {
    heights: Vec<f32>,
    sigmas: Vec<f32>,
    basis: Vec<u16>,
}

/// Pixels of a photo that a cell of the quick look measures.
const QUICK_PIXELS: f64 = 8.0;

/// Side of the cells of an epoch's quick look, whole centimetres in metres.
pub fn quick_cell_m(epoch: &Epoch) -> f64 {
    (QUICK_PIXELS * epoch.block.gsd_m() * 100.0).round().max(1.0) / 100.0
}

/// Writes the heights of an epoch, their sigma and what they rest on; the cells are of two pixels unless they shall be those of
/// the epoch it will be compared with.
pub fn model(
    context: &Context,
    bar: &Bar<'_>,
    epoch: &Epoch,
    pixels: &impl Photos,
    cell_m: Option<f64>,
    files: &EpochFiles,
) -> Result<(), Error> {
    let (options, notes) = (Options::default(), epoch.notes());
    let grid = grid(&epoch.block, cell_m)?;
    let key = context.store.key("surface", &(&epoch.block, &grid, &options, &notes))?;
    context.store.files("surface", &key, &[files.dsm(), files.dsm_sigma(), files.dsm_basis()], || {
        let surface = matched(context, bar, &epoch.block, pixels, &grid, &options)?;
        let height = Band { description: "height of the surface", unit: "m" };
        let sigma = Band { description: "standard uncertainty of the height", unit: "m" };
        let basis = Band { description: "what the height rests on", unit: "" };
        let meanings = ("BASIS", basis::MEANINGS.to_owned());
        cog::write_f32(&files.dsm(), &surface.dsm, height, &notes)?;
        cog::write_f32(&files.dsm_sigma(), &surface.sigma, sigma, &notes)?;
        let basis_notes = [&notes[..], &[meanings]].concat();
        cog::write_u16(&files.dsm_basis(), &surface.basis, basis::UNSEEN, basis, &basis_notes)?;
        Ok::<_, Error>(())
    })?;
    Ok(())
}

fn matched(
    context: &Context,
    bar: &Bar<'_>,
    block: &Block,
    photos: &impl Photos,
    grid: &Grid,
    options: &Options,
) -> Result<Surface, Error> {
    let pyramids = Pyramids::new(block, photos, grid.cell_m, options)?;
    let inputs = context.store.key("tiles", &(block, grid, options))?;
    let tasks: Vec<Task<Window>> = tiles(grid, options)
        .into_iter()
        .map(|window| Ok(Task { key: context.store.key("tile", &(inputs.hex(), &window))?, input: window }))
        .collect::<Result<_, Error>>()?;
    let whole = Mutex::new(Surface::empty(grid));
    let match_tile = |window: &Window| surface_tile(block, &pyramids, grid, window, options).map(Tile::of);
    Executor { store: &context.store }.each("tile", bar, &tasks, match_tile, |window, tile| {
        let tile = tile.on(&grid.part(window));
        whole.lock().unwrap_or_else(PoisonError::into_inner).place(window, &tile);
    })?;
    Ok(whole.into_inner().unwrap_or_else(PoisonError::into_inner))
}

impl Tile {
    fn of(surface: Surface) -> Self {
        Self {
            heights: surface.dsm.cells.into_iter().collect(),
            sigmas: surface.sigma.cells.into_iter().collect(),
            basis: surface.basis.cells.into_iter().collect(),
        }
    }

    fn on(self, grid: &Grid) -> Surface {
        Surface {
            dsm: raster(grid, self.heights),
            sigma: raster(grid, self.sigmas),
            basis: raster(grid, self.basis),
        }
    }
}

/// Cells in rows; a stored tile always has as many as its window, as the window is part of its key.
fn raster<T: Clone + Default>(grid: &Grid, cells: Vec<T>) -> Raster<T> {
    let cells = Array2::from_shape_vec((grid.rows, grid.cols), cells)
        .unwrap_or_else(|_| Array2::from_elem((grid.rows, grid.cols), T::default()));
    Raster { grid: grid.clone(), cells }
}
