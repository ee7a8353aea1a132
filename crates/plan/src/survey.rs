use plumbline_geodesy::{Crs, MapPoint};

/// Where the plan is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Survey<'a> {
    /// The survey's map.
    pub crs: &'a Crs,
    /// A place in the middle of what was surveyed, where one is known: a plan far from it is refused.
    pub place: Option<MapPoint>,
}

impl<'a> Survey<'a> {
    /// A map without a place on it.
    pub fn on(crs: &'a Crs) -> Self {
        Self { crs, place: None }
    }
}
