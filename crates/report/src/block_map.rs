use std::fmt::Write;

use image::{Rgb, RgbImage};
use serde::Serialize;

use crate::Error;
use crate::block_page::{Station, WeakPlace};
use crate::chart::{bar_m, mark_px};
use crate::picture::Picture;

/// Pixels of the picture for a cell of the overlap: a cell stays a sharp square.
const PX_PER_CELL: u32 = 4;
/// Length of the longest arrow of a GNSS offset, as a share of the map's longer side.
const LONGEST_ARROW: f64 = 0.08;
/// Least number of photos of each colour.
const CLASSES: [(u16, [u8; 3]); 6] = [
    (0, [0xf4, 0xf3, 0xf0]),
    (1, [0xd7, 0x30, 0x27]),
    (2, [0xfc, 0x8d, 0x59]),
    (3, [0xfe, 0xe0, 0x8b]),
    (5, [0xa6, 0xd9, 0x6a]),
    (9, [0x1a, 0x98, 0x50]),
];

/// How many photos see each cell of the ground, row by row from the south-west.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap<'a> {
    /// South-west corner in the survey frame, metres.
    pub corner: [f64; 2],
    /// Side of a cell, metres.
    pub cell_m: f64,
    /// Cells from west to east.
    pub cols: usize,
    /// Photos that see each cell.
    pub photos: &'a [u16],
}

/// The map of a block, ready for the page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BlockMap {
    picture: Picture,
    /// The way from photo to photo.
    flown: String,
    /// Places of the photos.
    stations: Vec<[f64; 2]>,
    /// Offsets of the believed GNSS positions, drawn longer by `exaggeration`.
    offsets: String,
    exaggeration: f64,
    /// Numbers of the weak places.
    weak: Vec<[f64; 2]>,
    mark_px: f64,
    bar_m: f64,
    bar_px: f64,
    classes: Vec<Class>,
}

/// A colour of the legend.
#[derive(Debug, Clone, Serialize)]
struct Class {
    colour: String,
    photos: String,
}

impl BlockMap {
    pub fn of(overlap: &Overlap<'_>, stations: &[Station], weak: &[WeakPlace]) -> Result<Self, Error> {
        let rows = overlap.photos.len() / overlap.cols.max(1);
        let (width, height) = (overlap.cols as u32 * PX_PER_CELL, rows as u32 * PX_PER_CELL);
        let drawn = RgbImage::from_fn(width.max(1), height.max(1), |x, y| {
            let (col, up) = ((x / PX_PER_CELL) as usize, (y / PX_PER_CELL) as usize + 1);
            let cell = rows.checked_sub(up).and_then(|row| overlap.photos.get(row * overlap.cols + col));
            Rgb(colour(cell.copied().unwrap_or_default()))
        });
        let picture =
            Picture::sharp(&drawn).map_err(|source| Error::Map { cols: overlap.cols, rows, source })?;
        let px_per_m = f64::from(PX_PER_CELL) / overlap.cell_m;
        let place = |at: &[f64; 2]| {
            let [x, y] = [at[0] - overlap.corner[0], at[1] - overlap.corner[1]].map(|m| m * px_per_m);
            [round(x), round(f64::from(height) - y)]
        };
        let longest_px = f64::from(width.max(height));
        let (offsets, exaggeration) = arrows(stations, place, px_per_m, LONGEST_ARROW * longest_px);
        let widest_m = f64::from(width) / px_per_m / 4.0;
        let bar_m = bar_m(widest_m);
        Ok(Self {
            picture,
            flown: line(stations.iter().map(|station| place(&station.at))),
            stations: stations.iter().map(|station| place(&station.at)).collect(),
            offsets,
            exaggeration,
            weak: weak.iter().map(|weak| place(&weak.at)).collect(),
            mark_px: mark_px(f64::from(width), f64::from(height)),
            bar_m,
            bar_px: bar_m * px_per_m,
            classes: classes(),
        })
    }
}

fn colour(photos: u16) -> [u8; 3] {
    CLASSES.iter().rev().find(|(least, _)| photos >= *least).map_or(CLASSES[0].1, |(_, colour)| *colour)
}

fn classes() -> Vec<Class> {
    let next = CLASSES.iter().skip(1).map(|(least, _)| Some(*least)).chain([None]);
    let class = |((least, [r, g, b]), next): (&(u16, [u8; 3]), Option<u16>)| {
        let photos = match next {
            Some(next) if next == least + 1 => least.to_string(),
            Some(next) => format!("{least}–{}", next - 1),
            None => format!("≥ {least}"),
        };
        Class { colour: format!("#{r:02x}{g:02x}{b:02x}"), photos }
    };
    CLASSES.iter().zip(next).skip(1).map(class).collect()
}

/// Arrows from the photos along their GNSS offsets less the median one, so exaggerated that the longest is `longest_px`.
fn arrows(
    stations: &[Station],
    place: impl Fn(&[f64; 2]) -> [f64; 2],
    px_per_m: f64,
    longest_px: f64,
) -> (String, f64) {
    let believed = stations.iter().filter(|station| station.is_believed);
    let offsets: Vec<([f64; 2], [f64; 3])> =
        believed.filter_map(|station| Some((station.at, station.offset_m?))).collect();
    let common = [0, 1].map(|axis| middle(offsets.iter().map(|(_, offset)| offset[axis]).collect()));
    let own = |offset: &[f64; 3]| [offset[0] - common[0], offset[1] - common[1]];
    let longest_m = offsets.iter().map(|(_, o)| own(o)[0].hypot(own(o)[1])).fold(0.0, f64::max);
    if longest_m == 0.0 {
        return (String::new(), 1.0);
    }
    let exaggeration = longest_px / (longest_m * px_per_m);
    let drawn = offsets.iter().fold(String::new(), |mut drawn, (at, offset)| {
        let ([x, y], [east, north]) = (place(at), own(offset).map(|m| m * exaggeration * px_per_m));
        // Writing to a string cannot fail.
        let _ = write!(drawn, "M{x} {y}l{} {}", round(east), round(-north));
        drawn
    });
    (drawn, exaggeration)
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// A path through places.
pub(crate) fn line(places: impl Iterator<Item = [f64; 2]>) -> String {
    places.enumerate().fold(String::new(), |mut path, (i, [x, y])| {
        // Writing to a string cannot fail.
        let _ = write!(path, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
        path
    })
}

/// To a tenth of a pixel.
pub(crate) fn round(px: f64) -> f64 {
    (10.0 * px).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(at: [f64; 2], east_m: f64) -> Station {
        Station {
            photo: "a.jpg".to_owned(),
            at,
            observations: 100,
            reprojection_px: 0.4,
            offset_m: Some([east_m, 0.0, 0.0]),
            is_believed: true,
            sigma_m: [0.1; 3],
        }
    }

    #[test]
    fn the_map_has_north_up_and_stations_where_they_are() {
        let overlap = Overlap { corner: [10.0, 20.0], cell_m: 2.0, cols: 2, photos: &[0, 0, 0, 9] };
        let map = BlockMap::of(&overlap, &[station([13.0, 23.0], 0.0)], &[]).unwrap();
        assert_eq!((map.picture.width, map.picture.height), (8, 8));
        // The middle of the north-eastern cell, from the top.
        assert_eq!(map.stations, [[6.0, 2.0]]);
        assert_eq!(map.offsets, "");
    }

    #[test]
    fn what_all_offsets_share_is_not_drawn_and_the_longest_rest_has_its_length() {
        let overlap = Overlap { corner: [0.0, 0.0], cell_m: 1.0, cols: 100, photos: &vec![3; 10_000] };
        let stations = [station([10.0, 10.0], 5.0), station([20.0, 10.0], 5.0), station([30.0, 10.0], 6.0)];
        let map = BlockMap::of(&overlap, &stations, &[]).unwrap();
        assert!(map.offsets.ends_with(&format!("l{} -0", 0.08 * 400.0)), "{}", map.offsets);
        assert!((map.exaggeration - 8.0).abs() < 1e-9);
    }

    #[test]
    fn colours_follow_the_legend() {
        assert_eq!(colour(4), colour(3));
        assert_ne!(colour(2), colour(3));
        let named: Vec<String> = classes().into_iter().map(|class| class.photos).collect();
        assert_eq!(named, ["1", "2", "3–4", "5–8", "≥ 9"]);
    }
}
