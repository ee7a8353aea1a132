use geo::{BoundingRect, MultiPolygon, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Outlines by their places, to be asked which lie near another one: an R*-tree of their bounding boxes.
#[derive(Debug)]
pub struct OutlineIndex {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl OutlineIndex {
    /// The index of some outlines, numbered as they come; those without a corner are nowhere.
    pub fn of<'a, G>(outlines: impl IntoIterator<Item = &'a G>) -> Self
    where
        G: BoundingRect<f64, Output = Option<Rect<f64>>> + 'a,
    {
        let boxes = outlines.into_iter().enumerate().filter_map(|(idx, outline)| {
            let (min, max) = corners(&outline.bounding_rect()?);
            Some(GeomWithData::new(Rectangle::from_corners(min, max), idx))
        });
        Self { tree: RTree::bulk_load(boxes.collect()) }
    }

    /// Numbers of the outlines whose boxes come within `within_m` metres of another outline's box, in their order. Everything
    /// that overlaps it, or lies that near, is among them.
    pub fn near(&self, outline: &MultiPolygon<f64>, within_m: f64) -> Vec<usize> {
        let Some(bounds) = outline.bounding_rect() else { return Vec::new() };
        let ([west, south], [east, north]) = corners(&bounds);
        let around =
            AABB::from_corners([west - within_m, south - within_m], [east + within_m, north + within_m]);
        let mut near: Vec<usize> =
            self.tree.locate_in_envelope_intersecting(around).map(|entry| entry.data).collect();
        near.sort_unstable();
        near
    }
}

fn corners(bounds: &Rect<f64>) -> ([f64; 2], [f64; 2]) {
    (bounds.min().into(), bounds.max().into())
}
