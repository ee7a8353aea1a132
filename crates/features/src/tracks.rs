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

/// How [`thin_tracks`] chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThinOptions {
    /// Tracks that every photo should keep if it has them; default 1200.
    pub tracks_per_photo: usize,
    /// Cells along the longer side of a photo over which its tracks are spread; default 12.
    pub cells: usize,
}

impl Default for ThinOptions {
    fn default() -> Self {
        Self { tracks_per_photo: 1200, cells: 12 }
    }
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

/// A subset that leaves every photo enough tracks, well spread and as long as there are; in the given order.
///
/// Longest first, a track is kept when in one of its photos the cell it falls on has not yet had its share.
pub fn thin_tracks(
    tracks: &[PixelTrack],
    photo_sizes: &[(u32, u32)],
    options: &ThinOptions,
) -> Vec<PixelTrack> {
    let mut order: Vec<usize> = (0..tracks.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(tracks[i].observations.len()));
    let mut shares: Vec<CellShares> =
        photo_sizes.iter().map(|&size| CellShares::new(size, options)).collect();
    let mut kept = vec![false; tracks.len()];
    for i in order {
        let seen = &tracks[i].observations;
        if seen.iter().any(|o| shares[o.view_idx].has_room(&o.pixel)) {
            kept[i] = true;
            for o in seen {
                shares[o.view_idx].take(&o.pixel);
            }
        }
    }
    tracks.iter().zip(kept).filter(|(_, kept)| *kept).map(|(track, _)| track.clone()).collect()
}

/// How many tracks each cell of a photo may still keep.
struct CellShares {
    cell_px: f64,
    cols: usize,
    left: Vec<usize>,
}

impl CellShares {
    fn new((width, height): (u32, u32), options: &ThinOptions) -> Self {
        let cell_px = f64::from(width.max(height)) / options.cells as f64;
        let cells = |side: u32| (f64::from(side) / cell_px).ceil() as usize;
        let (cols, rows) = (cells(width), cells(height));
        Self { cell_px, cols, left: vec![options.tracks_per_photo.div_ceil(cols * rows); cols * rows] }
    }

    fn cell(&self, pixel: &Vector2<f64>) -> usize {
        let (col, row) = ((pixel.x / self.cell_px) as usize, (pixel.y / self.cell_px) as usize);
        (row * self.cols + col.min(self.cols - 1)).min(self.left.len() - 1)
    }

    fn has_room(&self, pixel: &Vector2<f64>) -> bool {
        self.left[self.cell(pixel)] > 0
    }

    fn take(&mut self, pixel: &Vector2<f64>) {
        let cell = self.cell(pixel);
        self.left[cell] = self.left[cell].saturating_sub(1);
    }
}
