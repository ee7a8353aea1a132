use super::scale_space::{DIFFERENCES, Octave};

/// Three neighbouring rows of all differences of an octave's layers, with what is needed to find extrema among them.
///
/// Whole rows are worked at once by plain loops, which the compiler turns into vector code.
pub struct Band {
    /// The row below the last one held.
    next_row: usize,
    levels: [Level; DIFFERENCES],
    is_extremum: Vec<bool>,
}

/// One difference.
#[derive(Clone)]
struct Level {
    /// `rows[y % 3]`.
    rows: [Vec<f32>; 3],
    /// Largest value of each column.
    most: Vec<f32>,
    /// Smallest value of each column.
    least: Vec<f32>,
}

impl Band {
    /// The two rows that start at `first_row`; the third comes with [`Self::advance`].
    pub fn new(octave: &Octave, first_row: usize) -> Self {
        let row = vec![0.0; octave.width()];
        let level = Level { rows: [row.clone(), row.clone(), row.clone()], most: row.clone(), least: row };
        let levels = std::array::from_fn(|_| level.clone());
        let mut band = Self { next_row: first_row, levels, is_extremum: vec![false; octave.width() - 2] };
        band.advance(octave);
        band.advance(octave);
        band
    }

    /// Takes in one row more and forgets the oldest.
    pub fn advance(&mut self, octave: &Octave) {
        for (level, two) in self.levels.iter_mut().zip(octave.layers.windows(2)) {
            let (finer, coarser) = (two[0].row(self.next_row), two[1].row(self.next_row));
            for ((out, fine), coarse) in level.rows[self.next_row % 3].iter_mut().zip(finer).zip(coarser) {
                *out = coarse - fine;
            }
            let n = level.most.len();
            let [a, b, c] = level.rows.each_ref().map(|row| &row[..n]);
            for (i, (most, least)) in level.most.iter_mut().zip(&mut level.least).enumerate() {
                *most = larger(larger(a[i], b[i]), c[i]);
                *least = smaller(smaller(a[i], b[i]), c[i]);
            }
        }
        self.next_row += 1;
    }

    /// Columns of the middle row whose difference is larger or smaller than all 26 around it and at least
    /// `contrast` from zero.
    pub fn extrema(&mut self, level: usize, contrast: f32) -> impl Iterator<Item = usize> {
        /// Columns that are skipped at a time, as nearly all are no extrema.
        const STRIDE: usize = 16;
        self.mark(level, contrast);
        let groups = self.is_extremum.chunks(STRIDE).enumerate();
        groups.filter(|(_, group)| group.contains(&true)).flat_map(|(i, group)| {
            let marked = group.iter().enumerate().filter(|(_, is)| **is);
            marked.map(move |(k, _)| i * STRIDE + k + 1)
        })
    }

    fn mark(&mut self, level: usize, contrast: f32) {
        let n = self.is_extremum.len();
        let middle = (self.next_row + 1) % 3;
        let [finer, own, coarser] = [level - 1, level, level + 1].map(|l| &self.levels[l]);
        let [[a, b, c], [d, e, f]] = [shifted(&finer.most, n), shifted(&coarser.most, n)];
        let [[r, s, t], [u, v, w]] = [shifted(&finer.least, n), shifted(&coarser.least, n)];
        let ([g, _, h], [x, _, y]) = (shifted(&own.most, n), shifted(&own.least, n));
        let (value, above, below) = (
            &own.rows[middle][1..=n],
            &own.rows[(middle + 2) % 3][1..=n],
            &own.rows[(middle + 1) % 3][1..=n],
        );
        for (i, out) in self.is_extremum.iter_mut().enumerate() {
            let fine = larger(larger(a[i], b[i]), c[i]);
            let coarse = larger(larger(d[i], e[i]), f[i]);
            let beside = larger(larger(g[i], h[i]), larger(above[i], below[i]));
            let most = larger(larger(fine, coarse), larger(beside, contrast));
            let fine = smaller(smaller(r[i], s[i]), t[i]);
            let coarse = smaller(smaller(u[i], v[i]), w[i]);
            let beside = smaller(smaller(x[i], y[i]), smaller(above[i], below[i]));
            let least = smaller(smaller(fine, coarse), smaller(beside, -contrast));
            let (rises, falls) = (value[i] > most, value[i] < least);
            *out = rises | falls;
        }
    }
}

/// A row from its first, second and third pixel on.
fn shifted(row: &[f32], n: usize) -> [&[f32]; 3] {
    [&row[..n], &row[1..=n], &row[2..n + 2]]
}

/// One instruction, where `f32::max` takes care of NaN with three.
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// One instruction, where `f32::min` takes care of NaN with three.
fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}
