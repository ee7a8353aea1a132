use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, crop_imm};
use image::{DynamicImage, RgbImage};
use serde::Serialize;

use crate::Error;

/// Room around the outline, as a share of its longer side.
const MARGIN: f64 = 0.6;
/// Least side of a window, pixels of the photo.
const LEAST_PX: u32 = 360;
/// Width over height.
const ASPECT: f64 = 4.0 / 3.0;
/// Most pixels across a window in the document.
const MOST_PX: u32 = 1400;
/// Quality of the window's JPEG.
const QUALITY: u8 = 85;

/// The part of a photo around an outline, and the outline in it.
#[derive(Debug, Serialize)]
pub(crate) struct Window {
    /// Column and row of the upper left corner, columns and rows, in pixels of the photo.
    pub px: [u32; 4],
    /// Width and height of the photo, pixels.
    pub photo_px: [u32; 2],
    /// Rings of the outline, as shares of the window's width and height.
    pub rings: Vec<Vec<[f64; 2]>>,
    /// The window as a JPEG.
    #[serde(skip)]
    pub jpeg: Vec<u8>,
}

impl Window {
    /// The window of a photo around an outline in its pixels; the whole photo where there is no outline.
    pub fn of(photo: &[u8], sha256: &str, outline_px: &[Vec<[i32; 2]>]) -> Result<Self, Error> {
        let picture = |source| Error::Picture { sha256: sha256.to_owned(), source };
        let photo = image::load_from_memory(photo).map_err(picture)?.into_rgb8();
        let (width, height) = photo.dimensions();
        let px = extent(outline_px).map_or([0, 0, width, height], |extent| around(extent, width, height));
        let [left, top, across, down] = px;
        let part = shrunk(crop_imm(&photo, left, top, across, down).to_image());
        let mut jpeg = Cursor::new(Vec::new());
        part.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY)).map_err(picture)?;
        let share = |[x, y]: &[i32; 2]| {
            let along = |at: i32, from: u32, side: u32| (f64::from(at) - f64::from(from)) / f64::from(side);
            [along(*x, left, across), along(*y, top, down)]
        };
        let rings = outline_px.iter().map(|ring| ring.iter().map(share).collect()).collect();
        Ok(Self { px, photo_px: [width, height], rings, jpeg: jpeg.into_inner() })
    }
}

/// Least and greatest column and row of an outline.
fn extent(outline_px: &[Vec<[i32; 2]>]) -> Option<[i32; 4]> {
    let corners = || outline_px.iter().flatten();
    let (xs, ys) = (corners().map(|[x, _]| *x), corners().map(|[_, y]| *y));
    Some([xs.clone().min()?, ys.clone().min()?, xs.max()?, ys.max()?])
}

/// A window of the fixed aspect around an extent, kept inside the photo.
fn around([x0, y0, x1, y1]: [i32; 4], width: u32, height: u32) -> [u32; 4] {
    let (w, h) = (f64::from(x1 - x0), f64::from(y1 - y0));
    let margin = 2.0 * MARGIN * w.max(h);
    let across = (w + margin).max((h + margin) * ASPECT).max(f64::from(LEAST_PX) * ASPECT);
    let across = (across.round() as u32).min(width);
    let down = ((f64::from(across) / ASPECT).round() as u32).clamp(1, height);
    let inside = |low: i32, high: i32, side: u32, whole: u32| {
        let start = (i64::from(low) + i64::from(high) - i64::from(side)) / 2;
        start.clamp(0, i64::from(whole - side)) as u32
    };
    [inside(x0, x1, across, width), inside(y0, y1, down, height), across, down]
}

fn shrunk(part: RgbImage) -> DynamicImage {
    let part = DynamicImage::from(part);
    if part.width() > MOST_PX { part.resize(MOST_PX, MOST_PX, FilterType::Triangle) } else { part }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// A grey photo of 2000 x 1500 pixels with a white square.
    fn photo() -> Vec<u8> {
        let photo = RgbImage::from_fn(2000, 1500, |x, y| {
            let white = (900..1000).contains(&x) && (1300..1400).contains(&y);
            Rgb([if white { 255 } else { 60 }; 3])
        });
        let mut png = Cursor::new(Vec::new());
        DynamicImage::from(photo).write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    }

    #[test]
    fn the_outline_lies_over_what_it_outlines() {
        let ring = vec![[900, 1300], [1000, 1300], [1000, 1400], [900, 1400], [900, 1300]];
        let window = Window::of(&photo(), "ab", &[ring]).unwrap();
        assert!(window.px[1] + window.px[3] <= 1500 && window.px[3] >= LEAST_PX, "{:?}", window.px);
        let part = image::load_from_memory(&window.jpeg).unwrap().into_luma8();
        let (w, h) = (f64::from(part.width()), f64::from(part.height()));
        for (share, inward) in window.rings[0].iter().zip([[6, 6], [-6, 6], [-6, -6], [6, -6]]) {
            let at = [(share[0] * w) as i32, (share[1] * h) as i32];
            let seen = |k: i32| part[((at[0] + k * inward[0]) as u32, (at[1] + k * inward[1]) as u32)][0];
            assert!(seen(1) > 200 && seen(-1) < 110, "{share:?}: {} {}", seen(1), seen(-1));
        }
    }

    #[test]
    fn a_photo_without_an_outline_is_shown_whole_and_no_larger_than_needed() {
        let window = Window::of(&photo(), "ab", &[]).unwrap();
        assert_eq!(window.px, [0, 0, 2000, 1500]);
        assert_eq!(image::load_from_memory(&window.jpeg).unwrap().width(), MOST_PX);
    }

    #[test]
    fn an_outline_outside_of_the_photo_still_has_a_window_inside() {
        let [left, top, across, down] = around([-4000, 1400, -10, 1600], 2000, 1500);
        assert!(left + across <= 2000 && top + down <= 1500 && across > 0 && down > 0);
    }

    #[test]
    fn what_is_no_picture_is_named_by_its_digest() {
        let error = Window::of(b"no picture", "abcd", &[]).unwrap_err();
        assert!(error.to_string().contains("abcd"));
    }
}
