use image::RgbImage;
use nalgebra::Vector2;

/// Colour of a square of `side_px` pixels about a pixel position: bilinear where the square is about a pixel, the mean of
/// the pixels in it where it is larger.
pub(crate) fn colour(photo: &RgbImage, pixel: &Vector2<f64>, side_px: f64) -> [f32; 3] {
    const ONE_PIXEL: f64 = 1.5;
    if side_px < ONE_PIXEL { bilinear(photo, pixel) } else { mean(photo, pixel, side_px) }
}

fn bilinear(photo: &RgbImage, pixel: &Vector2<f64>) -> [f32; 3] {
    let (x, y) = (pixel.x - 0.5, pixel.y - 0.5);
    let (dx, dy) = ((x - x.floor()) as f32, (y - y.floor()) as f32);
    let at = |i: f64, j: f64| {
        let column = (x.floor() + i).clamp(0.0, f64::from(photo.width() - 1)) as u32;
        let row = (y.floor() + j).clamp(0.0, f64::from(photo.height() - 1)) as u32;
        photo.get_pixel(column, row).0.map(f32::from)
    };
    let (a, b, c, d) = (at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0), at(1.0, 1.0));
    std::array::from_fn(|k| {
        let top = a[k] * (1.0 - dx) + b[k] * dx;
        let bottom = c[k] * (1.0 - dx) + d[k] * dx;
        top * (1.0 - dy) + bottom * dy
    })
}

fn mean(photo: &RgbImage, pixel: &Vector2<f64>, side_px: f64) -> [f32; 3] {
    let range = |center: f64, size: u32| {
        let first = (center - side_px / 2.0).round().clamp(0.0, f64::from(size - 1)) as u32;
        let end = (center + side_px / 2.0).round().clamp(0.0, f64::from(size)) as u32;
        first..end.max(first + 1)
    };
    let (columns, rows) = (range(pixel.x, photo.width()), range(pixel.y, photo.height()));
    let (mut sum, mut n) = ([0_u32; 3], 0_u32);
    for row in rows {
        for column in columns.clone() {
            let values = photo.get_pixel(column, row).0;
            sum.iter_mut().zip(values).for_each(|(s, v)| *s += u32::from(v));
            n += 1;
        }
    }
    sum.map(|s| s as f32 / n as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> RgbImage {
        RgbImage::from_fn(40, 30, |x, y| [(4 * x) as u8, (5 * y) as u8, 7].into())
    }

    #[test]
    fn a_ramp_is_reproduced_at_any_size_of_the_square() {
        let pixel = Vector2::new(20.25, 11.75);
        for side_px in [1.0, 5.0] {
            let [r, g, b] = colour(&ramp(), &pixel, side_px);
            assert!((r - 4.0 * 19.75).abs() < 2.1 && (g - 5.0 * 11.25).abs() < 2.6 && (b - 7.0).abs() < 1e-4);
        }
    }

    #[test]
    fn the_edge_of_the_photo_has_a_colour() {
        for (x, y) in [(0.0, 0.0), (40.0, 30.0), (39.9, 0.1)] {
            assert!(colour(&ramp(), &Vector2::new(x, y), 6.0)[2] > 6.9);
        }
    }
}
