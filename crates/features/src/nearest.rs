mod cells;
mod expected;
mod packed;

use crate::{Descriptor, Features, Keypoint, SearchWindow};
use cells::Cells;
use expected::Expected;
use packed::{FAR, HEIGHT, Packed, Queries, WIDTH};

/// Largest distance of two descriptors of one spot, of a possible 724; COLMAP's bound of 0.7 of their length.
const MAX_DISTANCE: i32 = 358;

/// Mutual nearest neighbours among all keypoints, ascending.
pub fn anywhere(a: &Features, b: &Features, max_ratio: f32) -> Vec<(u32, u32)> {
    let packed = Packed::new(&b.descriptors);
    let mut table = Table::new(b, max_ratio);
    for (tile, own) in a.descriptors.chunks(HEIGHT).enumerate() {
        let queries = Queries::new(own);
        let mut best: [Best; HEIGHT] = std::array::from_fn(|_| Best::default());
        for (block, distances) in packed.distances(&queries).enumerate() {
            for (best, distances) in best.iter_mut().zip(&distances) {
                if distances.any_below(best.second) {
                    for (place, distance) in distances.iter().enumerate() {
                        best.offer(block * WIDTH + place, distance, &b.keypoints);
                    }
                }
            }
        }
        for (q, best) in best[..own.len()].iter().enumerate() {
            table.enter(tile * HEIGHT + q, best);
        }
    }
    table.mutual()
}

/// Mutual nearest neighbours among the keypoints that lie where a window expects them, turned and sized as it expects,
/// ascending.
pub fn within(a: &Features, b: &Features, window: &SearchWindow, max_ratio: f32) -> Vec<(u32, u32)> {
    let cells = Cells::new(b, window.radius_px as f32);
    let mut table = Table::new(b, max_ratio);
    for (i, (keypoint, own)) in a.keypoints.iter().zip(&a.descriptors).enumerate() {
        let Some(expected) = Expected::of(keypoint, window) else { continue };
        let mut best = Best::default();
        for slot in cells.around(&expected) {
            if expected.allows(&cells.keypoints[slot]) {
                best.offer(cells.order[slot], distance(own, &cells.descriptors[slot]), &b.keypoints);
            }
        }
        table.enter(i, &best);
    }
    table.mutual()
}

/// Squared Euclidean distance; the loop is one that vectorises to 16-bit products with 32-bit sums.
fn distance(a: &Descriptor, b: &Descriptor) -> i32 {
    let terms = a.iter().zip(b).map(|(&a, &b)| {
        let difference = i32::from(i16::from(a) - i16::from(b));
        difference * difference
    });
    terms.sum()
}

/// The nearest candidate of a keypoint so far, and the nearest that is another spot.
struct Best {
    idx: usize,
    distance: i32,
    second: i32,
}

impl Default for Best {
    fn default() -> Self {
        Self { idx: usize::MAX, distance: FAR, second: FAR }
    }
}

impl Best {
    fn offer(&mut self, idx: usize, distance: i32, keypoints: &[Keypoint]) {
        if distance >= self.second {
            return;
        }
        if distance < self.distance {
            if self.idx != usize::MAX && !same_spot(&keypoints[idx], &keypoints[self.idx]) {
                self.second = self.distance;
            }
            (self.idx, self.distance) = (idx, distance);
        } else if !same_spot(&keypoints[idx], &keypoints[self.idx]) {
            self.second = distance;
        }
    }
}

/// Whether two keypoints are answers of neighbouring scales to one spot.
fn same_spot(a: &Keypoint, b: &Keypoint) -> bool {
    let (dx, dy) = (a.pixel[0] - b.pixel[0], a.pixel[1] - b.pixel[1]);
    let reach = a.scale_px.max(b.scale_px);
    dx * dx + dy * dy < reach * reach
}

/// Best matches of both sides.
struct Table {
    max_ratio_squared: f32,
    chosen: Vec<(u32, u32)>,
    /// Squared distance and index of the keypoint nearest to each of the second photo.
    best_of_b: Vec<(i32, u32)>,
}

impl Table {
    fn new(b: &Features, max_ratio: f32) -> Self {
        let best_of_b = vec![(i32::MAX, u32::MAX); b.len()];
        Self { max_ratio_squared: max_ratio * max_ratio, chosen: Vec::new(), best_of_b }
    }

    fn enter(&mut self, i: usize, best: &Best) {
        if best.distance > MAX_DISTANCE * MAX_DISTANCE {
            return;
        }
        let rival = &mut self.best_of_b[best.idx];
        if best.distance < rival.0 {
            *rival = (best.distance, i as u32);
        }
        if (best.distance as f32) < self.max_ratio_squared * best.second as f32 {
            self.chosen.push((i as u32, best.idx as u32));
        }
    }

    fn mutual(mut self) -> Vec<(u32, u32)> {
        self.chosen.retain(|&(i, j)| self.best_of_b[j as usize].1 == i);
        self.chosen
    }
}
