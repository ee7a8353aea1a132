//! Lines of a drawing as areas.

use std::collections::HashMap;

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};

/// Ends of lines closer than this are the same corner, metres: drafting slips, not gaps.
pub(crate) const CLOSING_M: f64 = 0.05;

/// What a geometry holds, parts of collections included.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    pub polygons: Vec<Polygon<f64>>,
    pub lines: Vec<LineString<f64>>,
    /// Points: corners, or else texts and marks.
    pub points: Vec<Point<f64>>,
}

impl Shapes {
    pub fn of(geometry: Geometry<f64>) -> Self {
        let mut shapes = Self::default();
        shapes.take(geometry);
        shapes
    }

    /// Whether it has neither areas nor lines.
    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty() && self.lines.is_empty()
    }

    fn take(&mut self, geometry: Geometry<f64>) {
        match geometry {
            Geometry::Polygon(polygon) => self.polygons.push(polygon),
            Geometry::MultiPolygon(polygons) => self.polygons.extend(polygons),
            Geometry::LineString(line) => self.lines.push(line),
            Geometry::MultiLineString(lines) => self.lines.extend(lines),
            Geometry::Point(point) => self.points.push(point),
            Geometry::MultiPoint(points) => self.points.extend(points),
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

    /// Everything as areas, lines joined end to end into rings; or where that fails.
    pub fn into_areas(self) -> Result<MultiPolygon<f64>, Break> {
        let mut polygons = self.polygons;
        polygons.extend(rings(self.lines)?.into_iter().map(|(_, ring)| Polygon::new(ring, Vec::new())));
        Ok(MultiPolygon(polygons))
    }

    /// Takes out the lines that do not close by themselves.
    pub fn take_open_lines(&mut self) -> Vec<LineString<f64>> {
        let (closed, open) = std::mem::take(&mut self.lines).into_iter().partition(is_closed);
        self.lines = closed;
        open
    }
}

/// Why lines do not enclose an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Break {
    /// An end of a line that no other line continues.
    Gap {
        at: Coord<f64>,
        /// Distance to the nearest other end, metres.
        width_m: f64,
    },
    /// An end that more than one other line continues.
    Fork { at: Coord<f64> },
}

/// Joins lines into closed rings, each with the index of its first line, in that order.
pub(crate) fn rings(lines: Vec<LineString<f64>>) -> Result<Vec<(usize, LineString<f64>)>, Break> {
    let mut ends = Ends::of(lines);
    let mut rings = Vec::new();
    for first in 0..ends.lines.len() {
        let Some(mut ring) = ends.lines[first].take() else { continue };
        while !is_closed(&ring) {
            let next = ends.next(&ring)?;
            let Some(line) = ends.lines[next].take() else { break };
            extend(&mut ring, line);
        }
        ring.0.pop();
        ring.close();
        rings.push((first, ring));
    }
    Ok(rings)
}

/// Lines by the places of their ends.
struct Ends {
    /// `None` once a line is part of a ring.
    lines: Vec<Option<LineString<f64>>>,
    /// Lines with an end in a square of the side [`CLOSING_M`], by its column and row.
    squares: HashMap<(i64, i64), Vec<usize>>,
}

impl Ends {
    fn of(lines: Vec<LineString<f64>>) -> Self {
        let mut squares: HashMap<_, Vec<usize>> = HashMap::new();
        for (idx, line) in lines.iter().enumerate().filter(|(_, line)| line.0.len() > 1) {
            for end in [line.0[0], line.0[line.0.len() - 1]] {
                squares.entry(square(end)).or_default().push(idx);
            }
        }
        Self { lines: lines.into_iter().map(|line| (line.0.len() > 1).then_some(line)).collect(), squares }
    }

    /// The one line that goes on where a ring ends.
    fn next(&self, ring: &LineString<f64>) -> Result<usize, Break> {
        let at = ring.0[ring.0.len() - 1];
        let (col, row) = square(at);
        let around = (-1..=1).flat_map(|d_col| (-1..=1).map(move |d_row| (col + d_col, row + d_row)));
        let candidates = around.filter_map(|square| self.squares.get(&square)).flatten().copied();
        let mut meeting: Vec<usize> =
            candidates.filter(|&idx| self.lines[idx].as_ref().is_some_and(|line| meets(line, at))).collect();
        meeting.sort_unstable();
        meeting.dedup();
        match meeting[..] {
            [next] => Ok(next),
            [] => Err(self.gap(ring)),
            _ => Err(Break::Fork { at }),
        }
    }

    fn gap(&self, ring: &LineString<f64>) -> Break {
        let at = ring.0[ring.0.len() - 1];
        let others = self.lines.iter().flatten().flat_map(|line| [line.0[0], line.0[line.0.len() - 1]]);
        let width_m = others.map(|end| apart(end, at)).fold(apart(ring.0[0], at), f64::min);
        Break::Gap { at, width_m }
    }
}

fn square(at: Coord<f64>) -> (i64, i64) {
    ((at.x / CLOSING_M).floor() as i64, (at.y / CLOSING_M).floor() as i64)
}

fn is_closed(line: &LineString<f64>) -> bool {
    line.0.len() > 3 && near(line.0[0], line.0[line.0.len() - 1])
}

fn near(a: Coord<f64>, b: Coord<f64>) -> bool {
    apart(a, b) <= CLOSING_M
}

fn apart(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
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
        let areas = Shapes { lines, ..Shapes::default() }.into_areas().unwrap();
        assert_eq!(areas.0.len(), 1);
        assert!((areas.unsigned_area() - 50.0).abs() < 0.2);
    }

    #[test]
    fn a_gap_is_reported_with_its_place_and_width() {
        let open =
            line_string![(x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 5.), (x: 0., y: 5.), (x: 0., y: 0.4)];
        let Break::Gap { at, width_m } = rings(vec![open]).unwrap_err() else { panic!("no gap") };
        assert_eq!(at, Coord { x: 0.0, y: 0.4 });
        assert!((width_m - 0.4).abs() < 1e-12);
    }

    #[test]
    fn where_three_lines_meet_nobody_knows_which_way_the_outline_goes() {
        let lines = vec![
            line_string![(x: 0., y: 0.), (x: 10., y: 0.)],
            line_string![(x: 10., y: 0.), (x: 10., y: 5.), (x: 0., y: 0.)],
            line_string![(x: 10., y: 0.), (x: 20., y: 5.), (x: 0., y: 0.)],
        ];
        assert_eq!(rings(lines), Err(Break::Fork { at: Coord { x: 10.0, y: 0.0 } }));
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
