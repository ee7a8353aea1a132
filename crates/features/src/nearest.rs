use nalgebra::{Matrix2, Vector2, Vector3};

use crate::{Descriptor, Features, Keypoint, SearchWindow};

/// Largest distance of two descriptors of one spot, of a possible 724; COLMAP's bound of 0.7 of their length.
const MAX_DISTANCE: i32 = 358;

/// Largest turn of a keypoint against what its window predicts, radians. Covers the error of a gimbal and of the
/// keypoint's own direction, and leaves out five of six chance candidates.
const MAX_TURN: f32 = 0.55;

/// Largest ratio of a keypoint's size to what its window predicts: a little more than half an octave.
const MAX_GROWTH: f32 = 1.6;

/// Mutual nearest neighbours among all keypoints, ascending.
pub fn anywhere(a: &[Descriptor], b: &Features, max_ratio: f32) -> Vec<(u32, u32)> {
    let mut table = Table::new(b, max_ratio);
    for (i, own) in a.iter().enumerate() {
        let mut best = Best::default();
        for (j, other) in b.descriptors.iter().enumerate() {
            best.offer(j, distance(own, other), &b.keypoints);
        }
        table.enter(i, &best);
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
        for slot in cells.around(expected.pixel, window.radius_px as f32) {
            let j = cells.order[slot];
            if expected.allows(&cells.keypoints[slot]) {
                best.offer(j, distance(own, &cells.descriptors[slot]), &b.keypoints);
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
        Self { idx: usize::MAX, distance: i32::MAX, second: i32::MAX }
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
    let apart = (a.pixel[0] - b.pixel[0]).hypot(a.pixel[1] - b.pixel[1]);
    apart < a.scale_px.max(b.scale_px)
}

/// Best matches of both sides.
struct Table {
    max_ratio_squared: f32,
    chosen: Vec<(u32, u32)>,
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

/// What a window predicts of a keypoint's match.
struct Expected {
    pixel: [f32; 2],
    radius_squared: f32,
    angle: f32,
    scale: f32,
}

impl Expected {
    fn of(keypoint: &Keypoint, window: &SearchWindow) -> Option<Self> {
        let pixel = Vector2::new(f64::from(keypoint.pixel[0]), f64::from(keypoint.pixel[1]));
        let mapped = window.b_from_a.transform(&pixel);
        let slope = slope(window, &pixel, &mapped)?;
        let turn = (slope[(1, 0)] - slope[(0, 1)]).atan2(slope[(0, 0)] + slope[(1, 1)]);
        Some(Self {
            pixel: [mapped.x as f32, mapped.y as f32],
            radius_squared: (window.radius_px * window.radius_px) as f32,
            angle: keypoint.angle + turn as f32,
            scale: keypoint.scale_px * slope.determinant().abs().sqrt() as f32,
        })
    }

    fn allows(&self, other: &Keypoint) -> bool {
        use std::f32::consts::{PI, TAU};
        let (dx, dy) = (other.pixel[0] - self.pixel[0], other.pixel[1] - self.pixel[1]);
        let turn = other.angle - self.angle;
        let turn = (turn - TAU * ((turn + PI) / TAU).floor()).abs();
        let growth = other.scale_px / self.scale;
        dx * dx + dy * dy < self.radius_squared
            && turn < MAX_TURN
            && growth < MAX_GROWTH
            && growth * MAX_GROWTH > 1.0
    }
}

/// Derivative of a window's map; `None` near the line that it throws to infinity.
fn slope(window: &SearchWindow, pixel: &Vector2<f64>, mapped: &Vector2<f64>) -> Option<Matrix2<f64>> {
    let h = &window.b_from_a.0;
    let w = (h * Vector3::new(pixel.x, pixel.y, 1.0)).z;
    let numerator = h.fixed_view::<2, 2>(0, 0) - mapped * h.fixed_view::<1, 2>(2, 0);
    Some(numerator / w).filter(|slope| slope.iter().all(|v| v.is_finite()))
}

/// Keypoints sorted by cells, row by row, so that a window is a run of slots in each of its rows.
struct Cells {
    cell_px: f32,
    cols: usize,
    rows: usize,
    /// First slot of each cell, and the end of the last.
    starts: Vec<usize>,
    order: Vec<usize>,
    keypoints: Vec<Keypoint>,
    descriptors: Vec<Descriptor>,
}

impl Cells {
    fn new(features: &Features, radius_px: f32) -> Self {
        let extent = |axis: usize| features.keypoints.iter().map(|k| k.pixel[axis]).fold(1.0, f32::max);
        let cell_px = (0.5 * radius_px).max(8.0);
        let (cols, rows) = ((extent(0) / cell_px) as usize + 1, (extent(1) / cell_px) as usize + 1);
        let cell = |k: &Keypoint| (k.pixel[1] / cell_px) as usize * cols + (k.pixel[0] / cell_px) as usize;
        let mut starts = vec![0; cols * rows + 1];
        for keypoint in &features.keypoints {
            starts[cell(keypoint) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut order: Vec<usize> = (0..features.len()).collect();
        order.sort_by_key(|&i| cell(&features.keypoints[i]));
        let keypoints = order.iter().map(|&i| features.keypoints[i]).collect();
        let descriptors = order.iter().map(|&i| features.descriptors[i]).collect();
        Self { cell_px, cols, rows, starts, order, keypoints, descriptors }
    }

    /// Slots of all keypoints within `radius_px`, and of some beyond.
    fn around(&self, pixel: [f32; 2], radius_px: f32) -> impl Iterator<Item = usize> {
        let span = |v: f32, cells: usize| {
            let cell = |edge: f32| ((edge / self.cell_px).max(0.0) as usize).min(cells);
            (cell(v - radius_px), cell(v + radius_px + self.cell_px))
        };
        let ((west, east), (north, south)) = (span(pixel[0], self.cols), span(pixel[1], self.rows));
        (north..south).flat_map(move |row| {
            let first = row * self.cols;
            self.starts[first + west]..self.starts[first + east]
        })
    }
}
