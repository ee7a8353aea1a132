use nalgebra::{Matrix3, Vector3};

use super::DetectorOptions;
use super::band::Band;
use super::scale_space::{DIFFERENCES, Octave, STEPS, sigma};

/// A bright or dark spot: an extremum of the differences of Gaussians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blob {
    /// Which octave it was found in.
    pub octave: usize,
    /// Column in the octave's layers.
    pub x: f32,
    /// Row in the octave's layers.
    pub y: f32,
    /// Blur that answers strongest, octave pixels.
    pub sigma: f32,
    /// Column and row in the worked photo.
    pub at_base: [f32; 2],
    /// Absolute value of the interpolated extremum.
    pub contrast: f32,
}

/// Blobs keep so many octave pixels from the edge, so that most of what describes them is in the photo.
const BORDER: usize = 5;

/// The blobs of one octave, refined to a fraction of a pixel; flat ones and edges are left out.
///
/// Differences of layers are made row by row and live for three rows.
pub fn find(octave: &Octave, octave_idx: usize, options: &DetectorOptions) -> Vec<Blob> {
    let mut blobs = Vec::new();
    let mut band = Band::new(octave, BORDER - 1);
    for y in BORDER..octave.height() - BORDER {
        band.advance(octave);
        for level in 1..=STEPS {
            let found = band.extrema(level, 0.5 * options.min_contrast);
            let inside = found.filter(|x| (BORDER..octave.width() - BORDER).contains(x));
            let refined = inside.filter_map(|x| Refined::settle(octave, [x, y, level]));
            blobs.extend(refined.filter_map(|r| r.accepted(octave, octave_idx, options)));
        }
    }
    blobs
}

/// A quadratic fitted around a pixel of the differences.
struct Refined {
    /// Column, row and level of the pixel.
    cell: [usize; 3],
    /// Extremum relative to it.
    offset: Vector3<f32>,
    /// Value there.
    value: f32,
    hessian: Matrix3<f32>,
}

impl Refined {
    /// Moves to the pixel that holds the extremum of its own quadratic; `None` if there is none nearby.
    fn settle(octave: &Octave, mut cell: [usize; 3]) -> Option<Self> {
        const MOVES: usize = 5;
        /// Half a pixel and a little, so that extrema midway between pixels settle.
        const NEAR: f32 = 0.6;
        let limits = [octave.width(), octave.height(), DIFFERENCES];
        let borders = [BORDER, BORDER, 1];
        for _ in 0..MOVES {
            let (gradient, hessian) = derivatives(octave, cell);
            let offset = -(hessian.try_inverse()? * gradient);
            if offset.amax() < NEAR {
                let value = octave.difference(cell) + 0.5 * gradient.dot(&offset);
                return Some(Self { cell, offset, value, hessian });
            }
            for axis in 0..3 {
                let moved = cell[axis] as f32 + offset[axis].clamp(-2.0, 2.0).round();
                if moved < borders[axis] as f32 || moved >= (limits[axis] - borders[axis]) as f32 {
                    return None;
                }
                cell[axis] = moved as usize;
            }
        }
        None
    }

    /// The blob, unless it is flat or long.
    fn accepted(&self, octave: &Octave, octave_idx: usize, options: &DetectorOptions) -> Option<Blob> {
        let plane = self.hessian.fixed_view::<2, 2>(0, 0);
        let (trace, determinant) = (plane.trace(), plane.determinant());
        let ratio = options.max_edge_ratio;
        let round = trace * trace * ratio < (ratio + 1.0).powi(2) * determinant;
        if !round || self.value.abs() < options.min_contrast {
            return None;
        }
        let [x, y, level] = [0, 1, 2].map(|axis| self.cell[axis] as f32 + self.offset[axis]);
        let at_base = [x * octave.step, y * octave.step];
        Some(Blob { octave: octave_idx, x, y, sigma: sigma(level), at_base, contrast: self.value.abs() })
    }
}

/// Gradient and second derivatives along column, row and level by central differences.
fn derivatives(octave: &Octave, [x, y, level]: [usize; 3]) -> (Vector3<f32>, Matrix3<f32>) {
    let at = |dx: isize, dy: isize, dl: isize| {
        octave.difference([
            x.wrapping_add_signed(dx),
            y.wrapping_add_signed(dy),
            level.wrapping_add_signed(dl),
        ])
    };
    let twice = 2.0 * at(0, 0, 0);
    let gradient =
        Vector3::new(at(1, 0, 0) - at(-1, 0, 0), at(0, 1, 0) - at(0, -1, 0), at(0, 0, 1) - at(0, 0, -1));
    let xx = at(1, 0, 0) + at(-1, 0, 0) - twice;
    let yy = at(0, 1, 0) + at(0, -1, 0) - twice;
    let ll = at(0, 0, 1) + at(0, 0, -1) - twice;
    let xy = (at(1, 1, 0) - at(-1, 1, 0) - at(1, -1, 0) + at(-1, -1, 0)) * 0.25;
    let xl = (at(1, 0, 1) - at(-1, 0, 1) - at(1, 0, -1) + at(-1, 0, -1)) * 0.25;
    let yl = (at(0, 1, 1) - at(0, -1, 1) - at(0, 1, -1) + at(0, -1, -1)) * 0.25;
    (gradient * 0.5, Matrix3::new(xx, xy, xl, xy, yy, yl, xl, yl, ll))
}
