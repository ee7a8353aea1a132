use std::sync::atomic::{AtomicUsize, Ordering};

use image::RgbImage;
use plumbline_geodesy::Crs;
use plumbline_raster::{Grid, Raster, Rgba};
use plumbline_scene::{Block, Photos};
use rayon::prelude::*;

use crate::balance::{Gain, colours, gains, looks};
use crate::choice::Choice;
use crate::eye::Eye;
use crate::height_field::HeightField;
use crate::holes::bridge_holes;
use crate::inquiry::Inquiry;
use crate::witness::{Disagreement, doubts, probes, settle};
use crate::{Error, Options};

/// Value of the source raster where no photo sees the ground.
pub const NO_SOURCE: u16 = u16::MAX;

/// A true orthophoto.
#[derive(Debug, Clone, PartialEq)]
pub struct Ortho {
    /// Colours; coverage 0 where no photo sees the surface or the surface is not known, [`UNCONFIRMED`](crate::UNCONFIRMED) where
    /// photos do not agree.
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
    let mut source = choice.sources(&advance);
    let views = choice.eyes.len();
    let probes = Inquiry::new(probes(&choice, &source), views);
    let (gains, disagreement) = compare(&choice, photos, probes, &advance)?;
    let mut doubts = Inquiry::new(doubts(&choice, &source, &disagreement), views);
    let mut rgba = paint(&choice, photos, &gains, &source, &mut doubts, &advance)?;
    settle(&doubts, &disagreement, &gains, &mut rgba, &mut source);
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

/// A cell of the orthophoto.
type Cell = (usize, usize);

/// What the photos of some views show, side by side; the default where a photo is not `wanted`.
fn shown<T: Default + Send>(
    photos: &dyn Photos,
    views: &[usize],
    wanted: impl Fn(usize) -> bool + Sync,
    work: impl Fn(usize, &RgbImage) -> T + Sync,
) -> Result<Vec<T>, Error> {
    let look = |&view: &usize| {
        if wanted(view) { Ok(work(view, &*photos.rgb(view)?)) } else { Ok(T::default()) }
    };
    views.par_iter().map(look).collect()
}

/// Looks through every photo once: how bright it is beside the others, and whether it agrees with them about single cells.
fn compare(
    choice: &Choice<'_>,
    photos: &dyn Photos,
    mut probes: Inquiry,
    advance: &(dyn Fn() + Sync),
) -> Result<(Vec<Gain>, Disagreement), Error> {
    let looks = looks(choice);
    let views: Vec<usize> = (0..choice.eyes.len()).collect();
    let mut all = Vec::with_capacity(views.len());
    for some in views.chunks(rayon::current_num_threads()) {
        let wanted = |view: usize| !looks[view].is_empty() || probes.concerns(view);
        let seen = shown(photos, some, wanted, |view, photo| {
            (colours(photo, &looks[view]), probes.ask(choice, view, photo))
        })?;
        for (&view, (colours, answers)) in some.iter().zip(seen) {
            all.push(colours);
            probes.take_in(view, answers);
            advance();
        }
    }
    let gains = gains(&all, choice.options.max_gain);
    let disagreement = Disagreement::of(&probes, &gains, &choice.grid);
    Ok((gains, disagreement))
}

/// Looks through every photo once more, for the colours of the cells it is the source of and what it says of doubtful ones; the last
/// first, as those may still be at hand.
fn paint(
    choice: &Choice<'_>,
    photos: &dyn Photos,
    gains: &[Gain],
    source: &Raster<u16>,
    doubts: &mut Inquiry,
    advance: &(dyn Fn() + Sync),
) -> Result<Raster<Rgba>, Error> {
    let extents = extents(source, choice.eyes.len());
    let mut rgba = Raster::filled(choice.grid.clone(), [0; 4]);
    let views: Vec<usize> = (0..choice.eyes.len()).rev().collect();
    for some in views.chunks(rayon::current_num_threads()) {
        let wanted = |view: usize| extents[view].is_some() || doubts.concerns(view);
        let seen = shown(photos, some, wanted, |view, photo| {
            let colour = |cell: Cell| (cell, choice.colour(view, photo, cell, &gains[view]));
            let own = extents[view].map_or_else(Vec::new, |extent| cells_of(source, view, &extent));
            let own: Vec<(Cell, Rgba)> = own.into_par_iter().map(colour).collect();
            (own, doubts.ask(choice, view, photo))
        })?;
        for (&view, (own, answers)) in some.iter().zip(seen) {
            for (cell, colour) in own {
                rgba.cells[cell] = colour;
            }
            doubts.take_in(view, answers);
            advance();
        }
    }
    Ok(rgba)
}

/// The cells between which those of each view lie; `None` for views that are no cell's source.
fn extents(source: &Raster<u16>, views: usize) -> Vec<Option<[Cell; 2]>> {
    let mut extents: Vec<Option<[Cell; 2]>> = vec![None; views];
    for (cell, &view) in source.cells.indexed_iter().filter(|(_, view)| **view != NO_SOURCE) {
        let [first, last] = extents[usize::from(view)].get_or_insert([cell, cell]);
        *first = (first.0.min(cell.0), first.1.min(cell.1));
        *last = (last.0.max(cell.0), last.1.max(cell.1));
    }
    extents
}

/// The cells of a view within its extent.
fn cells_of(source: &Raster<u16>, view: usize, [first, last]: &[Cell; 2]) -> Vec<Cell> {
    let cells = (first.0..=last.0).flat_map(|row| (first.1..=last.1).map(move |col| (row, col)));
    cells.filter(|&cell| usize::from(source.cells[cell]) == view).collect()
}
