//! A block becomes heights and how sure they are.

use ndarray::Array2;
use plumbline_raster::cog::{self, Band};
use plumbline_raster::{Grid, Raster, Window};
use plumbline_scene::{Block, Photos};
use plumbline_surface::{Options, Pyramids, Surface, grid, surface_tile, tiles};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::executor::{Executor, Task};
use crate::progress::Bar;
use crate::steps::Context;
use crate::steps::epoch::Epoch;

/// A matched tile as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct Tile {
    heights: Vec<f32>,
    sigmas: Vec<f32>,
    views: Vec<u16>,
}

/// Writes `dsm.tif` and `dsm_sigma.tif` of an epoch, with the cells of the epoch it will be compared with.
pub fn model(
    context: &Context,
    bar: &Bar<'_>,
    epoch: &Epoch,
    pixels: &impl Photos,
    cell_m: Option<f64>,
) -> Result<(), Error> {
    let files = context.workspace.epoch(&epoch.id);
    let (options, notes) = (Options::default(), epoch.notes());
    let grid = grid(&epoch.block, cell_m)?;
    let key = context.store.key("surface", &(&epoch.block, &grid, &options, &notes))?;
    context.store.files("surface", &key, &[files.dsm(), files.dsm_sigma()], || {
        let surface = matched(context, bar, &epoch.block, pixels, &grid, &options)?;
        let height = Band { description: "height of the surface", unit: "m" };
        let sigma = Band { description: "standard uncertainty of the height", unit: "m" };
        cog::write_f32(&files.dsm(), &surface.dsm, height, &notes)?;
        cog::write_f32(&files.dsm_sigma(), &surface.sigma, sigma, &notes)?;
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
    let parts = Executor { store: &context.store }.run("tile", bar, &tasks, |window| {
        surface_tile(block, &pyramids, grid, window, options).map(Tile::of)
    })?;
    let mut whole = Surface::empty(grid);
    for (task, part) in tasks.iter().zip(parts) {
        whole.place(&task.input, &part.on(&grid.part(&task.input)));
    }
    Ok(whole)
}

impl Tile {
    fn of(surface: Surface) -> Self {
        Self {
            heights: surface.dsm.cells.into_iter().collect(),
            sigmas: surface.sigma.cells.into_iter().collect(),
            views: surface.views.cells.into_iter().collect(),
        }
    }

    fn on(self, grid: &Grid) -> Surface {
        Surface {
            dsm: raster(grid, self.heights),
            sigma: raster(grid, self.sigmas),
            views: raster(grid, self.views),
        }
    }
}

/// Cells in rows; a stored tile always has as many as its window, as the window is part of its key.
fn raster<T: Clone + Default>(grid: &Grid, cells: Vec<T>) -> Raster<T> {
    let cells = Array2::from_shape_vec((grid.rows, grid.cols), cells)
        .unwrap_or_else(|_| Array2::from_elem((grid.rows, grid.cols), T::default()));
    Raster { grid: grid.clone(), cells }
}
