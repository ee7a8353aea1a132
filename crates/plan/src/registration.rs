use std::path::{Path, PathBuf};

use geo::Coord;
use serde::{Deserialize, Serialize};

use crate::{Error, LocalGrid};

/// What a file without a coordinate system is registered on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// A table of control points, a line each: `name, x in the drawing, y in the drawing, east, north`.
    Control(PathBuf),
    /// A file of outlines with a coordinate system, of which some are in the drawing too.
    Outlines(PathBuf),
}

/// How a file was placed on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// On what.
    pub on: Register,
    /// The fitted way from the drawing to the map.
    pub grid: LocalGrid,
    /// Root mean square of the residuals of one coordinate, freedom taken into account, metres.
    pub rms_m: f64,
    /// Points that were fitted, with what is left of each.
    pub points: Vec<Residual>,
}

/// What is left between a point of the drawing, carried over, and its place on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Residual {
    /// Name of the point.
    pub name: String,
    /// Map less drawing to the east, metres.
    pub east_m: f64,
    /// Map less drawing to the north, metres.
    pub north_m: f64,
}

/// One point in the drawing and on the map, metres.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tie {
    pub name: String,
    pub local: Coord<f64>,
    pub map: Coord<f64>,
}

/// Fewer points than this leave nothing that checks the fit.
const FEWEST_TIES: usize = 4;
/// Fits worse than this are not the same points, metres.
const MAX_RMS_M: f64 = 1.0;
/// A metre of the drawing is a metre of the ground within this, whatever the projection.
const MAX_SCALE_ERROR: f64 = 0.005;
/// Uncertainty of a fit on outlines is at least this, metres: outlines of two sources differ by eaves and drafting in one
/// direction more often than by chance.
const LEAST_U_OUTLINES_M: f64 = 0.3;

impl Registration {
    /// Fits the four parameters to points of drawing and map.
    pub(crate) fn fit(path: &Path, on: Register, ties: &[Tie]) -> Result<Self, Error> {
        let few = || Error::TooFewTies { path: path.to_owned(), ties: ties.len(), least: FEWEST_TIES };
        if ties.len() < FEWEST_TIES {
            return Err(few());
        }
        let grid = LocalGrid::fit(ties.iter().map(|tie| (tie.local, tie.map))).ok_or_else(few)?;
        let points: Vec<Residual> = ties.iter().map(|tie| residual(&grid, tie)).collect();
        let squares: f64 = points.iter().map(|p| p.east_m.powi(2) + p.north_m.powi(2)).sum();
        // Two coordinates a point, four parameters.
        let rms_m = (squares / (2 * ties.len() - 4) as f64).sqrt();
        let worst = points.iter().max_by(|a, b| a.length_m().total_cmp(&b.length_m()));
        match worst.filter(|_| rms_m > MAX_RMS_M) {
            Some(worst) => Err(Error::PoorRegistration {
                path: path.to_owned(),
                rms_m,
                worst: worst.name.clone(),
                worst_m: worst.length_m(),
            }),
            None if (grid.scale - 1.0).abs() > MAX_SCALE_ERROR => {
                Err(Error::RegistrationScale { path: path.to_owned(), scale: grid.scale })
            }
            None => Ok(Self { on, grid, rms_m, points }),
        }
    }

    /// Standard uncertainty of one coordinate of a position in the drawing once carried over, metres: the residual of a point
    /// and the fit's own error, which grows outside the fitted points.
    pub(crate) fn u_m(&self, ties: &[Tie], at: Coord<f64>) -> f64 {
        let count = ties.len() as f64;
        let middle = ties.iter().fold(Coord::zero(), |sum, tie| sum + tie.local) / count;
        let square = |c: Coord<f64>| (c - middle).x.powi(2) + (c - middle).y.powi(2);
        let spread: f64 = ties.iter().map(|tie| square(tie.local)).sum();
        let u_m = self.rms_m * (1.0 + 1.0 / count + square(at) / spread).sqrt();
        if matches!(self.on, Register::Outlines(_)) { u_m.max(LEAST_U_OUTLINES_M) } else { u_m }
    }
}

impl Residual {
    /// Distance between the two, metres.
    pub fn length_m(&self) -> f64 {
        self.east_m.hypot(self.north_m)
    }
}

fn residual(grid: &LocalGrid, tie: &Tie) -> Residual {
    let (east, north) = grid.to_map((tie.local.x, tie.local.y));
    Residual { name: tie.name.clone(), east_m: tie.map.x - east, north_m: tie.map.y - north }
}

/// Reads a table of control points, their places in the drawing as the drawing has them.
pub(crate) fn control_points(path: &Path) -> Result<Vec<Tie>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    let lines = text.lines().zip(1_u64..).filter(|(line, _)| !line.trim().is_empty());
    let rows =
        lines.map(|(line, number)| (number, line.split([',', '\t', ';']).map(str::trim).collect::<Vec<_>>()));
    // A first line without numbers names the columns.
    let rows = rows
        .skip_while(|(number, cells)| *number == 1 && cells[1..].iter().all(|c| c.parse::<f64>().is_err()));
    rows.map(|(line, cells)| {
        let bad = |cell: &str| Error::TableRow { path: path.to_owned(), line, cell: cell.to_owned() };
        let at = |idx: usize| {
            let cell = cells.get(idx).copied().unwrap_or_default();
            cell.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| bad(cell))
        };
        let local = Coord { x: at(1)?, y: at(2)? };
        Ok(Tie { name: cells[0].to_owned(), local, map: Coord { x: at(3)?, y: at(4)? } })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ties(grid: LocalGrid, moved: f64) -> Vec<Tie> {
        let places = [(0.0, 0.0), (100.0, 0.0), (100.0, 80.0), (0.0, 80.0), (50.0, 40.0)];
        let tie = |(i, (x, y)): (usize, (f64, f64))| {
            let (east, north) = grid.to_map((x, y));
            let map = Coord { x: east + if i == 2 { moved } else { 0.0 }, y: north };
            Tie { name: format!("K{i}"), local: Coord { x, y }, map }
        };
        places.into_iter().enumerate().map(tie).collect()
    }

    const GRID: LocalGrid = LocalGrid { dx: 544_900.0, dy: 4_104_200.0, rotation_deg: 27.0, scale: 1.0002 };

    fn on() -> Register {
        Register::Control("points.csv".into())
    }

    #[test]
    fn a_grid_is_found_again_from_its_points() {
        let fitted = Registration::fit(Path::new("a.dxf"), on(), &ties(GRID, 0.0)).unwrap();
        assert!((fitted.grid.rotation_deg - 27.0).abs() < 1e-9 && (fitted.grid.scale - 1.0002).abs() < 1e-9);
        assert!(fitted.rms_m < 1e-6);
    }

    #[test]
    fn an_error_of_one_point_becomes_uncertainty_that_grows_with_distance_or_a_refusal() {
        let slightly = ties(GRID, 0.2);
        let fitted = Registration::fit(Path::new("a.dxf"), on(), &slightly).unwrap();
        let near = fitted.u_m(&slightly, Coord { x: 50.0, y: 40.0 });
        let far = fitted.u_m(&slightly, Coord { x: 500.0, y: 40.0 });
        assert!(fitted.rms_m > 0.03 && near > fitted.rms_m && far > 2.0 * near, "{fitted:?} {near} {far}");
        let message = Registration::fit(Path::new("a.dxf"), on(), &ties(GRID, 9.0)).unwrap_err().to_string();
        assert!(message.contains("K2"), "{message}");
    }
}
