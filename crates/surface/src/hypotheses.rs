use crate::lattice::Lattice;

/// Heights tried in the cells of a level: cell `i` tries `first[i] .. first[i] + count[i]`, hypothesis `d` meaning
/// world height `z0 + d * step_m`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hypotheses {
    pub lattice: Lattice,
    /// World height of hypothesis 0.
    pub z0: f64,
    /// Height between neighbouring hypotheses, metres.
    pub step_m: f64,
    pub first: Vec<u16>,
    pub count: Vec<u16>,
    /// Where each cell's values lie in a volume; one more than there are cells.
    pub starts: Vec<usize>,
}

/// Hypotheses that are handled at once: bands are whole multiples of it.
pub(crate) const LANES: usize = 16;

/// Most hypotheses of a cell: more would only be asked for by a wild sparse point.
pub(crate) const MAX_COUNT: usize = 1024;

impl Hypotheses {
    /// Bands between two heights for every cell, widened on both sides to multiples of [`LANES`] hypotheses.
    pub fn between(lattice: Lattice, step_m: f64, low: &[f32], high: &[f32]) -> Self {
        let lowest = low.iter().copied().fold(f32::INFINITY, f32::min).floor() as f64;
        let z0 = lowest - LANES as f64 / 2.0 * step_m;
        let mut hypotheses = Self {
            lattice,
            z0,
            step_m,
            first: Vec::with_capacity(low.len()),
            count: Vec::with_capacity(low.len()),
            starts: Vec::with_capacity(low.len() + 1),
        };
        let mut start = 0;
        for (&low, &high) in low.iter().zip(high) {
            let first = ((low as f64 - z0) / step_m).floor() as usize;
            let last = ((high as f64 - z0) / step_m).ceil() as usize;
            let needed = last - first + 1;
            let count = needed.next_multiple_of(LANES).min(MAX_COUNT);
            let widened = count.saturating_sub(needed) / 2;
            hypotheses.first.push((first - widened) as u16);
            hypotheses.count.push(count as u16);
            hypotheses.starts.push(start);
            start += count;
        }
        hypotheses.starts.push(start);
        hypotheses
    }

    /// World height of a hypothesis, fractions allowed.
    pub fn z(&self, d: f64) -> f64 {
        self.z0 + d * self.step_m
    }

    /// First hypothesis of a cell and the one after its last.
    pub fn band(&self, cell: usize) -> (usize, usize) {
        let first = self.first[cell] as usize;
        (first, first + self.count[cell] as usize)
    }

    /// Values in a volume.
    pub fn len(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    /// The highest hypothesis of all cells plus one.
    pub fn end(&self) -> usize {
        self.first.iter().zip(&self.count).map(|(&f, &c)| f as usize + c as usize).max().unwrap_or(0)
    }
}
