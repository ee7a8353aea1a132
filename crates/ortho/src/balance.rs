use std::collections::BTreeMap;

use image::RgbImage;
use nalgebra::{DMatrix, DVector, Vector2};
use plumbline_raster::Rgba;
use rayon::prelude::*;

use crate::choice::Choice;
use crate::sampling;

/// Factors for red, green and blue of a view.
pub(crate) type Gain = [f32; 3];

/// Places at which the views are compared at most.
const MOST_PLACES: usize = 20_000;

/// Views compared at one place.
const VIEWS_AT_A_PLACE: usize = 4;

/// A pair of views with fewer common places says nothing reliable.
const LEAST_COMMON: usize = 20;

/// Grey values outside this range are in deep shadow or clipped, and their ratio says nothing of the exposure.
const DARKEST: f32 = 30.0;
const BRIGHTEST: f32 = 245.0;

/// Side of the squares that are compared, in cells: larger than the errors of the DSM and of the poses.
const SQUARE_CELLS: f64 = 5.0;

/// Weight of "same exposure" against that of a pair of views.
const EXPOSURE_PRIOR: f64 = 0.05;

/// Weight of "same white balance" against that of a pair of views. Strong: grass and water change their tint with the
/// direction they are seen from, and along a strip such changes would add up.
const TINT_PRIOR: f64 = 1.0;

/// A place as a view sees it.
pub(crate) struct Look {
    place: usize,
    pixel: Vector2<f64>,
    side_px: f64,
}

/// Logarithms of a view's colours by place; `None` where clipped.
pub(crate) type Colours = BTreeMap<usize, Option<[f32; 3]>>;

/// Factors that make the views agree where they overlap: least squares on the logarithms of the colour ratios, for the
/// exposure (the mean of the channels) and for the tint (what a channel has beyond it), each pulled towards one.
pub(crate) fn gains(colours: &[Colours], max_gain: f32) -> Vec<Gain> {
    let ratios = ratios(colours);
    let most = f64::from(max_gain.max(1.0).ln());
    let exposure = solve(colours.len(), &ratios, EXPOSURE_PRIOR, &|log| mean(log));
    let tints: [DVector<f64>; 3] =
        std::array::from_fn(|k| solve(colours.len(), &ratios, TINT_PRIOR, &|log| log[k] - mean(log)));
    let gain = |view: usize| {
        tints.each_ref().map(|tint| (exposure[view] + tint[view]).clamp(-most, most).exp() as f32)
    };
    (0..colours.len()).map(gain).collect()
}

/// A photo's colour with the factors of its view.
pub(crate) fn corrected(rgb: [f32; 3], gain: &Gain) -> Rgba {
    let channel = |k: usize| (rgb[k] * gain[k]).round().clamp(0.0, 255.0) as u8;
    [channel(0), channel(1), channel(2), u8::MAX]
}

/// For each view, the places of a coarse grid that it is among the best to see.
pub(crate) fn looks(choice: &Choice<'_>) -> Vec<Vec<Look>> {
    let cells = choice.grid.rows * choice.grid.cols;
    let stride = ((cells as f64 / MOST_PLACES as f64).sqrt().ceil() as usize).max(1);
    let patches = choice.grid.tiles(stride);
    let seen: Vec<Vec<(usize, Look)>> = patches
        .par_iter()
        .enumerate()
        .map(|(place, patch)| {
            let Some(spot) = choice.spot(patch.row + patch.rows / 2, patch.col + patch.cols / 2) else {
                return Vec::new();
            };
            let look = |eye: &crate::eye::Eye| {
                let sight = choice.sight(eye, &spot)?;
                let side_px = SQUARE_CELLS * choice.grid.cell_m * sight.px_per_m;
                Some((eye.view_idx, Look { place, pixel: sight.pixel, side_px }))
            };
            choice.candidates(patch).into_iter().filter_map(look).take(VIEWS_AT_A_PLACE).collect()
        })
        .collect();
    let mut looks: Vec<Vec<Look>> = choice.eyes.iter().map(|_| Vec::new()).collect();
    for (view_idx, look) in seen.into_iter().flatten() {
        looks[view_idx].push(look);
    }
    looks
}

/// What a photo shows of its places.
pub(crate) fn colours(photo: &RgbImage, looks: &[Look]) -> Colours {
    let log = |look: &Look| {
        let rgb = sampling::colour(photo, &look.pixel, look.side_px);
        rgb.iter().all(|v| (DARKEST..BRIGHTEST).contains(v)).then(|| rgb.map(f32::ln))
    };
    looks.iter().map(|look| (look.place, log(look))).collect()
}

/// How much brighter the second view of a pair is.
struct Ratio {
    pair: (usize, usize),
    log: [f32; 3],
    weight: f64,
}

/// Median ratio of each pair of views with enough places in common.
fn ratios(colours: &[Colours]) -> Vec<Ratio> {
    let mut by_place: BTreeMap<usize, Vec<(usize, [f32; 3])>> = BTreeMap::new();
    for (view_idx, colours) in colours.iter().enumerate() {
        for (&place, rgb) in colours.iter().filter_map(|(place, rgb)| Some((place, (*rgb)?))) {
            by_place.entry(place).or_default().push((view_idx, rgb));
        }
    }
    let mut by_pair: BTreeMap<(usize, usize), Vec<[f32; 3]>> = BTreeMap::new();
    for views in by_place.values() {
        for (i, a) in views.iter().enumerate() {
            for b in &views[i + 1..] {
                by_pair.entry((a.0, b.0)).or_default().push(std::array::from_fn(|k| b.1[k] - a.1[k]));
            }
        }
    }
    let reliable = by_pair.into_iter().filter(|(_, logs)| logs.len() >= LEAST_COMMON);
    reliable
        .map(|(pair, logs)| {
            let weight = logs.len() as f64;
            Ratio {
                pair,
                log: std::array::from_fn(|k| median(logs.iter().map(|log| log[k]).collect())),
                weight,
            }
        })
        .collect()
}

fn mean(log: &[f32; 3]) -> f32 {
    log.iter().sum::<f32>() / 3.0
}

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values[values.len() / 2]
}

/// Minimises `sum w (g_j - g_i + r_ij)^2 + prior sum g_i^2` over the logarithms `g` of the views' factors, where `r` is a
/// part of the measured ratios.
fn solve(views: usize, ratios: &[Ratio], prior: f64, part: &dyn Fn(&[f32; 3]) -> f32) -> DVector<f64> {
    let mean_weight = ratios.iter().map(|r| r.weight).sum::<f64>() / ratios.len().max(1) as f64;
    let mut normal = DMatrix::identity(views, views) * (prior * mean_weight).max(1e-9);
    let mut right = DVector::zeros(views);
    for Ratio { pair: (i, j), log, weight } in ratios {
        let (i, j) = (*i, *j);
        normal[(i, i)] += weight;
        normal[(j, j)] += weight;
        normal[(i, j)] -= weight;
        normal[(j, i)] -= weight;
        right[i] += weight * f64::from(part(log));
        right[j] -= weight * f64::from(part(log));
    }
    match normal.cholesky() {
        Some(factor) => factor.solve(&right),
        None => DVector::zeros(views),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_undo_known_exposures() {
        let exposure = [0.0_f32, 0.2, -0.1, 0.05];
        let ratio =
            |i: usize, j: usize| Ratio { pair: (i, j), log: [exposure[j] - exposure[i]; 3], weight: 100.0 };
        let logs = solve(4, &[ratio(0, 1), ratio(1, 2), ratio(2, 3), ratio(0, 3)], 0.02, &mean);
        let corrected: Vec<f64> = logs.iter().zip(exposure).map(|(g, e)| g + f64::from(e)).collect();
        let spread = corrected.iter().fold(0.0_f64, |m, v| m.max((v - corrected[0]).abs()));
        assert!(spread < 0.02, "{corrected:?}");
        assert!(logs.sum().abs() < 1e-9);
    }

    #[test]
    fn views_without_overlap_stay_as_they_are() {
        assert_eq!(solve(3, &[], 0.02, &mean), DVector::zeros(3));
    }
}
