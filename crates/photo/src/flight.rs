use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::{Error, ExposureEvent, Photo, mrk};

/// File name endings under which cameras write photos.
const PHOTO_ENDINGS: [&str; 5] = ["jpg", "jpeg", "png", "tif", "tiff"];

/// An event and a photo of the same number that are farther apart than this, degrees (about 30 m), belong to different flights.
const SAME_EXPOSURE_DEG: f64 = 3e-4;

/// The files of a folder whose names end like a photo's, by name. Hidden files and folders inside are passed over.
pub fn candidate_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let endings = |name: &str| {
        PHOTO_ENDINGS.iter().any(|ending| name.to_ascii_lowercase().ends_with(&format!(".{ending}")))
    };
    files(folder, &endings)
}

/// The folders inside a folder that hold candidate files, by name, with how many.
pub(crate) fn folders_inside(folder: &Path) -> Result<Vec<(String, usize)>, Error> {
    let mut found = Vec::new();
    for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let photos = candidate_files(&path)?.len();
        if photos > 0 {
            found.push((file_name(&path), photos));
        }
    }
    Ok(found)
}

/// Reads every candidate file of a folder, in the order of the names, and takes positions from an exposure-event file
/// (`.MRK`) beside the photos where there is one.
pub fn read_flight(folder: &Path) -> Result<Vec<Result<Photo, Error>>, Error> {
    let mut photos: Vec<_> = candidate_files(folder)?.par_iter().map(|path| Photo::read(path)).collect();
    let events = read_events(folder)?;
    for photo in photos.iter_mut().flatten() {
        refine_position(photo, &events);
    }
    Ok(photos)
}

/// All exposure events of a folder.
pub(crate) fn read_events(folder: &Path) -> Result<Vec<ExposureEvent>, Error> {
    let lists: Result<Vec<_>, _> = files(folder, &|name| name.to_ascii_lowercase().ends_with(".mrk"))?
        .iter()
        .map(|path| mrk::read_mrk(path))
        .collect();
    Ok(lists?.concat())
}

/// Replaces a photo's position by that of the event with its number, if the two agree about the place and the event knows better.
pub(crate) fn refine_position(photo: &mut Photo, events: &[ExposureEvent]) {
    let Some(number) = sequence_number(&photo.name) else { return };
    let near = |event: &&ExposureEvent| match &photo.position {
        Some(p) => {
            let (a, b) = (&p.lla, &event.position.lla);
            let farthest =
                (a.latitude_deg - b.latitude_deg).abs().max((a.longitude_deg - b.longitude_deg).abs());
            farthest < SAME_EXPOSURE_DEG && event.position.sigma_m[0] <= p.sigma_m[0]
        }
        None => true,
    };
    if let Some(event) = events.iter().filter(|event| event.sequence == number).find(near) {
        photo.position = Some(event.position);
    }
}

/// The photo's number within its flight: the last digits of `100_0001_0042.JPG` or `DJI_20250416072557_0042_D.JPG`.
fn sequence_number(name: &str) -> Option<u32> {
    let stem = Path::new(name).file_stem()?.to_str()?;
    stem.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?.parse().ok()
}

fn files(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>, Error> {
    let mut found = entries(folder)?;
    found.retain(|path| path.is_file() && wanted(&file_name(path)));
    Ok(found)
}

/// What lies in a folder and is not hidden, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::Io { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if !file_name(&path).starts_with('.') {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_photo_is_the_last_in_its_name() {
        assert_eq!(sequence_number("DJI_20250416072557_0201_D.JPG"), Some(201));
        assert_eq!(sequence_number("100_0001_0042.JPG"), Some(42));
        assert_eq!(sequence_number("plan.JPG"), None);
    }
}
