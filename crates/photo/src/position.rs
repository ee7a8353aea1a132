use plumbline_geodesy::{HeightDatum, Lla};
use serde::{Deserialize, Serialize};

use crate::exif_tags::ExifTags;
use crate::maker_xmp::MakerXmp;

/// The maker's position is EXIF's with more digits; one that is farther away, degrees, is of something else.
const SAME_PLACE_DEG: f64 = 1e-4;

/// An "absolute" altitude within this distance of the relative one, metres, is counted from the take-off point too.
const SAME_HEIGHT_M: f64 = 0.02;

/// How the receiver solved a position, from DJI's `RtkFlag` (Autel and the `.MRK` quality column use the same codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RtkFlag {
    /// 0: no position.
    NoPosition,
    /// 16 and other codes below 32: single point, metres.
    Single,
    /// 32 to 49: carrier phase with floating ambiguities, decimetres.
    Float,
    /// 50: fixed ambiguities, centimetres.
    Fixed,
}

impl RtkFlag {
    /// The meaning of a maker's code.
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::NoPosition,
            1..=31 => Self::Single,
            32..=49 => Self::Float,
            50.. => Self::Fixed,
        }
    }

    /// Whether the height comes from carrier phases, above the ellipsoid, and not from a barometer.
    pub fn height_is_ellipsoidal(self) -> bool {
        matches!(self, Self::Float | Self::Fixed)
    }

    /// Standard uncertainty east, north and up in metres where the receiver states none.
    pub fn default_sigma_m(self) -> [f64; 3] {
        match self {
            Self::Fixed => [0.02, 0.02, 0.04],
            Self::Float => [0.5, 0.5, 1.0],
            Self::Single | Self::NoPosition => SINGLE_POINT_SIGMA_M,
        }
    }
}

/// A single-point receiver under open sky drifts by a metre or two during a flight. Up: the height is barometric,
/// and a barometer follows the climb within a few metres however wrong its zero is.
pub(crate) const SINGLE_POINT_SIGMA_M: [f64; 3] = [1.5, 1.5, 3.0];

/// Where a position was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PositionSource {
    /// EXIF GPS tags.
    Exif,
    /// The maker's XMP.
    MakerXmp,
    /// The exposure-event file beside the photos.
    Mrk,
}

/// Where the camera was when it took a photo.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GnssPosition {
    /// The position.
    pub lla: Lla,
    /// What the height is counted from. Unless it is the ellipsoid, all heights of the flight share an offset
    /// of unknown size, up to a hundred metres.
    pub height_datum: HeightDatum,
    /// Standard uncertainty east, north and up, metres; apart from the offset just named.
    pub sigma_m: [f64; 3],
    /// How the receiver solved it, where it says.
    pub rtk: Option<RtkFlag>,
    /// Where it was written.
    pub source: PositionSource,
}

impl GnssPosition {
    /// What a file says of its position. `(0, 0)` is a receiver without a fix, not a place.
    pub(crate) fn of(tags: &ExifTags, xmp: &MakerXmp, relative_altitude_m: Option<f64>) -> Option<Self> {
        let (mut lla, source) = place(tags.lla(), maker_lla(xmp))?;
        let rtk = xmp.number(&["RtkFlag"]).map(|code| RtkFlag::from_code(code as u8));
        let maker_height_m = xmp.number(&["AbsoluteAltitude"]);
        lla.height_m = maker_height_m.unwrap_or(lla.height_m);
        let ellipsoidal = rtk.is_some_and(RtkFlag::height_is_ellipsoidal) && maker_height_m.is_some();
        let from_take_off = relative_altitude_m.is_some_and(|h| (h - lla.height_m).abs() < SAME_HEIGHT_M);
        let height_datum = match (ellipsoidal, from_take_off) {
            (true, _) => HeightDatum::Ellipsoid,
            (false, true) => HeightDatum::TakeOff,
            (false, false) => HeightDatum::Unknown,
        };
        Some(Self { lla, height_datum, sigma_m: sigma_m(tags, xmp, rtk), rtk, source })
    }
}

fn place(exif: Option<Lla>, maker: Option<Lla>) -> Option<(Lla, PositionSource)> {
    let on_earth = |p: &Lla| {
        let (lat, lon) = (p.latitude_deg.abs(), p.longitude_deg.abs());
        lat <= 90.0 && lon <= 180.0 && lat + lon > SAME_PLACE_DEG
    };
    let agree = |a: &Lla, b: &Lla| {
        (a.latitude_deg - b.latitude_deg).abs() < SAME_PLACE_DEG
            && (a.longitude_deg - b.longitude_deg).abs() < SAME_PLACE_DEG
    };
    match (exif.filter(on_earth), maker.filter(on_earth)) {
        (Some(exif), Some(maker)) if agree(&exif, &maker) => {
            Some((Lla { height_m: exif.height_m, ..maker }, PositionSource::MakerXmp))
        }
        (Some(exif), _) => Some((exif, PositionSource::Exif)),
        (None, maker) => maker.map(|maker| (maker, PositionSource::MakerXmp)),
    }
}

fn maker_lla(xmp: &MakerXmp) -> Option<Lla> {
    Some(Lla {
        latitude_deg: xmp.number(&["GpsLatitude"])?,
        longitude_deg: xmp.number(&["GpsLongitude", "GpsLongtitude"])?,
        height_m: 0.0,
    })
}

/// What the receiver states of its own accuracy; the solution's usual accuracy where it states nothing.
fn sigma_m(tags: &ExifTags, xmp: &MakerXmp, rtk: Option<RtkFlag>) -> [f64; 3] {
    let usual = rtk.unwrap_or(RtkFlag::Single).default_sigma_m();
    let stated = |name: &str, otherwise: f64| xmp.number(&[name]).filter(|&s| s > 0.0).unwrap_or(otherwise);
    if rtk.is_some_and(RtkFlag::height_is_ellipsoidal) {
        return [stated("RtkStdLon", usual[0]), stated("RtkStdLat", usual[1]), stated("RtkStdHgt", usual[2])];
    }
    let horizontal = tags.horizontal_sigma_m().map_or(usual[0], |s| s.max(usual[0]));
    [horizontal, horizontal, usual[2]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(attributes: &str) -> Option<GnssPosition> {
        let xmp = MakerXmp::parse(format!("<d {attributes}/>").as_bytes());
        GnssPosition::of(&ExifTags::read(b""), &xmp, xmp.number(&["RelativeAltitude"]))
    }

    #[test]
    fn a_fixed_position_states_its_own_accuracy_and_a_true_height() {
        let p = position(
            r#"GpsLatitude="37.1" GpsLongtitude="+114.5" AbsoluteAltitude="+160.2" RelativeAltitude="+100.1" RtkFlag="50"
               RtkStdLon="0.011" RtkStdLat="0.012" RtkStdHgt="0.025""#,
        )
        .unwrap();
        assert_eq!((p.height_datum, p.rtk), (HeightDatum::Ellipsoid, Some(RtkFlag::Fixed)));
        assert_eq!(p.sigma_m.map(|s| (s * 1e3).round() as u32), [11, 12, 25]);
        assert_eq!((p.lla.longitude_deg, p.lla.height_m), (114.5, 160.2));
    }

    #[test]
    fn a_barometric_altitude_is_no_height() {
        let p = position(
            r#"GpsLatitude="37.1" GpsLongitude="114.5" AbsoluteAltitude="-5.7" RelativeAltitude="+60""#,
        )
        .unwrap();
        assert_eq!(p.height_datum, HeightDatum::Unknown);
        assert!(p.sigma_m[2] >= 2.0);
        let p = position(
            r#"GpsLatitude="37.1" GpsLongitude="114.5" AbsoluteAltitude="60" RelativeAltitude="+60""#,
        )
        .unwrap();
        assert_eq!(p.height_datum, HeightDatum::TakeOff);
    }

    #[test]
    fn a_receiver_without_a_fix_has_no_position() {
        assert_eq!(position(r#"GpsLatitude="0.0" GpsLongitude="0.0""#), None);
    }
}
