use std::io::Cursor;

use image::{ImageFormat, RgbImage};

/// A photo as a file holds it.
///
/// # Panics
///
/// Never: a JPEG of a photo is written to memory.
pub fn jpeg(photo: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    photo.write_to(&mut bytes, ImageFormat::Jpeg).expect("a JPEG is written to memory");
    bytes.into_inner()
}
