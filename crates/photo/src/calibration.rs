use plumbline_camera::Camera;
use serde::{Deserialize, Serialize};

use crate::exif_tags::ExifTags;
use crate::maker_xmp::{Dewarp, MakerXmp};
use crate::sensor::Sensor;
use crate::{CameraId, Photo};

/// Diagonal of a 36 x 24 mm film frame, millimetres.
const FILM_DIAGONAL_MM: f64 = 43.267;

/// Least uncertainty of a factory calibration: the lens moves with temperature and focus.
const DEWARP_SIGMA_REL: f64 = 0.003;

/// Some cameras write the design value instead of a measured one.
const CALIBRATED_SIGMA_REL: f64 = 0.01;

/// Makers' sensor sizes and focal lengths are good to a few percent.
const SENSOR_SIGMA_REL: f64 = 0.02;

/// Focal lengths in 35 mm film are whole numbers near 24, and the convention behind them is not always the diagonal.
const FILM_SIGMA_REL: f64 = 0.05;

/// Drones have lenses between 20 and 35 mm film; this is the ratio of focal length to the long side at 25 mm.
const GUESSED_RATIO: f64 = 0.72;

/// Uncertainty of the guess.
const GUESS_SIGMA_REL: f64 = 0.25;

/// A maker's calibration that disagrees with the sensor by more than this factor speaks of another image size.
const MOST_DISAGREEMENT: f64 = 1.3;

/// Where the focal length comes from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CalibrationSource {
    /// The maker's calibration of this very camera: focal lengths, principal point and distortion.
    DewarpData,
    /// The maker's calibrated focal length of this very camera.
    CalibratedFocalLength,
    /// EXIF focal length over the sensor width of the table of known cameras.
    SensorTable,
    /// EXIF focal length and focal-plane resolution.
    FocalPlaneResolution,
    /// EXIF focal length in 35 mm film, by the diagonal.
    FocalLengthIn35mm,
    /// Nothing is known: a drone's usual field of view.
    Guess,
}

/// What is known of a camera before the adjustment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The camera, of the photo's stored size.
    pub camera: Camera,
    /// Standard uncertainty of the focal length as a fraction of it.
    pub focal_sigma_rel: f64,
    /// Where it comes from.
    pub source: CalibrationSource,
    /// How its rows are exposed.
    pub shutter: Shutter,
}

/// How the rows of a photo are exposed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Shutter {
    /// All at once.
    Global,
    /// One after the other.
    Rolling,
    /// The photo does not say.
    #[default]
    Unknown,
}

impl Shutter {
    /// As DJI's `ShutterType` says: a mechanical shutter exposes all rows at once, an electronic one reads them in turn.
    fn of(xmp: &MakerXmp) -> Self {
        match xmp.text(&["ShutterType"]).map(str::to_ascii_lowercase).as_deref() {
            Some("mechanical") => Self::Global,
            Some("electronic") => Self::Rolling,
            _ => Self::Unknown,
        }
    }
}

impl Calibration {
    /// The best that a file says of its camera.
    pub(crate) fn of(size: (u32, u32), model: &str, tags: &ExifTags, xmp: &MakerXmp) -> Self {
        Self { shutter: Shutter::of(xmp), ..Self::of_lens(size, model, tags, xmp) }
    }

    fn of_lens(size: (u32, u32), model: &str, tags: &ExifTags, xmp: &MakerXmp) -> Self {
        let by_lens = from_lens(size, model, tags);
        let scale = calibrated_scale(size, xmp);
        let plausible = |focal_px: f64| {
            by_lens.source == CalibrationSource::Guess
                || (focal_px / by_lens.camera.focal_px).max(by_lens.camera.focal_px / focal_px)
                    < MOST_DISAGREEMENT
        };
        if let Some(dewarp) = xmp.dewarp().filter(|d| plausible(d.fx * scale)) {
            return from_dewarp(size, &dewarp, scale);
        }
        let calibrated = xmp.number(&["CalibratedFocalLength"]).map(|focal| focal * scale);
        match calibrated.filter(|&focal_px| focal_px > 0.0 && plausible(focal_px)) {
            Some(focal_px) => {
                Self::pinhole(size, focal_px, CALIBRATED_SIGMA_REL, CalibrationSource::CalibratedFocalLength)
            }
            None => by_lens,
        }
    }

    fn pinhole(
        (width, height): (u32, u32),
        focal_px: f64,
        focal_sigma_rel: f64,
        source: CalibrationSource,
    ) -> Self {
        let camera = Camera::pinhole(width, height, focal_px);
        Self { camera, focal_sigma_rel, source, shutter: Shutter::Unknown }
    }
}

/// The factory calibration. Its tangential terms are left out: on some cameras they are wrong, on none are they large.
fn from_dewarp((width, height): (u32, u32), dewarp: &Dewarp, scale: f64) -> Calibration {
    let focal_px = (dewarp.fx * dewarp.fy).sqrt() * scale;
    let centered = Camera::pinhole(width, height, focal_px);
    let camera = Camera {
        cx: centered.cx + dewarp.cx * scale,
        cy: centered.cy + dewarp.cy * scale,
        k1: dewarp.k1,
        k2: dewarp.k2,
        k3: dewarp.k3,
        ..centered
    };
    let unequal = (dewarp.fx - dewarp.fy).abs() / (dewarp.fx + dewarp.fy);
    Calibration {
        camera,
        focal_sigma_rel: DEWARP_SIGMA_REL.max(unequal),
        source: CalibrationSource::DewarpData,
        shutter: Shutter::Unknown,
    }
}

/// Size of this photo over the size that the maker calibrated, which is twice the nominal optical centre.
fn calibrated_scale((width, _): (u32, u32), xmp: &MakerXmp) -> f64 {
    xmp.number(&["CalibratedOpticalCenterX"])
        .filter(|&x| x > 0.0)
        .map_or(1.0, |x| f64::from(width) / (2.0 * x))
}

/// From EXIF's focal lengths, without the maker's calibration.
fn from_lens(size: (u32, u32), model: &str, tags: &ExifTags) -> Calibration {
    let long_side = f64::from(size.0.max(size.1));
    let table = Sensor::of(model).and_then(|sensor| sensor.focal_of_width(tags.focal_mm()));
    let focal_plane = tags.focal_mm().zip(tags.focal_plane_px_per_mm()).map(|(mm, px_per_mm)| mm * px_per_mm);
    if let Some(ratio) = table {
        Calibration::pinhole(size, ratio * long_side, SENSOR_SIGMA_REL, CalibrationSource::SensorTable)
    } else if let Some(focal_px) = focal_plane.filter(|f| (0.3..10.0).contains(&(f / long_side))) {
        Calibration::pinhole(size, focal_px, SENSOR_SIGMA_REL, CalibrationSource::FocalPlaneResolution)
    } else if let Some(film_mm) = tags.focal_35mm() {
        let focal_px = film_mm / FILM_DIAGONAL_MM * sensor_diagonal_px(size);
        Calibration::pinhole(size, focal_px, FILM_SIGMA_REL, CalibrationSource::FocalLengthIn35mm)
    } else {
        Calibration::pinhole(size, GUESSED_RATIO * long_side, GUESS_SIGMA_REL, CalibrationSource::Guess)
    }
}

/// Diagonal of the whole sensor: a photo wider than 3:2 is a strip of a 4:3 sensor.
fn sensor_diagonal_px((width, height): (u32, u32)) -> f64 {
    let (long, short) = (f64::from(width.max(height)), f64::from(width.min(height)));
    let widest = 1.55;
    long.hypot(if long / short > widest { long * 0.75 } else { short })
}

/// The cameras of a flight in the order of first use, and for each photo which of them took it.
///
/// Photos share a camera when make, model, serial number, size and prior calibration agree.
pub fn cameras(photos: &[Photo]) -> (Vec<Calibration>, Vec<usize>) {
    let mut known: Vec<(&CameraId, Calibration)> = Vec::new();
    let camera_of_photo = photos
        .iter()
        .map(|photo| {
            let key = (&photo.camera_id, photo.calibration);
            known.iter().position(|k| *k == key).unwrap_or_else(|| {
                known.push(key);
                known.len() - 1
            })
        })
        .collect();
    (known.into_iter().map(|(_, calibration)| calibration).collect(), camera_of_photo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xmp(attributes: &str) -> MakerXmp {
        MakerXmp::parse(format!("<d {attributes}/>").as_bytes())
    }

    fn calibration(model: &str, attributes: &str) -> Calibration {
        Calibration::of((4000, 3000), model, &ExifTags::read(b""), &xmp(attributes))
    }

    #[test]
    fn the_factory_calibration_comes_first_and_its_tangential_terms_are_dropped() {
        let found = calibration(
            "FC6310R",
            r#"DewarpData="d;2700,2690,10,-5,-0.2,0.1,0.001,0.001,-0.03" CalibratedFocalLength="2650""#,
        );
        assert_eq!(found.source, CalibrationSource::DewarpData);
        assert!((found.camera.focal_px - 2695.0).abs() < 0.1);
        assert_eq!((found.camera.cx, found.camera.cy), (2010.0, 1495.0));
        assert_eq!(
            (found.camera.k1, found.camera.k3, found.camera.p1, found.camera.p2),
            (-0.2, -0.03, 0.0, 0.0)
        );
    }

    #[test]
    fn a_calibration_of_the_full_size_is_scaled_to_a_shrunk_photo() {
        let found = calibration("", r#"CalibratedFocalLength="5400" CalibratedOpticalCenterX="4000""#);
        assert_eq!(found.source, CalibrationSource::CalibratedFocalLength);
        assert!((found.camera.focal_px - 2700.0).abs() < 1e-9);
    }

    #[test]
    fn a_shutter_is_what_the_photo_says_it_is() {
        assert_eq!(calibration("", r#"ShutterType="Mechanical""#).shutter, Shutter::Global);
        assert_eq!(calibration("", r#"ShutterType="Electronic""#).shutter, Shutter::Rolling);
        assert_eq!(calibration("FC330", "").shutter, Shutter::Unknown);
    }

    #[test]
    fn a_calibrated_focal_length_in_millimetres_is_not_taken_for_pixels() {
        let found = calibration("FC6310R", r#"CalibratedFocalLength="8.8""#);
        assert_eq!(found.source, CalibrationSource::SensorTable);
        assert!((found.camera.focal_px - 2666.7).abs() < 1.0);
    }

    #[test]
    fn a_wide_photo_is_a_strip_of_a_four_by_three_sensor() {
        assert!((sensor_diagonal_px((4000, 2250)) - sensor_diagonal_px((4000, 3000))).abs() < 1e-9);
        assert!((20.0 / FILM_DIAGONAL_MM * sensor_diagonal_px((4000, 2250)) - 2311.0).abs() < 1.0);
    }
}
