use geo::{Contains, ConvexHull, MultiPoint, Point};
use image::{GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};
use nalgebra::Vector2;

use crate::{Block, Coverage};

/// Photos without which a height cannot be checked.
const LEAST_PHOTOS: u16 = 3;
/// Angle between rays below which heights are much worse than places, radians: a base of one sixth of the height.
const LEAST_ANGLE: f64 = 0.16;
/// Share of the block that a weak area must take to be worth another flight.
const LEAST_SHARE: f64 = 0.002;

/// Ground inside a block that too few photos see, or under too small an angle.
#[derive(Debug, Clone, PartialEq)]
pub struct WeakArea {
    /// Its middle in the world, metres.
    pub middle: Vector2<f64>,
    /// Its size, square metres.
    pub area_m2: f64,
    /// Photos that see its worst part.
    pub photos: u16,
    /// The photos taken nearest to it, by their names: where to fly again.
    pub between: Vec<String>,
}

impl WeakArea {
    /// The weak areas of a block, largest first. The border that every block has is none: only what lies between the
    /// stations counts.
    pub fn all(block: &Block, coverage: &Coverage) -> Vec<Self> {
        let stations = block.views.iter().map(|view| view.cam_from_world.center());
        let inside = stations.map(|p| Point::new(p.x, p.y)).collect::<MultiPoint>().convex_hull();
        let weak = GrayImage::from_fn(coverage.cols as u32, coverage.rows as u32, |col, row| {
            let cell = coverage.cells[row as usize * coverage.cols + col as usize];
            let p = coverage.center(col as usize, row as usize);
            let is_weak = cell.photos < LEAST_PHOTOS || cell.angle < LEAST_ANGLE;
            Luma([u8::from(is_weak && inside.contains(&Point::new(p.x, p.y)))])
        });
        let labels = connected_components(&weak, Connectivity::Eight, Luma([0]));
        let mut parts: Vec<Vec<(u32, u32)>> = Vec::new();
        for (col, row, label) in labels.enumerate_pixels().filter(|(_, _, label)| label[0] > 0) {
            let part = label[0] as usize - 1;
            if parts.len() <= part {
                parts.resize(part + 1, Vec::new());
            }
            parts[part].push((col, row));
        }
        let covered = coverage.cells.iter().filter(|cell| cell.photos > 0).count() as f64;
        parts.retain(|part| part.len() as f64 >= LEAST_SHARE * covered);
        let mut areas: Vec<Self> = parts.iter().map(|part| Self::of(block, coverage, part)).collect();
        areas.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
        areas
    }

    fn of(block: &Block, coverage: &Coverage, part: &[(u32, u32)]) -> Self {
        let at = |&(col, row): &(u32, u32)| coverage.center(col as usize, row as usize);
        let middle = part.iter().map(at).sum::<Vector2<f64>>() / part.len() as f64;
        let photos =
            part.iter().map(|&(c, r)| coverage.cells[r as usize * coverage.cols + c as usize].photos);
        let mut near: Vec<(f64, &str)> = block
            .views
            .iter()
            .map(|view| ((view.cam_from_world.center().xy() - middle).norm(), view.name.as_str()))
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
        Self {
            middle,
            area_m2: part.len() as f64 * coverage.cell_m.powi(2),
            photos: photos.min().unwrap_or_default(),
            between: near.iter().take(2).map(|(_, name)| (*name).to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::View;
    use crate::testing::nadir_block;

    /// Two rows of photos 20 m apart along, 30 m across; some are missing.
    fn rows(missing: &[usize]) -> Block {
        let mut block = nadir_block(&[0.0; 20]);
        for (i, view) in block.views.iter_mut().enumerate() {
            let (x, y) = (20.0 * (i / 2) as f64, 30.0 * (i % 2) as f64);
            view.cam_from_world = plumbline_geometry::Rigid3::looking_from(
                nalgebra::Vector3::new(x, y, 60.0),
                view.cam_from_world.rotation,
            );
        }
        let kept = |(i, view): (usize, &View)| (!missing.contains(&i)).then(|| view.clone());
        block.views = block.views.iter().enumerate().filter_map(kept).collect();
        block
    }

    #[test]
    fn a_block_without_gaps_has_no_weak_area() {
        let block = rows(&[]);
        assert!(WeakArea::all(&block, &Coverage::of(&block)).is_empty());
    }

    #[test]
    fn a_gap_is_found_where_it_is_with_the_photos_beside_it() {
        let block = rows(&[4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        let areas = WeakArea::all(&block, &Coverage::of(&block));
        assert_eq!(areas.len(), 1, "{areas:?}");
        assert!((areas[0].middle - Vector2::new(80.0, 15.0)).norm() < 5.0, "{areas:?}");
        // Footprints reach 45 m from the stations at 20 m and 140 m: from 65 m to 95 m nothing is seen.
        assert_eq!(areas[0].photos, 0);
        assert!((30.0 * 30.0..75.0 * 30.0).contains(&areas[0].area_m2), "{areas:?}");
        let beside = ["DJI_0003.JPG", "DJI_0004.JPG", "DJI_0015.JPG", "DJI_0016.JPG"];
        assert!(areas[0].between.iter().all(|name| beside.contains(&name.as_str())), "{areas:?}");
    }
}
