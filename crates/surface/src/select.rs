//! The winning height of each cell.

use crate::hypotheses::Hypotheses;

/// Hypotheses on either side of the winner that belong to it and are no rivals.
const OWN: usize = 2;

/// The winners of a level, cell by cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Winners {
    /// World height, between hypotheses by a parabola.
    pub z: Vec<f32>,
    /// World height of the best rival; the winner's own where there is none.
    pub rival_z: Vec<f32>,
    /// Matching cost at the winner.
    pub cost: Vec<u8>,
    /// How much cheaper the winner is than the rival after aggregation, as a share of the rival; 1 without a rival.
    pub margin: Vec<f32>,
    /// Second difference of the matching cost about the winner, per hypothesis squared; zero on the edge of the band.
    pub curvature: Vec<f32>,
}

impl Winners {
    /// Takes the hypothesis with the least aggregated cost in every cell.
    pub fn of(hypotheses: &Hypotheses, costs: &[u8], sums: &[u16]) -> Self {
        let cells = hypotheses.lattice.len();
        let mut winners = Self {
            z: Vec::with_capacity(cells),
            rival_z: Vec::with_capacity(cells),
            cost: Vec::with_capacity(cells),
            margin: Vec::with_capacity(cells),
            curvature: Vec::with_capacity(cells),
        };
        for cell in 0..cells {
            let range = hypotheses.starts[cell]..hypotheses.starts[cell + 1];
            winners.push(hypotheses, cell, &costs[range.clone()], &sums[range]);
        }
        winners
    }

    fn push(&mut self, hypotheses: &Hypotheses, cell: usize, costs: &[u8], sums: &[u16]) {
        let first = hypotheses.first[cell] as f64;
        let best = least(sums, 0).unwrap_or(0);
        let rival = [
            least(&sums[..best.saturating_sub(OWN)], 0),
            least(&sums[(best + OWN + 1).min(sums.len())..], best + OWN + 1),
        ]
        .into_iter()
        .flatten()
        .min_by_key(|&d| sums[d]);
        let triple = (best > 0 && best + 1 < sums.len()).then(|| best - 1..best + 2);
        let offset = triple.clone().map_or(0.0, |t| vertex(&sums[t]));
        self.z.push(hypotheses.z(first + best as f64 + offset) as f32);
        self.rival_z.push(hypotheses.z(first + rival.unwrap_or(best) as f64) as f32);
        self.cost.push(costs[best]);
        self.margin.push(rival.map_or(1.0, |r| 1.0 - f32::from(sums[best]) / f32::from(sums[r]).max(1.0)));
        self.curvature.push(triple.map_or(0.0, |t| {
            let around = &costs[t];
            f32::from(around[0]) - 2.0 * f32::from(around[1]) + f32::from(around[2])
        }));
    }
}

/// Index of the least value, counted from `start`.
fn least(values: &[u16], start: usize) -> Option<usize> {
    let least = values.iter().min()?;
    Some(start + values.iter().position(|value| value == least)?)
}

/// Vertex of the parabola through three values whose middle one is least, in (-0.5, 0.5) about the middle.
fn vertex(values: &[u16]) -> f64 {
    let [a, b, c] = [f64::from(values[0]), f64::from(values[1]), f64::from(values[2])];
    let bend = a - 2.0 * b + c;
    if bend > 0.0 { ((a - c) / (2.0 * bend)).clamp(-0.5, 0.5) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::Lattice;

    #[test]
    fn the_winner_lies_between_hypotheses_and_its_neighbours_are_no_rivals() {
        let lattice = Lattice { west: 0.0, north: 0.0, cell_m: 1.0, rows: 1, cols: 1 };
        let h = Hypotheses::between(lattice, 0.5, &[10.0], &[13.5]);
        // The band is widened by four hypotheses on both sides.
        let sums = [&[200; 4][..], &[90, 80, 100, 40, 10, 20, 60, 100], &[200; 4]].concat();
        let costs: Vec<u8> = sums.iter().map(|sum| (sum / 10) as u8).collect();
        let w = Winners::of(&h, &costs, &sums);
        assert!((w.z[0] - 12.125).abs() < 1e-6, "{}", w.z[0]);
        assert!((w.rival_z[0] - 10.5).abs() < 1e-6);
        assert!((w.margin[0] - 0.875).abs() < 1e-6);
    }
}
