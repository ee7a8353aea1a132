use std::fmt::Write;

use geo::{LineString, MultiPolygon, Polygon};
use image::{Rgb, RgbImage};
use plumbline_raster::{Grid, Raster, Rgba};

use crate::Error;
use crate::picture::Picture;

/// Longest side of a map in the report, pixels.
const LONGEST_SIDE_PX: usize = 1400;

/// Colour where nothing was seen.
const PAPER: [f32; 3] = [244.0, 243.0, 240.0];

/// Ends of the height scale to choose from, metres: the least that holds 99 % of the changes.
const SCALE_ENDS_M: [f32; 7] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];

/// Share of the changes that the scale must hold; the rest saturates.
const SCALE_HOLDS: f64 = 0.99;

/// Changes below this share of the scale's end keep the background: noise would hide what matters.
const QUIET_SHARE: f32 = 0.08;

/// A raster as a picture, with its place on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    pub(crate) picture: Picture,
    /// End of the height scale, metres, where the colours mean heights.
    pub(crate) scale_m: Option<f32>,
    grid: Grid,
    /// Cells that one pixel stands for, along one side.
    cells_per_px: usize,
}

impl Map {
    /// An orthophoto.
    pub fn of_ortho(ortho: &Raster<Rgba>) -> Result<Self, Error> {
        let step = cells_per_px(&ortho.grid);
        Self::drawn(&ortho.grid, step, None, |row, col| mean_colour(ortho, row, col, step))
    }

    /// Differences of height (later minus earlier, metres) over a greyed orthophoto: red where something rose, blue
    /// where something fell.
    pub fn of_height_change(change: &Raster<f32>, ortho: &Raster<Rgba>) -> Result<Self, Error> {
        let step = cells_per_px(&change.grid);
        let end = scale_end(change);
        Self::drawn(&change.grid, step, Some(end), |row, col| {
            let (east, north) = change.grid.center(row * step, col * step);
            let seen = ortho.at(east, north).filter(|pixel| pixel[3] > 0);
            let background = seen.map_or(PAPER, |&[r, g, b, _]| pale(r, g, b));
            let height = mean_height(change, row, col, step);
            if height.is_nan() || height.abs() < QUIET_SHARE * end {
                return background;
            }
            tinted(background, height / end)
        })
    }

    fn drawn(
        grid: &Grid,
        step: usize,
        scale_m: Option<f32>,
        colour: impl Fn(usize, usize) -> [f32; 3],
    ) -> Result<Self, Error> {
        let (width, height) = (grid.cols.div_ceil(step) as u32, grid.rows.div_ceil(step) as u32);
        let image =
            RgbImage::from_fn(width, height, |x, y| Rgb(colour(y as usize, x as usize).map(|c| c as u8)));
        let picture =
            Picture::of(&image).map_err(|source| Error::Map { cols: grid.cols, rows: grid.rows, source })?;
        Ok(Self { picture, scale_m, grid: grid.clone(), cells_per_px: step })
    }

    /// Pixel of a map position, with fractions.
    pub(crate) fn pixel(&self, east: f64, north: f64) -> (f64, f64) {
        let (row, col) = self.grid.position(east, north);
        (col / self.cells_per_px as f64, row / self.cells_per_px as f64)
    }

    /// An outline as the data of an SVG path, in pixels.
    pub(crate) fn path(&self, outline: &MultiPolygon<f64>) -> String {
        let rings = |p: &Polygon<f64>| {
            std::iter::once(p.exterior()).chain(p.interiors()).map(|ring| self.ring(ring)).collect::<String>()
        };
        outline.iter().map(rings).collect()
    }

    fn ring(&self, ring: &LineString<f64>) -> String {
        let mut path = String::new();
        for (i, c) in ring.coords().enumerate() {
            let (x, y) = self.pixel(c.x, c.y);
            let _ = write!(path, "{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
        }
        path.push('Z');
        path
    }

    /// Metres that a pixel spans.
    pub(crate) fn metres_per_px(&self) -> f64 {
        self.grid.cell_m * self.cells_per_px as f64
    }
}

fn cells_per_px(grid: &Grid) -> usize {
    grid.cols.max(grid.rows).div_ceil(LONGEST_SIDE_PX).max(1)
}

/// Mean colour of the seen cells of a pixel.
fn mean_colour(ortho: &Raster<Rgba>, row: usize, col: usize, step: usize) -> [f32; 3] {
    let (mut sum, mut seen) = ([0.0; 3], 0.0);
    for r in row * step..((row + 1) * step).min(ortho.grid.rows) {
        for c in col * step..((col + 1) * step).min(ortho.grid.cols) {
            let [red, green, blue, coverage] = ortho.cells[(r, c)];
            if coverage > 0 {
                sum = [sum[0] + f32::from(red), sum[1] + f32::from(green), sum[2] + f32::from(blue)];
                seen += 1.0;
            }
        }
    }
    if seen > 0.0 { sum.map(|s| s / seen) } else { PAPER }
}

/// Mean height of the known cells of a pixel; NaN without any.
fn mean_height(change: &Raster<f32>, row: usize, col: usize, step: usize) -> f32 {
    let (mut sum, mut known) = (0.0, 0.0);
    for r in row * step..((row + 1) * step).min(change.grid.rows) {
        for c in col * step..((col + 1) * step).min(change.grid.cols) {
            let height = change.cells[(r, c)];
            if height.is_finite() {
                sum += height;
                known += 1.0;
            }
        }
    }
    sum / known
}

/// End of the scale on which 99 % of the changes beyond half a metre lie.
fn scale_end(change: &Raster<f32>) -> f32 {
    let mut sizes: Vec<f32> = change.cells.iter().map(|h| h.abs()).filter(|h| *h > 0.5).collect();
    sizes.sort_by(f32::total_cmp);
    let held = sizes.get((sizes.len() as f64 * SCALE_HOLDS) as usize).copied().unwrap_or(0.0);
    SCALE_ENDS_M.into_iter().find(|&end| end >= held).unwrap_or(SCALE_ENDS_M[SCALE_ENDS_M.len() - 1])
}

/// A colour as a pale grey, so that the tints of the heights stand out.
fn pale(r: u8, g: u8, b: u8) -> [f32; 3] {
    let grey = 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
    [0.55 * grey + 105.0; 3]
}

/// A background tinted red for a rise and blue for a fall; `share` of the scale's end, -1 to 1.
fn tinted(background: [f32; 3], share: f32) -> [f32; 3] {
    const RISE: [[f32; 3]; 2] = [[253.0, 190.0, 133.0], [165.0, 15.0, 21.0]];
    const FALL: [[f32; 3]; 2] = [[166.0, 206.0, 227.0], [8.0, 48.0, 107.0]];
    let [weak, strong] = if share > 0.0 { RISE } else { FALL };
    let t = share.abs().min(1.0);
    let cover = 0.55 + 0.35 * t;
    std::array::from_fn(|i| {
        let colour = weak[i] + (strong[i] - weak[i]) * t;
        background[i] * (1.0 - cover) + colour * cover
    })
}

#[cfg(test)]
mod tests {
    use plumbline_geodesy::Crs;

    use super::*;

    fn grid(side_m: f64) -> Grid {
        Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, side_m, side_m), 0.5)
    }

    #[test]
    fn a_large_orthophoto_is_scaled_down_and_outlines_follow() {
        let map = Map::of_ortho(&Raster::filled(grid(1000.0), [10, 20, 30, 255])).unwrap();
        assert_eq!((map.picture.width, map.cells_per_px), (1000, 2));
        assert_eq!(map.pixel(250.0, 750.0), (250.0, 250.0));
        let square = MultiPolygon::from(geo::Rect::new((0.0, 990.0), (10.0, 1000.0)).to_polygon());
        let path = map.path(&square);
        assert!(path.starts_with('M') && path.ends_with('Z') && path.contains("10.0 10.0"), "{path}");
    }

    #[test]
    fn what_rose_is_red_and_what_fell_is_blue() {
        let up = tinted([128.0; 3], 0.8);
        let down = tinted([128.0; 3], -0.8);
        assert!(up[0] > up[2] + 60.0 && down[2] > down[0] + 60.0);
    }

    #[test]
    fn the_scale_ignores_a_few_wild_cells() {
        let mut change = Raster::filled(grid(100.0), 0.0_f32);
        change.cells.iter_mut().take(2000).for_each(|h| *h = 4.0);
        change.cells[(0, 0)] = 900.0;
        assert_eq!(scale_end(&change).to_bits(), 5.0_f32.to_bits());
    }
}
