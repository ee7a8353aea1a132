use serde::{Deserialize, Serialize};

/// Level of the ground about an outline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GroundLevel {
    /// Median height in a ring about the outline, metres.
    pub height_m: f64,
    /// Its standard uncertainty, metres, slope of the ground included.
    pub sigma_m: f64,
}
