use nalgebra::Vector2;

use crate::PixelTrack;

/// How [`thin_tracks`] chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThinOptions {
    /// Tracks that every photo should keep if it has them; default 1200.
    pub tracks_per_photo: usize,
    /// Cells along the longer side of a photo over which its tracks are spread; default 12.
    pub cells: usize,
}

impl Default for ThinOptions {
    fn default() -> Self {
        Self { tracks_per_photo: 1200, cells: 12 }
    }
}

/// A subset that leaves every photo enough tracks, well spread and as long as there are; in the given order.
///
/// Longest first, a track is kept when in one of its photos the cell it falls on has not yet had its share.
pub fn thin_tracks(
    tracks: &[PixelTrack],
    photo_sizes: &[(u32, u32)],
    options: &ThinOptions,
) -> Vec<PixelTrack> {
    let mut order: Vec<usize> = (0..tracks.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(tracks[i].observations.len()));
    let mut shares: Vec<CellShares> =
        photo_sizes.iter().map(|&size| CellShares::new(size, options)).collect();
    let mut kept = vec![false; tracks.len()];
    for i in order {
        let seen = &tracks[i].observations;
        if seen.iter().any(|o| shares[o.view_idx].has_room(&o.pixel)) {
            kept[i] = true;
            for o in seen {
                shares[o.view_idx].take(&o.pixel);
            }
        }
    }
    tracks.iter().zip(kept).filter(|(_, kept)| *kept).map(|(track, _)| track.clone()).collect()
}

/// How many tracks each cell of a photo may still keep.
struct CellShares {
    cell_px: f64,
    cols: usize,
    left: Vec<usize>,
}

impl CellShares {
    fn new((width, height): (u32, u32), options: &ThinOptions) -> Self {
        let cell_px = f64::from(width.max(height)) / options.cells as f64;
        let cells = |side: u32| (f64::from(side) / cell_px).ceil() as usize;
        let (cols, rows) = (cells(width), cells(height));
        Self { cell_px, cols, left: vec![options.tracks_per_photo.div_ceil(cols * rows); cols * rows] }
    }

    fn cell(&self, pixel: &Vector2<f64>) -> usize {
        let (col, row) = ((pixel.x / self.cell_px) as usize, (pixel.y / self.cell_px) as usize);
        (row * self.cols + col.min(self.cols - 1)).min(self.left.len() - 1)
    }

    fn has_room(&self, pixel: &Vector2<f64>) -> bool {
        self.left[self.cell(pixel)] > 0
    }

    fn take(&mut self, pixel: &Vector2<f64>) {
        let cell = self.cell(pixel);
        self.left[cell] = self.left[cell].saturating_sub(1);
    }
}
