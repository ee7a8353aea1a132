use geo::Coord;
use serde::{Deserialize, Serialize};

/// Four declared parameters that lead from a local independent grid to a national one.
///
/// ```text
/// | east  |   | dx |         | cos r  -sin r | | x |
/// | north | = | dy | + scale | sin r   cos r | | y |      r = rotation_deg, counter-clockwise
/// ```
/// with x east and y north in the local grid, metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalGrid {
    /// Easting of the local origin, metres.
    pub dx: f64,
    /// Northing of the local origin, metres.
    pub dy: f64,
    /// Turn from local to national axes, degrees, counter-clockwise.
    pub rotation_deg: f64,
    /// National metres per local metre.
    pub scale: f64,
}

impl LocalGrid {
    /// East and north in the national grid of a local position.
    pub fn to_map(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (sin, cos) = self.rotation_deg.to_radians().sin_cos();
        (self.dx + self.scale * (cos * x - sin * y), self.dy + self.scale * (sin * x + cos * y))
    }

    /// The grid that leads from local positions to those on the map with the least sum of squares; `None` for fewer than two
    /// different positions.
    pub(crate) fn fit(pairs: impl Iterator<Item = (Coord<f64>, Coord<f64>)> + Clone) -> Option<Self> {
        let count = pairs.clone().count() as f64;
        let (local, map) = pairs.clone().fold((Coord::zero(), Coord::zero()), |(local, map), (l, m)| {
            (local + l / count, map + m / count)
        });
        let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
        for (l, m) in pairs {
            let (l, m) = (l - local, m - map);
            along += l.x * m.x + l.y * m.y;
            across += l.x * m.y - l.y * m.x;
            spread += l.x * l.x + l.y * l.y;
        }
        if spread <= 0.0 {
            return None;
        }
        let (a, b) = (along / spread, across / spread);
        let (dx, dy) = (map.x - a * local.x + b * local.y, map.y - b * local.x - a * local.y);
        Some(Self { dx, dy, rotation_deg: b.atan2(a).to_degrees(), scale: a.hypot(b) })
    }
}
