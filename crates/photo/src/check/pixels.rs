use image::{RgbImage, imageops};

/// Sharpness and exposure of a decoded photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PixelStatistics {
    /// Energy of the second differences over energy of the first differences, in the sharp parts of the photo. Free of
    /// the contrast of the scene: photos of one flight agree within a quarter, a blur of one pixel takes it down to a third.
    pub sharpness: f64,
    /// Share of pixels as dark as the sensor goes.
    pub black: f64,
    /// Share of pixels as bright as the sensor goes.
    pub white: f64,
}

/// Side of the squares that are looked at, pixels of the full photo: a reduced photo would look sharp however blurred it is.
const SQUARE_PX: u32 = 192;

/// Squares in a row and in a column.
const SQUARES: u32 = 4;

/// The sharpness of a photo is that of its fourth-sharpest square: water and shadows have no detail, whatever the focus.
const RANK: usize = 3;

/// Grey values that count as clipped.
const BLACK: f32 = 4.0;
const WHITE: f32 = 251.0;

impl PixelStatistics {
    pub(crate) fn of(photo: &RgbImage) -> Self {
        let squares = squares(photo);
        let mut sharpness: Vec<f64> = squares.iter().map(square_sharpness).collect();
        sharpness.sort_by(|a, b| b.total_cmp(a));
        let share = |clipped: &dyn Fn(f32) -> bool| {
            let counts = squares.iter().map(|s| s.values.iter().filter(|&&v| clipped(v)).count());
            counts.sum::<usize>() as f64 / squares.iter().map(|s| s.values.len()).sum::<usize>().max(1) as f64
        };
        Self {
            sharpness: sharpness.get(RANK).or(sharpness.last()).copied().unwrap_or(0.0),
            black: share(&|v| v <= BLACK),
            white: share(&|v| v >= WHITE),
        }
    }
}

/// Grey values, row by row.
struct Square {
    width: usize,
    values: Vec<f32>,
}

/// Squares spread evenly over the photo.
fn squares(photo: &RgbImage) -> Vec<Square> {
    let (width, height) = photo.dimensions();
    let (w, h) = (SQUARE_PX.min(width / SQUARES).max(1), SQUARE_PX.min(height / SQUARES).max(1));
    let mut found = Vec::new();
    for i in 0..SQUARES {
        for j in 0..SQUARES {
            let (x, y) = ((2 * j + 1) * width / (2 * SQUARES), (2 * i + 1) * height / (2 * SQUARES));
            let view = imageops::crop_imm(photo, x.saturating_sub(w / 2), y.saturating_sub(h / 2), w, h);
            let grey =
                |[r, g, b]: [u8; 3]| 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
            let values = view.to_image().pixels().map(|p| grey(p.0)).collect();
            found.push(Square { width: w as usize, values });
        }
    }
    found
}

/// Below this mean squared slope (grey values) there is nothing to judge sharpness by.
const LEAST_GRADIENT: f64 = 2.0;

/// The smaller of the sharpness along rows and along columns: a moving camera blurs one direction only.
fn square_sharpness(square: &Square) -> f64 {
    sharpness_along(square, 1).min(sharpness_along(square, square.width))
}

/// Of differences between pixels that lie `step` values apart.
fn sharpness_along(square: &Square, step: usize) -> f64 {
    let (w, values) = (square.width, &square.values);
    let (mut first, mut second, mut n) = (0.0_f64, 0.0_f64, 0_usize);
    for row in 1..(values.len() / w).saturating_sub(1) {
        for col in 1..w.saturating_sub(1) {
            let i = row * w + col;
            let slope = values[i + step] - values[i - step];
            let bend = values[i + step] + values[i - step] - 2.0 * values[i];
            first += f64::from(slope * slope) / 4.0;
            second += f64::from(bend * bend) / 2.0;
            n += 1;
        }
    }
    if first < LEAST_GRADIENT * n as f64 || n == 0 { 0.0 } else { second / first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::texture;

    #[test]
    fn a_blurred_photo_is_less_sharp_and_a_darker_one_is_not() {
        let sharp = texture(800, 600, 5);
        let of = |photo: &RgbImage| PixelStatistics::of(photo).sharpness;
        let darker = RgbImage::from_fn(800, 600, |x, y| sharp.get_pixel(x, y).0.map(|v| v / 2).into());
        assert!(of(&imageops::fast_blur(&sharp, 2.0)) < 0.3 * of(&sharp));
        assert!((0.8..1.25).contains(&(of(&darker) / of(&sharp))));
    }

    #[test]
    fn a_photo_smeared_along_its_rows_is_less_sharp() {
        let sharp = texture(800, 600, 5);
        let smeared = RgbImage::from_fn(790, 600, |x, y| {
            let mean = (0..8).map(|i| u32::from(sharp.get_pixel(x + i, y).0[0])).sum::<u32>() / 8;
            [mean as u8; 3].into()
        });
        assert!(PixelStatistics::of(&smeared).sharpness < 0.5 * PixelStatistics::of(&sharp).sharpness);
    }

    #[test]
    fn clipped_pixels_are_counted() {
        let half = RgbImage::from_fn(800, 600, |x, _| [if x < 400 { 255 } else { 100 }; 3].into());
        let statistics = PixelStatistics::of(&half);
        assert!((statistics.white - 0.5).abs() < 1e-9 && statistics.black == 0.0);
    }
}
