use std::io::Cursor;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, RgbImage};
use serde::Serialize;

use crate::Error;

/// Longest side of an evidence picture in the report, pixels: sharp on a tablet, small enough for a hundred of them.
const LONGEST_SIDE_PX: u32 = 720;

/// Quality of the embedded JPEGs, of 100. The originals stay untouched in the catalog.
const JPEG_QUALITY: u8 = 86;

/// A picture inside the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Picture {
    /// `data:` address with the picture's bytes.
    pub data: String,
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
}

impl Picture {
    /// A picture of a file, scaled down where it is large.
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::Picture { path: path.to_owned(), source };
        let read = || -> Result<DynamicImage, ImageError> {
            ImageReader::open(path)?.with_guessed_format()?.decode()
        };
        let mut picture = read().map_err(unreadable)?;
        if picture.width().max(picture.height()) > LONGEST_SIDE_PX {
            picture = picture.resize(LONGEST_SIDE_PX, LONGEST_SIDE_PX, FilterType::CatmullRom);
        }
        Self::of(&picture.into_rgb8()).map_err(unreadable)
    }

    /// A drawing of few colours with sharp edges, as it is.
    pub fn sharp(drawing: &RgbImage) -> Result<Self, ImageError> {
        let mut bytes = Cursor::new(Vec::new());
        drawing.write_to(&mut bytes, ImageFormat::Png)?;
        let data = format!("data:image/png;base64,{}", STANDARD.encode(bytes.into_inner()));
        Ok(Self { data, width: drawing.width(), height: drawing.height() })
    }

    /// A picture from memory, as it is.
    pub fn of(picture: &RgbImage) -> Result<Self, ImageError> {
        let mut bytes = Cursor::new(Vec::new());
        JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(picture)?;
        let data = format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes.into_inner()));
        Ok(Self { data, width: picture.width(), height: picture.height() })
    }
}
