use serde::{Deserialize, Serialize};

/// How a surface is matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Views that must see a cell; fewer leave a hole (default 3).
    pub min_views: usize,
    /// Views compared in a cell (default 6; at most 7).
    pub cell_views: usize,
    /// Views opened for a tile (default 14).
    pub tile_views: usize,
    /// Side of a tile, cells (default 384).
    pub tile_cells: usize,
    /// Cells matched around a tile and thrown away, so that tiles join (default 40).
    pub margin_cells: usize,
    /// Room above the highest sparse point nearby for buildings and trees without one, metres (default 25).
    pub headroom_m: f64,
    /// Room below the lowest sparse point nearby for pits, metres (default 5).
    pub legroom_m: f64,
    /// Cost of a height change of one hypothesis between neighbouring cells, as a share of the census bits (default 0.08).
    pub small_jump: f64,
    /// Cost of a larger height change, as a share of the census bits (default 0.4).
    pub large_jump: f64,
    /// How much better the winner must be than the best rival, as a share of the rival's cost (default 0.03).
    pub min_margin: f64,
    /// Decoded grey pyramids kept in memory, bytes (default 768 MiB).
    pub cache_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_views: 3,
            cell_views: 6,
            tile_views: 14,
            tile_cells: 384,
            margin_cells: 24,
            headroom_m: 25.0,
            legroom_m: 5.0,
            small_jump: 0.08,
            large_jump: 0.4,
            min_margin: 0.03,
            cache_bytes: 768 << 20,
        }
    }
}
