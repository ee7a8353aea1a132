//! Laws of tracks.

use plumbline_features::{Features, Keypoint, PairMatches, build_tracks};
use plumbline_scene::PixelTrack;
use plumbline_scene::{ThinOptions, thin_tracks};
use proptest::prelude::*;

const PHOTOS: usize = 4;
const KEYPOINTS: u32 = 12;

fn photos() -> Vec<Features> {
    let keypoint = |i: u32| Keypoint { pixel: [i as f32 * 8.0 + 0.5, i as f32], scale_px: 2.0, angle: 0.0 };
    let photo = Features { keypoints: (0..KEYPOINTS).map(keypoint).collect(), descriptors: Vec::new() };
    vec![photo; PHOTOS]
}

fn tracks(pairs: &[PairMatches]) -> Vec<PixelTrack> {
    let photos = photos();
    build_tracks(&photos.iter().collect::<Vec<_>>(), pairs)
}

fn pair(i: usize, j: usize, matches: &[(u32, u32)]) -> PairMatches {
    PairMatches { views: (i, j), matches: matches.to_vec() }
}

fn views(track: &PixelTrack) -> Vec<usize> {
    track.observations.iter().map(|o| o.view_idx).collect()
}

#[test]
fn matches_that_meet_in_a_keypoint_make_one_track() {
    let found = tracks(&[pair(0, 1, &[(3, 5)]), pair(1, 2, &[(5, 7), (1, 1)]), pair(2, 3, &[(7, 0)])]);
    assert_eq!(found.iter().map(views).collect::<Vec<_>>(), [vec![0, 1, 2, 3], vec![1, 2]]);
    assert!((found[0].observations[1].pixel.x - 40.5).abs() < 1e-9);
}

#[test]
fn a_track_with_two_keypoints_of_one_photo_is_dropped() {
    assert!(tracks(&[pair(0, 1, &[(3, 5)]), pair(1, 2, &[(5, 7)]), pair(0, 2, &[(4, 7)])]).is_empty());
}

#[test]
fn thinning_keeps_long_tracks_and_every_part_of_a_photo() {
    let all: Vec<(u32, u32)> = (0..KEYPOINTS).map(|i| (i, i)).collect();
    let mut pairs = vec![pair(0, 1, &all)];
    pairs.push(pair(1, 2, &[(2, 2), (4, 4)]));
    let found = tracks(&pairs);
    let options = ThinOptions { tracks_per_photo: 4, cells: 4 };
    let kept = thin_tracks(&found, &[(96, 20); PHOTOS], &options);
    assert_eq!(kept.len(), 4, "one track for each of four cells");
    assert_eq!(kept.iter().filter(|track| views(track).len() == 3).count(), 2);
    assert!(kept.iter().all(|track| found.contains(track)));
}

fn any_pairs() -> impl Strategy<Value = Vec<PairMatches>> {
    let matches = prop::collection::vec((0..KEYPOINTS, 0..KEYPOINTS), 0..8);
    let any_pair = (0..PHOTOS - 1, 1..PHOTOS, matches)
        .prop_map(|(i, step, matches)| PairMatches { views: (i, (i + step).min(PHOTOS - 1)), matches });
    prop::collection::vec(any_pair.prop_filter("two photos", |p| p.views.0 != p.views.1), 0..8)
}

proptest! {
    #[test]
    fn no_track_sees_a_photo_twice(pairs in any_pairs()) {
        for track in tracks(&pairs) {
            prop_assert!(track.observations.len() >= 2);
            prop_assert!(views(&track).is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn the_order_of_the_pairs_does_not_matter(pairs in any_pairs()) {
        let mut reversed = pairs.clone();
        reversed.reverse();
        prop_assert_eq!(tracks(&pairs), tracks(&reversed));
    }
}
