use geo::{
    Area, BooleanOps, BoundingRect, Closest, ClosestPoint, Coord, CoordsIter, Distance, Euclidean,
    Intersects, LineString, LinesIter, MultiPolygon, Point, Polygon, Translate,
};

/// Half of an outline says where it belongs.
pub(crate) const MOSTLY: f64 = 0.5;

/// Area that two outlines share, square metres.
pub(crate) fn common_area_m2(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    let near = a.bounding_rect().zip(b.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
    if near { a.intersection(b).unsigned_area() } else { 0.0 }
}

/// Share of `part` that lies inside `whole`, 0 to 1.
pub(crate) fn share_inside(part: &MultiPolygon<f64>, whole: &MultiPolygon<f64>) -> f64 {
    let area_m2 = part.unsigned_area();
    if area_m2 > 0.0 { common_area_m2(part, whole) / area_m2 } else { 0.0 }
}

/// Whether the smaller of two outlines lies mostly in the other.
pub(crate) fn same_place(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> bool {
    let (smaller, larger) = if a.unsigned_area() < b.unsigned_area() { (a, b) } else { (b, a) };
    share_inside(smaller, larger) >= MOSTLY
}

/// The shortest step that carries an outline to where it touches another one, metres.
pub(crate) fn nearest_step(outline: &MultiPolygon<f64>, to: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let step = |from: &MultiPolygon<f64>, corner: Point<f64>| match from.closest_point(&corner) {
        Closest::SinglePoint(point) | Closest::Intersection(point) => Some(corner.0 - point.0),
        Closest::Indeterminate => None,
    };
    let outward = to.coords_iter().filter_map(|corner| step(outline, corner.into()));
    let inward = outline.coords_iter().filter_map(|corner| step(to, corner.into()));
    shortest(outward.chain(inward.map(|step| -step)))
}

/// The shortest of some steps.
pub(crate) fn shortest(steps: impl Iterator<Item = Coord<f64>>) -> Option<Coord<f64>> {
    steps.min_by(|a, b| a.x.hypot(a.y).total_cmp(&b.x.hypot(b.y)))
}

/// Everything that an outline passes over on a step.
pub(crate) fn swept(outline: &MultiPolygon<f64>, step: Coord<f64>) -> MultiPolygon<f64> {
    let sides = outline.lines_iter().map(|side| {
        let ring = [side.start, side.end, side.end + step, side.start + step];
        MultiPolygon::from(Polygon::new(LineString::from(ring.to_vec()), Vec::new()))
    });
    sides.fold(outline.union(&outline.translate(step.x, step.y)), |whole, side| whole.union(&side))
}

/// Shortest distance between two outlines, metres; 0 where they touch.
pub(crate) fn distance_m(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    Euclidean.distance(a, b)
}

/// Standard uncertainty of a sum of independent parts.
pub(crate) fn combined(parts: &[f64]) -> f64 {
    parts.iter().map(|u| u * u).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    #[test]
    fn an_outline_carried_to_a_wall_has_the_strip_in_between() {
        let block = |west, south, east, north| -> MultiPolygon<f64> {
            Rect::new((west, south), (east, north)).to_polygon().into()
        };
        let (annex, house) = (block(2.0, 0.0, 8.0, 3.0), block(0.0, 3.9, 20.0, 12.0));
        let step = nearest_step(&annex, &house).unwrap();
        assert!(step.x.abs() < 1e-9 && (step.y - 0.9).abs() < 1e-9, "{step:?}");
        let reaching = swept(&annex, step);
        assert!((reaching.unsigned_area() - 6.0 * 3.9).abs() < 1e-6 && distance_m(&reaching, &house) < 1e-9);
    }
}
