use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use geo::{BoundingRect, Coord, LineString, MultiLineString, Rect};
use serde::Serialize;

use crate::chart::{PlanRole, bar_m, mark_px};
use crate::page::{pages, write_whole};
use crate::texts::texts;
use crate::{Error, block_map};

/// Width of the drawing, pixels.
const WIDTH_PX: f64 = 1200.0;
/// Height of the mapped part, pixels: least and greatest.
const HEIGHT_PX: (f64, f64) = (300.0, 1600.0);
/// Blank rim around the mapped part, pixels; the title stands above it.
const MARGIN_PX: f64 = 30.0;
const TITLE_PX: f64 = 60.0;
/// Height of a row of the legend, pixels, and width of one of its entries.
const KEY_PX: (f64, f64) = (24.0, 380.0);
/// More names than this cover the drawing.
const MOST_NAMES: usize = 400;

/// A plan as it was understood, for a person to look at: an SVG without a photo under it.
#[derive(Debug)]
pub struct PlanDrawing<'a> {
    /// What is drawn.
    pub title: &'a str,
    /// Coordinate system and extent, in words.
    pub subtitle: &'a str,
    /// Everything that the plan draws.
    pub shapes: Vec<DrawnShape>,
}

/// Something that a plan draws.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnShape {
    /// What the plan says there.
    pub role: PlanRole,
    /// Its lines, on the map of the survey.
    pub lines: MultiLineString<f64>,
    /// Name that stands in its middle.
    pub name: Option<String>,
}

#[derive(Debug, Serialize)]
struct SvgShape {
    role: PlanRole,
    path: String,
}

#[derive(Debug, Serialize)]
struct SvgName {
    x: f64,
    y: f64,
    text: String,
}

#[derive(Debug, Serialize)]
struct Key {
    role: PlanRole,
    zh: String,
    en: String,
    count: usize,
    x: f64,
    y: f64,
}

impl PlanDrawing<'_> {
    /// Writes the drawing; north is up.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        write_whole(path, &self.svg()?)
    }

    fn svg(&self) -> Result<String, Error> {
        let page = Sheet::around(&self.shapes);
        let mut counts: BTreeMap<PlanRole, usize> = BTreeMap::new();
        self.shapes.iter().for_each(|shape| *counts.entry(shape.role).or_default() += 1);
        let texts = texts()?;
        let keys_from = page.bottom_px + 2.0 * KEY_PX.0;
        let per_row = ((WIDTH_PX - 2.0 * MARGIN_PX) / KEY_PX.1) as usize;
        let key = |(idx, (&role, &count)): (usize, (&PlanRole, &usize))| {
            let text = &texts["plan"][role.key()];
            let (x, y) = (
                (idx % per_row) as f64 * KEY_PX.1 + MARGIN_PX,
                (idx / per_row) as f64 * KEY_PX.0 + keys_from,
            );
            Key { role, zh: text.zh.clone(), en: text.en.clone(), count, x, y }
        };
        let keys: Vec<Key> = counts.iter().enumerate().map(key).collect();
        let rows = keys.len().div_ceil(per_row) as f64;
        let named = self.shapes.iter().filter_map(|shape| page.name(shape)).take(MOST_NAMES);
        let bar_m = bar_m(WIDTH_PX / page.px_per_m / 4.0);
        let svg = minijinja::context! {
            width => WIDTH_PX,
            height => keys_from + rows * KEY_PX.0,
            margin => MARGIN_PX,
            title => self.title,
            subtitle => self.subtitle,
            shapes => self.shapes.iter().map(|shape| page.shape(shape)).collect::<Vec<_>>(),
            names => named.collect::<Vec<_>>(),
            name_px => mark_px(WIDTH_PX, 0.0),
            bar_m,
            bar_px => bar_m * page.px_per_m,
            bar_y => page.bottom_px + KEY_PX.0,
            keys,
        };
        Ok(pages()?.get_template("plan")?.render(svg)?)
    }
}

/// The mapped part of the drawing.
struct Sheet {
    /// Place of the upper left corner.
    west: f64,
    north: f64,
    px_per_m: f64,
    /// Lower edge, pixels from the top.
    bottom_px: f64,
}

impl Sheet {
    fn around(shapes: &[DrawnShape]) -> Self {
        let bounds = shapes.iter().filter_map(|shape| shape.lines.bounding_rect());
        let around = bounds.reduce(|a, b| {
            let (min, max) = (a.min(), a.max());
            Rect::new(
                Coord { x: min.x.min(b.min().x), y: min.y.min(b.min().y) },
                Coord { x: max.x.max(b.max().x), y: max.y.max(b.max().y) },
            )
        });
        let around = around.unwrap_or_else(|| Rect::new((0.0, 0.0), (1.0, 1.0)));
        let wide_px = WIDTH_PX - 2.0 * MARGIN_PX;
        let px_per_m = (wide_px / around.width().max(1.0)).min(HEIGHT_PX.1 / around.height().max(1.0));
        let high_px = (around.height() * px_per_m).max(HEIGHT_PX.0);
        Self {
            west: around.min().x,
            north: around.max().y,
            px_per_m,
            bottom_px: TITLE_PX + high_px + MARGIN_PX,
        }
    }

    fn place(&self, at: Coord<f64>) -> [f64; 2] {
        let x = MARGIN_PX + (at.x - self.west) * self.px_per_m;
        [x, TITLE_PX + (self.north - at.y) * self.px_per_m].map(block_map::round)
    }

    fn shape(&self, shape: &DrawnShape) -> SvgShape {
        let path = shape.lines.iter().fold(String::new(), |mut path, line: &LineString<f64>| {
            match line.0[..] {
                // A point is a small cross.
                [at] => {
                    let [x, y] = self.place(at);
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{} {y}h8M{x} {}v8", x - 4.0, y - 4.0);
                }
                _ => path += &block_map::line(line.coords().map(|&at| self.place(at))),
            }
            path
        });
        SvgShape { role: shape.role, path }
    }

    fn name(&self, shape: &DrawnShape) -> Option<SvgName> {
        let [x, y] = self.place(shape.lines.bounding_rect()?.center());
        Some(SvgName { x, y, text: shape.name.clone()? })
    }
}

#[cfg(test)]
mod tests {
    use geo::line_string;

    use super::*;

    #[test]
    fn north_is_up_names_are_escaped_and_every_role_has_its_words() {
        let square = line_string![(x: 0., y: 0.), (x: 100., y: 0.), (x: 100., y: 50.), (x: 0., y: 0.)];
        let shape = |role| DrawnShape {
            role,
            lines: MultiLineString(vec![square.clone()]),
            name: Some("3#<script>".to_owned()),
        };
        let drawing = PlanDrawing {
            title: "a & b",
            subtitle: "",
            shapes: PlanRole::ALL.into_iter().map(shape).collect(),
        };
        let svg = drawing.svg().unwrap();
        assert!(svg.contains("M30 630L1170 630L1170 60L30 630"), "{svg}");
        assert!(!svg.contains("<script>") && svg.contains("a &amp; b"), "{svg}");
        assert!(svg.contains("用地红线 land red line (1)"), "{svg}");
    }
}
