//! From borders of cells to outlines as a surveyor would draw them.

use geo::{Area, Coord, Line, LineString, Polygon, Simplify, Validation};

use crate::boundary::BorderPoint;

/// Corners are where the border leaves a straight line by more than this many cells.
const CORNER_CELLS: f64 = 1.5;
/// Edges that differ from the dominant direction (or its normal) by less are turned into it: 20 degrees.
const SNAP: f64 = 0.349;
/// Edges shorter than this between two that meet close by are corners cut off by filtering, in cells.
const BEVEL_CELLS: f64 = 6.0;
/// Share of the edge length that must agree on a direction before edges are turned: below, the shape is not rectangular.
const RECTANGULAR: f64 = 0.6;
/// An outline drawn straighter may not change the area by more than this share; otherwise the plain one stays.
const AREA_CHANGE: f64 = 0.1;
/// Holes smaller than this are noise, square metres.
const MIN_HOLE_M2: f64 = 6.0;

/// A drawn outline and how well the border fits it.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub polygon: Polygon<f64>,
    /// Root mean square distance of the border from the drawn edges, metres.
    pub residual_m: f64,
    /// Share of the outer border with data on both sides, 0 to 1.
    pub seen: f64,
    /// Points of the outer border beyond which there is no data.
    pub open: Vec<Coord<f64>>,
}

/// Draws the outline of one connected set of cells; `None` when the border is too short to have a shape.
pub(crate) fn draw(mut chains: Vec<Vec<BorderPoint>>, cell_m: f64) -> Option<Outline> {
    let outer = (0..chains.len()).max_by(|&a, &b| ring_area(&chains[a]).total_cmp(&ring_area(&chains[b])))?;
    let border = chains.swap_remove(outer);
    let (exterior, residual_m) = straighten(&border, cell_m)?;
    chains.retain(|hole| ring_area(hole) >= MIN_HOLE_M2);
    let holes = chains.iter().filter_map(|hole| straighten(hole, cell_m)).map(|(ring, _)| ring).collect();
    let polygon = Polygon::new(exterior.clone(), holes);
    let polygon = if polygon.is_valid() { polygon } else { Polygon::new(exterior, Vec::new()) };
    let open: Vec<Coord<f64>> = border.iter().filter(|p| !p.seen).map(|p| p.at).collect();
    let seen = 1.0 - open.len() as f64 / border.len() as f64;
    Some(Outline { polygon, residual_m, seen, open })
}

/// A ring of straight edges through a border, and the root mean square distance of the border from them.
fn straighten(border: &[BorderPoint], cell_m: f64) -> Option<(LineString<f64>, f64)> {
    let points = from_corner(border.iter().map(|p| p.at).collect());
    let plain = LineString::new(points.clone()).simplify(CORNER_CELLS * cell_m);
    if plain.0.len() < 4 {
        return None;
    }
    let edges = fit_edges(&points, &plain);
    let drawn = join(&edges, cell_m).filter(|ring| keeps_shape(ring, &points)).unwrap_or(plain);
    let residual_m = residual(&points, &drawn);
    Some((drawn, residual_m))
}

/// The chain closed, beginning at its point farthest from its middle: a corner of anything with corners.
fn from_corner(mut points: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    let sum = points.iter().fold(Coord::zero(), |sum, &p| sum + p);
    let middle = sum / points.len().max(1) as f64;
    let far = |i: &usize| (points[*i].x - middle.x).hypot(points[*i].y - middle.y);
    let start = (0..points.len()).max_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(0);
    points.rotate_left(start);
    points.extend(points.first().copied());
    points
}

/// A straight edge: a point on it, its direction (unit) and its length, metres.
#[derive(Debug, Clone, Copy)]
struct Edge {
    middle: Coord<f64>,
    direction: Coord<f64>,
    length_m: f64,
}

/// Total-least-squares lines through the border between corners, turned into the dominant direction where there is one.
fn fit_edges(points: &[Coord<f64>], plain: &LineString<f64>) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut first = 0;
    for side in plain.lines() {
        let last = first + points[first..].iter().skip(1).position(|&p| p == side.end).map_or(0, |i| i + 1);
        edges.push(fit_edge(&points[first..=last], side));
        first = last;
    }
    if let Some(axis) = dominant_direction(&edges) {
        for edge in &mut edges {
            edge.snap(axis);
        }
    }
    edges
}

fn fit_edge(points: &[Coord<f64>], side: Line<f64>) -> Edge {
    let trim = points.len() / 8;
    let core = &points[trim..points.len() - trim];
    let middle = core.iter().fold(Coord::zero(), |sum, &p| sum + p) / core.len() as f64;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in core.iter().map(|&p| p - middle) {
        xx += p.x * p.x;
        xy += p.x * p.y;
        yy += p.y * p.y;
    }
    let delta = side.delta();
    let length_m = delta.x.hypot(delta.y);
    let chord = delta / length_m;
    let (sin, cos) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
    let forward = if cos * chord.x + sin * chord.y < 0.0 { -1.0 } else { 1.0 };
    let direction = if core.len() < 4 { chord } else { Coord { x: forward * cos, y: forward * sin } };
    Edge { middle, direction, length_m }
}

/// Direction, radians modulo a right angle, that most of the edge length agrees on.
fn dominant_direction(edges: &[Edge]) -> Option<f64> {
    let (mut sin, mut cos, mut total) = (0.0, 0.0, 0.0);
    for edge in edges {
        let angle = 4.0 * edge.direction.y.atan2(edge.direction.x);
        sin += edge.length_m * angle.sin();
        cos += edge.length_m * angle.cos();
        total += edge.length_m;
    }
    (sin.hypot(cos) > RECTANGULAR * total).then(|| sin.atan2(cos) / 4.0)
}

impl Edge {
    fn snap(&mut self, axis: f64) {
        let angle = self.direction.y.atan2(self.direction.x);
        let quarter = std::f64::consts::FRAC_PI_2;
        let target = axis + ((angle - axis) / quarter).round() * quarter;
        if (angle - target).abs() < SNAP {
            self.direction = Coord { x: target.cos(), y: target.sin() };
        }
    }

    /// Where two edges meet; `None` when they are nearly parallel.
    fn meets(&self, next: &Self) -> Option<Coord<f64>> {
        let cross = self.direction.x * next.direction.y - self.direction.y * next.direction.x;
        let between = next.middle - self.middle;
        let along = (between.x * next.direction.y - between.y * next.direction.x) / cross;
        (cross.abs() > SNAP.sin()).then(|| self.middle + self.direction * along)
    }

    fn foot(&self, p: Coord<f64>) -> Coord<f64> {
        let d = p - self.middle;
        self.middle + self.direction * (d.x * self.direction.x + d.y * self.direction.y)
    }
}

/// The ring whose corners are where successive edges meet; parallel neighbours become one edge or a step.
fn join(edges: &[Edge], cell_m: f64) -> Option<LineString<f64>> {
    let edges = without_bevels(merge_parallel(edges, cell_m), cell_m);
    let mut corners = Vec::new();
    for (i, edge) in edges.iter().enumerate() {
        let next = &edges[(i + 1) % edges.len()];
        if let Some(corner) = edge.meets(next) {
            corners.push(corner);
        } else {
            let between = (edge.middle
                + edge.direction * (0.5 * edge.length_m)
                + (next.middle - next.direction * (0.5 * next.length_m)))
                / 2.0;
            corners.extend([edge.foot(between), next.foot(between)]);
        }
    }
    corners.dedup();
    corners.extend(corners.first().copied());
    (corners.len() >= 4).then(|| LineString::new(corners))
}

/// Joins neighbours that run the same way within a corner's tolerance, weighted by length.
fn merge_parallel(edges: &[Edge], cell_m: f64) -> Vec<Edge> {
    let mut merged: Vec<Edge> = Vec::new();
    for &edge in edges {
        match merged.last_mut() {
            Some(last) if same_line(last, &edge, cell_m) => *last = together(last, &edge),
            _ => merged.push(edge),
        }
    }
    if merged.len() > 3 && same_line(&merged[merged.len() - 1], &merged[0], cell_m) {
        let last = merged.remove(merged.len() - 1);
        merged[0] = together(&last, &merged[0]);
    }
    merged
}

/// Takes away short edges whose neighbours meet close to them.
fn without_bevels(mut edges: Vec<Edge>, cell_m: f64) -> Vec<Edge> {
    let reach_m = BEVEL_CELLS * cell_m;
    let mut i = 0;
    while i < edges.len() && edges.len() > 3 {
        let (before, after) = (edges[(i + edges.len() - 1) % edges.len()], edges[(i + 1) % edges.len()]);
        let corner = before.meets(&after).map(|corner| corner - edges[i].middle);
        if edges[i].length_m < reach_m && corner.is_some_and(|d| d.x.hypot(d.y) < reach_m) {
            edges.remove(i);
        } else {
            i += 1;
        }
    }
    edges
}

fn same_line(a: &Edge, b: &Edge, cell_m: f64) -> bool {
    let dot = a.direction.x * b.direction.x + a.direction.y * b.direction.y;
    let off = b.middle - a.foot(b.middle);
    dot > SNAP.cos() && off.x.hypot(off.y) < CORNER_CELLS * cell_m
}

fn together(a: &Edge, b: &Edge) -> Edge {
    let length_m = a.length_m + b.length_m;
    let mix = |p: Coord<f64>, q: Coord<f64>| (p * a.length_m + q * b.length_m) / length_m;
    let direction = mix(a.direction, b.direction);
    let direction = direction / direction.x.hypot(direction.y);
    Edge { middle: mix(a.middle, b.middle), direction, length_m }
}

fn keeps_shape(ring: &LineString<f64>, points: &[Coord<f64>]) -> bool {
    let drawn = Polygon::new(ring.clone(), Vec::new());
    let border = Polygon::new(LineString::new(points.to_vec()), Vec::new()).unsigned_area();
    drawn.is_valid() && (drawn.unsigned_area() - border).abs() <= AREA_CHANGE * border
}

fn residual(points: &[Coord<f64>], ring: &LineString<f64>) -> f64 {
    use geo::{Distance, Euclidean, Point};
    let squares: f64 = points.iter().map(|&p| Euclidean.distance(&Point(p), ring).powi(2)).sum();
    (squares / points.len() as f64).sqrt()
}

fn ring_area(chain: &[BorderPoint]) -> f64 {
    Polygon::new(LineString::new(chain.iter().map(|p| p.at).collect()), Vec::new()).unsigned_area()
}
