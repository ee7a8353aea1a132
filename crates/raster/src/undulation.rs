use std::ops::Range;
use std::path::Path;

use gdal::Dataset;
use plumbline_geodesy::{Lla, UndulationGrid};

use crate::Error;

/// Reads the part of a grid of undulations (GeoTIFF, `.gtx` or what else GDAL knows) that lies around some places.
///
/// The first band holds ellipsoidal less national height in metres, on latitude and longitude. A place outside the grid
/// is no error yet: [`UndulationGrid::at`] names it.
pub fn read_undulations(path: &Path, around: &[Lla]) -> Result<UndulationGrid, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let dataset = Dataset::open(path).map_err(failed)?;
    let whole = layout(&dataset, path)?;
    let (cols, rows) = dataset.raster_size();
    let at: Vec<(f64, f64)> = around.iter().map(|place| whole.position(place)).collect();
    let (row, col) = (spanned(at.iter().map(|at| at.0), rows), spanned(at.iter().map(|at| at.1), cols));
    let band = dataset.rasterband(1).map_err(failed)?;
    let size = (col.len(), row.len());
    let corner = (col.start as isize, row.start as isize);
    let stored = band.read_as::<f64>(corner, size, size, None).map_err(failed)?;
    let (scale, offset, no_data) =
        (band.scale().unwrap_or(1.0), band.offset().unwrap_or(0.0), band.no_data_value());
    let metres = |&value: &f64| if no_data == Some(value) { f64::NAN } else { offset + scale * value };
    Ok(UndulationGrid {
        west_deg: whole.west_deg + col.start as f64 * whole.cell_deg.0,
        north_deg: whole.north_deg - row.start as f64 * whole.cell_deg.1,
        cols: col.len(),
        values_m: stored.data().iter().map(metres).collect(),
        ..whole
    })
}

/// Where the cells of a file lie, without their values.
fn layout(dataset: &Dataset, path: &Path) -> Result<UndulationGrid, Error> {
    let refused = || Error::NotUndulations { path: path.to_owned() };
    let [west_deg, width_deg, row_turn, north_deg, col_turn, minus_height_deg] =
        dataset.geo_transform().map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let (cols, rows) = dataset.raster_size();
    let is_north_up = row_turn == 0.0 && col_turn == 0.0 && width_deg > 0.0 && minus_height_deg < 0.0;
    let is_geographic = dataset.spatial_ref().is_ok_and(|srs| srs.is_geographic());
    if !is_north_up || !is_geographic || cols < 2 || rows < 2 {
        return Err(refused());
    }
    let cell_deg = (width_deg, -minus_height_deg);
    Ok(UndulationGrid { path: path.to_owned(), west_deg, north_deg, cell_deg, cols, values_m: Vec::new() })
}

/// The cells of a line of `count` that lie around some positions, two at least.
fn spanned(positions: impl Iterator<Item = f64>, count: usize) -> Range<usize> {
    let (first, last) = positions.fold((f64::INFINITY, 0.0_f64), |(a, b), at| (a.min(at), b.max(at)));
    let start = (first.max(0.0) as usize).min(count - 2);
    let end = (last as usize).saturating_add(2).clamp(start + 2, count);
    start..end
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use gdal::DriverManager;
    use gdal::raster::Buffer;
    use gdal::spatial_ref::SpatialRef;

    use super::*;

    /// Writes a plane over whole degrees 100-129 E, 30-49 N, in tenths of a metre less 5 m, with a hole in the north-west.
    fn write(folder: &Path, epsg: u32) -> PathBuf {
        let path = folder.join("geoid.tif");
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let mut file = driver.create_with_band_type::<f32, _>(&path, 30, 20, 1).unwrap();
        file.set_geo_transform(&[99.5, 1.0, 0.0, 49.5, 0.0, -1.0]).unwrap();
        file.set_spatial_ref(&SpatialRef::from_epsg(epsg).unwrap()).unwrap();
        let cells = (0..20_u8).flat_map(|row| (0..30_u8).map(move |col| (row, col)));
        let values = cells.map(|(row, col)| f32::from(col) + 4.0 * f32::from(row));
        let values = values.map(|tenths| if tenths == 0.0 { -9999.0 } else { tenths }).collect();
        let mut band = file.rasterband(1).unwrap();
        band.write((0, 0), (30, 20), &mut Buffer::new((30, 20), values)).unwrap();
        band.set_no_data_value(Some(-9999.0)).unwrap();
        band.set_scale(0.1).unwrap();
        band.set_offset(-5.0).unwrap();
        file.close().unwrap();
        path
    }

    fn place(latitude_deg: f64, longitude_deg: f64) -> Lla {
        Lla { latitude_deg, longitude_deg, height_m: 0.0 }
    }

    #[test]
    fn only_the_cells_around_the_flight_are_read_and_they_are_right() {
        let folder = tempfile::tempdir().unwrap();
        let flight = [place(37.07, 114.5), place(36.4, 114.6)];
        let grid = read_undulations(&write(folder.path(), 4326), &flight).unwrap();
        assert_eq!((grid.cols, grid.values_m.len()), (2, 6));
        for at in flight {
            let truth = 0.1 * (at.longitude_deg - 100.0 + 4.0 * (49.0 - at.latitude_deg)) - 5.0;
            assert!((grid.at(&at).unwrap() - truth).abs() < 1e-9, "{at:?}");
        }
    }

    #[test]
    fn holes_and_places_outside_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), 4326);
        for (at, reason) in [(place(48.9, 100.1), "no value"), (place(29.0, 114.0), "does not reach")] {
            let message = read_undulations(&path, &[at]).unwrap().at(&at).unwrap_err().to_string();
            assert!(message.contains("geoid.tif") && message.contains(reason), "{message}");
        }
    }

    #[test]
    fn a_grid_on_a_map_is_no_grid_of_undulations() {
        let folder = tempfile::tempdir().unwrap();
        let message =
            read_undulations(&write(folder.path(), 4547), &[place(37.0, 114.5)]).unwrap_err().to_string();
        assert!(message.contains("geoid.tif") && message.contains("EPSG:4326"), "{message}");
    }
}
