//! What surfaces look and feel like: green, rough.

use ndarray::Array2;
use plumbline_raster::{Raster, Rgba};

use crate::EpochSurface;
use crate::dominant::{ascending, median};

/// Excess green (2g - r - b of the chromatic coordinates) above which a pixel is green: Woebbecke et al. 1995 put the
/// border of plants to soil and residue at about 0.1.
const EXCESS_GREEN: f64 = 0.1;
/// How far [`Raster::bend`] looks, metres.
const BEND_REACH_M: f64 = 0.6;

/// Share of the cells of a set that are green, 0 to 1; `None` where no orthophoto covers them.
pub(crate) fn greenness(epoch: &EpochSurface, set: &[(usize, usize)]) -> Option<f64> {
    let ortho = epoch.ortho.as_ref()?;
    let pixels: Vec<_> = set.iter().filter_map(|&(row, col)| pixel(ortho, &epoch.dsm, row, col)).collect();
    let green = pixels.iter().filter(|pixel| is_green(**pixel)).count();
    (!pixels.is_empty()).then(|| green as f64 / pixels.len() as f64)
}

/// Whether each cell of a surface is green; false where no orthophoto covers it.
pub(crate) fn green_cells(epoch: &EpochSurface) -> Array2<bool> {
    let Some(ortho) = &epoch.ortho else { return Array2::from_elem(epoch.dsm.cells.dim(), false) };
    Array2::from_shape_fn(epoch.dsm.cells.dim(), |(row, col)| {
        pixel(ortho, &epoch.dsm, row, col).is_some_and(is_green)
    })
}

fn pixel(ortho: &Raster<Rgba>, dsm: &Raster<f32>, row: usize, col: usize) -> Option<Rgba> {
    let (east, north) = dsm.grid.center(row, col);
    ortho.at(east, north).copied().filter(|pixel| pixel[3] > 0)
}

/// Whether a colour is that of plants.
pub(crate) fn is_green([r, g, b, _]: Rgba) -> bool {
    let (r, g, b) = (f64::from(r), f64::from(g), f64::from(b));
    2.0 * g - r - b > EXCESS_GREEN * (r + g + b)
}

/// Robust roughness of a surface over a set of cells, row by row, metres: planes of any tilt have none, noise has its
/// sigma. The wall about the set is no roughness of it: cells nearer to its border than a bend reaches count only where
/// the set is nowhere wider.
pub(crate) fn roughness(surface: &Raster<f32>, set: &[(usize, usize)]) -> f64 {
    let reach = (BEND_REACH_M / surface.grid.cell_m).round().max(1.0) as usize;
    let is_inner = |&&(row, col): &&(usize, usize)| {
        let around = [
            (row.wrapping_sub(reach), col),
            (row + reach, col),
            (row, col.wrapping_sub(reach)),
            (row, col + reach),
        ];
        around.iter().all(|cell| set.binary_search(cell).is_ok())
    };
    let mut inner: Vec<_> = set.iter().filter(is_inner).copied().collect();
    if inner.is_empty() {
        inner = set.to_vec();
    }
    let bends = inner.into_iter().map(|(row, col)| surface.bend(row, col).abs());
    // The bend of white noise has sqrt(1.25) times its sigma, and a median of 0.6745 sigma.
    median(&ascending(bends)) / 0.6745 / 1.25_f64.sqrt()
}

/// Roughness at each cell by itself, metres; NaN beside cells without data.
pub(crate) fn bends(surface: &Raster<f32>) -> Array2<f32> {
    Array2::from_shape_fn(surface.cells.dim(), |(row, col)| surface.bend(row, col).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::testing::{Site, block};

    #[test]
    fn a_small_flat_shed_is_smooth_and_a_bare_crown_of_its_size_is_not() {
        let shed = block((20.0, 20.0), (4.4, 2.4), 20.0);
        let site = Site::flat(40.0, 3).with(&shed, 52.0).with_tree((30.0, 30.0), 2.0, 7.0).noisy(0.02);
        let rough = |outline| roughness(&site.dsm, &cells::inside(&site.dsm.grid, outline));
        assert!(rough(&shed) < 0.1, "shed {}", rough(&shed));
        let crown = block((30.0, 30.0), (2.6, 2.6), 0.0);
        assert!(rough(&crown) > 0.3, "crown {}", rough(&crown));
    }
}
