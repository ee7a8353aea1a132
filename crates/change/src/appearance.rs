use geo::{Area, Polygon};
use ndarray::Array2;
use plumbline_raster::{Grid, Raster, Rgba};
use serde::{Deserialize, Serialize};

use crate::components::{components, picture, radius_cells, without_thin_parts};
use crate::dominant::{ascending, median, spread};
use crate::footprint::draw_set;
use crate::texture::is_green;

/// Colours are compared as the means of cells of this size, metres: larger than texture and remaining offsets.
const CELL_M: f64 = 0.5;
/// A place changed where its colours differ by so many spreads of the site.
const UNUSUAL: f64 = 5.0;
/// The spread of the site counts as at least this, natural logarithm: 5 %, what a sensor and its processing leave.
const LEAST_SPREAD: f64 = 0.05;
/// What is darker than this share of the site's median lies in shadow: full shadow has a quarter to a half of the light.
const SHADOW: f64 = 0.55;
/// Smallest place that is told, square metres.
const LEAST_M2: f64 = 20.0;
/// Borders may lie apart by this many sigmas of the registration (95 %) without counting as a change.
const BORDER_SIGMAS: f64 = 1.96;

/// Mean colours of cells, where there are any.
type Colours = Array2<Option<[f64; 3]>>;

/// A place whose colours changed far more than the site's as a whole: a new roof, and just as well a shadow, a vehicle,
/// a ploughed field. Colours alone never tell which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppearanceChange {
    /// Regularised outline, east and north in the survey CRS, metres.
    pub outline: Polygon<f64>,
    /// Its area, square metres.
    pub area_m2: f64,
}

/// Where the colours of two orthophotos of one map differ, largest first; `u_xy_m` is how well the two lie on each other.
///
/// Each channel's logarithm is compared less the median difference of the site, which light and season leave, in units of
/// its robust spread. Left out is what is green later, as plants change, and what is dark on either date: shadows wander.
pub fn appearance(before: &Raster<Rgba>, after: &Raster<Rgba>, u_xy_m: f64) -> Vec<AppearanceChange> {
    let grid = Grid::covering(after.grid.crs.clone(), after.grid.bounds(), CELL_M.max(after.grid.cell_m));
    let (before, mut after) = (lit(means(before, &grid)), lit(means(after, &grid)));
    after.mapv_inplace(|mean| mean.filter(|mean| !is_plant(mean)));
    let differences = differences(&before, &after);
    let unusual = unusual(&differences);
    let thin_m = (BORDER_SIGMAS * u_xy_m / 2.0).max(grid.cell_m);
    let kept = without_thin_parts(&picture(&unusual, |is| *is), radius_cells(thin_m, grid.cell_m));
    let relief = Raster { cells: unusual.mapv(|is| if is { 1.0_f32 } else { 0.0 }), grid };
    let sets = components(&kept);
    let outlines = sets.iter().filter_map(|set| draw_set(&relief, set)).map(|drawn| drawn.polygon);
    let mut found: Vec<_> =
        outlines.map(|outline| AppearanceChange { area_m2: outline.unsigned_area(), outline }).collect();
    found.retain(|change| change.area_m2 >= LEAST_M2);
    found.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    found
}

/// Mean colour of each cell; `None` where nothing is covered.
fn means(ortho: &Raster<Rgba>, grid: &Grid) -> Colours {
    let mut sums = Array2::from_elem((grid.rows, grid.cols), ([0.0; 3], 0.0));
    for ((row, col), pixel) in ortho.cells.indexed_iter().filter(|(_, pixel)| pixel[3] > 0) {
        let (east, north) = ortho.grid.center(row, col);
        if let Some(cell) = grid.cell(east, north) {
            let (sum, count) = &mut sums[cell];
            sum.iter_mut().zip(pixel).for_each(|(sum, &value)| *sum += f64::from(value));
            *count += 1.0;
        }
    }
    sums.mapv(|(sum, count): ([f64; 3], f64)| (count > 0.0).then(|| sum.map(|sum| sum / count)))
}

/// The colours without those in shadow.
fn lit(mut colours: Colours) -> Colours {
    let brightness = |colour: &[f64; 3]| colour.iter().sum::<f64>();
    let all = ascending(colours.iter().flatten().map(|colour| brightness(colour) as f32));
    let least = SHADOW * median(&all);
    colours.mapv_inplace(|colour| colour.filter(|colour| brightness(colour) >= least));
    colours
}

fn is_plant(colour: &[f64; 3]) -> bool {
    let [r, g, b] = colour.map(|value| value as u8);
    is_green([r, g, b, 255])
}

/// Later minus earlier logarithm of each channel; NaN where either has no colour.
fn differences(before: &Colours, after: &Colours) -> Array2<[f32; 3]> {
    let difference = |before: &Option<[f64; 3]>, after: &Option<[f64; 3]>| match (before, after) {
        (Some(before), Some(after)) => {
            std::array::from_fn(|i| ((after[i] + 1.0).ln() - (before[i] + 1.0).ln()) as f32)
        }
        _ => [f32::NAN; 3],
    };
    ndarray::Zip::from(before).and(after).map_collect(difference)
}

/// Cells in which the colours differ otherwise than the site's.
fn unusual(differences: &Array2<[f32; 3]>) -> Array2<bool> {
    let usual: [(f64, f64); 3] = std::array::from_fn(|i| {
        let values = ascending(differences.iter().map(|difference| difference[i]));
        (median(&values), spread(&values).max(LEAST_SPREAD))
    });
    let off = |difference: &[f32; 3]| {
        let parts =
            difference.iter().zip(usual).map(|(d, (median, spread))| (f64::from(*d) - median) / spread);
        (parts.map(|part| part * part).sum::<f64>() / 3.0).sqrt()
    };
    differences.map(|difference| off(difference) > UNUSUAL)
}

#[cfg(test)]
mod tests {
    use geo::{Contains, Point};

    use super::*;
    use crate::testing::{Site, block};

    /// A grey site under some light with a bright roof, if any.
    fn picture_of(light: f64, roof: Option<&geo::MultiPolygon<f64>>) -> Raster<Rgba> {
        let mut ortho = Site::flat(80.0, 1).ortho;
        let grid = ortho.grid.clone();
        for ((row, col), pixel) in ortho.cells.indexed_iter_mut() {
            let (east, north) = grid.center(row, col);
            let texture = f64::from((row * 7 + col * 13) as u32 % 11);
            let is_roof = roof.is_some_and(|roof| roof.contains(&Point::new(east, north)));
            let colour = if is_roof { [170.0, 80.0, 70.0] } else { [90.0, 88.0, 85.0] };
            *pixel = [0, 1, 2, 3].map(|i| colour.get(i).map_or(255, |c| (light * (c + texture)) as u8));
        }
        ortho
    }

    #[test]
    fn a_new_roof_is_told_and_another_light_is_not() {
        let hall = block((40.0, 35.0), (20.0, 12.0), 15.0);
        let found = appearance(&picture_of(0.8, None), &picture_of(1.2, Some(&hall)), 0.2);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((found[0].area_m2 / 240.0 - 1.0).abs() < 0.1, "{found:?}");
        assert_eq!(appearance(&picture_of(0.8, Some(&hall)), &picture_of(1.2, Some(&hall)), 0.2), []);
    }

    #[test]
    fn a_roof_that_lies_off_by_the_registration_leaves_no_strips() {
        let (hall, moved) =
            (block((40.0, 35.0), (20.0, 12.0), 15.0), block((40.6, 34.7), (20.0, 12.0), 15.0));
        assert_eq!(appearance(&picture_of(1.0, Some(&hall)), &picture_of(1.0, Some(&moved)), 0.5), []);
    }
}
