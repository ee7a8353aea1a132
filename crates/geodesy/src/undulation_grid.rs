use std::path::PathBuf;

use crate::{Error, Lla};

/// Undulations (ellipsoidal less national height) on a grid of latitude and longitude, WGS 84 / CGCS2000.
///
/// Values belong to the centres of the cells. The first row is the northernmost, the first column the westernmost.
#[derive(Debug, Clone, PartialEq)]
pub struct UndulationGrid {
    /// The file it comes from, for messages.
    pub path: PathBuf,
    /// Longitude of the western edge of the first column, degrees.
    pub west_deg: f64,
    /// Latitude of the northern edge of the first row, degrees.
    pub north_deg: f64,
    /// Width and height of a cell, degrees; both positive.
    pub cell_deg: (f64, f64),
    /// Number of columns.
    pub cols: usize,
    /// Undulations, metres, row by row; NaN where there is none.
    pub values_m: Vec<f64>,
}

impl UndulationGrid {
    /// Row and column, with fractions, of a place, counted from the centre of the first cell; longitudes may be counted
    /// from -180 or from 0.
    pub fn position(&self, at: &Lla) -> (f64, f64) {
        let east_deg = (at.longitude_deg - self.west_deg).rem_euclid(360.0);
        let south_deg = self.north_deg - at.latitude_deg;
        (south_deg / self.cell_deg.1 - 0.5, east_deg / self.cell_deg.0 - 0.5)
    }

    /// The undulation at a place, bilinear between the centres of four cells, metres.
    pub fn at(&self, at: &Lla) -> Result<f64, Error> {
        let Lla { latitude_deg, longitude_deg, .. } = *at;
        let (row, col) = self.position(at);
        let rows = self.values_m.len().checked_div(self.cols).unwrap_or_default();
        let (Some((row, south)), Some((col, east))) = (between(row, rows), between(col, self.cols)) else {
            let grid = self.path.clone();
            return Err(Error::OutsideUndulations { grid, latitude_deg, longitude_deg });
        };
        let value = |row: usize, col: usize| self.values_m[row * self.cols + col];
        let along = |row: usize| value(row, col) * (1.0 - east) + value(row, col + 1) * east;
        let undulation_m = along(row) * (1.0 - south) + along(row + 1) * south;
        if undulation_m.is_nan() {
            return Err(Error::NoUndulation { grid: self.path.clone(), latitude_deg, longitude_deg });
        }
        Ok(undulation_m)
    }
}

/// The centre before a position among `count` centres and how far behind it the position lies; `None` outside of them.
fn between(position: f64, count: usize) -> Option<(usize, f64)> {
    let last = count.checked_sub(2)?;
    let is_inside = position >= 0.0 && position <= (last + 1) as f64;
    is_inside.then(|| {
        let before = (position as usize).min(last);
        (before, position - before as f64)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const XINGTAI: Lla = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 60.0 };

    /// Quarter degrees about Xingtai, with values by latitude and longitude.
    pub(crate) fn grid(undulation_m: impl Fn(f64, f64) -> f64) -> UndulationGrid {
        let (west_deg, north_deg, step) = (113.875, 38.125, 0.25);
        let center = |row: usize, col: usize| {
            (north_deg - step * (row as f64 + 0.5), west_deg + step * (col as f64 + 0.5))
        };
        let cells = (0..8).flat_map(|row| (0..6).map(move |col| center(row, col)));
        let values_m = cells.map(|(latitude, longitude)| undulation_m(latitude, longitude)).collect();
        UndulationGrid {
            path: "geoid.tif".into(),
            west_deg,
            north_deg,
            cell_deg: (step, step),
            cols: 6,
            values_m,
        }
    }

    #[test]
    fn a_plane_is_met_exactly_between_the_cells() {
        let plane = |latitude: f64, longitude: f64| 3.0 + 1.7 * latitude - 0.9 * longitude;
        for (d_lat, d_lon) in [(0.0, 0.0), (0.11, 0.03), (-0.42, 0.31), (0.9318, 0.2452)] {
            let at = Lla {
                latitude_deg: XINGTAI.latitude_deg + d_lat,
                longitude_deg: XINGTAI.longitude_deg + d_lon,
                ..XINGTAI
            };
            let truth = plane(at.latitude_deg, at.longitude_deg);
            assert!((grid(plane).at(&at).unwrap() - truth).abs() < 1e-9, "{at:?}");
        }
    }

    #[test]
    fn longitudes_may_be_counted_all_round() {
        let by_longitude = |_: f64, longitude: f64| longitude;
        let turned = UndulationGrid { west_deg: 113.875 - 360.0, ..grid(by_longitude) };
        assert!((turned.at(&XINGTAI).unwrap() - XINGTAI.longitude_deg).abs() < 1e-9);
    }

    #[test]
    fn a_place_outside_and_a_place_in_a_hole_are_named_with_the_file() {
        let outside = Lla { longitude_deg: 116.0, ..XINGTAI };
        let message = grid(|_, _| 1.0).at(&outside).unwrap_err().to_string();
        assert!(message.contains("geoid.tif") && message.contains("116.00000"), "{message}");
        let message = grid(|_, _| f64::NAN).at(&XINGTAI).unwrap_err().to_string();
        assert!(message.contains("geoid.tif") && message.contains("no value"), "{message}");
    }
}
