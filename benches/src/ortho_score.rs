//! How far the cells of an orthophoto lie from what they show.

use std::fmt;

use plumbline_fixtures::Recipe;
use plumbline_geodesy::MapPoint;
use plumbline_raster::{Raster, Rgba};
use plumbline_scene::Block;
use rayon::prelude::*;

use crate::surface_score::{ascending, buildings, quantile};
use crate::true_site::{Kind, TrueSite};

/// Every how many cells, in both directions, a cell is asked.
const STRIDE: usize = 3;

/// Displacement, metres, beyond which a cell shows something else than what stands there.
const SMEARED_M: f64 = 0.3;

/// Ground around buildings that belongs to the built-up area: where their smear would fall, metres.
const AROUND_M: f64 = 8.0;

/// What an orthophoto is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct OrthoScore {
    /// Distance, on the map, from cells on level ground and roofs to what they show, metres, ascending.
    pub off_m: Vec<f64>,
    /// Share of the confirmed cells in the built-up area that show something from elsewhere.
    pub smeared: f64,
    /// The same of all cells with colour, those that are marked as unconfirmed included.
    pub smeared_at_all: f64,
    /// Share of the cells of the built-up area that are confirmed.
    pub confirmed: f64,
    /// Share of the cells of the built-up area that have colour.
    pub covered: f64,
}

impl OrthoScore {
    /// Follows the pixel that each cell was coloured with back to what it saw.
    pub fn of(
        site: &TrueSite,
        recipe: &Recipe,
        block: &Block,
        dsm: &Raster<f32>,
        source: &Raster<u16>,
        rgba: &Raster<Rgba>,
    ) -> Self {
        let truth = site.cells(&dsm.grid);
        let grid = &dsm.grid;
        let cells: Vec<(usize, usize)> = (0..grid.rows)
            .step_by(STRIDE)
            .flat_map(|row| (0..grid.cols).step_by(STRIDE).map(move |col| (row, col)))
            .filter(|&cell| truth.kind[cell] != Kind::Outside)
            .collect();
        let off = |&cell: &(usize, usize)| -> Option<f64> {
            let view = block.views.get(usize::from(source.cells[cell]))?;
            let (east, north) = grid.center(cell.0, cell.1);
            let height = if dsm.cells[cell].is_finite() { dsm.cells[cell] } else { return None };
            let point = MapPoint { east, north, height: f64::from(height) };
            let pixel = block.pixel(view, &block.frame.world_from_map(&point))?;
            let (_, seen) = site.behind(&view.name, &pixel)?;
            Some((seen.east - east).hypot(seen.north - north))
        };
        let is_confirmed = |cell: (usize, usize)| rgba.cells[cell][3] == u8::MAX;
        let offs: Vec<Option<f64>> = cells.par_iter().map(off).collect();
        let level = |cell: &(usize, usize)| matches!(truth.kind[*cell], Kind::Ground | Kind::Roof);
        let buildings = buildings(recipe);
        let in_built = |&(row, col): &(usize, usize)| {
            let p = site.world(grid, row, col);
            buildings.iter().any(|outline| outline.distance(p) < AROUND_M)
        };
        let built: Vec<(Option<f64>, bool)> = offs
            .iter()
            .zip(&cells)
            .filter(|(_, cell)| in_built(cell))
            .map(|(off, &cell)| (*off, is_confirmed(cell)))
            .collect();
        let shown = ascending(built.iter().filter_map(|(off, _)| *off));
        let confirmed =
            ascending(built.iter().filter(|(_, confirmed)| *confirmed).filter_map(|(off, _)| *off));
        let wrong =
            |offs: &[f64]| offs.iter().filter(|off| **off > SMEARED_M).count() as f64 / offs.len() as f64;
        Self {
            off_m: ascending(offs.iter().zip(&cells).filter(|(_, cell)| level(cell)).filter_map(|(o, _)| *o)),
            smeared: wrong(&confirmed),
            smeared_at_all: wrong(&shown),
            confirmed: confirmed.len() as f64 / built.len() as f64,
            covered: shown.len() as f64 / built.len() as f64,
        }
    }

    /// Head of the table whose rows are scores.
    pub fn head() -> String {
        format!("{:>6} {:>6} {:>6} {:>6} {:>6} {:>6}", "off cm", "p95 cm", "smear", "sure", "smear", "shown")
    }

    /// A row of the table for want of an orthophoto.
    pub fn none() -> String {
        format!("{:>6} {:>6} {:>6} {:>6} {:>6} {:>6}", "-", "-", "-", "-", "-", "-")
    }
}

impl fmt::Display for OrthoScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (middle, most) = (quantile(&self.off_m, 0.5), quantile(&self.off_m, 0.95));
        write!(
            f,
            "{:>6.1} {:>6.1} {:>6.2} {:>6.1} {:>6.2} {:>6.1}",
            100.0 * middle,
            100.0 * most,
            100.0 * self.smeared,
            100.0 * self.confirmed,
            100.0 * self.smeared_at_all,
            100.0 * self.covered
        )
    }
}
