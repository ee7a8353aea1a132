use geo::{Area, BooleanOps, BoundingRect, Distance, Euclidean, Intersects, MultiPolygon};

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

/// Shortest distance between two outlines, metres; 0 where they touch.
pub(crate) fn distance_m(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    Euclidean.distance(a, b)
}

/// Standard uncertainty of a sum of independent parts.
pub(crate) fn combined(parts: &[f64]) -> f64 {
    parts.iter().map(|u| u * u).sum::<f64>().sqrt()
}
