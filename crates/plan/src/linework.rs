//! Lines of a drawing as areas.

use geo::{Coord, Distance, Euclidean, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};

/// Ends of lines closer than this are the same corner, metres: drafting slips, not gaps.
pub(crate) const CLOSING_M: f64 = 0.05;

/// What a geometry holds, parts of collections included; points (texts, marks) are left out.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    pub polygons: Vec<Polygon<f64>>,
    pub lines: Vec<LineString<f64>>,
}

impl Shapes {
    pub fn of(geometry: Geometry<f64>) -> Self {
        let mut shapes = Self::default();
        shapes.take(geometry);
        shapes
    }

    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty() && self.lines.is_empty()
    }

    fn take(&mut self, geometry: Geometry<f64>) {
        match geometry {
            Geometry::Polygon(polygon) => self.polygons.push(polygon),
            Geometry::MultiPolygon(polygons) => self.polygons.extend(polygons),
            Geometry::LineString(line) => self.lines.push(line),
            Geometry::MultiLineString(lines) => self.lines.extend(lines),
            Geometry::GeometryCollection(parts) => parts.into_iter().for_each(|part| self.take(part)),
            _ => {}
        }
    }

    /// Everything as lines, rings of polygons included.
    pub fn into_lines(self) -> MultiLineString<f64> {
        let rings = self.polygons.into_iter().flat_map(|polygon| {
            let (exterior, interiors) = polygon.into_inner();
            std::iter::once(exterior).chain(interiors)
        });
        MultiLineString(rings.chain(self.lines).collect())
    }

    /// Everything as areas, lines joined end to end into rings; or where a line ends without a neighbour.
    pub fn into_areas(self) -> Result<MultiPolygon<f64>, Gap> {
        let mut polygons = self.polygons;
        polygons.extend(rings(self.lines)?.into_iter().map(|(_, ring)| Polygon::new(ring, Vec::new())));
        Ok(MultiPolygon(polygons))
    }

    /// Whether there are lines and some of them end without closing by themselves.
    pub fn has_open_lines(&self) -> bool {
        self.lines.iter().any(|line| !is_closed(line))
    }
}

/// An end of a line that no other line continues.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gap {
    pub at: Coord<f64>,
    /// Distance to the nearest other end, metres.
    pub width_m: f64,
}

/// Joins lines into closed rings, each with the index of its first line, in that order.
pub(crate) fn rings(lines: Vec<LineString<f64>>) -> Result<Vec<(usize, LineString<f64>)>, Gap> {
    let mut lines: Vec<_> = lines.into_iter().enumerate().filter(|(_, line)| line.0.len() > 1).collect();
    let mut rings = Vec::new();
    while !lines.is_empty() {
        let (first, mut ring) = lines.remove(0);
        while !is_closed(&ring) {
            let end = ring.0[ring.0.len() - 1];
            let next =
                lines.iter().position(|(_, line)| meets(line, end)).ok_or_else(|| gap(&ring, &lines))?;
            extend(&mut ring, lines.remove(next).1);
        }
        ring.0.pop();
        ring.close();
        rings.push((first, ring));
    }
    Ok(rings)
}

fn is_closed(line: &LineString<f64>) -> bool {
    line.0.len() > 3 && near(line.0[0], line.0[line.0.len() - 1])
}

fn near(a: Coord<f64>, b: Coord<f64>) -> bool {
    apart(a, b) <= CLOSING_M
}

fn apart(a: Coord<f64>, b: Coord<f64>) -> f64 {
    Euclidean.distance(Point(a), Point(b))
}

fn meets(line: &LineString<f64>, end: Coord<f64>) -> bool {
    near(line.0[0], end) || near(line.0[line.0.len() - 1], end)
}

fn extend(ring: &mut LineString<f64>, mut line: LineString<f64>) {
    if !near(line.0[0], ring.0[ring.0.len() - 1]) {
        line.0.reverse();
    }
    ring.0.extend(line.0.into_iter().skip(1));
}

fn gap(ring: &LineString<f64>, others: &[(usize, LineString<f64>)]) -> Gap {
    let at = ring.0[ring.0.len() - 1];
    let own = apart(ring.0[0], at);
    let ends = others.iter().flat_map(|(_, line)| [line.0[0], line.0[line.0.len() - 1]]);
    Gap { at, width_m: ends.map(|end| apart(end, at)).fold(own, f64::min) }
}

#[cfg(test)]
mod tests {
    use geo::{Area, line_string};

    use super::*;

    #[test]
    fn four_loose_lines_make_one_ring() {
        let lines = vec![
            line_string![(x: 0., y: 0.), (x: 10., y: 0.)],
            line_string![(x: 10., y: 5.), (x: 10., y: 0.02)],
            line_string![(x: 0., y: 0.), (x: 0., y: 5.)],
            line_string![(x: 0., y: 5.), (x: 10., y: 5.)],
        ];
        let areas = Shapes { polygons: Vec::new(), lines }.into_areas().unwrap();
        assert_eq!(areas.0.len(), 1);
        assert!((areas.unsigned_area() - 50.0).abs() < 0.2);
    }

    #[test]
    fn a_gap_is_reported_with_its_place_and_width() {
        let open =
            line_string![(x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 5.), (x: 0., y: 5.), (x: 0., y: 0.4)];
        let gap = rings(vec![open]).unwrap_err();
        assert_eq!(gap.at, Coord { x: 0.0, y: 0.4 });
        assert!((gap.width_m - 0.4).abs() < 1e-12);
    }

    #[test]
    fn a_polyline_whose_last_point_misses_the_first_by_a_slip_is_closed() {
        let slip =
            line_string![(x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 5.), (x: 0., y: 5.), (x: 0., y: 0.01)];
        let (_, ring) = rings(vec![slip]).unwrap().remove(0);
        assert_eq!(ring.0.first(), ring.0.last());
        assert_eq!(ring.0.len(), 5);
    }
}
