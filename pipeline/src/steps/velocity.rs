//! How fast the camera flew at every photo.

use nalgebra::Vector3;
use plumbline_photo::Photo;
use plumbline_scene::ViewPrior;

/// Photos further apart in time say nothing of the speed at either, seconds.
const LONGEST_GAP_S: f64 = 10.0;

/// Cosine of the turn between two legs beyond which the speed at the corner is anything: 30 degrees.
const STRAIGHT: f64 = 0.866;

/// Tells the views how fast they flew, from where and when the photos before and after were taken; leaves zero where that does
/// not tell: without a position or a time, at the end of a strip, after a pause.
pub(crate) fn tell_velocities(views: &mut [ViewPrior], photos: &[Photo]) {
    let station = |(idx, (view, photo)): (usize, (&ViewPrior, &Photo))| {
        let taken = photo.captured_at?.local.and_utc();
        Some(Station { idx, at: view.position?, seconds: taken.timestamp_millis() as f64 / 1e3 })
    };
    let stations = views.iter().zip(photos).enumerate().filter_map(station).collect();
    for (idx, velocity) in along(stations) {
        views[idx].velocity = velocity;
    }
}

/// Metres a second in the world, where three stations in a row tell it.
fn along(mut stations: Vec<Station>) -> Vec<(usize, Vector3<f64>)> {
    stations.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let velocity = |three: &[Station]| {
        let [before, here, after] = three else { return None };
        let (came, goes) = (before.leg_to(here)?, here.leg_to(after)?);
        let is_straight = came.dot(&goes) > STRAIGHT * came.norm() * goes.norm();
        is_straight.then(|| (here.idx, (came + goes) / (after.seconds - before.seconds)))
    };
    stations.windows(3).filter_map(velocity).collect()
}

/// Where and when a photo was taken.
struct Station {
    idx: usize,
    at: Vector3<f64>,
    seconds: f64,
}

impl Station {
    /// The way to the next station; `None` if that was not flown without a pause.
    fn leg_to(&self, next: &Self) -> Option<Vector3<f64>> {
        let seconds = next.seconds - self.seconds;
        (seconds > 0.0 && seconds < LONGEST_GAP_S).then(|| next.at - self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Photos every two seconds: north, north, then a corner to the east, then a pause.
    #[test]
    fn speed_is_told_along_a_strip_and_nowhere_else() {
        let flown =
            [(0.0, 0.0, 0.0), (0.0, 20.0, 2.0), (0.0, 40.0, 4.0), (20.0, 40.0, 6.0), (40.0, 40.0, 60.0)];
        let station = |(idx, &(east, north, seconds)): (usize, &(f64, f64, f64))| Station {
            idx,
            at: Vector3::new(east, north, 90.0),
            seconds,
        };
        let velocities = along(flown.iter().enumerate().map(station).rev().collect());
        assert_eq!(velocities, [(1, Vector3::new(0.0, 10.0, 0.0))]);
    }
}
