//! Small photos drawn for the tests.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Random patches of several sizes: as much fine detail as a lawn or a gravel roof has.
pub(crate) fn texture(width: u32, height: u32, seed: u64) -> RgbImage {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut layer = |side: u32| -> Vec<Vec<f32>> {
        let row = |rng: &mut Pcg64Mcg| (0..=width / side).map(|_| rng.random_range(-40.0..40.0)).collect();
        (0..=height / side).map(|_| row(&mut rng)).collect()
    };
    let (fine, middle, coarse) = (layer(1), layer(4), layer(32));
    RgbImage::from_fn(width, height, |x, y| {
        let at = |patches: &[Vec<f32>], side: u32| patches[(y / side) as usize][(x / side) as usize];
        let value = 120.0 + 0.5 * at(&fine, 1) + at(&middle, 4) + at(&coarse, 32);
        Rgb([value as u8, (value * 0.9) as u8, (value * 0.7) as u8])
    })
}

pub(crate) fn encoded(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(picture).unwrap();
    bytes
}

pub(crate) fn jpeg_bytes(width: u32, height: u32, seed: u64) -> Vec<u8> {
    encoded(&texture(width, height, seed))
}

/// Puts an APP1 segment right behind the start of a JPEG.
fn with_app1(jpeg: &[u8], header: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = (2 + header.len() + payload.len()) as u16;
    [&jpeg[..2], &[0xFF, 0xE1], &length.to_be_bytes(), header, payload, &jpeg[2..]].concat()
}

pub(crate) fn with_xmp(jpeg: &[u8], packet: &str) -> Vec<u8> {
    with_app1(jpeg, b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes())
}

/// What a simulated drone writes into a photo.
#[derive(Debug, Clone)]
pub(crate) struct Shot {
    pub model: &'static str,
    pub lat_lon_deg: Option<(f64, f64)>,
    pub relative_altitude_m: f64,
    pub time: String,
}

impl Shot {
    pub(crate) fn at(lat: f64, lon: f64, second: u32) -> Self {
        let time = format!("2025:03:10 10:{:02}:{:02}", second / 60, second % 60);
        Self { model: "FC6310R", lat_lon_deg: Some((lat, lon)), relative_altitude_m: 60.0, time }
    }

    /// A JPEG with EXIF and the maker's XMP.
    pub(crate) fn jpeg(&self, picture: &RgbImage) -> Vec<u8> {
        let altitude = self.relative_altitude_m;
        let xmp = format!(
            r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description drone-dji:RelativeAltitude="{altitude:+.2}"
            drone-dji:AbsoluteAltitude="{:+.2}" drone-dji:GimbalYawDegree="+0.00" drone-dji:GimbalPitchDegree="-90.00"
            drone-dji:GimbalRollDegree="+0.00"/></x:xmpmeta>"#,
            altitude + 73.0
        );
        with_app1(&with_xmp(&encoded(picture), &xmp), b"Exif\0\0", &self.exif())
    }

    fn exif(&self) -> Vec<u8> {
        let ascii = |tag, text: &str| field(tag, Value::Ascii(vec![text.as_bytes().to_vec()]));
        let mut fields = vec![
            ascii(Tag::Make, "DJI"),
            ascii(Tag::Model, self.model),
            ascii(Tag::DateTimeOriginal, &self.time),
            field(Tag::FocalLength, Value::Rational(vec![Rational { num: 88, denom: 10 }])),
        ];
        if let Some((lat, lon)) = self.lat_lon_deg {
            fields.push(ascii(Tag::GPSLatitudeRef, if lat < 0.0 { "S" } else { "N" }));
            fields.push(field(Tag::GPSLatitude, degrees(lat)));
            fields.push(ascii(Tag::GPSLongitudeRef, if lon < 0.0 { "W" } else { "E" }));
            fields.push(field(Tag::GPSLongitude, degrees(lon)));
            fields.push(field(Tag::GPSAltitudeRef, Value::Byte(vec![1])));
            fields.push(field(Tag::GPSAltitude, Value::Rational(vec![Rational { num: 57, denom: 10 }])));
        }
        let mut writer = Writer::new();
        for field in &fields {
            writer.push_field(field);
        }
        let mut bytes = Cursor::new(Vec::new());
        writer.write(&mut bytes, false).unwrap();
        bytes.into_inner()
    }
}

fn field(tag: Tag, value: Value) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value }
}

fn degrees(value: f64) -> Value {
    let num = (value.abs() * 1e7).round() as u32;
    let zero = Rational { num: 0, denom: 1 };
    Value::Rational(vec![Rational { num, denom: 10_000_000 }, zero, zero])
}
