use geo::{Area, BooleanOps, BoundingRect, Centroid, Intersects, LineString, MultiPolygon, Polygon};
use plumbline_fixtures::Footprint;
use plumbline_geodesy::SurveyFrame;

/// Two outlines that share this of the smaller one are of one thing.
const SAME: f64 = 0.3;

/// A rectangle of the world on the map.
pub fn on_map(frame: &SurveyFrame, outline: &Footprint) -> MultiPolygon<f64> {
    let corners = outline.corners().map(|corner| {
        let p = frame.map_from_world(&corner.push(0.0));
        (p.east, p.north)
    });
    Polygon::new(LineString::from(corners.to_vec()), vec![]).into()
}

/// Whether two outlines are of one thing.
pub fn same_place(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> bool {
    let near = a.bounding_rect().zip(b.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
    near && a.intersection(b).unsigned_area() > SAME * a.unsigned_area().min(b.unsigned_area())
}

/// Easting and northing of the middle, metres.
pub fn middle(outline: &MultiPolygon<f64>) -> (f64, f64) {
    outline.centroid().map_or((f64::NAN, f64::NAN), |place| (place.x(), place.y()))
}
