//! Decoded photos, as many as memory allows.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use image::RgbImage;
use plumbline_scene::{Photos, PhotosError};

/// Bytes of decoded photos kept at a time: eleven of 12 MP.
const CAPACITY_BYTES: usize = 400_000_000;

/// The photos of a block's views, decoded when first asked for and dropped, oldest use first, when memory is short.
#[derive(Debug)]
pub struct DecodedPhotos {
    paths: Vec<PathBuf>,
    recent: Mutex<Vec<(usize, Arc<RgbImage>)>>,
}

impl DecodedPhotos {
    /// Photos by view index.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self { paths, recent: Mutex::new(Vec::new()) }
    }

    fn take(&self, view_idx: usize) -> Option<Arc<RgbImage>> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let place = recent.iter().position(|(idx, _)| *idx == view_idx)?;
        let entry = recent.remove(place);
        let photo = Arc::clone(&entry.1);
        recent.push(entry);
        Some(photo)
    }

    fn keep(&self, view_idx: usize, photo: &Arc<RgbImage>) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.iter().all(|(idx, _)| *idx != view_idx) {
            recent.push((view_idx, Arc::clone(photo)));
        }
        let mut bytes: usize = recent.iter().map(|(_, photo)| photo.as_raw().len()).sum();
        while bytes > CAPACITY_BYTES && recent.len() > 1 {
            bytes -= recent.remove(0).1.as_raw().len();
        }
    }
}

impl Photos for DecodedPhotos {
    fn rgb(&self, view_idx: usize) -> Result<Arc<RgbImage>, PhotosError> {
        if let Some(photo) = self.take(view_idx) {
            return Ok(photo);
        }
        let path = &self.paths[view_idx];
        let photo = plumbline_photo::decode(path)
            .map_err(|error| PhotosError { name: path.display().to_string(), reason: error.to_string() })?;
        let photo = Arc::new(photo);
        self.keep(view_idx, &photo);
        Ok(photo)
    }
}
