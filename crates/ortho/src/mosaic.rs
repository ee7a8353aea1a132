use std::sync::atomic::{AtomicUsize, Ordering};

use plumbline_geodesy::Crs;
use plumbline_raster::{Grid, Raster, Rgba};
use plumbline_scene::{Block, Photos};
use rayon::prelude::*;

use crate::balance::{Gain, gains};
use crate::choice::Choice;
use crate::eye::Eye;
use crate::height_field::HeightField;
use crate::holes::bridge_holes;
use crate::{Error, Options, sampling};

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

/// Makes the true orthophoto of a block over its DSM.
///
/// Each photo is asked for twice: once to compare its colours with its neighbours', once to take its cells.
/// `progress` is told how many of how many units of work are done.
pub fn orthophoto(
    block: &Block,
    photos: &dyn Photos,
    dsm: &Raster<f32>,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Ortho, Error> {
    check(block, &dsm.grid.crs)?;
    let grid = grid(&dsm.grid, options);
    let field = HeightField::new(bridge_holes(dsm, options.hole_cells));
    let choice = Choice { eyes: Eye::all(block, &field.grid), field, grid, options };
    let strips = choice.grid.rows.div_ceil(options.patch_cells.max(1));
    let all = strips + 2 * choice.eyes.len();
    let done = AtomicUsize::new(0);
    let advance = || progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
    let source = choice.sources(&advance);
    let gains = gains(&choice, photos, &advance)?;
    let rgba = paint(&choice, photos, &source, &gains, &advance)?;
    Ok(Ortho { rgba, source })
}

pub(crate) fn check(block: &Block, dsm: &Crs) -> Result<(), Error> {
    let (views, limit) = (block.views.len(), usize::from(NO_SOURCE));
    if views > limit {
        return Err(Error::TooManyViews { views, limit });
    }
    if *dsm == block.frame.crs {
        return Ok(());
    }
    let name = |crs: &Crs| crs.definition().to_owned();
    Err(Error::OtherMap { dsm: name(dsm), block: name(&block.frame.crs) })
}

/// The DSM's extent in cells of the wanted size.
fn grid(dsm: &Grid, options: &Options) -> Grid {
    match options.cell_m {
        Some(cell_m) => Grid::covering(dsm.crs.clone(), dsm.bounds(), cell_m),
        None => dsm.clone(),
    }
}

/// Takes the colour of every cell from its source, one photo after the other.
fn paint(
    choice: &Choice<'_>,
    photos: &dyn Photos,
    source: &Raster<u16>,
    gains: &[Gain],
    advance: &(dyn Fn() + Sync),
) -> Result<Raster<Rgba>, Error> {
    let mut cells_of_view: Vec<Vec<(usize, usize)>> = choice.eyes.iter().map(|_| Vec::new()).collect();
    for (cell, &view) in source.cells.indexed_iter().filter(|(_, view)| **view != NO_SOURCE) {
        cells_of_view[usize::from(view)].push(cell);
    }
    let mut rgba = Raster::filled(choice.grid.clone(), [0; 4]);
    let views: Vec<usize> = (0..choice.eyes.len()).collect();
    for some in views.chunks(rayon::current_num_threads()) {
        let painted: Result<Vec<Vec<Rgba>>, Error> = some
            .par_iter()
            .map(|&view| {
                let colours = colours(choice, photos, view, &cells_of_view[view], &gains[view]);
                advance();
                colours
            })
            .collect();
        for (&view, colours) in some.iter().zip(painted?) {
            for (&cell, colour) in cells_of_view[view].iter().zip(colours) {
                rgba.cells[cell] = colour;
            }
        }
    }
    Ok(rgba)
}

fn colours(
    choice: &Choice<'_>,
    photos: &dyn Photos,
    view: usize,
    cells: &[(usize, usize)],
    gain: &Gain,
) -> Result<Vec<Rgba>, Error> {
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    let photo = photos.rgb(view)?;
    let colour = |&(row, col): &(usize, usize)| {
        let sight = choice.spot(row, col).and_then(|spot| choice.eyes[view].sight(&spot.point));
        let Some(sight) = sight else { return [0; 4] };
        let rgb = sampling::colour(&photo, &sight.pixel, choice.grid.cell_m * sight.px_per_m);
        let corrected = |k: usize| (rgb[k] * gain[k]).round().clamp(0.0, 255.0) as u8;
        [corrected(0), corrected(1), corrected(2), 255]
    };
    Ok(cells.par_iter().map(colour).collect())
}
