use std::path::{Path as FilePath, PathBuf};

use axum::extract::State as FromState;
use plumbline_catalog::EpochFiles;
use plumbline_geodesy::{Lla, MapPoint};
use plumbline_raster::{Window, cog};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::extract::{Path, Query};
use crate::state::{State, blocking};

/// Points along a profile.
const POINTS: usize = 401;

/// Longest profile, metres: it crosses a wall or a building, not a city.
const LONGEST_M: f64 = 1000.0;

/// What `GET …/profile` takes: longitude and latitude of both ends, with commas.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    from: String,
    to: String,
}

/// `GET …/profile`: heights of the surface before and after along a straight line on the map.
pub(crate) async fn profile(
    FromState(state): FromState<State>,
    Path((project, lead)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Value>, Problem> {
    let ends = [place(&asked.from)?, place(&asked.to)?];
    let file = state.catalog.lead(&project, &lead).await?.ok_or_else(Problem::not_found)?;
    let (before, after) =
        (surface(&state, file.before.as_ref()).await?, surface(&state, file.after.as_ref()).await?);
    let Some(known) = after.clone().or_else(|| before.clone()) else {
        let (zh, en) = ("该线索没有地表模型", "the lead has no surface model");
        return Err(Problem::conflict("NoSurface", zh, en));
    };
    blocking(move || {
        let line = line(&known, ends)?;
        let length_m = distance(&line[0], &line[POINTS - 1]);
        let along = |i: usize| length_m * i as f64 / (POINTS - 1) as f64;
        let heights = |path: &Option<PathBuf>| match path {
            Some(path) => heights(path, &line),
            None => Ok(vec![None; POINTS]),
        };
        Ok(axum::Json(json!({
            "distance_m": (0..POINTS).map(along).collect::<Vec<_>>(),
            "before_m": heights(&before)?, "after_m": heights(&after)?,
        })))
    })
    .await
}

/// Where the surface model of an epoch lies.
async fn surface(state: &State, epoch: Option<&EpochFiles>) -> Result<Option<PathBuf>, Problem> {
    let Some(sha256) = epoch.and_then(|epoch| epoch.assets.get("dsm")) else { return Ok(None) };
    match state.catalog.file(sha256).await? {
        Some(file) => Ok(Some(state.catalog.file_path(&file).await?)),
        None => Ok(None),
    }
}

/// Points at equal distances on the map of a surface model.
fn line(surface: &FilePath, ends: [Lla; 2]) -> Result<Vec<MapPoint>, Problem> {
    let grid = cog::read_grid(surface).map_err(Problem::internal)?;
    let ends = grid.crs.from_geographic(&ends).map_err(|_| outside())?;
    let [from, to] = [&ends[0], &ends[1]];
    let length_m = distance(from, to);
    if !(length_m > 0.0 && length_m <= LONGEST_M) {
        return Err(outside());
    }
    let point = |i: usize| {
        let share = i as f64 / (POINTS - 1) as f64;
        let at = |a: f64, b: f64| a + share * (b - a);
        MapPoint { east: at(from.east, to.east), north: at(from.north, to.north), height: 0.0 }
    };
    Ok((0..POINTS).map(point).collect())
}

/// Heights under the points; only the window that holds them all is read.
fn heights(surface: &FilePath, line: &[MapPoint]) -> Result<Vec<Option<f32>>, Problem> {
    let grid = cog::read_grid(surface).map_err(Problem::internal)?;
    let cells = line.iter().map(|point| grid.position(point.east, point.north));
    let (mut top, mut left, mut bottom, mut right) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
    for (row, col) in cells {
        (top, left) = (top.min(row - 2.0), left.min(col - 2.0));
        (bottom, right) = (bottom.max(row + 3.0), right.max(col + 3.0));
    }
    let within = |value: f64, most: usize| value.clamp(0.0, most as f64) as usize;
    let (row, col) = (within(top, grid.rows), within(left, grid.cols));
    let (rows, cols) = (within(bottom, grid.rows) - row, within(right, grid.cols) - col);
    if rows == 0 || cols == 0 {
        return Ok(vec![None; line.len()]);
    }
    let window = Window { row, col, rows, cols };
    let raster = cog::read_f32_window(surface, &window).map_err(Problem::internal)?;
    let height = |point: &MapPoint| raster.bilinear(point.east, point.north);
    Ok(line.iter().map(height).map(|height| height.is_finite().then_some(height)).collect())
}

fn distance(a: &MapPoint, b: &MapPoint) -> f64 {
    (a.east - b.east).hypot(a.north - b.north)
}

/// Longitude and latitude in degrees.
fn place(text: &str) -> Result<Lla, Problem> {
    let numbers =
        text.split_once(',').map(|(lon, lat)| (lon.trim().parse::<f64>(), lat.trim().parse::<f64>()));
    match numbers {
        Some((Ok(longitude_deg), Ok(latitude_deg)))
            if longitude_deg.abs() <= 180.0 && latitude_deg.abs() <= 90.0 =>
        {
            Ok(Lla { latitude_deg, longitude_deg, height_m: 0.0 })
        }
        _ => Err(Problem::bad_request(
            "from、to 须为“经度,纬度”",
            "from and to are longitude,latitude in degrees",
        )),
    }
}

fn outside() -> Problem {
    let zh = format!("剖面须在该处地图上，长度不超过 {LONGEST_M} 米");
    Problem::bad_request(zh, format!("a profile lies on the map here and is at most {LONGEST_M} m long"))
}
