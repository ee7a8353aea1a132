use std::sync::Arc;

use image::RgbImage;

/// A photo that was readable when the flight was taken in and no longer is.
#[derive(Debug, Clone, thiserror::Error)]
#[error("photo {name} cannot be decoded: {reason}")]
pub struct PhotosError {
    /// File name.
    pub name: String,
    /// What the decoder said.
    pub reason: String,
}

/// The pixels of a block's views. Implementations keep as many decoded photos as memory allows.
pub trait Photos: Sync {
    /// The decoded photo of a view, as large as the view's camera says.
    fn rgb(&self, view_idx: usize) -> Result<Arc<RgbImage>, PhotosError>;
}
