#![doc = include_str!("../README.md")]

mod detector;
mod expected_pose;
mod features;
mod matcher;
mod nearest;
mod pairs;
mod tracks;
mod verification;
mod window;

pub use detector::{DetectorOptions, detect};
pub use expected_pose::ExpectedPose;
pub use features::{Descriptor, Features, Keypoint};
pub use matcher::{MatchOptions, PhotoFeatures, VerifiedMatches, match_pair};
pub use pairs::{PairOptions, choose_pairs, choose_ties};
pub use tracks::{PairMatches, build_tracks};
pub use window::SearchWindow;
