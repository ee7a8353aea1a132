use serde::{Deserialize, Serialize};

use crate::Observation;

/// Pixels of several photos that matching holds to be one point of the ground, before it has a position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PixelTrack {
    /// At least two, at most one a view, in the order of the views.
    pub observations: Vec<Observation>,
}
