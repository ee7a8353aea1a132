//! What most of a list of heights agrees on.

/// Half height of the band of heights that counts as one plane, metres: a slab with its formwork, starter bars lying
/// flat and the noise of matching.
const PLANE_HALF_BAND_M: f64 = 0.3;

/// The part of ascending heights that a band of twice [`PLANE_HALF_BAND_M`] holds most of: the mode of their histogram.
pub(crate) fn dominant(ascending: &[f64]) -> &[f64] {
    let (mut first, mut best) = (0, 0..0);
    for end in 1..=ascending.len() {
        while ascending[end - 1] - ascending[first] > 2.0 * PLANE_HALF_BAND_M {
            first += 1;
        }
        if end - first > best.len() {
            best = first..end;
        }
    }
    &ascending[best]
}

/// Median of ascending values; NaN of none.
pub(crate) fn median(ascending: &[f64]) -> f64 {
    let n = ascending.len();
    if n == 0 { f64::NAN } else { 0.5 * (ascending[(n - 1) / 2] + ascending[n / 2]) }
}

/// Standard deviation estimated from the quartiles of ascending values (1.349 sigma apart in a normal law).
pub(crate) fn spread(ascending: &[f64]) -> f64 {
    let n = ascending.len();
    if n < 4 { 0.0 } else { (ascending[3 * n / 4] - ascending[n / 4]) / 1.349 }
}

/// Finite values in ascending order.
pub(crate) fn ascending(values: impl Iterator<Item = f32>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.filter(|v| v.is_finite()).map(f64::from).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}
