use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::pixels::PixelStatistics;
use super::place::plane;
use super::problem::Problem;
use super::verdict::FlightSummary;
use super::{rules, wording};
use crate::flight::{candidate_files, folders_inside, read_events, refine_position};
use crate::{CaptureTime, Error, Photo, decode};

/// A folder of photos, looked through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Every photo that can be decoded, in the order of time and name, the useless ones included.
    pub photos: Vec<Photo>,
    /// What is wrong, in the order of the file names.
    pub problems: Vec<Problem>,
    /// What it amounts to.
    pub summary: FlightSummary,
}

impl Inspection {
    /// The photos that no problem leaves out, in the order of time and name.
    pub fn usable(&self) -> Vec<&Photo> {
        usable(&self.photos.iter().collect::<Vec<_>>(), &self.problems)
    }
}

/// Looks through a folder of photos: what is in it, what is wrong with it, whether it will georeference.
///
/// Every photo is decoded once. `progress` is told after each file how many of how many are done.
pub fn inspect(folder: &Path, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Inspection, Error> {
    let files = candidate_files(folder)?;
    let events = read_events(folder)?;
    let done = AtomicUsize::new(0);
    let looked_at: Vec<_> = files
        .par_iter()
        .map(|path| {
            let seen = look_at(path);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
            seen
        })
        .collect();
    let inside = folders_inside(folder)?;
    let mut problems: Vec<Problem> =
        inside.iter().map(|(name, photos)| wording::folder_inside(name, *photos)).collect();
    let mut seen = Vec::new();
    for (path, result) in files.iter().zip(looked_at) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match result {
            Ok(photo_and_pixels) => seen.push(photo_and_pixels),
            Err(error) => problems.push(wording::broken(&name, &error)),
        }
    }
    for (photo, _) in &mut seen {
        refine_position(photo, &events);
    }
    seen.sort_by(|(a, _), (b, _)| in_time(a).cmp(&in_time(b)));
    Ok(judge(files.len(), seen, problems))
}

fn look_at(path: &Path) -> Result<(Photo, PixelStatistics), Error> {
    let bytes = decode::read_bytes(path)?;
    let photo = Photo::from_bytes(path, &bytes)?;
    let pixels = PixelStatistics::of(&decode::decode_bytes(path, &bytes)?);
    Ok((photo, pixels))
}

/// Photos without a time come last; `DJI_0005.JPG` before its copy `DJI_0005 (1).JPG`.
fn in_time(photo: &Photo) -> (bool, Option<CaptureTime>, usize, &str) {
    (photo.captured_at.is_none(), photo.captured_at, photo.name.len(), &photo.name)
}

/// Applies the rules one after the other; a photo that one of them leaves out no longer counts for the next.
fn judge(files: usize, seen: Vec<(Photo, PixelStatistics)>, mut problems: Vec<Problem>) -> Inspection {
    let everything: Vec<&Photo> = seen.iter().map(|(photo, _)| photo).collect();
    for rule in [
        rules::not_photos,
        rules::without_position,
        rules::duplicates,
        rules::elsewhere,
        rules::other_cameras,
    ] {
        let found = rule(&usable(&everything, &problems));
        problems.extend(found);
    }
    let remaining = usable(&everything, &problems);
    let with_pixels: Vec<(&Photo, PixelStatistics)> = seen
        .iter()
        .filter(|(p, _)| remaining.iter().any(|r| r.name == p.name))
        .map(|(p, pixels)| (p, *pixels))
        .collect();
    problems.extend(rules::blurred(&with_pixels));
    problems.extend(rules::badly_exposed(&with_pixels));
    let remaining = usable(&everything, &problems);
    let coverage = Coverage::of(&remaining, &plane(&remaining));
    problems.extend(rules::pauses(&remaining));
    problems.extend(rules::lonely(&remaining, &coverage.best_overlap));
    let summary = FlightSummary::of(files, &remaining, &coverage);
    problems.sort_by(|a, b| (&a.photo, a.kind).cmp(&(&b.photo, b.kind)));
    Inspection { photos: seen.into_iter().map(|(photo, _)| photo).collect(), problems, summary }
}

fn usable<'a>(photos: &[&'a Photo], problems: &[Problem]) -> Vec<&'a Photo> {
    let left_out = |name: &str| problems.iter().any(|p| p.leave_out && p.photo == name);
    photos.iter().copied().filter(|photo| !left_out(&photo.name)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use image::{ImageFormat, imageops};

    use super::super::{Georeference, ProblemKind};
    use super::*;
    use crate::testing::{Shot, texture};

    const METRE_DEG: f64 = 1.0 / 111_320.0;

    /// Two strips of four photos, 60 m up, 15 m apart along and 25 m across.
    fn shot(i: u32) -> Shot {
        let (strip, step) = (i / 4, if i < 4 { i } else { 7 - i });
        Shot::at(f64::from(step) * 15.0 * METRE_DEG, 114.0 + f64::from(strip) * 25.0 * METRE_DEG, 3 * i)
    }

    fn good_flight() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for i in 0..8 {
            write(&folder, &format!("DJI_{:04}.JPG", i + 1), &shot(i).jpeg(&texture(384, 256, u64::from(i))));
        }
        folder
    }

    fn write(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }

    fn inspected(folder: &tempfile::TempDir) -> Inspection {
        inspect(folder.path(), &|_, _| {}).unwrap()
    }

    #[test]
    fn a_good_flight_has_no_problems_and_will_georeference() {
        let inspection = inspected(&good_flight());
        assert_eq!(inspection.problems, vec![]);
        assert_eq!(inspection.usable().len(), 8);
        assert_eq!(inspection.summary.georeference, Georeference::Yes);
        assert!((0.7..0.8).contains(&inspection.summary.forward_overlap.unwrap()));
        assert!((0.6..0.8).contains(&inspection.summary.side_overlap.unwrap()));
    }

    #[test]
    fn each_file_of_a_broken_folder_is_named_with_reason_and_remedy() {
        let folder = good_flight();
        let whole = shot(2).jpeg(&texture(384, 256, 90));
        write(&folder, "cut.JPG", &whole[..whole.len() / 2]);
        write(&folder, "notes.JPG", b"checked the battery");
        texture(300, 200, 91).save_with_format(folder.path().join("screen.png"), ImageFormat::Png).unwrap();
        write(&folder, "lost.JPG", &Shot { lat_lon_deg: None, ..shot(3) }.jpeg(&texture(384, 256, 92)));
        fs::copy(folder.path().join("DJI_0005.JPG"), folder.path().join("DJI_0005 (1).JPG")).unwrap();
        write(&folder, "village.JPG", &Shot::at(0.02, 114.0, 40).jpeg(&texture(384, 256, 93)));
        let blurred = imageops::fast_blur(&texture(384, 256, 94), 4.0);
        write(&folder, "soft.JPG", &Shot::at(5.0 * METRE_DEG, 114.0, 41).jpeg(&blurred));
        let inspection = inspected(&folder);
        let found: Vec<_> = inspection.problems.iter().map(|p| (p.photo.as_str(), p.kind)).collect();
        let expected = [
            ("DJI_0005 (1).JPG", ProblemKind::Duplicate),
            ("cut.JPG", ProblemKind::Truncated),
            ("lost.JPG", ProblemKind::NoPosition),
            ("notes.JPG", ProblemKind::NotAnImage),
            ("screen.png", ProblemKind::NotAPhoto),
            ("soft.JPG", ProblemKind::Blurred),
            ("village.JPG", ProblemKind::Elsewhere),
        ];
        assert_eq!(found, expected);
        for problem in &inspection.problems {
            assert!(problem.leave_out && problem.message.zh.contains(&problem.photo), "{problem:?}");
            assert!(
                problem.message.en.contains(&problem.photo) && !problem.remedy.en.is_empty(),
                "{problem:?}"
            );
        }
        assert_eq!((inspection.summary.files, inspection.summary.usable), (15, 8));
        assert_eq!(inspection.summary.georeference, Georeference::Yes);
    }

    #[test]
    fn of_an_original_and_its_shrunk_copy_the_original_stays() {
        let folder = good_flight();
        let soft = imageops::fast_blur(&texture(384, 256, 4), 3.0);
        write(&folder, "a.JPG", &shot(4).jpeg(&soft));
        let inspection = inspected(&folder);
        let found: Vec<_> = inspection.problems.iter().map(|p| (p.photo.as_str(), p.kind)).collect();
        assert_eq!(found, [("a.JPG", ProblemKind::Duplicate)]);
    }

    #[test]
    fn a_flight_without_any_position_keeps_its_photos_but_will_not_georeference() {
        let folder = tempfile::tempdir().unwrap();
        for i in 0..6 {
            let shot = Shot { lat_lon_deg: None, ..shot(i) };
            write(&folder, &format!("DJI_{i}.JPG"), &shot.jpeg(&texture(384, 256, u64::from(i))));
        }
        let inspection = inspected(&folder);
        assert_eq!(inspection.usable().len(), 6);
        assert_eq!(inspection.summary.georeference, Georeference::No);
    }

    #[test]
    fn two_sites_in_one_folder_are_reported_and_none_is_left_out() {
        let folder = good_flight();
        for i in 0..5 {
            let far = Shot::at(0.05 + f64::from(i) * 15.0 * METRE_DEG, 114.0, 60 + i);
            write(&folder, &format!("second_{i}.JPG"), &far.jpeg(&texture(384, 256, 50 + u64::from(i))));
        }
        let inspection = inspected(&folder);
        let elsewhere: Vec<_> =
            inspection.problems.iter().filter(|p| p.kind == ProblemKind::Elsewhere).collect();
        assert_eq!(elsewhere.len(), 5);
        assert!(elsewhere.iter().all(|p| !p.leave_out && p.message.en.contains("km away")));
    }

    #[test]
    fn photos_far_apart_are_doubtful_and_each_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for i in 0..6 {
            let lonely = Shot::at(f64::from(i) * 50.0 * METRE_DEG, 114.0 + f64::from(i % 2) * 1e-3, i);
            write(&folder, &format!("DJI_{i}.JPG"), &lonely.jpeg(&texture(384, 256, u64::from(i))));
        }
        let inspection = inspected(&folder);
        assert!(inspection.summary.georeference > Georeference::Yes);
        assert!(inspection.problems.iter().all(|p| p.kind == ProblemKind::LowOverlap));
        assert_eq!(inspection.problems.len(), 6);
    }

    #[test]
    fn photos_in_a_folder_inside_the_folder_are_not_passed_over_in_silence() {
        let folder = good_flight();
        let inside = folder.path().join("102MEDIA");
        fs::create_dir(&inside).unwrap();
        fs::create_dir(folder.path().join("empty")).unwrap();
        fs::copy(folder.path().join("DJI_0001.JPG"), inside.join("DJI_0001.JPG")).unwrap();
        let inspection = inspected(&folder);
        let found: Vec<_> = inspection.problems.iter().map(|p| (p.photo.as_str(), p.kind)).collect();
        assert_eq!(found, [("102MEDIA", ProblemKind::FolderInside)]);
        assert_eq!(inspection.usable().len(), 8);
    }

    #[test]
    fn an_empty_folder_is_judged_too() {
        let inspection = inspected(&tempfile::tempdir().unwrap());
        assert_eq!((inspection.summary.files, inspection.summary.georeference), (0, Georeference::No));
    }
}
