use std::collections::BTreeMap;

use nalgebra::Vector2;

use crate::network::{Network, State, median};

/// Cells across and down a photo within which tie observations may share an error.
const CELLS: (f64, f64) = (8.0, 6.0);
/// Median length of a two-dimensional normal vector of unit standard deviation per axis.
const RAYLEIGH_MEDIAN: f64 = 1.177_41;
/// Fewest observations of a cell that tell what they share.
const LEAST_IN_CELL: usize = 3;
/// Fewest views of a track whose residuals tell its noise: two views take up half of it.
const LEAST_VIEWS: usize = 3;

/// How large the errors of tie observations are, and how much of that neighbours share, as the residuals tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TieErrors {
    /// Standard deviation of a pixel coordinate.
    sigma_px: f64,
    /// Factor by which a cell's observations together are worth less than as many independent ones: the design effect of
    /// cluster sampling (Kish, "Survey sampling", 1965), `1 + (n - 1) rho`.
    design_effect: f64,
}

impl TieErrors {
    pub fn of(network: &Network, state: &State) -> Self {
        let misses = misses(network, state);
        let lengths = misses.iter().map(|(_, miss)| miss.norm()).collect();
        let sigma_px = median(lengths) / RAYLEIGH_MEDIAN;
        Self { sigma_px, design_effect: design_effect(&misses, sigma_px) }
    }

    /// Variance of a pixel coordinate that, were all independent, would leave the block as uncertain as it is.
    pub fn effective_variance_px(&self) -> f64 {
        self.design_effect * self.sigma_px.powi(2)
    }
}

/// View, column and row of a cell.
type Cell = (usize, i64, i64);

/// Misses of believed observations, enlarged by what the point took up of them.
fn misses(network: &Network, state: &State) -> Vec<(Cell, Vector2<f64>)> {
    let mut misses = Vec::new();
    for (seen, point) in network.believed.iter().zip(&state.points) {
        let Some(point) = point.filter(|_| seen.len() >= LEAST_VIEWS) else { continue };
        let rows = 2.0 * seen.len() as f64;
        let enlarged = (rows / (rows - 3.0)).sqrt();
        for o in seen.iter().filter(|o| network.is_own(o.view_idx)) {
            let Some(miss) = network.miss(state, o, &point) else { continue };
            let camera = &state.cameras[network.prior.views[o.view_idx].camera_idx];
            let col = CELLS.0 * o.pixel.x / f64::from(camera.width);
            let row = CELLS.1 * o.pixel.y / f64::from(camera.height);
            misses.push(((o.view_idx, col.floor() as i64, row.floor() as i64), enlarged * miss));
        }
    }
    misses
}

/// From how much more the means of cells vary than they would by chance; at least one.
fn design_effect(misses: &[(Cell, Vector2<f64>)], sigma_px: f64) -> f64 {
    let mut cells: BTreeMap<Cell, (usize, Vector2<f64>)> = BTreeMap::new();
    let limit = 3.0 * RAYLEIGH_MEDIAN * sigma_px;
    for (cell, miss) in misses.iter().filter(|(_, miss)| miss.norm() <= limit) {
        let (n, sum) = cells.entry(*cell).or_insert((0, Vector2::zeros()));
        *n += 1;
        *sum += miss;
    }
    let told: Vec<f64> = cells
        .values()
        .filter(|(n, _)| *n >= LEAST_IN_CELL)
        .map(|(n, sum)| sum.norm_squared() / (2.0 * *n as f64 * sigma_px * sigma_px))
        .collect();
    let mean = told.iter().sum::<f64>() / told.len() as f64;
    if told.is_empty() { 1.0 } else { mean.max(1.0) }
}
