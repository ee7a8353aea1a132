/// How an orthophoto is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Side of a cell, metres; `None` takes the DSM's cells. A finer orthophoto needs a DSM whose roof edges are as fine.
    pub cell_m: Option<f64>,
    /// How far, in cells of the DSM, a hole may reach and still be crossed by interpolated heights; default 4.
    pub hole_cells: usize,
    /// What rises less than this above a cell never hides it, metres; default 0.3, the noise of a DSM.
    pub clearance_m: f64,
    /// Side of the squares that take their colour from one photo as far as it sees them, in cells; default 24.
    pub patch_cells: usize,
    /// Width of the photo's rim that is avoided, as a share of its shorter side; default 0.03. Lens errors are largest there.
    pub rim: f64,
    /// Strongest colour correction of a photo as a factor; default 1.25. More would wash out light ground.
    pub max_gain: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { cell_m: None, hole_cells: 4, clearance_m: 0.3, patch_cells: 24, rim: 0.03, max_gain: 1.25 }
    }
}
