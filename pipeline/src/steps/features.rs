//! Photos become keypoints, pairs of photos become matches, matches become tracks.

use image::imageops::grayscale;
use plumbline_features::{
    DetectorOptions, ExpectedPose, Features, MatchOptions, PairMatches, PairOptions, PhotoFeatures,
    SearchWindow, build_tracks, choose_pairs, choose_ties, detect, match_pair,
};
use plumbline_photo::{Photo, decode};
use plumbline_scene::{Block, PixelTrack, ThinOptions, thin_tracks};

use crate::error::Error;
use crate::executor::{Executor, Task};
use crate::progress::Bar;
use crate::steps::Context;
use crate::steps::photo::FlightPhotos;

/// The earlier epoch as the new flight's matcher sees it: its views and their keypoints, in the same order.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// The placed views.
    pub block: &'a Block,
    /// Keypoints of each view.
    pub features: &'a [Features],
    /// Digests of the views' photos.
    pub photos: &'a [String],
}

/// Keypoints of every photo.
pub fn keypoints(context: &Context, bar: &Bar<'_>, photos: &[Photo]) -> Result<Vec<Features>, Error> {
    let options = DetectorOptions::default();
    let tasks: Vec<Task<&Photo>> = photos
        .iter()
        .map(|photo| {
            let key = context.store.key("keypoints", &(&photo.sha256, format!("{options:?}")))?;
            Ok(Task { key, input: photo })
        })
        .collect::<Result<_, Error>>()?;
    Executor { store: &context.store }.run("keypoints", bar, &tasks, |photo| {
        let gray = grayscale(&decode(&photo.path)?);
        Ok::<_, Error>(detect(&gray, &options))
    })
}

/// Ground points seen by two photos or more. Views after the flight's own are those of the earlier epoch.
pub fn tracks(
    context: &Context,
    bar: &Bar<'_>,
    flight: &FlightPhotos,
    features: &[Features],
    earlier: Option<Earlier<'_>>,
) -> Result<Vec<PixelTrack>, Error> {
    let prior = &flight.prior;
    let mut poses = ExpectedPose::of_flight(prior);
    let mut pairs = choose_pairs(&poses, prior.ground_z, &PairOptions::default());
    let mut all: Vec<&Features> = features.iter().collect();
    let mut digests: Vec<&String> = flight.photos.iter().map(|photo| &photo.sha256).collect();
    if let Some(earlier) = earlier {
        let placed = ExpectedPose::of_block(earlier.block);
        pairs.extend(choose_ties(&poses, &placed, prior.ground_z, &PairOptions::default()));
        poses.extend(placed);
        all.extend(earlier.features);
        digests.extend(earlier.photos);
    }
    let matches = verified(
        context,
        bar,
        &Candidates { poses: &poses, features: &all, digests: &digests, ground_z: prior.ground_z },
        &pairs,
    )?;
    let tracks = build_tracks(&all, &matches);
    let sizes: Vec<(u32, u32)> = poses.iter().map(|pose| (pose.camera.width, pose.camera.height)).collect();
    Ok(thin_tracks(&tracks, &sizes, &ThinOptions::default()))
}

/// Photos that may be matched with each other.
struct Candidates<'a> {
    poses: &'a [ExpectedPose],
    features: &'a [&'a Features],
    digests: &'a [&'a String],
    ground_z: Option<f64>,
}

fn verified(
    context: &Context,
    bar: &Bar<'_>,
    candidates: &Candidates<'_>,
    pairs: &[(usize, usize)],
) -> Result<Vec<PairMatches>, Error> {
    let options = MatchOptions::default();
    let Candidates { poses, features, digests, ground_z } = candidates;
    let tasks: Vec<Task<(usize, usize)>> = pairs
        .iter()
        .map(|&(i, j)| {
            let inputs =
                (digests[i], digests[j], format!("{:?} {:?} {ground_z:?} {options:?}", poses[i], poses[j]));
            Ok(Task { key: context.store.key("matches", &inputs)?, input: (i, j) })
        })
        .collect::<Result<_, Error>>()?;
    let found = Executor { store: &context.store }.run("matches", bar, &tasks, |&(i, j)| {
        let window = SearchWindow::from_poses(&poses[i], &poses[j], *ground_z);
        let seen = |k: usize| PhotoFeatures { features: features[k], camera: &poses[k].camera };
        let verified = match_pair(seen(i), seen(j), window.as_ref(), &options);
        Ok::<_, Error>(verified.map(|verified| verified.matches))
    })?;
    let pairs = pairs.iter().zip(found);
    Ok(pairs.filter_map(|(&views, matches)| Some(PairMatches { views, matches: matches? })).collect())
}
