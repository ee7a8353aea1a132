//! A piece of an original photo about one of its pixels.

use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};
use nalgebra::Vector2;

use crate::error::Error;
use crate::store::write_whole;

/// Side of a piece, pixels; less at the edges of a photo.
const SIDE_PX: u32 = 512;
/// The cross leaves the marked pixel and its surroundings free: its arms reach from here to there, pixels.
const ARM_PX: (i64, i64) = (8, 28);
/// Red between white: seen on any ground.
const MARK: [(i64, Rgb<u8>); 3] =
    [(-1, Rgb([255, 255, 255])), (1, Rgb([255, 255, 255])), (0, Rgb([230, 0, 0]))];
/// Of 100: no trace of the encoder in what an inspector looks at.
const JPEG_QUALITY: u8 = 95;

/// Writes the surroundings of a pixel into a folder as `PHOTO_COL_ROW.jpg`, the pixel marked with a cross.
pub fn write_crop(photo: &Path, pixel: &Vector2<f64>, folder: &Path) -> Result<PathBuf, Error> {
    let piece = marked(&plumbline_photo::decode(photo)?, pixel);
    let name = photo.file_stem().unwrap_or_default().to_string_lossy();
    let path = folder.join(format!("{name}_{:.0}_{:.0}.jpg", pixel.x.floor(), pixel.y.floor()));
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .encode_image(&piece)
        .map_err(|source| Error::Picture { path: path.clone(), source })?;
    write_whole(&path, &bytes)?;
    Ok(path)
}

/// The piece with its cross.
fn marked(photo: &RgbImage, pixel: &Vector2<f64>) -> RgbImage {
    let corner =
        |at: f64, length: u32| (at as u32).saturating_sub(SIDE_PX / 2).min(length.saturating_sub(SIDE_PX));
    let (left, top) = (corner(pixel.x, photo.width()), corner(pixel.y, photo.height()));
    let mut piece = imageops::crop_imm(photo, left, top, SIDE_PX, SIDE_PX).to_image();
    let (col, row) = (pixel.x as i64 - i64::from(left), pixel.y as i64 - i64::from(top));
    let mut paint = |x: i64, y: i64, colour| {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if let Some(cell) = piece.get_pixel_mut_checked(x, y) {
            *cell = colour;
        }
    };
    for (aside, colour) in MARK {
        for along in (ARM_PX.0..=ARM_PX.1).flat_map(|along| [along, -along]) {
            paint(col + along, row + aside, colour);
            paint(col + aside, row + along, colour);
        }
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cross_is_about_the_pixel_and_leaves_it_free_even_at_an_edge() {
        let photo = RgbImage::from_pixel(1000, 800, Rgb([10, 20, 30]));
        for (x, y, col, row) in [(500.3, 400.9, 256, 256), (990.0, 3.0, 502, 3)] {
            let piece = marked(&photo, &Vector2::new(x, y));
            assert_eq!(piece.dimensions(), (SIDE_PX, SIDE_PX));
            assert_eq!(*piece.get_pixel(col, row), Rgb([10, 20, 30]));
            assert_eq!(*piece.get_pixel(col - 10, row), Rgb([230, 0, 0]));
            assert_eq!(*piece.get_pixel(col, row + 20), Rgb([230, 0, 0]));
        }
    }
}
