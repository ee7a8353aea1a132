//! The two things of a JPEG's structure that no decoder tells: its XMP packet, and whether it is whole.

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
const APP1: u8 = 0xE1;
const XMP_HEADER: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// A marker segment: its code and its bytes after the length.
struct Segment<'a> {
    marker: u8,
    payload: &'a [u8],
    end: usize,
}

/// Whether the bytes start like a JPEG.
pub(crate) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, START_OF_IMAGE, 0xFF])
}

/// The XMP packet of a JPEG (Adobe XMP specification part 3, section 1.1.3).
pub(crate) fn xmp_packet(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    while let Some(segment) = segment_at(bytes, at) {
        if segment.marker == APP1 && segment.payload.starts_with(XMP_HEADER) {
            return Some(&segment.payload[XMP_HEADER.len()..]);
        }
        if segment.marker == START_OF_SCAN {
            return None;
        }
        at = segment.end;
    }
    None
}

/// Whether the image data run to the end-of-image marker. Previews embedded in segments do not count, nor does
/// what follows the image: a card that fails pads files with zeros.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(segment) = segment_at(bytes, at) {
        at = match segment.marker {
            END_OF_IMAGE => return true,
            START_OF_SCAN => end_of_scan(bytes, segment.end),
            _ => segment.end,
        };
    }
    false
}

fn segment_at(bytes: &[u8], mut at: usize) -> Option<Segment<'_>> {
    if *bytes.get(at)? != 0xFF {
        return None;
    }
    while *bytes.get(at)? == 0xFF {
        at += 1;
    }
    let marker = bytes[at];
    if marker == END_OF_IMAGE {
        return Some(Segment { marker, payload: &[], end: at + 1 });
    }
    let length = usize::from(u16::from_be_bytes([*bytes.get(at + 1)?, *bytes.get(at + 2)?]));
    let payload = bytes.get(at + 3..at + 1 + length.max(2))?;
    Some(Segment { marker, payload, end: at + 1 + length.max(2) })
}

/// Index of the first marker after entropy-coded data: stuffed zeros and restart markers belong to the data.
fn end_of_scan(bytes: &[u8], mut at: usize) -> usize {
    while let Some(step) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == 0xFF)) {
        at += step;
        match bytes.get(at + 1) {
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            Some(0xFF) => at += 1,
            _ => return at,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{jpeg_bytes, with_xmp};

    #[test]
    fn a_whole_jpeg_is_whole_and_its_first_half_is_not() {
        let bytes = jpeg_bytes(64, 48, 7);
        assert!(is_whole(&bytes));
        assert!(!is_whole(&bytes[..bytes.len() / 2]));
        assert!(!is_whole(&bytes[..bytes.len() - 2]));
    }

    #[test]
    fn a_tail_of_zeros_does_not_make_a_cut_image_whole() {
        let mut bytes = jpeg_bytes(64, 48, 7);
        let n = bytes.len();
        bytes[n * 2 / 3..].fill(0);
        assert!(!is_whole(&bytes));
    }

    #[test]
    fn the_xmp_packet_is_found_among_the_segments() {
        let bytes = with_xmp(&jpeg_bytes(64, 48, 7), "<x:xmpmeta/>");
        assert_eq!(xmp_packet(&bytes), Some(&b"<x:xmpmeta/>"[..]));
        assert_eq!(xmp_packet(&jpeg_bytes(64, 48, 7)), None);
    }
}
