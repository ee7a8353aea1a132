//! Pictures of a finding: before, after, and the plan drawn over a copy.
//!
//! Before and after are plain crops of the orthophotos. Whatever is drawn goes into the third picture alone, so that
//! the first two show what was photographed and nothing else (证据规定 57(7)).

use geo::{BoundingRect, LineString, MultiPolygon};
use image::imageops::{FilterType, resize};
use image::{Rgb, RgbImage};
use imageproc::drawing::{draw_filled_rect_mut, draw_line_segment_mut, draw_polygon_mut};
use imageproc::point::Point;
use imageproc::rect::Rect;
use plumbline_raster::{Grid, Raster, Rgba};

use crate::Error;

/// Where the photos show nothing.
const NO_DATA: Rgb<u8> = Rgb([128, 128, 128]);
/// Outline of the finding.
const FINDING: Rgb<u8> = Rgb([230, 30, 30]);
/// Outlines of the plan.
const PLAN: Rgb<u8> = Rgb([0, 190, 255]);
const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
const BLACK: Rgb<u8> = Rgb([0, 0, 0]);
/// Half thickness of a drawn line, pixels.
const LINE_HALF_PX: i32 = 1;
/// Distance of the north arrow and the scale bar from the corners, pixels.
const INSET_PX: i32 = 14;

/// How pictures are cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureOptions {
    /// Context around the finding, as a multiple of its larger side; 1.5.
    pub margin: f64,
    /// Least side of the ground shown, metres; 24.
    pub least_side_m: f64,
    /// Side of a picture, pixels; 640.
    pub side_px: u32,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self { margin: 1.5, least_side_m: 24.0, side_px: 640 }
    }
}

/// What a picture is made from, all on one map.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Orthophoto of the earlier epoch.
    pub before: Option<&'a Raster<Rgba>>,
    /// Orthophoto of the epoch that shows the finding.
    pub after: &'a Raster<Rgba>,
    /// Outline of the finding.
    pub outline: &'a MultiPolygon<f64>,
    /// Approved outlines.
    pub plan: &'a [MultiPolygon<f64>],
}

/// The pictures of one finding, north up, the finding in the middle.
#[derive(Debug, Clone, PartialEq)]
pub struct Pictures {
    /// The place before.
    pub before: Option<RgbImage>,
    /// The place after.
    pub after: RgbImage,
    /// A copy of `after` with the plan in blue, the finding in red, a north arrow and a scale bar.
    pub overlay: RgbImage,
    /// Length of the scale bar, metres.
    pub scale_bar_m: f64,
}

/// Cuts and draws the pictures of a finding.
pub fn render(subject: &Subject, options: &PictureOptions) -> Result<Pictures, Error> {
    let frame = Frame::about(subject.outline, options).ok_or(Error::EmptyOutline)?;
    let after = frame.crop(subject.after);
    let mut overlay = after.clone();
    for outline in subject.plan {
        frame.draw(&mut overlay, outline, PLAN);
    }
    frame.draw(&mut overlay, subject.outline, FINDING);
    draw_north_arrow(&mut overlay);
    let scale_bar_m = frame.draw_scale_bar(&mut overlay);
    Ok(Pictures { before: subject.before.map(|before| frame.crop(before)), after, overlay, scale_bar_m })
}

/// The square of ground that a picture shows.
struct Frame {
    west: f64,
    north: f64,
    side_m: f64,
    side_px: u32,
}

impl Frame {
    fn about(outline: &MultiPolygon<f64>, options: &PictureOptions) -> Option<Self> {
        let bounds = outline.bounding_rect()?;
        let larger_m = bounds.width().max(bounds.height());
        let side_m = (larger_m * (1.0 + options.margin)).max(options.least_side_m);
        let center = bounds.center();
        Some(Self {
            west: center.x - 0.5 * side_m,
            north: center.y + 0.5 * side_m,
            side_m,
            side_px: options.side_px,
        })
    }

    /// The ground of the frame as a picture, resampled from its own cells.
    fn crop(&self, ortho: &Raster<Rgba>) -> RgbImage {
        let Grid { cell_m, .. } = ortho.grid;
        let cells = (self.side_m / cell_m).ceil().max(1.0) as u32;
        let mut picture = RgbImage::from_pixel(cells, cells, NO_DATA);
        for (col, row, pixel) in picture.enumerate_pixels_mut() {
            let east = self.west + (f64::from(col) + 0.5) / f64::from(cells) * self.side_m;
            let north = self.north - (f64::from(row) + 0.5) / f64::from(cells) * self.side_m;
            if let Some(&[red, green, blue, seen]) = ortho.at(east, north)
                && seen > 0
            {
                *pixel = Rgb([red, green, blue]);
            }
        }
        resize(&picture, self.side_px, self.side_px, FilterType::Triangle)
    }

    fn px_per_m(&self) -> f64 {
        f64::from(self.side_px) / self.side_m
    }

    fn draw(&self, picture: &mut RgbImage, outline: &MultiPolygon<f64>, color: Rgb<u8>) {
        for polygon in outline {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                self.draw_ring(picture, ring, color);
            }
        }
    }

    fn draw_ring(&self, picture: &mut RgbImage, ring: &LineString<f64>, color: Rgb<u8>) {
        let pixel = |c: geo::Coord<f64>| {
            (((c.x - self.west) * self.px_per_m()) as f32, ((self.north - c.y) * self.px_per_m()) as f32)
        };
        for line in ring.lines() {
            let (start, end) = (pixel(line.start), pixel(line.end));
            for dx in -LINE_HALF_PX..=LINE_HALF_PX {
                for dy in -LINE_HALF_PX..=LINE_HALF_PX {
                    let moved = |(x, y): (f32, f32)| (x + dx as f32, y + dy as f32);
                    draw_line_segment_mut(picture, moved(start), moved(end), color);
                }
            }
        }
    }

    /// Draws a bar of 1, 2 or 5 times a power of ten metres, at most a third of the side, and tells its length.
    fn draw_scale_bar(&self, picture: &mut RgbImage) -> f64 {
        let longest_m = self.side_m / 3.0;
        let ten = 10_f64.powf(longest_m.log10().floor());
        let length_m = [5.0, 2.0, 1.0].map(|k| k * ten).into_iter().find(|&m| m <= longest_m).unwrap_or(ten);
        let length_px = (length_m * self.px_per_m()).round().max(2.0) as u32;
        let top = self.side_px as i32 - INSET_PX;
        draw_filled_rect_mut(picture, Rect::at(INSET_PX - 2, top - 2).of_size(length_px + 4, 9), WHITE);
        draw_filled_rect_mut(picture, Rect::at(INSET_PX, top).of_size(length_px, 5), BLACK);
        draw_filled_rect_mut(
            picture,
            Rect::at(INSET_PX + length_px as i32 / 2, top + 1).of_size(length_px.div_ceil(2), 3),
            WHITE,
        );
        length_m
    }
}

/// An arrow that points up in the upper right corner: pictures are always north up.
fn draw_north_arrow(picture: &mut RgbImage) {
    let x = picture.width() as i32 - INSET_PX - 10;
    let arrow = |grow: i32| {
        [
            Point::new(x, INSET_PX - 2 * grow),
            Point::new(x + 9 + grow, INSET_PX + 28 + grow),
            Point::new(x, INSET_PX + 21 + grow),
            Point::new(x - 9 - grow, INSET_PX + 28 + grow),
        ]
    };
    draw_polygon_mut(picture, &arrow(2), WHITE);
    draw_polygon_mut(picture, &arrow(0), BLACK);
}

#[cfg(test)]
mod tests {
    use geo::Rect as Box;
    use plumbline_geodesy::Crs;

    use super::*;

    const GREEN: Rgba = [20, 120, 40, 255];

    fn ortho() -> Raster<Rgba> {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 60.0, 60.0), 0.1);
        let mut ortho = Raster::filled(grid.clone(), GREEN);
        for ((row, col), cell) in ortho.cells.indexed_iter_mut() {
            let (east, north) = grid.center(row, col);
            if (25.0..35.0).contains(&east) && (28.0..32.0).contains(&north) {
                *cell = [200, 60, 60, 255];
            }
        }
        ortho
    }

    fn pictures(outline: &MultiPolygon<f64>) -> Pictures {
        let after = ortho();
        let plan = [Box::new((20.0, 20.0), (40.0, 40.0)).to_polygon().into()];
        let subject = Subject { before: None, after: &after, outline, plan: &plan };
        render(&subject, &PictureOptions::default()).unwrap()
    }

    fn roof() -> MultiPolygon<f64> {
        Box::new((25.0, 28.0), (35.0, 32.0)).to_polygon().into()
    }

    #[test]
    fn the_finding_is_in_the_middle_and_the_plain_picture_bears_no_drawing() {
        let pictures = pictures(&roof());
        assert_eq!(pictures.after.dimensions(), (640, 640));
        assert_eq!(pictures.after.get_pixel(320, 320), &Rgb([200, 60, 60]));
        let drawn = [FINDING, PLAN, BLACK, WHITE];
        assert!(pictures.after.pixels().all(|pixel| !drawn.contains(pixel)));
    }

    #[test]
    fn outlines_are_drawn_where_they_lie() {
        let pictures = pictures(&roof());
        // 25 m of ground are 640 pixels: the roof's western edge is 5 m, the plan's 10 m left of the middle.
        assert_eq!(pictures.overlay.get_pixel(192, 320), &FINDING);
        assert_eq!(pictures.overlay.get_pixel(64, 320), &PLAN);
        assert!((pictures.scale_bar_m - 5.0).abs() < 1e-9);
    }

    #[test]
    fn ground_without_photos_is_grey() {
        let corner = Box::new((0.0, 0.0), (4.0, 4.0)).to_polygon().into();
        assert_eq!(pictures(&corner).after.get_pixel(10, 600), &NO_DATA);
        assert_eq!(pictures(&corner).after.get_pixel(320, 320), &Rgb([20, 120, 40]));
    }

    #[test]
    fn an_empty_outline_is_an_error() {
        let after = ortho();
        let empty = MultiPolygon(vec![]);
        let subject = Subject { before: None, after: &after, outline: &empty, plan: &[] };
        assert!(matches!(render(&subject, &PictureOptions::default()), Err(Error::EmptyOutline)));
    }
}
