use std::fs;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use image::{ImageFormat, ImageReader, Limits, RgbImage};

use crate::{Error, jpeg};

/// Largest file that is read, bytes: raw frames of the largest drone cameras have 300 MB.
const MAX_BYTES: u64 = 512 << 20;

/// Largest image that is decoded, pixels: the largest drone cameras have 150 million.
const MAX_PIXELS: u64 = 200_000_000;

/// Memory that a decoder may take for one photo, bytes: four bytes for each of [`MAX_PIXELS`].
const MAX_DECODER_BYTES: u64 = 4 * MAX_PIXELS;

/// The pixels of a photo as stored: EXIF orientation is not applied, because poses and calibrations speak of stored pixels.
///
/// JPEG and PNG. A file that is cut off is an error even where a decoder would fill the missing part with grey.
pub fn decode(path: &Path) -> Result<RgbImage, Error> {
    decode_bytes(path, &read_bytes(path)?)
}

/// The bytes of a file that is small enough to be a photo.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let size = fs::metadata(path).map_err(io)?.len();
    if size > MAX_BYTES {
        return Err(too_large(path, format!("{size} bytes"), format!("{MAX_BYTES} bytes")));
    }
    fs::read(path).map_err(io)
}

/// What kind of image the bytes hold; fails on anything but a whole image.
pub(crate) fn format_of(path: &Path, bytes: &[u8]) -> Result<ImageFormat, Error> {
    let format = image::guess_format(bytes).map_err(|_source| Error::NotAnImage { path: path.to_owned() })?;
    match format {
        ImageFormat::Jpeg if jpeg::is_jpeg(bytes) && !jpeg::is_whole(bytes) => {
            Err(Error::Truncated { path: path.to_owned(), bytes: bytes.len() as u64 })
        }
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Tiff => Ok(format),
        _ => Err(Error::NotAnImage { path: path.to_owned() }),
    }
}

/// Columns and rows of a JPEG or PNG.
pub(crate) fn size_of(path: &Path, bytes: &[u8], format: ImageFormat) -> Result<(u32, u32), Error> {
    contained(path, || ImageReader::with_format(Cursor::new(bytes), format).into_dimensions())
}

pub(crate) fn decode_bytes(path: &Path, bytes: &[u8]) -> Result<RgbImage, Error> {
    let format = format_of(path, bytes)?;
    let (width, height) = size_of(path, bytes, format)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large(path, format!("{width} x {height} pixels"), format!("{MAX_PIXELS} pixels")));
    }
    contained(path, || {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_DECODER_BYTES);
        reader.limits(limits);
        reader.decode().map(image::DynamicImage::into_rgb8)
    })
}

/// Runs a decoder and turns its panics into errors: a hostile photo is that photo's error and nobody else's.
fn contained<T>(path: &Path, decoder: impl FnOnce() -> image::ImageResult<T>) -> Result<T, Error> {
    let path = path.to_owned();
    match catch_unwind(AssertUnwindSafe(decoder)) {
        Ok(Ok(decoded)) => Ok(decoded),
        Ok(Err(source)) => Err(Error::Decode { path, source }),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
            let message = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            Err(Error::DecoderPanic { path, message })
        }
    }
}

fn too_large(path: &Path, size: String, limit: String) -> Error {
    Error::TooLarge { path: path.to_owned(), size, limit }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::jpeg_bytes;

    fn written(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("DJI_0001.JPG");
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    #[test]
    fn a_whole_jpeg_is_decoded_as_stored() {
        let (_folder, path) = written(&jpeg_bytes(64, 48, 7));
        assert_eq!(decode(&path).unwrap().dimensions(), (64, 48));
    }

    #[test]
    fn a_truncated_jpeg_is_named_with_its_remedy() {
        let bytes = jpeg_bytes(64, 48, 7);
        let (_folder, path) = written(&bytes[..bytes.len() * 2 / 3]);
        let message = decode(&path).unwrap_err().to_string();
        assert!(
            message.contains("DJI_0001.JPG") && message.contains("copy it from the card again"),
            "{message}"
        );
    }

    #[test]
    fn text_under_the_name_of_a_photo_is_no_image() {
        let (_folder, path) = written(b"these are the notes of today");
        assert!(matches!(decode(&path), Err(Error::NotAnImage { .. })));
    }

    #[test]
    fn a_panic_in_a_decoder_stays_with_its_photo() {
        let broken = contained::<()>(Path::new("DJI_0002.JPG"), || panic!("index out of bounds"));
        assert!(
            matches!(broken, Err(Error::DecoderPanic { message, .. }) if message == "index out of bounds")
        );
    }

    #[test]
    fn random_damage_never_escapes_as_a_panic() {
        let whole = jpeg_bytes(64, 48, 7);
        for i in (2..whole.len()).step_by(11) {
            let mut bytes = whole.clone();
            bytes[i] ^= 0x5A;
            let _either = decode_bytes(Path::new("damaged.JPG"), &bytes);
        }
    }
}
