use std::io::Cursor;

use chrono::{NaiveDateTime, TimeDelta};
use exif::{Context, Exif, Field, In, Reader, Tag, Value};
use plumbline_geodesy::Lla;

use crate::photo::{CameraId, CaptureTime, Gimbal};

/// Adobe's XMP packet in TIFF files.
const XMP_IN_TIFF: Tag = Tag(Context::Tiff, 700);

/// The EXIF tags of a file, typed.
pub(crate) struct ExifTags {
    exif: Option<Exif>,
}

impl ExifTags {
    /// Reads as many tags as are well formed; a file without EXIF has none.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let read = Reader::new().continue_on_error(true).read_from_container(&mut Cursor::new(bytes));
        Self { exif: read.or_else(|error| error.distill_partial_result(|_| ())).ok() }
    }

    fn field(&self, tag: Tag) -> Option<&Field> {
        self.exif.as_ref()?.get_field(tag, In::PRIMARY)
    }

    fn text(&self, tag: Tag) -> Option<String> {
        let Value::Ascii(parts) = &self.field(tag)?.value else { return None };
        let text = String::from_utf8_lossy(parts.first()?);
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn numbers(&self, tag: Tag) -> Vec<f64> {
        match self.field(tag).map(|field| &field.value) {
            Some(Value::Rational(values)) => values.iter().map(exif::Rational::to_f64).collect(),
            Some(Value::SRational(values)) => values.iter().map(exif::SRational::to_f64).collect(),
            Some(Value::Float(values)) => values.iter().map(|&v| f64::from(v)).collect(),
            Some(Value::Double(values)) => values.clone(),
            Some(value) => value.iter_uint().into_iter().flatten().map(f64::from).collect(),
            None => Vec::new(),
        }
    }

    /// First number of a tag, where it is finite and positive.
    fn positive(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied().filter(|v| v.is_finite() && *v > 0.0)
    }

    /// Size of a TIFF's image, pixels.
    pub(crate) fn tiff_size(&self) -> Option<(u32, u32)> {
        Some((self.positive(Tag::ImageWidth)? as u32, self.positive(Tag::ImageLength)? as u32))
    }

    pub(crate) fn orientation(&self) -> u8 {
        self.positive(Tag::Orientation).filter(|v| *v <= 8.0).map_or(1, |v| v as u8)
    }

    pub(crate) fn camera_id(&self) -> CameraId {
        CameraId {
            make: self.text(Tag::Make).unwrap_or_default(),
            model: self.text(Tag::Model).unwrap_or_default(),
            serial: self.text(Tag::BodySerialNumber).unwrap_or_default(),
        }
    }

    /// True focal length as the camera rounds it, millimetres.
    pub(crate) fn focal_mm(&self) -> Option<f64> {
        self.positive(Tag::FocalLength)
    }

    /// Focal length that gives the same picture on 35 mm film, millimetres.
    pub(crate) fn focal_35mm(&self) -> Option<f64> {
        self.positive(Tag::FocalLengthIn35mmFilm)
    }

    /// Pixels per millimetre on the sensor.
    pub(crate) fn focal_plane_px_per_mm(&self) -> Option<f64> {
        const INCH: u32 = 2;
        const CENTIMETRE: u32 = 3;
        let unit_mm = match self.positive(Tag::FocalPlaneResolutionUnit).map_or(INCH, |v| v as u32) {
            INCH => 25.4,
            CENTIMETRE => 10.0,
            _ => return None,
        };
        Some(self.positive(Tag::FocalPlaneXResolution)? / unit_mm)
    }

    pub(crate) fn captured_at(&self) -> Option<CaptureTime> {
        let text = self.text(Tag::DateTimeOriginal).or_else(|| self.text(Tag::DateTime))?;
        let whole = NaiveDateTime::parse_from_str(&text, "%Y:%m:%d %H:%M:%S").ok()?;
        let fraction = self.text(Tag::SubSecTimeOriginal).and_then(|t| format!("0.{t}").parse::<f64>().ok());
        let local = whole + TimeDelta::milliseconds((fraction.unwrap_or(0.0) * 1000.0) as i64);
        Some(CaptureTime {
            local,
            utc_offset_min: self.text(Tag::OffsetTimeOriginal).and_then(|t| offset_min(&t)),
        })
    }

    /// GPS position; the height is whatever the camera counts from.
    pub(crate) fn lla(&self) -> Option<Lla> {
        Some(Lla {
            latitude_deg: self.angle_deg(Tag::GPSLatitude, Tag::GPSLatitudeRef)?,
            longitude_deg: self.angle_deg(Tag::GPSLongitude, Tag::GPSLongitudeRef)?,
            height_m: self.altitude_m().unwrap_or(0.0),
        })
    }

    fn angle_deg(&self, tag: Tag, reference: Tag) -> Option<f64> {
        let parts = self.numbers(tag);
        let unsigned = parts.iter().zip([1.0, 60.0, 3600.0]).map(|(part, unit)| part / unit).sum::<f64>();
        let away = self.text(reference).is_some_and(|r| r.starts_with(['S', 'W', 's', 'w']));
        (!parts.is_empty() && unsigned.is_finite()).then_some(if away { -unsigned } else { unsigned })
    }

    fn altitude_m(&self) -> Option<f64> {
        let above = self.numbers(Tag::GPSAltitude).first().copied().filter(|v| v.is_finite())?;
        let below_sea_level = self.positive(Tag::GPSAltitudeRef).is_some();
        Some(if below_sea_level { -above } else { above })
    }

    /// Horizontal error that the receiver states, metres.
    pub(crate) fn horizontal_sigma_m(&self) -> Option<f64> {
        self.positive(Tag::GPSHPositioningError)
    }

    /// XMP packet of a TIFF.
    pub(crate) fn xmp_packet(&self) -> Option<&[u8]> {
        match &self.field(XMP_IN_TIFF)?.value {
            Value::Byte(bytes) | Value::Undefined(bytes, _) => Some(bytes),
            _ => None,
        }
    }

    /// Gimbal angles in the maker note of early DJI cameras, which wrote no XMP into some photos: a plain directory
    /// of floats, tags 9 to 11 are pitch, yaw and roll of the camera.
    pub(crate) fn maker_note_gimbal(&self) -> Option<Gimbal> {
        let Value::Undefined(note, _) = &self.field(Tag::MakerNote)?.value else { return None };
        let (pitch_deg, yaw_deg, roll_deg) =
            (note_float(note, 9)?, note_float(note, 10)?, note_float(note, 11)?);
        let plausible = pitch_deg.abs() <= 180.0 && yaw_deg.abs() <= 360.0 && roll_deg.abs() <= 180.0;
        plausible.then_some(Gimbal { yaw_deg, pitch_deg, roll_deg })
    }
}

/// A single-precision value of a directory in a maker note, in whichever byte order makes sense of it.
fn note_float(note: &[u8], wanted: u16) -> Option<f64> {
    const FLOAT: u16 = 11;
    const MOST_ENTRIES: u16 = 100;
    let little = u16::from_le_bytes([*note.first()?, *note.get(1)?]) <= MOST_ENTRIES;
    let short = |b: &[u8]| {
        let pair = [b[0], b[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    let entry = note[2..].chunks_exact(12).take(usize::from(short(note))).find(|e| short(e) == wanted)?;
    let value = [entry[8], entry[9], entry[10], entry[11]];
    let value = if little { f32::from_le_bytes(value) } else { f32::from_be_bytes(value) };
    (short(&entry[2..]) == FLOAT && value.is_finite()).then_some(f64::from(value))
}

/// Minutes of "+08:00".
fn offset_min(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    let minutes: i32 = minutes.parse().ok()?;
    let sign = if hours.starts_with('-') { -1 } else { 1 };
    Some(hours.trim_start_matches('+').parse::<i32>().ok()? * 60 + sign * minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_from_utc_have_signs() {
        assert_eq!(offset_min("+08:00"), Some(480));
        assert_eq!(offset_min("-03:30"), Some(-210));
        assert_eq!(offset_min("   "), None);
    }

    #[test]
    fn maker_note_floats_are_read_in_either_byte_order() {
        let note = |be: bool| {
            let mut bytes =
                if be { vec![0, 1, 0, 9, 0, 11, 0, 0, 0, 1] } else { vec![1, 0, 9, 0, 11, 0, 1, 0, 0, 0] };
            bytes.extend(if be { (-89.9_f32).to_be_bytes() } else { (-89.9_f32).to_le_bytes() });
            bytes
        };
        for be in [false, true] {
            assert!((note_float(&note(be), 9).unwrap() + 89.9).abs() < 1e-5);
            assert_eq!(note_float(&note(be), 10), None);
        }
    }
}
