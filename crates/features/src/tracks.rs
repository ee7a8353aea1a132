use nalgebra::Vector2;
use plumbline_scene::{Observation, PixelTrack};

use crate::Features;

/// The verified matches of two photos.
#[derive(Debug, Clone, PartialEq)]
pub struct PairMatches {
    /// Indices of the two photos.
    pub views: (usize, usize),
    /// Indices of the matched keypoints in the first and the second photo.
    pub matches: Vec<(u32, u32)>,
}

/// Chains of matches through all photos, in the order of their first keypoint.
///
/// A chain that reaches two keypoints of one photo contradicts itself and is dropped. The result does not depend on
/// the order of `pairs`.
pub fn build_tracks(features: &[&Features], pairs: &[PairMatches]) -> Vec<PixelTrack> {
    let offsets = offsets(features);
    let mut sets = DisjointSets::new(offsets[features.len()]);
    for pair in pairs {
        for &(a, b) in &pair.matches {
            sets.join(offsets[pair.views.0] + a as usize, offsets[pair.views.1] + b as usize);
        }
    }
    chains(&mut sets)
        .iter()
        .filter_map(|members| {
            let seen: Vec<(usize, usize)> = members.iter().map(|&m| owner(&offsets, m)).collect();
            let consistent = seen.windows(2).all(|two| two[0].0 != two[1].0);
            consistent
                .then(|| PixelTrack { observations: seen.iter().map(|&at| observe(features, at)).collect() })
        })
        .collect()
}

/// Where each photo's keypoints start in one count over all photos, and where the last one's end.
fn offsets(features: &[&Features]) -> Vec<usize> {
    let mut offsets = vec![0];
    for photo in features {
        offsets.push(offsets[offsets.len() - 1] + photo.len());
    }
    offsets
}

/// Photo and keypoint index of a keypoint in the count over all photos.
fn owner(offsets: &[usize], member: usize) -> (usize, usize) {
    let view_idx = offsets.partition_point(|&start| start <= member) - 1;
    (view_idx, member - offsets[view_idx])
}

fn observe(features: &[&Features], (view_idx, keypoint): (usize, usize)) -> Observation {
    let [x, y] = features[view_idx].keypoints[keypoint].pixel;
    Observation { view_idx, pixel: Vector2::new(f64::from(x), f64::from(y)) }
}

/// Members of every set of two or more, ascending; the sets in the order of their least member.
fn chains(sets: &mut DisjointSets) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); sets.parents.len()];
    for m in 0..members.len() {
        let root = sets.root(m);
        members[root].push(m);
    }
    members.retain(|set| set.len() > 1);
    members
}

/// Union-find in which the least member stands for the set.
struct DisjointSets {
    parents: Vec<usize>,
}

impl DisjointSets {
    fn new(n: usize) -> Self {
        Self { parents: (0..n).collect() }
    }

    fn root(&mut self, mut member: usize) -> usize {
        while self.parents[member] != member {
            self.parents[member] = self.parents[self.parents[member]];
            member = self.parents[member];
        }
        member
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }
}
