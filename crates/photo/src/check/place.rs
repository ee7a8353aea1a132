use plumbline_geodesy::Lla;

use crate::Photo;

/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_320.0;

/// Positions of photos on a plane, metres east and north of their median: exact enough to judge distances within a flight.
pub(crate) fn plane(photos: &[&Photo]) -> Vec<Option<[f64; 2]>> {
    let places: Vec<Option<Lla>> = photos.iter().map(|photo| photo.position.map(|p| p.lla)).collect();
    let latitude = median(places.iter().flatten().map(|p| p.latitude_deg).collect());
    let longitude = median(places.iter().flatten().map(|p| p.longitude_deg).collect());
    let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return vec![None; photos.len()] };
    let east = latitude.to_radians().cos() * DEGREE_M;
    let on_plane = |p: &Lla| [(p.longitude_deg - longitude) * east, (p.latitude_deg - latitude) * DEGREE_M];
    places.iter().map(|p| p.as_ref().map(on_plane)).collect()
}

pub(crate) fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// The middle value; of an even number the upper of the two.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Number of the place that each position belongs to: positions that a chain of steps of at most `step_m` joins.
pub(crate) fn places(positions: &[[f64; 2]], step_m: f64) -> Vec<usize> {
    let mut place = vec![usize::MAX; positions.len()];
    let mut count = 0;
    for seed in 0..positions.len() {
        if place[seed] != usize::MAX {
            continue;
        }
        place[seed] = count;
        let mut reached = vec![seed];
        while let Some(i) = reached.pop() {
            for j in 0..positions.len() {
                if place[j] == usize::MAX && distance(positions[i], positions[j]) <= step_m {
                    place[j] = count;
                    reached.push(j);
                }
            }
        }
        count += 1;
    }
    place
}

/// How far positions spread across the line that fits them best, metres (standard deviation).
pub(crate) fn spread_across_m(positions: &[[f64; 2]]) -> f64 {
    let n = positions.len() as f64;
    let mean = [0, 1].map(|k| positions.iter().map(|p| p[k]).sum::<f64>() / n);
    let moment =
        |a: usize, b: usize| positions.iter().map(|p| (p[a] - mean[a]) * (p[b] - mean[b])).sum::<f64>() / n;
    let (xx, xy, yy) = (moment(0, 0), moment(0, 1), moment(1, 1));
    let smaller = f64::midpoint(xx, yy) - ((xx - yy) / 2.0).hypot(xy);
    smaller.max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_steps_is_one_place_and_a_far_position_another() {
        let positions = [[0.0, 0.0], [900.0, 0.0], [30.0, 0.0], [60.0, 0.0]];
        assert_eq!(places(&positions, 40.0), vec![0, 1, 0, 0]);
    }

    #[test]
    fn a_line_has_no_spread_across() {
        let line: Vec<_> = (0..9).map(|i| [f64::from(i) * 3.0, f64::from(i) * 4.0]).collect();
        assert!(spread_across_m(&line) < 1e-6);
        let square = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]];
        assert!((spread_across_m(&square) - 5.0).abs() < 1e-9);
    }
}
