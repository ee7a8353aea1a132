use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use image::ImageFormat;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::exif_tags::ExifTags;
use crate::maker_xmp::MakerXmp;
use crate::{Calibration, Error, GnssPosition, decode, jpeg};

/// When a photo was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CaptureTime {
    /// The camera's clock.
    pub local: NaiveDateTime,
    /// How far that clock is ahead of UTC, minutes, where the photo says.
    pub utc_offset_min: Option<i32>,
}

/// Which camera took a photo, as it names itself; empty where it does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct CameraId {
    /// Maker.
    pub make: String,
    /// Model.
    pub model: String,
    /// Serial number of the camera body.
    pub serial: String,
}

/// Gimbal angles as the maker writes them, degrees, about true north and the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gimbal {
    /// Heading of the viewing direction (of the photo's top, looking straight down), clockwise from true north.
    pub yaw_deg: f64,
    /// Above the horizon: -90 looks straight down.
    pub pitch_deg: f64,
    /// About the viewing direction, clockwise as the camera sees it.
    pub roll_deg: f64,
}

/// A file with an image in it and what it says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Photo {
    /// File name.
    pub name: String,
    /// Where the file lies.
    pub path: PathBuf,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// Columns as stored.
    pub width: u32,
    /// Rows as stored.
    pub height: u32,
    /// EXIF orientation (1 to 8). Recorded, never applied: pixels, calibration and pose are of the photo as stored.
    pub orientation: u8,
    /// When it was taken.
    pub captured_at: Option<CaptureTime>,
    /// Which camera took it.
    pub camera_id: CameraId,
    /// Where it was taken.
    pub position: Option<GnssPosition>,
    /// Height above the take-off point, metres, as the drone reckons it.
    pub relative_altitude_m: Option<f64>,
    /// Where the camera looked.
    pub gimbal: Option<Gimbal>,
    /// What is known of the camera before the adjustment.
    pub calibration: Calibration,
}

impl Photo {
    /// Reads a JPEG, PNG or TIFF: the bytes once, the tags, but not the pixels.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::from_bytes(path, &decode::read_bytes(path)?)
    }

    pub(crate) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, Error> {
        let format = decode::format_of(path, bytes)?;
        let tags = ExifTags::read(bytes);
        let (width, height) = match format {
            ImageFormat::Tiff => tags.tiff_size().ok_or_else(|| Error::NoSize { path: path.to_owned() })?,
            _ => decode::size_of(path, bytes, format)?,
        };
        let packet = if format == ImageFormat::Jpeg { jpeg::xmp_packet(bytes) } else { tags.xmp_packet() };
        let xmp = packet.map(MakerXmp::parse).unwrap_or_default();
        let camera_id = tags.camera_id();
        let relative_altitude_m = xmp.number(&["RelativeAltitude"]);
        Ok(Self {
            name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            path: path.to_owned(),
            sha256: hexadecimal(&Sha256::digest(bytes)),
            bytes: bytes.len() as u64,
            width,
            height,
            orientation: tags.orientation(),
            captured_at: tags.captured_at(),
            position: GnssPosition::of(&tags, &xmp, relative_altitude_m),
            relative_altitude_m,
            gimbal: Gimbal::of(&xmp).or_else(|| tags.maker_note_gimbal()),
            calibration: Calibration::of((width, height), &camera_id.model, &tags, &xmp),
            camera_id,
        })
    }
}

impl Gimbal {
    fn of(xmp: &MakerXmp) -> Option<Self> {
        Some(Self {
            yaw_deg: xmp.number(&["GimbalYawDegree"])?,
            pitch_deg: xmp.number(&["GimbalPitchDegree"])?,
            roll_deg: xmp.number(&["GimbalRollDegree"]).unwrap_or(0.0),
        })
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    let nibble = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    digest.iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use plumbline_geodesy::HeightDatum;

    use super::*;
    use crate::testing::{Shot, texture};
    use crate::{CalibrationSource, PositionSource};

    fn read(bytes: &[u8]) -> Result<Photo, Error> {
        Photo::from_bytes(Path::new("DJI_0001.JPG"), bytes)
    }

    #[test]
    fn a_drone_photo_tells_who_where_when_and_how() {
        let photo = read(&Shot::at(37.0682, -114.5048, 65).jpeg(&texture(96, 64, 3))).unwrap();
        let position = photo.position.unwrap();
        assert_eq!((photo.name.as_str(), photo.width, photo.height), ("DJI_0001.JPG", 96, 64));
        assert_eq!(photo.camera_id.model, "FC6310R");
        assert_eq!(photo.captured_at.unwrap().local.to_string(), "2025-03-10 10:01:05");
        assert!((position.lla.latitude_deg - 37.0682).abs() < 1e-6);
        assert!((position.lla.longitude_deg + 114.5048).abs() < 1e-6);
        assert_eq!((position.source, position.height_datum), (PositionSource::Exif, HeightDatum::Unknown));
        assert_eq!(photo.relative_altitude_m, Some(60.0));
        assert_eq!(photo.gimbal, Some(Gimbal { yaw_deg: 0.0, pitch_deg: -90.0, roll_deg: 0.0 }));
        assert_eq!(photo.calibration.source, CalibrationSource::SensorTable);
        assert!((photo.calibration.camera.focal_px - 64.0).abs() < 1e-9);
        assert_eq!(photo.sha256.len(), 64);
    }

    #[test]
    fn without_the_makers_altitude_the_sign_of_exifs_counts() {
        let bytes = Shot::at(37.0, 114.0, 0).jpeg(&texture(64, 48, 3));
        let at = bytes.windows(16).position(|w| w == b"AbsoluteAltitude").unwrap();
        let mut renamed = bytes.clone();
        renamed[at] = b'X';
        assert!((read(&renamed).unwrap().position.unwrap().lla.height_m + 5.7).abs() < 1e-9);
    }

    #[test]
    fn a_png_without_tags_is_a_photo_that_knows_nothing() {
        let mut bytes = std::io::Cursor::new(Vec::new());
        texture(80, 60, 3).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let photo = read(bytes.get_ref()).unwrap();
        assert_eq!((photo.position, photo.captured_at), (None, None));
        assert_eq!(photo.calibration.source, CalibrationSource::Guess);
    }

    #[test]
    fn photos_of_one_camera_share_it() {
        let shot = Shot::at(37.0, 114.0, 0);
        let other = Shot { model: "M3E", ..shot.clone() };
        let photos: Vec<_> =
            [&shot, &other, &shot].map(|s| read(&s.jpeg(&texture(64, 48, 3))).unwrap()).into_iter().collect();
        let (cameras, camera_of_photo) = crate::cameras(&photos);
        assert_eq!((cameras.len(), camera_of_photo), (2, vec![0, 1, 0]));
    }

    #[test]
    fn a_photo_survives_its_record() {
        let photo = read(&Shot::at(37.0, 114.0, 0).jpeg(&texture(64, 48, 3))).unwrap();
        let record = toml::to_string(&photo).unwrap();
        assert_eq!(toml::from_str::<Photo>(&record).unwrap(), photo);
    }

    #[test]
    fn a_file_that_is_missing_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("other"), b"").unwrap();
        let message = Photo::read(&folder.path().join("gone.JPG")).unwrap_err().to_string();
        assert!(message.contains("gone.JPG"), "{message}");
    }
}
