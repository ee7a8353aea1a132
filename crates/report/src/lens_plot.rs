use std::fmt::Write;

use plumbline_finding::Bilingual;
use serde::Serialize;

use crate::block_map::{line, round};

/// Width of the drawings, pixels.
const WIDTH_PX: f64 = 480.0;
/// Length of the longest mean residual in the drawing, pixels.
const LONGEST_PX: f64 = 30.0;
/// Height of the histogram and of the curve, pixels.
const HEIGHT_PX: f64 = 140.0;
/// Mean residuals of fewer observations are noise.
const LEAST_OBSERVATIONS: usize = 5;

/// A camera as it was calibrated, and what its pixels miss.
#[derive(Debug, Clone, PartialEq)]
pub struct Lens {
    /// Size of the photos, pixels.
    pub size: [u32; 2],
    /// Name, value before, value after, standard uncertainty; zero where not estimated.
    pub parameters: Vec<(&'static str, f64, f64, f64)>,
    /// Distance from the centre, and how far distortion moves a pixel there outward, before and after, pixels.
    pub distortion: Vec<[f64; 3]>,
    /// Mean residuals over the frame: place, residual, number of observations.
    pub residuals: Vec<([f64; 2], [f64; 2], usize)>,
    /// Observations by the size of their miss.
    pub sizes: Vec<usize>,
    /// Width of a class of sizes, pixels.
    pub class_px: f64,
    /// How well the flight told the focal length.
    pub focal: Option<Bilingual>,
}

/// A camera, ready for the page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LensPlot {
    width_px: f64,
    frame_height_px: f64,
    parameters: Vec<Parameter>,
    arrows: String,
    dots: Vec<[f64; 2]>,
    longest_px: f64,
    bars: Vec<Bar>,
    height_px: f64,
    largest_px: f64,
    before: String,
    after: String,
    widest_px: f64,
    focal: Option<Bilingual>,
}

#[derive(Debug, Clone, Serialize)]
struct Parameter {
    name: &'static str,
    before: String,
    after: String,
    sigma: String,
}

#[derive(Debug, Clone, Serialize)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl LensPlot {
    pub fn of(lens: &Lens) -> Self {
        let scale = WIDTH_PX / f64::from(lens.size[0]);
        let told: Vec<_> = lens.residuals.iter().filter(|(_, _, n)| *n >= LEAST_OBSERVATIONS).collect();
        let longest_px = told.iter().map(|(_, [x, y], _)| x.hypot(*y)).fold(0.0, f64::max);
        let stretch = if longest_px > 0.0 { LONGEST_PX / longest_px } else { 0.0 };
        let arrows = told.iter().fold(String::new(), |mut drawn, (at, miss, _)| {
            let [x, y] = at.map(|v| round(v * scale));
            // Writing to a string cannot fail.
            let _ = write!(drawn, "M{x} {y}l{} {}", round(miss[0] * stretch), round(miss[1] * stretch));
            drawn
        });
        let widest_px =
            lens.distortion.iter().flat_map(|[_, b, a]| [b.abs(), a.abs()]).fold(f64::MIN_POSITIVE, f64::max);
        let radius = lens.distortion.last().map_or(1.0, |[radius, ..]| *radius);
        let curve = |which: usize| {
            let place = |at: &[f64; 3]| {
                [round(WIDTH_PX * at[0] / radius), round(HEIGHT_PX * (0.5 - 0.48 * at[which] / widest_px))]
            };
            line(lens.distortion.iter().map(place))
        };
        Self {
            width_px: WIDTH_PX,
            frame_height_px: round(f64::from(lens.size[1]) * scale),
            parameters: lens.parameters.iter().map(Parameter::of).collect(),
            arrows,
            dots: told.iter().map(|(at, ..)| at.map(|v| round(v * scale))).collect(),
            longest_px,
            bars: bars(&lens.sizes),
            height_px: HEIGHT_PX,
            largest_px: lens.class_px * lens.sizes.len() as f64,
            before: curve(1),
            after: curve(2),
            widest_px,
            focal: lens.focal.clone(),
        }
    }
}

impl Parameter {
    fn of(&(name, before, after, sigma): &(&'static str, f64, f64, f64)) -> Self {
        // Pixels to a hundredth, coefficients to what moves a pixel by less.
        let decimals = if ["f", "cx", "cy"].contains(&name) { 2 } else { 6 };
        let figure = |value: f64| format!("{value:.decimals$}");
        let sigma = if sigma > 0.0 { format!("± {}", figure(sigma)) } else { "–".to_owned() };
        Self { name, before: figure(before), after: figure(after), sigma }
    }
}

fn bars(sizes: &[usize]) -> Vec<Bar> {
    let most = sizes.iter().copied().max().unwrap_or_default().max(1) as f64;
    let width = WIDTH_PX / sizes.len().max(1) as f64;
    let bar = |(i, &n): (usize, &usize)| {
        let height = round(HEIGHT_PX * n as f64 / most);
        Bar { x: round(width * i as f64), y: HEIGHT_PX - height, width: round(width - 1.0), height }
    };
    sizes.iter().enumerate().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_mean_residual_has_its_length_and_rare_ones_are_not_drawn() {
        let lens = Lens {
            size: [4000, 3000],
            parameters: vec![("f", 2800.0, 2811.5, 2.5), ("k1", -0.1, -0.11, 0.0)],
            distortion: vec![[0.0, 0.0, 0.0], [2500.0, 10.0, -20.0]],
            residuals: vec![([2000.0, 1500.0], [0.2, 0.0], 50), ([100.0, 100.0], [3.0, 0.0], 2)],
            sizes: vec![10, 5],
            class_px: 0.1,
            focal: None,
        };
        let plot = LensPlot::of(&lens);
        assert_eq!(plot.arrows, "M240 180l30 0");
        assert!((plot.longest_px - 0.2).abs() < 1e-12);
        assert_eq!((plot.bars[0].height, plot.bars[1].height), (140.0, 70.0));
        assert_eq!((plot.parameters[0].sigma.as_str(), plot.parameters[1].sigma.as_str()), ("± 2.50", "–"));
        assert_eq!(plot.after, "M0 70L480 137.2");
    }
}
