use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use axum::http::StatusCode;

use crate::Problem;

/// Endings of photos.
const PHOTOS: [&str; 5] = ["jpg", "jpeg", "dng", "tif", "tiff"];

/// Endings of what lies beside photos: shutter times, observations, control.
const SIDECARS: [&str; 6] = ["mrk", "obs", "nav", "bin", "txt", "csv"];

/// Endings of what body cameras, handhelds, interview rooms and scanners record.
const RECORDS: [&str; 11] = ["mp4", "mov", "avi", "mp3", "wav", "m4a", "pdf", "png", "jpg", "jpeg", "json"];

/// How files of other kinds begin that must not come in under a sidecar's name: archives, programs, documents.
const FOREIGN: [&[u8]; 7] = [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\x7fELF", b"MZ", b"%PDF", b"Rar!"];

/// Whether a file of this name is a photo.
pub(crate) fn is_photo(name: &str) -> bool {
    ending(name).is_ok_and(|ending| PHOTOS.contains(&ending.as_str()))
}

/// The ending of a name that may come into a flight, in lower case.
pub(super) fn ending(name: &str) -> Result<String, Problem> {
    let ending = lower_ending(name);
    let known = PHOTOS.contains(&ending.as_str()) || SIDECARS.contains(&ending.as_str());
    known.then_some(ending).ok_or_else(|| {
        refused(format!("files of a flight are {} and {}", PHOTOS.join(" "), SIDECARS.join(" ")))
    })
}

/// The ending of a name that may come in as a record, in lower case.
pub(super) fn record_ending(name: &str) -> Result<String, Problem> {
    let ending = lower_ending(name);
    let refused = || refused(format!("files of records are {}", RECORDS.join(" ")));
    RECORDS.contains(&ending.as_str()).then_some(ending).ok_or_else(refused)
}

fn lower_ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// Fails unless a complete file begins as its ending says, and claims no more pixels than a camera has.
pub(super) fn check(path: &Path, ending: &str, most_pixels: u64) -> Result<(), Problem> {
    let mut file = File::open(path).map_err(Problem::internal)?;
    let mut head = Vec::new();
    (&file).take(16).read_to_end(&mut head).map_err(Problem::internal)?;
    let tiff = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| head.starts_with(*magic));
    let fits = match ending {
        "jpg" | "jpeg" => head.starts_with(&[0xff, 0xd8, 0xff]),
        "dng" | "tif" | "tiff" => tiff,
        "pdf" => head.starts_with(b"%PDF"),
        "png" => head.starts_with(b"\x89PNG"),
        "mp4" | "mov" | "m4a" => head.get(4..8) == Some(b"ftyp"),
        "avi" | "wav" => head.starts_with(b"RIFF"),
        _ => !FOREIGN.iter().any(|magic| head.starts_with(magic)),
    };
    if !fits {
        return Err(refused(format!("the content is not that of a .{ending}")));
    }
    if ending == "jpg" || ending == "jpeg" {
        file.seek(SeekFrom::Start(0)).map_err(Problem::internal)?;
        check_size(file, most_pixels)?;
    }
    Ok(())
}

/// Reads a photo's size from its frame header; a head that cannot be read is for the flight's check to report.
fn check_size(file: File, most_pixels: u64) -> Result<(), Problem> {
    let Some((width, height)) = frame(&mut BufReader::new(file)) else { return Ok(()) };
    if u64::from(width) * u64::from(height) <= most_pixels {
        return Ok(());
    }
    Err(refused(format!("a photo of {width} x {height} pixels is none that a camera took")))
}

/// Width and height in the first start-of-frame segment of a JPEG (ITU-T T.81, B.2.2); nothing else of the file is read.
fn frame(file: &mut (impl Read + Seek)) -> Option<(u16, u16)> {
    file.seek(SeekFrom::Start(2)).ok()?;
    loop {
        let mut segment = [0; 4];
        file.read_exact(&mut segment).ok()?;
        let [0xff, marker, high, low] = segment else { return None };
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let mut sizes = [0; 5];
            file.read_exact(&mut sizes).ok()?;
            let [_, h1, h0, w1, w0] = sizes;
            return Some((u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0])));
        }
        let length = i64::from(u16::from_be_bytes([high, low]));
        file.seek(SeekFrom::Current(length - 2)).ok().filter(|_| length >= 2)?;
    }
}

fn refused(en: String) -> Problem {
    let zh = "不接受该类文件：架次只收像片（jpg、dng、tif）及其附属数据，记录只收音视频、图片和文书";
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "FileKind", zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: &str, bytes: &[u8]) -> Result<(), Problem> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        check(&path, &ending(name)?, 400_000_000)
    }

    /// The head of a JPEG: an application segment, then a frame of the given size.
    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4, 0xff, 0xc2, 0, 17, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    #[test]
    fn photos_and_sidecars_come_in() {
        assert!(checked("A.JPG", &jpeg(5472, 3648)).is_ok());
        assert!(checked("a.dng", b"II*\0rest").is_ok());
        assert!(checked("a.MRK", b"1 2 3").is_ok());
        assert!(checked("a.bin", &[0, 1, 2]).is_ok());
        assert!(
            checked("cut.jpg", &[0xff, 0xd8, 0xff, 0xe1]).is_ok(),
            "a cut photo is for the check to report"
        );
    }

    #[test]
    fn what_is_not_what_its_name_says_stays_out() {
        for (name, bytes) in [
            ("a.zip", &b"PK\x03\x04"[..]),
            ("a.jpg", b"PK\x03\x04"),
            ("a.txt", b"PK\x03\x04"),
            ("a.csv", b"MZ"),
            ("a.jpg", b"<html>"),
            ("a.tif", b"GIF89a"),
            ("a.jpg", b""),
            ("a.exe", b"MZ"),
            ("a", b"x"),
            ("a.jpg.html", b"x"),
            ("a.svg", b"<svg/>"),
        ] {
            let status = checked(name, bytes).unwrap_err().status;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{name}");
        }
        let bomb = checked("bomb.jpg", &jpeg(65_000, 65_000)).unwrap_err();
        assert!(bomb.en.contains("65000"), "{}", bomb.en);
    }
}
