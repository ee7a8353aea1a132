use serde::{Deserialize, Serialize};

/// The dominant plane inside an outline: the deck under construction or the roof, never the crane above it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deck {
    /// Height of the plane above the reference level, metres.
    pub height_m: f64,
    /// Standard uncertainty of the height within the epoch, metres.
    pub sigma_m: f64,
    /// Share of the covered cells that lie on the plane, 0 to 1.
    pub share: f64,
    /// Height above the reference that 98 % of the covered cells stay below, metres.
    pub max_m: f64,
    /// Share of the outline's cells that have data, 0 to 1.
    pub coverage: f64,
}
