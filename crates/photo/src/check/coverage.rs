use geo::{Area, BooleanOps, Coord, LineString, Polygon};

use super::place::{distance, median};
use crate::Photo;

/// Photos that look farther from straight down than this, degrees, have no footprint that flat ground predicts well.
const STEEPEST_TILT_DEG: f64 = 40.0;

/// What flat ground at the height of the take-off point predicts of a flight.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Coverage {
    /// Median share of a photo that the next one sees again.
    pub forward_overlap: Option<f64>,
    /// Median share of a photo that a photo of the neighbouring strip sees again.
    pub side_overlap: Option<f64>,
    /// Median size of a pixel on the ground, metres.
    pub gsd_m: Option<f64>,
    /// Ground that at least one photo sees, square metres.
    pub area_m2: Option<f64>,
    /// Greatest share of each photo that any other sees again; `None` without a footprint.
    pub best_overlap: Vec<Option<f64>>,
}

struct Footprint {
    center: [f64; 2],
    reach_m: f64,
    area_m2: f64,
    outline: Polygon<f64>,
}

impl Coverage {
    /// Of photos in the order of time, with their positions on a plane.
    pub(crate) fn of(photos: &[&Photo], positions: &[Option<[f64; 2]>]) -> Self {
        let prints: Vec<Option<Footprint>> =
            photos.iter().zip(positions).map(|(photo, at)| Footprint::of(photo, (*at)?)).collect();
        let overlaps: Vec<Vec<Overlap>> = (0..prints.len()).map(|i| overlaps_of(i, &prints)).collect();
        let greatest = |wanted: &dyn Fn(&Overlap) -> bool| -> Vec<Option<f64>> {
            let best =
                |list: &Vec<Overlap>| list.iter().filter(|o| wanted(o)).map(|o| o.share).reduce(f64::max);
            overlaps.iter().map(best).collect()
        };
        let seen: Vec<&Polygon<f64>> = prints.iter().flatten().map(|print| &print.outline).collect();
        let best_overlap = prints.iter().zip(greatest(&|_| true));
        Self {
            forward_overlap: median(greatest(&|o| o.next).into_iter().flatten().collect()),
            side_overlap: median(greatest(&|o| o.across).into_iter().flatten().collect()),
            gsd_m: median(photos.iter().filter_map(|photo| gsd_m(photo)).collect()),
            area_m2: (!seen.is_empty()).then(|| geo::unary_union(seen).unsigned_area()),
            best_overlap: best_overlap
                .map(|(print, best)| print.as_ref().map(|_| best.unwrap_or(0.0)))
                .collect(),
        }
    }
}

fn gsd_m(photo: &Photo) -> Option<f64> {
    Some(photo.relative_altitude_m.filter(|h| *h > 1.0)? / photo.calibration.camera.focal_px)
}

impl Footprint {
    /// The rectangle that the photo sees, moved by its tilt.
    fn of(photo: &Photo, position: [f64; 2]) -> Option<Self> {
        let (gsd_m, gimbal) = (gsd_m(photo)?, photo.gimbal?);
        let tilt_deg = 90.0 + gimbal.pitch_deg;
        if tilt_deg.abs() > STEEPEST_TILT_DEG {
            return None;
        }
        let (sin, cos) = gimbal.yaw_deg.to_radians().sin_cos();
        let ahead = photo.relative_altitude_m? * tilt_deg.to_radians().tan();
        let center = [position[0] + ahead * sin, position[1] + ahead * cos];
        let (half_w, half_h) = (f64::from(photo.width) * gsd_m / 2.0, f64::from(photo.height) * gsd_m / 2.0);
        let corner = |right: f64, up: f64| Coord {
            x: center[0] + right * half_w * cos + up * half_h * sin,
            y: center[1] - right * half_w * sin + up * half_h * cos,
        };
        let ring =
            LineString(vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)]);
        let outline = Polygon::new(ring, Vec::new());
        Some(Self { center, reach_m: half_w.hypot(half_h), area_m2: 4.0 * half_w * half_h, outline })
    }
}

/// What another photo sees of a photo's footprint.
struct Overlap {
    share: f64,
    /// The other is the next photo in time.
    next: bool,
    /// The other lies to the side of the flight direction.
    across: bool,
}

fn overlaps_of(i: usize, prints: &[Option<Footprint>]) -> Vec<Overlap> {
    let Some(print) = &prints[i] else { return Vec::new() };
    let flown = direction(i, prints);
    let others = prints.iter().enumerate().filter(|&(j, _)| j != i);
    others
        .filter_map(|(j, other)| {
            let other = other.as_ref()?;
            let next = j == i + 1;
            if distance(print.center, other.center) > print.reach_m + other.reach_m && !next {
                return None;
            }
            let share = print.outline.intersection(&other.outline).unsigned_area() / print.area_m2;
            Some(Overlap {
                share,
                next,
                across: flown.is_some_and(|d| lies_across(d, print.center, other.center)),
            })
        })
        .collect()
}

/// Direction flown at a photo, from its neighbours in time.
fn direction(i: usize, prints: &[Option<Footprint>]) -> Option<[f64; 2]> {
    let before = prints[i.saturating_sub(1)].as_ref()?.center;
    let after = prints[(i + 1).min(prints.len() - 1)].as_ref()?.center;
    let length = distance(before, after);
    (length > 0.5).then(|| [(after[0] - before[0]) / length, (after[1] - before[1]) / length])
}

fn lies_across(flown: [f64; 2], from: [f64; 2], to: [f64; 2]) -> bool {
    let d = [to[0] - from[0], to[1] - from[1]];
    let along = (d[0] * flown[0] + d[1] * flown[1]).abs();
    let across = (d[0] * flown[1] - d[1] * flown[0]).abs();
    across > 2.0 * along
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::check::place::plane;
    use crate::testing::{Shot, texture};

    /// Two strips to the north and back, 60 m up, 13 m apart along and 27 m across; a footprint is 90 x 60 m.
    fn flight() -> Vec<Photo> {
        let picture = texture(96, 64, 1);
        let shots = (0..10).map(|i| {
            let (strip, step) = (i / 5, if i < 5 { i } else { 9 - i });
            let (north_m, east_m) = (f64::from(step) * 13.0, f64::from(strip) * 27.0);
            Shot::at(north_m / 111_320.0, 114.0 + east_m / 111_320.0, i as u32)
        });
        shots.map(|s| Photo::from_bytes(Path::new("a.JPG"), &s.jpeg(&picture)).unwrap()).collect()
    }

    #[test]
    fn a_lawn_mower_flight_has_the_overlaps_it_was_planned_with() {
        let photos = flight();
        let photos: Vec<&Photo> = photos.iter().collect();
        let coverage = Coverage::of(&photos, &plane(&photos));
        assert!((coverage.gsd_m.unwrap() - 60.0 / 64.0).abs() < 1e-6);
        assert!((coverage.forward_overlap.unwrap() - (1.0 - 13.0 / 60.0)).abs() < 0.01);
        assert!((coverage.side_overlap.unwrap() - (1.0 - 27.0 / 90.0)).abs() < 0.01);
        assert!((coverage.area_m2.unwrap() - 117.0 * 112.0).abs() < 60.0);
    }
}
