//! A folder as it comes from the field: most of it is good.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use site::{json, plumbline, small_site, succeed};

/// The first date of the site, also the name of its folder of photos.
const FIRST_DATE: &str = "2025-03-10";

/// What is put into the folder, and what is said of it.
const BROKEN: [(&str, &str); 6] = [
    ("TRUNCATED.JPG", "TRUNCATED"),
    ("TEXT.JPG", "NOT_AN_IMAGE"),
    ("screenshot.png", "NOT_A_PHOTO"),
    ("NO_POSITION.JPG", "NO_POSITION"),
    ("DJI_0002_copy.JPG", "DUPLICATE"),
    ("ELSEWHERE.JPG", "ELSEWHERE"),
];

#[test]
fn a_folder_with_broken_files_is_checked_and_processed() {
    let site = small_site(1);
    let folder = site.path().join("flights").join(FIRST_DATE);
    let good = photos(&folder).len();
    spoil(&folder);

    let check = succeed(plumbline().arg("check").arg(&folder).arg("--json"));
    let problems = &serde_json::from_slice::<Value>(&check.stdout).unwrap()["problems"];
    let out = site.path().join("out");
    succeed(plumbline().arg("process").arg(&folder).arg("--out").arg(&out));
    let block = json(&out.join("epochs").join(FIRST_DATE).join("block.json"));
    let run = json(&out.join("run.json"));

    for (file, kind) in BROKEN {
        let problem = named(problems, "photo", file);
        assert_eq!((&problem["kind"], &problem["leave_out"]), (&kind.into(), &true.into()), "{file}");
        assert!(says_something(&problem["message"]) && says_something(&problem["remedy"]), "{problem}");
        assert!(says_something(&named(&block["left_out"], "photo", file)["reason"]), "{file}");
        assert!(run["left_out"][FIRST_DATE].to_string().contains(file), "{file}: {}", run["left_out"]);
    }
    assert_eq!((&block["photos"], &block["adjusted"]), (&good.into(), &good.into()));
}

/// The photos of a folder, in the order of their names.
fn photos(folder: &Path) -> Vec<PathBuf> {
    let mut photos: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    photos.sort();
    photos
}

/// Adds one file of each kind of damage to a folder of good photos.
fn spoil(folder: &Path) {
    let good: Vec<Vec<u8>> = photos(folder).iter().map(|path| fs::read(path).unwrap()).collect();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    write("TRUNCATED.JPG", &good[0][..good[0].len() / 2]);
    write("TEXT.JPG", "集合地点：东门 Meet at the east gate.".as_bytes());
    write("DJI_0002_copy.JPG", &good[1]);
    image::RgbImage::new(320, 200).save(folder.join("screenshot.png")).unwrap();
    let place = [GPS_POINTER, b"GpsLatitude"].map(|name| (name, b"XXXX".as_slice()));
    write("NO_POSITION.JPG", &altered(&good[2], &place));
    let (here, there) = (longitude(&good[3]), longitude(&good[3]).replacen("+11", "+10", 1));
    write(
        "ELSEWHERE.JPG",
        &altered(&good[3], &[(GPS_POINTER, b"XXXX"), (here.as_bytes(), there.as_bytes())]),
    );
}

/// Entry of the directory that points to the GPS directory: tag and type.
const GPS_POINTER: &[u8] = &[0x25, 0x88, 4, 0];

/// A photo with the first occurrence of each pattern overwritten.
fn altered(photo: &[u8], changes: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut photo = photo.to_vec();
    for (pattern, by) in changes {
        let at = photo.windows(pattern.len()).position(|window| window == *pattern).unwrap();
        photo[at..at + by.len()].copy_from_slice(by);
    }
    photo
}

/// The longitude in the maker's words.
fn longitude(photo: &[u8]) -> String {
    let text = String::from_utf8_lossy(photo);
    text.split("GpsLongitude=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn named<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    let entry = list.as_array().unwrap().iter().find(|entry| entry[key] == name);
    entry.unwrap_or_else(|| panic!("{name} is not in {list:#}"))
}

/// Whether a text is there in both languages.
fn says_something(text: &Value) -> bool {
    ["zh", "en"].iter().all(|language| text[language].as_str().is_some_and(|words| !words.is_empty()))
}
