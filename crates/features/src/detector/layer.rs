use image::GrayImage;

/// A grey picture with values from 0 to 1; indices count pixels, so that (0, 0) is the centre of the first one.
pub struct Layer {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    values: Vec<f32>,
}

/// Pixels that are blurred side by side in registers.
const LANES: usize = 32;

/// Photos up to this long were shrunk from larger ones, and their finest blobs are worth a doubled photo, pixels.
const DOUBLED_UP_TO_PX: u32 = 1200;

impl Layer {
    /// Smallest side of a layer that blobs are looked for in.
    pub const MIN_SIDE: usize = LANES;

    /// The photo at the size it is worked on, and the size of a worked pixel in pixels of the photo.
    pub fn for_work(gray: &GrayImage, longest_side_px: u32) -> (Self, f32) {
        let longest = gray.width().max(gray.height()).max(1);
        if longest <= DOUBLED_UP_TO_PX.min(longest_side_px / 2) {
            return (Self::doubled(gray), 0.5);
        }
        let factor = longest.div_ceil(longest_side_px.max(1));
        (Self::reduced(gray, factor as usize), factor as f32)
    }

    /// Means of `factor` x `factor` pixels; rows and columns left over at the end are dropped.
    fn reduced(gray: &GrayImage, factor: usize) -> Self {
        let (width, height) = (gray.width() as usize / factor, gray.height() as usize / factor);
        let share = 1.0 / (255.0 * (factor * factor) as f32);
        let mut values = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; width];
        for y in 0..height {
            sums.fill(0);
            for source in gray.as_raw().chunks_exact(gray.width() as usize).skip(y * factor).take(factor) {
                for (sum, block) in sums.iter_mut().zip(source.chunks_exact(factor)) {
                    *sum += block.iter().map(|&v| u32::from(v)).sum::<u32>();
                }
            }
            values.extend(sums.iter().map(|&sum| sum as f32 * share));
        }
        Self { width, height, values }
    }

    /// Twice as many pixels along each side, linearly interpolated.
    fn doubled(gray: &GrayImage) -> Self {
        let source = Self::reduced(gray, 1);
        let mut values = Vec::with_capacity(4 * source.values.len());
        let mut between = vec![0.0; source.width];
        for y in 0..2 * source.height {
            let farther =
                if y % 2 == 0 { (y / 2).saturating_sub(1) } else { (y / 2 + 1).min(source.height - 1) };
            for ((out, near), far) in between.iter_mut().zip(source.row(y / 2)).zip(source.row(farther)) {
                *out = quarter_way(*near, *far);
            }
            let (first, last) = (between[0], between[source.width - 1]);
            let left = std::iter::once(&first).chain(&between);
            let right = between[1..].iter().chain(std::iter::once(&last));
            for ((near, left), right) in between.iter().zip(left).zip(right) {
                values.extend([quarter_way(*near, *left), quarter_way(*near, *right)]);
            }
        }
        Self { width: 2 * source.width, height: 2 * source.height, values }
    }

    /// Every second pixel of every second row, from the first.
    pub fn halved(&self) -> Self {
        let rows = (0..self.height).step_by(2).map(|y| self.row(y));
        let values = rows.flat_map(|row| row.iter().step_by(2).copied()).collect();
        Self { width: self.width.div_ceil(2), height: self.height.div_ceil(2), values }
    }

    /// A row of pixels.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    /// A pixel.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.width + x]
    }

    /// The values between pixels at `start`, `start + step`, `start + 2 step` and so on; beyond the edge they are those of
    /// the edge.
    pub fn bilinear_along<const N: usize>(&self, start: [f32; 2], step: [f32; 2]) -> [f32; N] {
        let place = |axis: usize, last: usize| -> [f32; N] {
            std::array::from_fn(|i| step[axis].mul_add(i as f32, start[axis]).clamp(0.0, last as f32))
        };
        let (x, y) = (place(0, self.width - 1), place(1, self.height - 1));
        let whole = |v: &[f32; N], last: usize| -> [u32; N] {
            std::array::from_fn(|i| (v[i] as i32 as u32).min(last as u32))
        };
        let (col, row) = (whole(&x, self.width - 2), whole(&y, self.height - 2));
        let mut corners = [[0.0; N]; 4];
        for i in 0..N {
            let at = row[i] as usize * self.width + col[i] as usize;
            let upper = &self.values[at..at + 2];
            let lower = &self.values[at + self.width..at + self.width + 2];
            for (corner, value) in corners.iter_mut().zip([upper[0], upper[1], lower[0], lower[1]]) {
                corner[i] = value;
            }
        }
        let [a, b, c, d] = corners;
        std::array::from_fn(|i| {
            let (fx, fy) = (x[i] - col[i] as f32, y[i] - row[i] as f32);
            let (top, bottom) = (a[i] + fx * (b[i] - a[i]), c[i] + fx * (d[i] - c[i]));
            top + fy * (bottom - top)
        })
    }

    /// Convolved with a Gaussian of standard deviation `sigma` pixels; pixels of the edge continue beyond it.
    ///
    /// The layer has to be at least [`Self::MIN_SIDE`] wide.
    pub fn blurred(&self, sigma: f32) -> Self {
        let kernel = half_kernel(sigma);
        let reach = kernel.len() - 1;
        let mut values = vec![0.0; self.values.len()];
        let mut padded = vec![0.0; self.width + 2 * reach];
        for (y, out) in values.chunks_exact_mut(self.width).enumerate() {
            weigh(&mut padded[reach..reach + self.width], &kernel, |k| {
                (self.row(y.saturating_sub(k)), self.row((y + k).min(self.height - 1)))
            });
            let (first, last) = (padded[reach], padded[reach + self.width - 1]);
            padded[..reach].fill(first);
            padded[reach + self.width..].fill(last);
            weigh(out, &kernel, |k| (&padded[reach - k..], &padded[reach + k..]));
        }
        Self { width: self.width, height: self.height, values }
    }
}

/// The value a quarter of the way from one pixel to the next.
fn quarter_way(near: f32, far: f32) -> f32 {
    0.25_f32.mul_add(far - near, near)
}

/// Weights of a Gaussian at distances 0, 1, 2 ...; the first one halved, as both sides of a pair of taps meet there.
fn half_kernel(sigma: f32) -> Vec<f32> {
    /// Where the tail is cut, in standard deviations: 0.3 % of the weight lies beyond.
    const REACH: f32 = 3.0;
    let reach = (REACH * sigma).ceil() as i32;
    let mut kernel: Vec<f32> = (0..=reach).map(|k| (-0.5 * (k as f32 / sigma).powi(2)).exp()).collect();
    kernel[0] *= 0.5;
    let sum: f32 = 2.0 * kernel.iter().sum::<f32>();
    kernel.iter().map(|w| w / sum).collect()
}

/// `out[i] = sum over k of kernel[k] * (before[i] + after[i])`, `taps(k)` being the slices `(before, after)`.
fn weigh<'a>(out: &mut [f32], kernel: &[f32], taps: impl Fn(usize) -> (&'a [f32], &'a [f32])) {
    let last = out.len() - LANES;
    for start in (0..last).step_by(LANES).chain([last]) {
        let mut sums = [0.0_f32; LANES];
        for (k, &weight) in kernel.iter().enumerate() {
            let (before, after) = taps(k);
            let (before, after) = (&before[start..start + LANES], &after[start..start + LANES]);
            for i in 0..LANES {
                sums[i] = weight.mul_add(before[i] + after[i], sums[i]);
            }
        }
        out[start..start + LANES].copy_from_slice(&sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(side: usize) -> Layer {
        let mut values = vec![0.0; side * side];
        values[side / 2 * side + side / 2] = 1.0;
        Layer { width: side, height: side, values }
    }

    #[test]
    fn a_blurred_spot_is_a_gaussian_of_the_same_sum() {
        let sigma = 2.0;
        let blurred = spot(65).blurred(sigma);
        let sum: f32 = blurred.values.iter().sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        let peak = 1.0 / (2.0 * std::f32::consts::PI * sigma * sigma);
        assert!((blurred.at(32, 32) / peak - 1.0).abs() < 0.02);
        let aside = peak * (-0.5 * (9.0 + 4.0) / (sigma * sigma)).exp();
        assert!((blurred.at(35, 30) / aside - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_flat_layer_stays_flat_up_to_its_edge() {
        let flat = Layer { width: 50, height: 40, values: vec![0.25; 2000] }.blurred(3.0);
        assert!(flat.values.iter().all(|v| (v - 0.25).abs() < 1e-6));
    }

    #[test]
    fn reducing_takes_means_and_doubling_interpolates() {
        let gray = GrayImage::from_raw(4, 2, vec![0, 10, 20, 30, 20, 30, 40, 50]).unwrap();
        let means = Layer::reduced(&gray, 2);
        assert!((means.at(0, 0) - 15.0 / 255.0).abs() < 1e-6 && (means.at(1, 0) - 35.0 / 255.0).abs() < 1e-6);
        let doubled = Layer::doubled(&gray);
        assert_eq!((doubled.width, doubled.height), (8, 4));
        assert!((doubled.at(1, 0) - 2.5 / 255.0).abs() < 1e-6);
    }
}
