use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use image::RgbImage;
use nalgebra::Vector2;
use plumbline_scene::{Block, Photos};

use crate::rectify::SAMPLES_PER_CELL;
use crate::{Error, Options};

/// A grey picture, a byte a pixel, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gray {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

/// A photo halved again and again: `levels[i]` is `2^(finest + i)` times smaller than the photo.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pyramid {
    finest: usize,
    levels: Vec<Gray>,
}

/// Times a photo is halved from the finest level that is kept.
const HALVINGS: usize = 5;

/// Pixels that a cell may measure on the ground.
const PIXELS_PER_CELL: std::ops::RangeInclusive<f64> = 0.5..=64.0;

/// The grey pyramids of a block's photos, made when first asked for and kept as far as memory allows.
pub struct Pyramids<'a> {
    block: &'a Block,
    photos: &'a dyn Photos,
    finest: usize,
    capacity: usize,
    slots: Vec<Mutex<Option<Arc<Pyramid>>>>,
    recent: Mutex<VecDeque<usize>>,
}

impl<'a> Pyramids<'a> {
    /// An empty cache for matching cells of `cell_m` metres.
    pub fn new(
        block: &'a Block,
        photos: &'a dyn Photos,
        cell_m: f64,
        options: &Options,
    ) -> Result<Self, Error> {
        let gsd_m = block.gsd_m();
        if block.tracks.is_empty() {
            return Err(Error::NoTracks);
        }
        if !PIXELS_PER_CELL.contains(&(cell_m / gsd_m)) {
            return Err(Error::UnusableCell { cell_m, gsd_m });
        }
        let finest = (cell_m / SAMPLES_PER_CELL / gsd_m).log2().round().max(0.0) as usize;
        let photo_pixels =
            block.cameras.iter().map(|c| c.width as usize * c.height as usize).max().unwrap_or(1);
        let pyramid_bytes = (photo_pixels >> (2 * finest)) * 4 / 3;
        Ok(Self {
            block,
            photos,
            finest,
            capacity: (options.cache_bytes / pyramid_bytes.max(1)).max(options.tile_views),
            slots: block.views.iter().map(|_| Mutex::new(None)).collect(),
            recent: Mutex::new(VecDeque::new()),
        })
    }

    /// The pyramid of a view.
    pub(crate) fn get(&self, view_idx: usize) -> Result<Arc<Pyramid>, Error> {
        let pyramid = {
            let mut slot = self.slots[view_idx].lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(pyramid) = slot.as_ref() {
                Arc::clone(pyramid)
            } else {
                let pyramid = Arc::new(self.build(view_idx)?);
                *slot = Some(Arc::clone(&pyramid));
                pyramid
            }
        };
        self.remember(view_idx);
        Ok(pyramid)
    }

    fn build(&self, view_idx: usize) -> Result<Pyramid, Error> {
        let photo = self.photos.rgb(view_idx)?;
        let view = &self.block.views[view_idx];
        let camera = self.block.camera(view);
        if photo.dimensions() != (camera.width, camera.height) {
            return Err(Error::PhotoSize {
                name: view.name.clone(),
                found: photo.dimensions(),
                expected: (camera.width, camera.height),
            });
        }
        Ok(Pyramid::of(&photo, self.finest))
    }

    /// Moves a view to the front and forgets the one that was asked for longest ago.
    fn remember(&self, view_idx: usize) {
        let forgotten = {
            let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.retain(|&v| v != view_idx);
            recent.push_front(view_idx);
            if recent.len() > self.capacity { recent.pop_back() } else { None }
        };
        if let Some(old) = forgotten {
            *self.slots[old].lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

impl Pyramid {
    /// Halves a photo `finest` times and keeps that level and the next [`HALVINGS`].
    pub fn of(photo: &RgbImage, finest: usize) -> Self {
        let mut level = Gray::of(photo);
        for _ in 0..finest {
            level = level.halved();
        }
        let mut levels = vec![level];
        for i in 0..HALVINGS {
            levels.push(levels[i].halved());
        }
        Self { finest, levels }
    }

    /// The level whose pixels come closest to `pixels_per_sample` pixels of the photo, with the factor from photo
    /// pixels to its pixels.
    pub fn level(&self, pixels_per_sample: f64) -> (&Gray, f64) {
        let wanted = pixels_per_sample.log2().round().max(0.0) as usize;
        let i = wanted.saturating_sub(self.finest).min(self.levels.len() - 1);
        (&self.levels[i], 0.5_f64.powi((self.finest + i) as i32))
    }
}

impl Gray {
    /// Luma of a photo.
    fn of(photo: &RgbImage) -> Self {
        let pixels = photo
            .as_raw()
            .chunks_exact(3)
            .map(|p| ((77 * u16::from(p[0]) + 150 * u16::from(p[1]) + 28 * u16::from(p[2])) >> 8) as u8)
            .collect();
        Self { width: photo.width() as usize, height: photo.height() as usize, pixels }
    }

    /// Value of a place that is not in the picture.
    pub const OUTSIDE: u16 = u16::MAX;

    /// Bilinear values in 256ths, so that they keep their fractions, at pixels a `step` apart; [`Self::OUTSIDE`] beyond the
    /// picture and where a pixel is not a number. Pixels are counted in 65536ths, their fractions in 256ths.
    pub fn bilinear_along<const N: usize>(&self, first: Vector2<f32>, step: Vector2<f32>) -> [u16; N] {
        if (first + step).sum().is_nan() {
            return [Self::OUTSIDE; N];
        }
        let fixed = |x: f32| (x * 65536.0) as i32;
        let (x, y) = (fixed(first.x - 0.5), fixed(first.y - 0.5));
        let (right, down) = (fixed(step.x), fixed(step.y));
        let place = |i: usize| (x + right * i as i32, y + down * i as i32);
        let (end_x, end_y) = ((self.width as i32 - 1) << 16, (self.height as i32 - 1) << 16);
        let is_inside = |(x, y): (i32, i32)| (0..end_x).contains(&x) && (0..end_y).contains(&y);
        if is_inside(place(0)) && is_inside(place(N - 1)) {
            return std::array::from_fn(|i| self.bilinear(place(i)));
        }
        std::array::from_fn(|i| if is_inside(place(i)) { self.bilinear(place(i)) } else { Self::OUTSIDE })
    }

    #[inline]
    fn bilinear(&self, (x, y): (i32, i32)) -> u16 {
        let at = (y >> 16) as usize * self.width + (x >> 16) as usize;
        let (above, below) = (&self.pixels[at..at + 2], &self.pixels[at + self.width..][..2]);
        let (x, y) = ((x >> 8) as u32 & 255, (y >> 8) as u32 & 255);
        let across = |pair: &[u8]| u32::from(pair[0]) * (256 - x) + u32::from(pair[1]) * x;
        ((across(above) * (256 - y) + across(below) * y) >> 8) as u16
    }

    /// Means of 2 x 2 pixels; an odd last row or column is dropped.
    fn halved(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut pixels = Vec::with_capacity(width * height);
        for row in 0..height {
            let top = &self.pixels[(2 * row).min(self.height - 1) * self.width..][..self.width];
            let bottom = &self.pixels[(2 * row + 1).min(self.height - 1) * self.width..][..self.width];
            for (a, b) in top.chunks_exact(2).zip(bottom.chunks_exact(2)).take(width) {
                let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                pixels.push(((sum + 2) / 4) as u8);
            }
            pixels.resize((row + 1) * width, top[0]);
        }
        Self { width, height, pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_along_a_line_are_bilinear_and_end_with_the_picture() {
        let gray = Gray { width: 3, height: 2, pixels: vec![0, 100, 200, 10, 110, 210] };
        let along: [u16; 4] = gray.bilinear_along(Vector2::new(0.75, 1.0), Vector2::new(0.75, 0.0));
        let expected = [30.0, 105.0, 180.0].map(|grey: f64| (grey * 256.0) as u16);
        assert_eq!(along, [expected[0], expected[1], expected[2], Gray::OUTSIDE]);
        let nowhere: [u16; 2] = gray.bilinear_along(Vector2::repeat(f32::NAN), Vector2::repeat(f32::NAN));
        assert_eq!(nowhere, [Gray::OUTSIDE; 2]);
    }

    #[test]
    fn halving_keeps_the_mean() {
        let photo = RgbImage::from_fn(8, 6, |x, y| image::Rgb([(x * 20 + y) as u8; 3]));
        let pyramid = Pyramid::of(&photo, 0);
        let mean = |g: &Gray| g.pixels.iter().map(|&p| f64::from(p)).sum::<f64>() / g.pixels.len() as f64;
        assert!((mean(&pyramid.levels[0]) - mean(&pyramid.levels[1])).abs() < 2.0);
        let (level, scale) = pyramid.level(2.2);
        assert_eq!((level.width, level.height), (4, 3));
        assert!((scale - 0.5).abs() < 1e-12);
    }
}
