//! Curves as chords.

use std::f64::consts::TAU;

use gdal::vector::{Geometry, OGRwkbGeometryType};
use geo::{Coord, GeometryCollection, LineString, Polygon};

/// Step along an arc, radians (one degree): a chord of 50 m radius is 2 mm off.
const STEP: f64 = TAU / 360.0;

/// A flat geometry with its arcs as chords; `None` where it holds what is neither a curve nor flat, such as a surface in space.
pub(crate) fn straightened(geometry: &Geometry) -> Option<geo::Geometry<f64>> {
    let parts = || (0..geometry.geometry_count()).map(|idx| geometry.get_geometry(idx));
    match geometry.geometry_type() {
        OGRwkbGeometryType::wkbCircularString | OGRwkbGeometryType::wkbCompoundCurve => {
            Some(LineString(line(geometry)).into())
        }
        OGRwkbGeometryType::wkbCurvePolygon => {
            let mut rings = parts().map(|ring| LineString(line(&ring)));
            let outer = rings.next()?;
            Some(Polygon::new(outer, rings.collect()).into())
        }
        OGRwkbGeometryType::wkbMultiCurve
        | OGRwkbGeometryType::wkbMultiSurface
        | OGRwkbGeometryType::wkbGeometryCollection => {
            let parts: Option<Vec<_>> = parts().map(|part| straightened(&part)).collect();
            Some(geo::Geometry::GeometryCollection(GeometryCollection(parts?)))
        }
        _ => geometry.to_geo().ok(),
    }
}

/// Corners of a line, an arc string or a chain of both.
fn line(curve: &Geometry) -> Vec<Coord<f64>> {
    if curve.geometry_type() == OGRwkbGeometryType::wkbCompoundCurve {
        let parts = (0..curve.geometry_count()).flat_map(|idx| line(&curve.get_geometry(idx)));
        let mut corners: Vec<_> = parts.collect();
        corners.dedup();
        return corners;
    }
    let mut points = Vec::new();
    curve.get_points(&mut points);
    let points: Vec<Coord<f64>> = points.into_iter().map(|(x, y, _)| Coord { x, y }).collect();
    if curve.geometry_type() != OGRwkbGeometryType::wkbCircularString {
        return points;
    }
    let mut corners = points[..points.len().min(1)].to_vec();
    let arcs = points.windows(3).step_by(2);
    arcs.for_each(|arc| corners.extend(chords(arc[0], arc[1], arc[2])));
    corners
}

/// Corners after the first of the arc from `a` over `b` to `c`; a full circle where `c` is `a` again.
fn chords(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> Vec<Coord<f64>> {
    let Some(center) = center(a, b, c) else { return vec![b, c] };
    let angle = |p: Coord<f64>| (p.y - center.y).atan2(p.x - center.x);
    let radius = (a.x - center.x).hypot(a.y - center.y);
    let (over, whole) = ((angle(b) - angle(a)).rem_euclid(TAU), (angle(c) - angle(a)).rem_euclid(TAU));
    let sweep = if a == c {
        TAU
    } else if over < whole {
        whole
    } else {
        whole - TAU
    };
    let steps = (sweep.abs() / STEP).ceil().max(1.0);
    let at = |step: f64| {
        let turned = angle(a) + sweep * step / steps;
        Coord { x: center.x + radius * turned.cos(), y: center.y + radius * turned.sin() }
    };
    let mut corners: Vec<Coord<f64>> = (1..steps as usize).map(|step| at(step as f64)).collect();
    corners.push(c);
    corners
}

/// The centre of the circle through three points; `None` where they lie on a line.
fn center(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> Option<Coord<f64>> {
    if a == c {
        return Some((a + b) / 2.0);
    }
    // Relative to `a`, so that eastings and northings of millions leave the differences their digits.
    let (b, c) = (b - a, c - a);
    let twice = 2.0 * (b.x * c.y - b.y * c.x);
    let (b2, c2) = (b.x * b.x + b.y * b.y, c.x * c.x + c.y * c.y);
    if twice.abs() < 1e-12 * (b2 + c2) {
        return None;
    }
    Some(a + Coord { x: (c.y * b2 - b.y * c2) / twice, y: (b.x * c2 - c.x * b2) / twice })
}

#[cfg(test)]
mod tests {
    use geo::{Area, BoundingRect};

    use super::*;

    fn read(wkt: &str) -> geo::Geometry<f64> {
        straightened(&Geometry::from_wkt(wkt).unwrap()).unwrap()
    }

    #[test]
    fn a_circle_of_two_arcs_and_one_of_a_single_arc_have_the_area_of_a_disc() {
        let two = read("CURVEPOLYGON (CIRCULARSTRING (0 0, 5 5, 10 0, 5 -5, 0 0))");
        let one = read("CURVEPOLYGON (CIRCULARSTRING (0 0, 10 0, 0 0))");
        let disc = std::f64::consts::PI * 25.0;
        assert!((two.unsigned_area() / disc - 1.0).abs() < 1e-4);
        assert!((one.unsigned_area() / disc - 1.0).abs() < 1e-4);
    }

    #[test]
    fn an_arc_bends_to_the_side_of_its_middle_point_far_from_the_origin() {
        let arc = read("CIRCULARSTRING (544900 4104200, 544905 4104195, 544910 4104200)");
        let bounds = arc.bounding_rect().unwrap();
        assert!((bounds.min().y - 4_104_195.0).abs() < 1e-6 && bounds.max().y <= 4_104_200.0, "{bounds:?}");
    }
}
