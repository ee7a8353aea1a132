//! How far a surface model lies from the truth.

use std::fmt;

use ndarray::Array2;
use plumbline_fixtures::{Footprint, Recipe, Roof};
use plumbline_geodesy::MapPoint;
use plumbline_raster::Raster;
use rayon::prelude::*;

use crate::block_offset::{BlockOffset, CellError};
use crate::edges::{Edge, edges};
use crate::small_things::small_things;
use crate::true_site::{Kind, TrueCells, TrueSite};

/// Views that must see a cell for it to count as visible.
const VISIBLE_VIEWS: usize = 3;

/// Every how many cells, in both directions, visibility is asked: a ray a view is dear.
const VISIBILITY_STRIDE: usize = 5;

/// Distance from the outline of a building within which an edge is its wall, metres: eaves reach out half of it.
const WALL_WITHIN_M: f64 = 0.8;

/// Height error that is a wrong height rather than noise, metres.
const WRONG_M: f64 = 0.5;

/// Half height of the band of heights that is one deck, metres.
const DECK_M: f64 = 0.1;

/// What a surface model is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceScore {
    /// Share of the visible cells that have a height.
    pub completeness: f64,
    /// Share of the visible cells with a height that is wrong.
    pub wrong: f64,
    /// By how much all of it lies off.
    pub block: BlockOffset,
    /// Errors on level ground.
    pub ground: Scatter,
    /// Errors on level roofs and decks.
    pub roof: Scatter,
    /// Errors of the dominant heights of buildings, metres, ascending.
    pub decks_m: Vec<f64>,
    /// How far walls stand outside their place, cells, ascending; inside is negative.
    pub edges: Vec<f64>,
    /// Share of the cells on the low side of walls whose height is wrong upward.
    pub ramps: f64,
    /// Small things found, and all of them.
    pub small: (usize, usize),
}

/// How errors scatter.
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    /// Median error, metres.
    pub median_m: f64,
    /// Robust standard deviation about the median, metres.
    pub nmad_m: f64,
    /// Share of the errors, less the block's, within one and within two of their own sigmas.
    pub within: [f64; 2],
}

impl SurfaceScore {
    /// Holds a surface model and its sigma against a site.
    pub fn of(site: &TrueSite, recipe: &Recipe, dsm: &Raster<f32>, sigma: &Raster<f32>) -> Self {
        let truth = site.cells(&dsm.grid);
        let (completeness, wrong) = completeness(site, &truth, dsm);
        let buildings = buildings(recipe);
        let is_wall = |cell: (usize, usize)| {
            let p = site.world(&dsm.grid, cell.0, cell.1);
            buildings.iter().any(|outline| outline.distance(p).abs() < WALL_WITHIN_M)
        };
        let walls: Vec<Edge> =
            edges(&truth.height, &dsm.cells).into_iter().filter(|edge| is_wall(edge.foot[0])).collect();
        let mut offsets: Vec<f64> = walls.iter().filter_map(|edge| edge.outside_cells).collect();
        offsets.sort_by(f64::total_cmp);
        let feet: Vec<f64> = walls.iter().flat_map(|wall| foot_errors(wall, &truth, &dsm.cells)).collect();
        let things = small_things(&truth, dsm.grid.cell_area_m2());
        let kept = things.iter().filter(|thing| thing.is_in(&dsm.cells)).count();
        let (ground, roof) = (level(&truth, dsm, sigma, Kind::Ground), level(&truth, dsm, sigma, Kind::Roof));
        let block = BlockOffset::of(&[ground.as_slice(), &roof].concat());
        Self {
            completeness,
            wrong,
            block,
            ground: Scatter::of(&ground, &block),
            roof: Scatter::of(&roof, &block),
            decks_m: decks(recipe, site, &truth, dsm),
            edges: offsets,
            ramps: feet.iter().filter(|e| **e > WRONG_M).count() as f64 / feet.len().max(1) as f64,
            small: (kept, things.len()),
        }
    }
}

impl Scatter {
    fn of(cells: &[CellError], block: &BlockOffset) -> Self {
        let median_m = quantile(&ascending(cells.iter().map(|cell| cell.error_m)), 0.5);
        let off = ascending(cells.iter().map(|cell| (cell.error_m - median_m).abs()));
        let within = [1.0, 2.0].map(|k| {
            cells.iter().filter(|cell| block.rest_m(cell).abs() <= k * cell.sigma_m).count() as f64
                / cells.len() as f64
        });
        Self { median_m, nmad_m: 1.4826 * quantile(&off, 0.5), within }
    }
}

/// Errors of the level cells of a kind that have a height.
fn level(truth: &TrueCells, dsm: &Raster<f32>, sigma: &Raster<f32>, kind: Kind) -> Vec<CellError> {
    let cells = truth.kind.indexed_iter().filter(|(cell, k)| **k == kind && dsm.cells[*cell].is_finite());
    cells
        .map(|(cell, _)| {
            let (east, north) = dsm.grid.center(cell.0, cell.1);
            let true_m = truth.height[cell];
            CellError {
                place: [east, north, f64::from(true_m)],
                error_m: f64::from(dsm.cells[cell] - true_m),
                sigma_m: f64::from(sigma.cells[cell]),
            }
        })
        .collect()
}

/// Shares of the visible cells that have a height, and that have a wrong one.
fn completeness(site: &TrueSite, truth: &TrueCells, dsm: &Raster<f32>) -> (f64, f64) {
    let grid = &dsm.grid;
    let judged: Vec<(usize, usize)> = (0..grid.rows)
        .step_by(VISIBILITY_STRIDE)
        .flat_map(|row| (0..grid.cols).step_by(VISIBILITY_STRIDE).map(move |col| (row, col)))
        .filter(|&cell| truth.height[cell].is_finite())
        .collect();
    let visible: Vec<(usize, usize)> = judged
        .into_par_iter()
        .filter(|&cell| {
            let (east, north) = grid.center(cell.0, cell.1);
            let point = MapPoint { east, north, height: f64::from(truth.height[cell]) };
            site.views_of(&point) >= VISIBLE_VIEWS
        })
        .collect();
    let error = |cell: &(usize, usize)| f64::from(dsm.cells[*cell] - truth.height[*cell]).abs();
    let share = |wanted: &dyn Fn(f64) -> bool| {
        visible.iter().filter(|cell| wanted(error(cell))).count() as f64 / visible.len() as f64
    };
    (share(&f64::is_finite), share(&|e| e > WRONG_M))
}

/// Errors on the low side of a wall, from two cells away to where it was looked at.
fn foot_errors(wall: &Edge, truth: &TrueCells, dsm: &Array2<f32>) -> Vec<f64> {
    let errors = wall.foot.iter().skip(2).map(|&cell| f64::from(dsm[cell] - truth.height[cell]));
    errors.filter(|error| error.is_finite()).collect()
}

/// Outlines of the buildings that stand on the first date.
pub(crate) fn buildings(recipe: &Recipe) -> Vec<Footprint> {
    let built = recipe.projects.iter().flat_map(|project| &project.buildings);
    let built = built.filter(|b| b.deck_m(b.stages[0]).is_some()).map(|b| b.built);
    recipe.existing.iter().map(|old| old.outline).chain(built).collect()
}

/// Errors of the dominant heights of flat roofs and decks, metres, ascending.
fn decks(recipe: &Recipe, site: &TrueSite, truth: &TrueCells, dsm: &Raster<f32>) -> Vec<f64> {
    let pitched = recipe.existing.iter().filter(|old| old.roof != Roof::Flat).map(|old| old.outline);
    let pitched: Vec<Footprint> = pitched.collect();
    let outlines = buildings(recipe).into_iter().filter(|outline| !pitched.contains(outline));
    let errors = outlines.filter_map(|outline| {
        let cells: Vec<(usize, usize)> = truth
            .height
            .indexed_iter()
            .filter(|(cell, z)| {
                z.is_finite() && outline.distance(site.world(&dsm.grid, cell.0, cell.1)) < 0.0
            })
            .map(|(cell, _)| cell)
            .collect();
        let whole = (4.0 * outline.half.x * outline.half.y / dsm.grid.cell_area_m2()) as usize;
        let measured = dominant(&ascending(cells.iter().map(|&cell| f64::from(dsm.cells[cell]))))?;
        let real = dominant(&ascending(cells.iter().map(|&cell| f64::from(truth.height[cell]))))?;
        (2 * cells.len() > whole).then_some((measured - real).abs())
    });
    ascending(errors)
}

/// Median of the densest band of ascending heights.
fn dominant(heights: &[f64]) -> Option<f64> {
    let (mut first, mut best) = (0, 0..0);
    for end in 1..=heights.len() {
        while heights[end - 1] - heights[first] > 2.0 * DECK_M {
            first += 1;
        }
        if end - first > best.len() {
            best = first..end;
        }
    }
    (!best.is_empty()).then(|| quantile(&heights[best], 0.5))
}

/// Finite values in ascending order.
pub fn ascending(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The value that a share of ascending values stays below; NaN of none.
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let last = ascending.len().saturating_sub(1) as f64;
    ascending.get((share * last).round() as usize).copied().unwrap_or(f64::NAN)
}

impl SurfaceScore {
    /// Head of the table whose rows are scores.
    pub fn head() -> String {
        format!(
            "{:>6} {:>6} {:>13} {:>12} {:>12} {:>9} {:>9} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7}",
            "compl",
            "wrong",
            "cm cm/hm ppm",
            "ground cm",
            "roof cm",
            "1s 2s gr",
            "1s 2s rf",
            "deck",
            "p95",
            "edge",
            "|edge|",
            "p90",
            "ramps",
            "small"
        )
    }
}

impl fmt::Display for SurfaceScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scatter = |s: &Scatter| format!("{:+.1} ±{:.1}", 100.0 * s.median_m, 100.0 * s.nmad_m);
        let within = |s: &Scatter| format!("{:.0} {:.0}", 100.0 * s.within[0], 100.0 * s.within[1]);
        let off = ascending(self.edges.iter().map(|e| e.abs()));
        write!(
            f,
            "{:>6.1} {:>6.2} {:>13} {:>12} {:>12} {:>9} {:>9} {:>6.3} {:>6.3} {:>+6.2} {:>6.2} {:>6.2} {:>6.1} {:>7}",
            100.0 * self.completeness,
            100.0 * self.wrong,
            self.block.to_string(),
            scatter(&self.ground),
            scatter(&self.roof),
            within(&self.ground),
            within(&self.roof),
            quantile(&self.decks_m, 0.5),
            quantile(&self.decks_m, 0.95),
            quantile(&self.edges, 0.5),
            quantile(&off, 0.5),
            quantile(&off, 0.9),
            100.0 * self.ramps,
            format!("{}/{}", self.small.0, self.small.1),
        )
    }
}
