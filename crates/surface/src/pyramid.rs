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

    /// Bilinear values in 256ths, so that they keep their fractions, at pixels a `step` apart; places outside are not `seen`
    /// and keep their values. Pixels are counted in 65536ths, their fractions in 256ths.
    pub fn bilinear_along(
        &self,
        first: Vector2<f32>,
        step: Vector2<f32>,
        values: &mut [u16],
        seen: &mut [bool],
    ) {
        let fixed = |x: f32| (x * 65536.0) as i32;
        let (x, y) = (fixed(first.x - 0.5), fixed(first.y - 0.5));
        let (right, down) = (fixed(step.x), fixed(step.y));
        let (last_x, last_y) = ((self.width as i32 - 1) << 16, (self.height as i32 - 1) << 16);
        for (i, (value, seen)) in values.iter_mut().zip(seen).enumerate() {
            let (x, y) = (x + right * i as i32, y + down * i as i32);
            *seen = (0..last_x).contains(&x) && (0..last_y).contains(&y);
            if *seen {
                let at = (y >> 16) as usize * self.width + (x >> 16) as usize;
                let (above, below) = (&self.pixels[at..at + 2], &self.pixels[at + self.width..][..2]);
                let (x, y) = ((x >> 8) as u32 & 255, (y >> 8) as u32 & 255);
                let across = |pair: &[u8]| u32::from(pair[0]) * (256 - x) + u32::from(pair[1]) * x;
                *value = ((across(above) * (256 - y) + across(below) * y) >> 8) as u16;
            }
        }
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
