//! How sure a height is.

use crate::cost::MAX_COST;
use crate::hypotheses::Hypotheses;
use crate::lattice::Lattice;
use crate::select::Winners;

/// Standard uncertainty, in hypotheses, that the best of cost curves leaves after smoothing.
const FLOOR: f32 = 0.14;

/// Noise of a cost difference in cost units, for a curve whose second difference is one.
const NOISE: f32 = 1.0;

/// Share of a cell's difference from its neighbours that smoothing leaves.
const LEFT_BY_SMOOTHING: f32 = 0.5;

/// Least second difference that is taken at its word.
const MIN_CURVATURE: f32 = 1.5;

/// Sigma of every winner, metres: the floor, the flatness of the cost curve (few views and poor agreement make it
/// noisier), and how much the cell differs from its neighbours.
pub(crate) fn sigma(hypotheses: &Hypotheses, winners: &Winners, z: &[f32], views: &[u8]) -> Vec<f32> {
    let step = hypotheses.step_m as f32;
    (0..z.len())
        .map(|cell| {
            let misfit = f32::from(winners.cost[cell]) / MAX_COST as f32;
            let pairs = f32::from(views[cell].max(2)) / 2.0;
            let curvature = winners.curvature[cell].max(MIN_CURVATURE);
            let along_curve = NOISE * (misfit / pairs).sqrt() / curvature * step;
            (FLOOR * step).hypot(along_curve).hypot(roughness(&hypotheses.lattice, z, cell))
        })
        .collect()
}

/// Median absolute difference to the eight neighbours, scaled to a standard deviation of one height; NaN for a hole.
fn roughness(lattice: &Lattice, z: &[f32], cell: usize) -> f32 {
    let (row, col) = (cell / lattice.cols, cell % lattice.cols);
    let mut differences = [0.0_f32; 8];
    let mut n = 0;
    for r in row.saturating_sub(1)..(row + 2).min(lattice.rows) {
        for c in col.saturating_sub(1)..(col + 2).min(lattice.cols) {
            let difference = (z[r * lattice.cols + c] - z[cell]).abs();
            if (r, c) != (row, col) && difference.is_finite() {
                differences[n] = difference;
                n += 1;
            }
        }
    }
    if n == 0 || z[cell].is_nan() {
        return f32::NAN;
    }
    differences[..n].sort_by(f32::total_cmp);
    LEFT_BY_SMOOTHING * 1.4826 / std::f32::consts::SQRT_2 * differences[n / 2]
}
