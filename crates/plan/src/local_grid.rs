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
}
