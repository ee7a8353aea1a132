use serde::{Deserialize, Serialize};

/// How well two epochs lie on each other, as the adjustment or a person says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// Horizontal offset that may remain between them, metres (1 sigma).
    pub u_xy_m: f64,
    /// Vertical offset that may remain between them, metres (1 sigma).
    pub u_z_m: f64,
    /// False when they must not be compared at all.
    pub comparable: bool,
    /// Why not, or how they were tied.
    pub reason: String,
}

/// What remained between two surfaces on stable ground in height; taken out before they are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Offset {
    /// After minus before, up, metres.
    pub up_m: f64,
    /// Robust spread of the height differences on stable ground, metres.
    pub spread_m: f64,
    /// Cells that were used.
    pub cells: usize,
}
