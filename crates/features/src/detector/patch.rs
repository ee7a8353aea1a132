use super::extrema::Blob;
use super::layer::Layer;

/// Gradients on a square grid about a blob, turned with it.
pub struct Gradients<const N: usize> {
    /// Lengths, row by row.
    pub magnitudes: [[f32; N]; N],
    /// Directions relative to the patch, radians in -pi..pi, row by row.
    pub angles: [[f32; N]; N],
}

impl<const N: usize> Gradients<N> {
    /// Samples the layer on a grid of `N + 2` by `N + 2` points (`M`), whose x axis points along `angle`, `spacing`
    /// times the blob's scale apart.
    pub fn around<const M: usize>(layer: &Layer, blob: &Blob, angle: f32, spacing: f32) -> Self {
        const { assert!(M == N + 2, "central differences need one sample more on each side") };
        let samples = sampled::<M>(layer, blob, angle, spacing);
        let mut gradients = Self { magnitudes: [[0.0; N]; N], angles: [[0.0; N]; N] };
        for row in 0..N {
            let (above, own, below) = (&samples[row], &samples[row + 1], &samples[row + 2]);
            for col in 0..N {
                let dx = own[col + 2] - own[col];
                let dy = below[col + 1] - above[col + 1];
                gradients.magnitudes[row][col] = (dx * dx + dy * dy).sqrt();
                gradients.angles[row][col] = arc(dy, dx);
            }
        }
        gradients
    }
}

fn sampled<const M: usize>(layer: &Layer, blob: &Blob, angle: f32, spacing: f32) -> [[f32; M]; M] {
    let step = spacing * blob.sigma;
    let (sin, cos) = (angle.sin() * step, angle.cos() * step);
    let middle = (M as f32 - 1.0) / 2.0;
    std::array::from_fn(|j| {
        let v = j as f32 - middle;
        let start = [blob.x - middle * cos - v * sin, blob.y - middle * sin + v * cos];
        layer.bilinear_along(start, [cos, sin])
    })
}

/// `atan2` to 3e-4 radians, without branches, so that a row is worked at once.
///
/// Polynomial of Abramowitz and Stegun's kind, minimax over 0..1.
fn arc(y: f32, x: f32) -> f32 {
    use std::f32::consts::{FRAC_PI_2, PI};
    let (ax, ay) = (x.abs(), y.abs());
    let t = ax.min(ay) / (ax.max(ay) + f32::MIN_POSITIVE);
    let s = t * t;
    let eighth = ((-0.046_496_475 * s + 0.159_314_22) * s - 0.327_622_76) * s * t + t;
    let quarter = if ay > ax { FRAC_PI_2 - eighth } else { eighth };
    let half = if x < 0.0 { PI - quarter } else { quarter };
    if y < 0.0 { -half } else { half }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arc_is_that_of_atan2() {
        for i in 0..360 {
            let angle = (i as f32 - 179.7).to_radians();
            let (y, x) = (3.0 * angle.sin(), 3.0 * angle.cos());
            assert!((arc(y, x) - y.atan2(x)).abs() < 4e-4, "{i}");
        }
        assert!(arc(0.0, 0.0).abs() < 1e-6);
    }
}
