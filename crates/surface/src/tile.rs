use std::sync::Arc;

use plumbline_raster::{Grid, Window};
use plumbline_scene::Block;

use crate::cost::{MAX_COST, Matching};
use crate::filter::Field;
use crate::height_range::{HeightRange, doubled, narrowed};
use crate::hypotheses::Hypotheses;
use crate::lattice::{Lattice, Margined};
use crate::pyramid::Pyramid;
use crate::select::Winners;
use crate::sgm::{Penalties, aggregate};
use crate::sigma::sigma;
use crate::view_choice::{CellViews, TileView, base_to_height, tile_views};
use crate::visibility::Visibility;
use crate::{Error, Options, Pyramids, Surface, basis};

/// Times the cells are halved from the level that searches the full height range.
const HALVINGS: usize = 2;

/// Largest shift, in cells, between the pixels of two views from one hypothesis to the next.
const SHIFT_PER_STEP: f64 = 0.5;

/// Bounds of the hypothesis step, in cells, whatever the geometry.
const STEP_CELLS: (f64, f64) = (0.35, 1.5);

/// Share of the views averaged while nothing is known of occlusions, and once they are.
const KEPT_VIEWS: (f64, f64) = (0.6, 0.8);

/// Matching cost, as a share of the largest, beyond which a winner is noise.
const MAX_MISFIT: f32 = 0.4;

/// Factor on the sigma of the worst cell of a tile's surroundings for a height that was filled in, not measured.
const FILLED: f32 = 3.0;

/// The tiles of a grid; each can be matched on its own. Neighbours come close after one another (Morton order), so that
/// photos opened for one tile serve the next.
pub fn tiles(grid: &Grid, options: &Options) -> Vec<Window> {
    let mut tiles = grid.tiles(options.tile_cells);
    tiles.sort_by_key(|tile| morton(tile.row / options.tile_cells, tile.col / options.tile_cells));
    tiles
}

/// Place of a row and a column on Morton's curve: their binary digits in turn.
fn morton(row: usize, col: usize) -> usize {
    (0..usize::BITS / 2).map(|i| (row >> i & 1) << (2 * i + 1) | (col >> i & 1) << (2 * i)).sum()
}

/// Matches one tile. The result lies on `grid.part(window)` and depends on nothing but the arguments.
pub fn surface_tile(
    block: &Block,
    pyramids: &Pyramids<'_>,
    grid: &Grid,
    window: &Window,
    options: &Options,
) -> Result<Surface, Error> {
    let mut out = Surface::empty(&grid.part(window));
    let place = Margined::new(block, grid, window, options.margin_cells, 1 << HALVINGS);
    let Some(tile) = Tile::open(block, pyramids, place.lattice, options)? else { return Ok(out) };
    let level = tile.matched();
    let Finished { z, sigma, basis } = tile.finished(&level);
    let origin = block.frame.origin.height;
    for row in 0..window.rows {
        for col in 0..window.cols {
            let cell = (row + place.row) * place.lattice.cols + col + place.col;
            out.dsm.cells[(row, col)] = (f64::from(z[cell]) + origin) as f32;
            out.sigma.cells[(row, col)] = sigma[cell];
            out.basis.cells[(row, col)] = basis[cell];
        }
    }
    Ok(out)
}

/// A tile with its views opened.
struct Tile<'a> {
    block: &'a Block,
    options: &'a Options,
    lattice: Lattice,
    views: Vec<TileView>,
    pyramids: Vec<Arc<Pyramid>>,
    range: HeightRange,
    /// Height between hypotheses on the finest level, metres.
    step_m: f64,
}

/// A matched tile with its margin; heights in the world, NaN in holes as are their sigmas.
struct Finished {
    z: Vec<f32>,
    sigma: Vec<f32>,
    basis: Vec<u16>,
}

/// A matched level.
struct Level {
    hypotheses: Hypotheses,
    winners: Winners,
    views: Vec<u8>,
    /// Cells with nothing but noise in coarser cells about them.
    lost: Vec<bool>,
}

impl<'a> Tile<'a> {
    /// `None` where too few views look.
    fn open(
        block: &'a Block,
        pyramids: &Pyramids<'_>,
        lattice: Lattice,
        options: &'a Options,
    ) -> Result<Option<Self>, Error> {
        let range = HeightRange::of(block, &lattice, options);
        let views = tile_views(block, &lattice, range.ground, options);
        if views.len() < options.min_views {
            return Ok(None);
        }
        let pyramids = views.iter().map(|v| pyramids.get(v.view_idx)).collect::<Result<_, _>>()?;
        let base = base_to_height(block, &views, &lattice, range.ground, options);
        let step_cells = (SHIFT_PER_STEP / base).clamp(STEP_CELLS.0, STEP_CELLS.1);
        let step_m = step_cells * lattice.cell_m;
        Ok(Some(Self { block, options, lattice, views, pyramids, range, step_m }))
    }

    /// Searches the full range in coarse cells and bands about the results in ever finer ones.
    fn matched(&self) -> Level {
        let coarse = self.lattice.coarser(1 << HALVINGS);
        let low = vec![self.range.low as f32; coarse.len()];
        let high = vec![self.range.high as f32; coarse.len()];
        let ground = vec![self.range.ground as f32; coarse.len()];
        let hypotheses = Hypotheses::between(coarse, self.step_m * f64::from(1 << HALVINGS), &low, &high);
        let mut level = self.level(hypotheses, &ground, vec![false; ground.len()], None);
        for halving in (0..HALVINGS).rev() {
            let parent = &level.hypotheses;
            let (tracks, winners) = (&self.block.tracks, &level.winners);
            let bands = narrowed(tracks, parent, winners, &level.lost, &self.range, self.options);
            let heights = doubled(&level.winners.z, &parent.lattice);
            let margin = self.options.min_margin;
            let visibility = Visibility::of(parent, &level.winners, &self.views, margin);
            let lattice = self.lattice.coarser(1 << halving);
            let finer =
                Hypotheses::between(lattice, self.step_m * f64::from(1 << halving), &bands.low, &bands.high);
            level = self.level(finer, &heights, bands.lost, Some(&visibility));
        }
        level
    }

    /// Matches one level, its views chosen for the given heights.
    fn level(
        &self,
        hypotheses: Hypotheses,
        heights: &[f32],
        lost: Vec<bool>,
        visibility: Option<&Visibility>,
    ) -> Level {
        let visible = |row, col| visibility.map_or(u32::MAX, |v| v.of_half_cell(row, col));
        let cell_views =
            CellViews::choose(self.block, &self.views, &hypotheses.lattice, heights, &visible, self.options);
        let matching = Matching {
            block: self.block,
            views: &self.views,
            pyramids: &self.pyramids,
            kept_views: if visibility.is_some() { KEPT_VIEWS.1 } else { KEPT_VIEWS.0 },
        };
        let costs = matching.costs(&hypotheses, &cell_views);
        let share = |share: f64| (share * f64::from(MAX_COST)).round() as u8;
        let penalties =
            Penalties { small: share(self.options.small_jump), large: share(self.options.large_jump) };
        let sums = aggregate(&hypotheses, &costs, penalties);
        let winners = Winners::of(&hypotheses, &costs, &sums);
        Level { hypotheses, winners, views: cell_views.counts, lost }
    }

    /// Heights and sigmas of the finest level, with honest holes.
    fn finished(&self, level: &Level) -> Finished {
        let winners = &level.winners;
        let mut basis: Vec<u16> = (0..winners.z.len()).map(|cell| self.basis(level, cell)).collect();
        let z = winners
            .z
            .iter()
            .zip(&basis)
            .map(|(&z, &b)| if b < basis::RIVALS && b > basis::UNSEEN { z } else { f32::NAN });
        let lattice = &level.hypotheses.lattice;
        let mut field = Field { lattice, step_m: level.hypotheses.step_m as f32, z: z.collect() };
        field.draw_in_walls();
        for cell in field.drop_speckles() {
            basis[cell] = basis::SPECK;
        }
        let mut sigma = sigma(&level.hypotheses, winners, &field.z, &level.views);
        for cell in field.fill_pinholes() {
            sigma[cell] = FILLED * field.step_m;
            basis[cell] = basis::FILLED;
        }
        field.smooth();
        Finished { z: field.z, sigma, basis }
    }

    /// What a cell's winner rests on, or what speaks against it.
    fn basis(&self, level: &Level, cell: usize) -> u16 {
        let winners = &level.winners;
        match level.views[cell] {
            views if usize::from(views) < self.options.min_views => basis::UNSEEN,
            _ if f32::from(winners.cost[cell]) > MAX_MISFIT * MAX_COST as f32 => basis::DISAGREEMENT,
            _ if level.lost[cell] || f64::from(winners.margin[cell]) < self.options.min_margin => {
                basis::RIVALS
            }
            views => u16::from(views),
        }
    }
}
