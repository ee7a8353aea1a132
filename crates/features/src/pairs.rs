use std::collections::BTreeSet;

use nalgebra::{Vector2, Vector3};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::ExpectedPose;
use crate::window::{ground_spot, sample_pixels};

/// How pairs are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairOptions {
    /// Partners that each photo chooses; default 10. As it may be chosen by others, it ends up with twice that at most
    /// on average.
    pub partners: usize,
    /// Least share of a photo's ground that a partner has to see; default 0.2.
    pub min_overlap: f64,
    /// Flights of up to so many photos without positions are matched each with each; default 40.
    pub exhaustive_up_to: usize,
}

impl Default for PairOptions {
    fn default() -> Self {
        Self { partners: 10, min_overlap: 0.2, exhaustive_up_to: 40 }
    }
}

/// Pairs of photos of one flight that probably show the same ground, each `(i, j)` with `i < j`, ascending.
///
/// Where positions, rotations and the height of the ground are known, by the overlap of the predicted footprints;
/// where only positions are, by nearness; photos without a position go with those taken just before and after.
/// Partners are taken from all four sides in turn, so that neighbouring strips are tied as well as photos in a row.
pub fn choose_pairs(
    photos: &[ExpectedPose],
    ground_z: Option<f64>,
    options: &PairOptions,
) -> Vec<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    let everywhere = Neighbourhood::new(photos, ground_z);
    for (i, photo) in photos.iter().enumerate() {
        let partners = match photo.position {
            Some(_) => everywhere.partners(photo, Some(i), options),
            None => in_sequence(i, photos.len(), options),
        };
        pairs.extend(partners.into_iter().map(|j| (i.min(j), i.max(j))));
    }
    pairs.into_iter().collect()
}

/// Pairs of a photo of a new flight and one of an earlier block: `(i, photos.len() + j)`, ascending.
pub fn choose_ties(
    photos: &[ExpectedPose],
    earlier: &[ExpectedPose],
    ground_z: Option<f64>,
    options: &PairOptions,
) -> Vec<(usize, usize)> {
    let everywhere = Neighbourhood::new(earlier, ground_z);
    let partners = photos.iter().map(|photo| everywhere.partners(photo, None, options));
    let mut ties = Vec::new();
    for (i, mut partners) in partners.enumerate() {
        partners.sort_unstable();
        ties.extend(partners.into_iter().map(|j| (i, photos.len() + j)));
    }
    ties
}

/// All others of a small set, else the photos before and after.
fn in_sequence(i: usize, n: usize, options: &PairOptions) -> Vec<usize> {
    let reach = if n <= options.exhaustive_up_to { n } else { options.partners };
    (i.saturating_sub(reach)..(i + reach + 1).min(n)).filter(|&j| j != i).collect()
}

/// Photos indexed by where on the ground their centre looks.
struct Neighbourhood<'a> {
    photos: &'a [ExpectedPose],
    ground_z: Option<f64>,
    tree: RTree<GeomWithData<[f64; 2], usize>>,
}

impl<'a> Neighbourhood<'a> {
    /// Candidates looked at for every partner wanted.
    const CANDIDATES_PER_PARTNER: usize = 8;

    fn new(photos: &'a [ExpectedPose], ground_z: Option<f64>) -> Self {
        let located = photos.iter().enumerate().filter_map(|(i, photo)| {
            let spot = looks_at(photo, ground_z)?;
            Some(GeomWithData::new([spot.x, spot.y], i))
        });
        Self { photos, ground_z, tree: RTree::bulk_load(located.collect()) }
    }

    /// The best partners of a photo; `own_idx` is its index among the photos, where it is one of them.
    fn partners(&self, photo: &ExpectedPose, own_idx: Option<usize>, options: &PairOptions) -> Vec<usize> {
        let Some(spot) = looks_at(photo, self.ground_z) else { return Vec::new() };
        let candidates = self
            .tree
            .nearest_neighbor_iter([spot.x, spot.y])
            .filter(|near| Some(near.data) != own_idx)
            .take(options.partners * Self::CANDIDATES_PER_PARTNER)
            .filter_map(|near| {
                let away = Vector2::from(*near.geom()) - spot;
                let closeness = self.closeness(photo, &self.photos[near.data], &away, options)?;
                Some(Candidate { idx: near.data, closeness, quadrant: quadrant(&away) })
            });
        from_all_sides(candidates.collect(), options.partners)
    }

    /// Overlap of the footprints; without them, nearness. `None` for too little.
    fn closeness(
        &self,
        a: &ExpectedPose,
        b: &ExpectedPose,
        away: &Vector2<f64>,
        options: &PairOptions,
    ) -> Option<f64> {
        let overlap = self.ground_z.and_then(|z| Some(overlap(a, b, z)?.min(overlap(b, a, z)?)));
        match overlap {
            Some(share) => (share >= options.min_overlap).then_some(share),
            None => Some(-away.norm()),
        }
    }
}

/// A possible partner of a photo.
struct Candidate {
    idx: usize,
    closeness: f64,
    quadrant: usize,
}

/// Closest first from each quadrant in turn.
fn from_all_sides(mut candidates: Vec<Candidate>, partners: usize) -> Vec<usize> {
    candidates.sort_by(|a, b| b.closeness.total_cmp(&a.closeness).then(a.idx.cmp(&b.idx)));
    let mut taken = [0_usize; 4];
    let mut ranked: Vec<(usize, usize)> = Vec::new();
    for candidate in &candidates {
        ranked.push((taken[candidate.quadrant], candidate.idx));
        taken[candidate.quadrant] += 1;
    }
    ranked.sort_by_key(|&(rank, _)| rank);
    ranked.into_iter().take(partners).map(|(_, idx)| idx).collect()
}

/// Which quarter of the compass a direction belongs to, the quarters centred on north-east, south-east and so on.
fn quadrant(away: &Vector2<f64>) -> usize {
    usize::from(away.x < 0.0) * 2 + usize::from(away.y < 0.0)
}

/// Where the centre of a photo looks on the ground; its own position where attitude or ground are not known.
fn looks_at(photo: &ExpectedPose, ground_z: Option<f64>) -> Option<Vector2<f64>> {
    let centre = Vector2::new(photo.camera.cx, photo.camera.cy);
    let spot = ground_z.and_then(|z| ground_spot(photo, &centre, z)).or(photo.position);
    spot.map(|spot: Vector3<f64>| spot.xy())
}

/// Share of `a`'s pixels whose ground `b` sees; `None` without poses.
fn overlap(a: &ExpectedPose, b: &ExpectedPose, ground_z: f64) -> Option<f64> {
    a.cam_from_world()?;
    let b_from_world = b.cam_from_world()?;
    let sees = |pixel: &Vector2<f64>| {
        let spot = ground_spot(a, pixel, ground_z)?;
        b.camera.project(&b_from_world.transform(&spot)).filter(|seen| b.camera.contains(seen))
    };
    let (seen, all) = sample_pixels(a)
        .fold((0, 0), |(seen, all), pixel| (seen + i32::from(sees(&pixel).is_some()), all + 1));
    Some(f64::from(seen) / f64::from(all))
}
