//! Walls of a true surface, and where a measured one has them.

use ndarray::Array2;

/// Least height of a wall, metres.
const WALL_M: f32 = 2.0;

/// Cells on both sides of a wall that are looked at.
const REACH: usize = 12;

/// How level the foot of a wall is, metres.
const LEVEL_M: f32 = 0.3;

/// A place of a wall, seen along a row or a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// How far outside its place the measured wall stands, cells; `None` where it was not measured.
    pub outside_cells: Option<f64>,
    /// The cells on its low side, nearest first.
    pub foot: Vec<(usize, usize)>,
}

/// All places of free-standing walls in `truth`, looked for in `measured`.
pub fn edges(truth: &Array2<f32>, measured: &Array2<f32>) -> Vec<Edge> {
    let (rows, cols) = truth.dim();
    let mut found = Vec::new();
    for row in 0..rows {
        let line: Vec<(usize, usize)> = (0..cols).map(|col| (row, col)).collect();
        along(&line, truth, measured, &mut found);
    }
    for col in 0..cols {
        let line: Vec<(usize, usize)> = (0..rows).map(|row| (row, col)).collect();
        along(&line, truth, measured, &mut found);
    }
    found
}

/// Walls along a line of cells, in both directions.
fn along(line: &[(usize, usize)], truth: &Array2<f32>, measured: &Array2<f32>, found: &mut Vec<Edge>) {
    for i in REACH..line.len().saturating_sub(REACH) {
        if (truth[line[i]] - truth[line[i - 1]]).abs() < WALL_M {
            continue;
        }
        let before: Vec<(usize, usize)> = (1..=REACH).map(|k| line[i - k]).collect();
        let after: Vec<(usize, usize)> = line[i..i + REACH].to_vec();
        let (low, high) = if truth[line[i]] > truth[line[i - 1]] { (before, after) } else { (after, before) };
        if let Some(level) = wall_level(&low, &high, truth) {
            found.push(Edge { outside_cells: outside(&low, &high, measured, level), foot: low });
        }
    }
}

/// Half the height of a wall whose foot is level and whose top stays up.
fn wall_level(low: &[(usize, usize)], high: &[(usize, usize)], truth: &Array2<f32>) -> Option<f32> {
    let foot = truth[low[0]];
    let level_foot = low.iter().all(|&cell| (truth[cell] - foot).abs() < LEVEL_M);
    let top = high.iter().map(|&cell| truth[cell]).fold(f32::INFINITY, f32::min);
    (level_foot && top - foot >= WALL_M).then_some(f32::midpoint(foot, top))
}

/// Where the measured surface crosses a level, walking from the far low side to the far high side; cells outside the true
/// wall count positive.
fn outside(
    low: &[(usize, usize)],
    high: &[(usize, usize)],
    measured: &Array2<f32>,
    level: f32,
) -> Option<f64> {
    let walk: Vec<f32> = low.iter().rev().chain(high).map(|&cell| measured[cell]).collect();
    let first_high = walk.iter().position(|z| *z > level)?;
    let last_low = walk[..first_high].iter().rposition(|z| *z <= level)?;
    let crossing = (last_low + first_high) as f64 / 2.0 + 0.5;
    Some(low.len() as f64 - crossing)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wall of 6 m at a column, both sides level.
    fn wall(at: usize) -> Array2<f32> {
        Array2::from_shape_fn((1, 40), |(_, col)| if col >= at { 6.0 } else { 0.0 })
    }

    #[test]
    fn a_wall_that_stands_two_cells_too_far_out_is_two_cells_outside() {
        let found = edges(&wall(20), &wall(18));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].outside_cells, Some(2.0));
        assert_eq!(edges(&wall(20), &wall(20))[0].outside_cells, Some(0.0));
        assert_eq!(edges(&wall(20), &wall(21))[0].outside_cells, Some(-1.0));
    }

    #[test]
    fn a_hole_at_a_wall_puts_it_in_the_middle_of_the_hole() {
        let mut measured = wall(20);
        (19..23).for_each(|col| measured[(0, col)] = f32::NAN);
        assert_eq!(edges(&wall(20), &measured)[0].outside_cells, Some(-1.0));
    }
}
