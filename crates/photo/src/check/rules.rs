//! The rules that need the whole flight. Each returns its problems in the order of the photos.

use std::collections::BTreeMap;

use super::pixels::PixelStatistics;
use super::place::{distance, median, places, plane};
use super::problem::Problem;
use super::wording;
use crate::Photo;

/// A photo below this share of the flight's median sharpness is reported, below the second it is useless for matching.
/// Sharp photos of three real flights lie between 0.85 and 1.25, blurred by one pixel (sigma) between 0.2 and 0.3.
const BLURRED: f64 = 0.5;
const USELESSLY_BLURRED: f64 = 0.1;

/// A photo with more clipped pixels than this is reported, with more than the second it shows nothing.
const BADLY_EXPOSED: f64 = 0.25;
const USELESSLY_EXPOSED: f64 = 0.9;

/// Photos of one flight follow each other within this distance, metres, or within so many times the usual step.
const LONGEST_STEP_M: f64 = 300.0;
const LONGEST_STEP: f64 = 8.0;

/// A group of photos elsewhere, or by another camera, that is smaller than this share of the flight is a stray and is
/// left out; a larger one is a flight of its own, which the pilot must sort.
const STRAY: f64 = 0.2;

/// Two photos of the same second within this distance, metres, are the same photo saved twice.
const SAME_PLACE_M: f64 = 0.05;

/// A pause longer than this, minutes, is reported.
const LONGEST_PAUSE_MIN: f64 = 20.0;

/// A photo of which no other sees this share again may not connect to the block.
const LEAST_OVERLAP: f64 = 0.3;

/// Images that no camera wrote.
pub(super) fn not_photos(photos: &[&Photo]) -> Vec<Problem> {
    let from_camera =
        |p: &Photo| !p.camera_id.model.is_empty() || p.captured_at.is_some() || p.position.is_some();
    photos.iter().filter(|photo| !from_camera(photo)).map(|photo| wording::not_a_photo(&photo.name)).collect()
}

/// Photos without a position; of use only when hardly any photo has one.
pub(super) fn without_position(photos: &[&Photo]) -> Vec<Problem> {
    let placed = photos.iter().filter(|photo| photo.position.is_some()).count();
    let leave_out = 2 * placed > photos.len();
    let lost = photos.iter().filter(|photo| photo.position.is_none());
    lost.map(|photo| wording::no_position(&photo.name, leave_out)).collect()
}

/// The same bytes, or the same camera in the same place at the same instant. The largest file stays: a copy that went
/// through a chat is smaller than the original.
pub(super) fn duplicates(photos: &[&Photo]) -> Vec<Problem> {
    let mut photos = photos.to_vec();
    photos.sort_by_key(|photo| std::cmp::Reverse(photo.bytes));
    let mut by_digest: BTreeMap<&str, &Photo> = BTreeMap::new();
    let mut by_instant = BTreeMap::new();
    let positions = plane(&photos);
    let mut problems = Vec::new();
    for (photo, position) in photos.iter().zip(positions) {
        let same_bytes = *by_digest.entry(&photo.sha256).or_insert(photo);
        let place = position.map(|p| p.map(|v| (v / SAME_PLACE_M).round() as i64));
        let same_instant = match photo.captured_at.zip(place) {
            Some(instant) => *by_instant.entry((instant, &photo.camera_id, photo.width)).or_insert(photo),
            None => photo,
        };
        let first = if same_bytes.name == photo.name { same_instant } else { same_bytes };
        if first.name != photo.name {
            problems.push(wording::duplicate(&photo.name, &first.name));
        }
    }
    problems
}

/// Photos that no chain of steps joins to most of the flight.
pub(super) fn elsewhere(photos: &[&Photo]) -> Vec<Problem> {
    let positions = plane(photos);
    let placed: Vec<(&Photo, [f64; 2])> =
        photos.iter().zip(&positions).filter_map(|(p, at)| Some((*p, (*at)?))).collect();
    let at: Vec<[f64; 2]> = placed.iter().map(|(_, at)| *at).collect();
    let steps = at.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
    let longest = LONGEST_STEP_M.max(LONGEST_STEP * median(steps).unwrap_or(0.0));
    let place = places(&at, longest);
    let Some(home) = most_frequent(&place) else { return Vec::new() };
    let size = |wanted: usize| place.iter().filter(|&&p| p == wanted).count() as f64;
    let strangers = placed.iter().zip(&place).filter(|&(_, &p)| p != home);
    strangers
        .map(|((photo, from), &p)| {
            let at_home =
                at.iter().zip(&place).filter(|&(_, &q)| q == home).map(|(to, _)| distance(*from, *to));
            let nearest_m = at_home.fold(f64::INFINITY, f64::min);
            wording::elsewhere(&photo.name, nearest_m, size(p) < STRAY * size(home))
        })
        .collect()
}

/// Photos by another camera than most.
pub(super) fn other_cameras(photos: &[&Photo]) -> Vec<Problem> {
    let cameras: Vec<_> = photos.iter().map(|p| (p.camera_id.model.as_str(), p.width, p.height)).collect();
    let Some(usual) = most_frequent(&cameras) else { return Vec::new() };
    let size = |wanted| cameras.iter().filter(|&&c| c == wanted).count() as f64;
    let describe = |(model, width, height): (&str, u32, u32)| {
        format!("{} {width} x {height}", if model.is_empty() { "?" } else { model })
    };
    let strangers = photos.iter().zip(&cameras).filter(|&(_, &camera)| camera != usual);
    strangers
        .map(|(photo, &camera)| {
            let stray = size(camera) < STRAY * size(usual);
            wording::other_camera(&photo.name, &describe(camera), &describe(usual), stray)
        })
        .collect()
}

/// Photos that are much less sharp than the flight's median.
pub(super) fn blurred(photos: &[(&Photo, PixelStatistics)]) -> Vec<Problem> {
    let Some(usual) =
        median(photos.iter().map(|(_, pixels)| pixels.sharpness).collect()).filter(|&m| m > 0.0)
    else {
        return Vec::new();
    };
    let share = |pixels: &PixelStatistics| pixels.sharpness / usual;
    let soft = photos.iter().filter(|(_, pixels)| share(pixels) < BLURRED);
    soft.map(|(photo, pixels)| {
        wording::blurred(&photo.name, share(pixels), share(pixels) < USELESSLY_BLURRED)
    })
    .collect()
}

/// Photos with many clipped pixels.
pub(super) fn badly_exposed(photos: &[(&Photo, PixelStatistics)]) -> Vec<Problem> {
    let clipped = |pixels: &PixelStatistics| pixels.black.max(pixels.white);
    let bad = photos.iter().filter(|(_, pixels)| clipped(pixels) > BADLY_EXPOSED);
    bad.map(|(photo, p)| wording::bad_exposure(&photo.name, p.black, p.white, clipped(p) > USELESSLY_EXPOSED))
        .collect()
}

/// Long pauses between photos in the order of time.
pub(super) fn pauses(photos: &[&Photo]) -> Vec<Problem> {
    let pause_min = |pair: &[&Photo]| {
        let (before, after) = (pair[0].captured_at?.local, pair[1].captured_at?.local);
        Some((after - before).num_seconds() as f64 / 60.0)
    };
    photos
        .windows(2)
        .filter_map(|pair| Some((pair[1], pause_min(pair).filter(|&m| m > LONGEST_PAUSE_MIN)?)))
        .map(|(photo, minutes)| wording::time_gap(&photo.name, minutes))
        .collect()
}

/// Photos that hardly overlap with any other.
pub(super) fn lonely(photos: &[&Photo], best_overlap: &[Option<f64>]) -> Vec<Problem> {
    let known = photos.iter().zip(best_overlap).filter_map(|(photo, best)| Some((photo, (*best)?)));
    known
        .filter(|&(_, best)| best < LEAST_OVERLAP)
        .map(|(photo, best)| wording::low_overlap(&photo.name, best))
        .collect()
}

/// The value that occurs most often; of several the smallest.
fn most_frequent<T: Ord + Copy>(values: &[T]) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for &value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(value, count)| (count, std::cmp::Reverse(value))).map(|(value, _)| value)
}
