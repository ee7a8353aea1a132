//! Cloud-optimised GeoTIFF in and out.

use std::path::{Path, PathBuf};

use gdal::raster::ColorInterpretation::{AlphaBand, BlueBand, GreenBand, RedBand};
use gdal::raster::{Buffer, GdalType, RasterCreationOptions};
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::{Dataset, DatasetOptions, DriverManager, Metadata};
use ndarray::{Array2, Axis};
use plumbline_geodesy::Crs;

use crate::{Error, Grid, Raster, Rgba, Window};

/// Lines of a raster that are copied at a time.
const LINES: usize = 256;

/// How hard DEFLATE tries: surfaces and orthophotos come out 1 to 3 % larger than by its usual 6, in two thirds of the time.
const LEVEL: u8 = 2;

/// What a band holds, for the people and tools that open the file elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Band<'a> {
    /// Meaning of the band, such as "height of the surface".
    pub description: &'a str,
    /// Unit of the values, such as "m"; empty for none.
    pub unit: &'a str,
}

/// Writes one band of heights, sigmas or the like; NaN is no data. `notes` become dataset metadata.
pub fn write_f32(
    path: &Path,
    raster: &Raster<f32>,
    band: Band<'_>,
    notes: &[(&str, String)],
) -> Result<(), Error> {
    let files = Files::beside(path);
    let store = || -> gdal::errors::Result<()> {
        let mut memory = in_memory::<f32>(&raster.grid, 1)?;
        annotate(&mut memory, notes)?;
        write_band(&memory, 1, raster, |height| *height, band)?;
        memory.rasterband(1)?.set_no_data_value(Some(f64::NAN))?;
        files.save(&memory, "DEFLATE", "AVERAGE")
    };
    store().map_err(|source| Error::Write { path: path.to_owned(), source })?;
    files.publish()
}

/// Writes one band of whole numbers (class codes, photo indices); `no_data` marks empty cells.
pub fn write_u16(
    path: &Path,
    raster: &Raster<u16>,
    no_data: u16,
    band: Band<'_>,
    notes: &[(&str, String)],
) -> Result<(), Error> {
    let files = Files::beside(path);
    let store = || -> gdal::errors::Result<()> {
        let mut memory = in_memory::<u16>(&raster.grid, 1)?;
        annotate(&mut memory, notes)?;
        write_band(&memory, 1, raster, |number| *number, band)?;
        memory.rasterband(1)?.set_no_data_value(Some(f64::from(no_data)))?;
        files.save(&memory, "DEFLATE", "NEAREST")
    };
    store().map_err(|source| Error::Write { path: path.to_owned(), source })?;
    files.publish()
}

/// Writes a colour picture with a coverage band.
pub fn write_rgba(path: &Path, raster: &Raster<Rgba>, notes: &[(&str, String)]) -> Result<(), Error> {
    const BANDS: [&str; 4] = ["red", "green", "blue", "coverage"];
    let files = Files::beside(path);
    let store = || -> gdal::errors::Result<()> {
        let mut memory = in_memory::<u8>(&raster.grid, 4)?;
        annotate(&mut memory, notes)?;
        for (i, description) in BANDS.into_iter().enumerate() {
            write_band(&memory, i + 1, raster, |pixel| pixel[i], Band { description, unit: "" })?;
        }
        for (i, colour) in [RedBand, GreenBand, BlueBand, AlphaBand].into_iter().enumerate() {
            memory.rasterband(i + 1)?.set_color_interpretation(colour)?;
        }
        files.save(&memory, "DEFLATE", "AVERAGE")
    };
    store().map_err(|source| Error::Write { path: path.to_owned(), source })?;
    files.publish()
}

/// Reads the first band as heights; the file's no-data value becomes NaN.
#[expect(clippy::float_cmp, reason = "no data is marked by exactly one value")]
pub fn read_f32(path: &Path) -> Result<Raster<f32>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let dataset = open(path).map_err(failed)?;
    let grid = grid_of(&dataset, path)?;
    let band = dataset.rasterband(1).map_err(failed)?;
    let no_data = band.no_data_value();
    let mut cells = read_cells::<f32>(&dataset, 1, &grid).map_err(failed)?;
    if let Some(no_data) = no_data.filter(|v| !v.is_nan()) {
        cells.mapv_inplace(|v| if f64::from(v) == no_data { f32::NAN } else { v });
    }
    Ok(Raster { grid, cells })
}

/// Reads a window of the first band as heights; only the tiles under it are unpacked. The file's no-data value becomes NaN.
#[expect(clippy::float_cmp, reason = "no data is marked by exactly one value")]
pub fn read_f32_window(path: &Path, window: &Window) -> Result<Raster<f32>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let dataset = open(path).map_err(failed)?;
    let grid = grid_of(&dataset, path)?.part(window);
    let read = || -> gdal::errors::Result<(Array2<f32>, Option<f64>)> {
        let (band, size) = (dataset.rasterband(1)?, (window.cols, window.rows));
        let buffer = band.read_as::<f32>((window.col as isize, window.row as isize), size, size, None)?;
        Ok((buffer.to_array()?, band.no_data_value()))
    };
    let (mut cells, no_data) = read().map_err(failed)?;
    if let Some(no_data) = no_data.filter(|v| !v.is_nan()) {
        cells.mapv_inplace(|v| if f64::from(v) == no_data { f32::NAN } else { v });
    }
    Ok(Raster { grid, cells })
}

/// Reads the first band as numbers of things.
pub fn read_u16(path: &Path) -> Result<Raster<u16>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let dataset = open(path).map_err(failed)?;
    let grid = grid_of(&dataset, path)?;
    let cells = read_cells(&dataset, 1, &grid).map_err(failed)?;
    Ok(Raster { grid, cells })
}

/// Reads a colour picture; without a fourth band every cell counts as covered.
pub fn read_rgba(path: &Path) -> Result<Raster<Rgba>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let dataset = open(path).map_err(failed)?;
    let grid = grid_of(&dataset, path)?;
    let mut cells = Array2::from_elem((grid.rows, grid.cols), [0, 0, 0, 255]);
    for i in 0..dataset.raster_count().min(4) {
        let band = read_cells::<u8>(&dataset, i + 1, &grid).map_err(failed)?;
        cells.zip_mut_with(&band, |pixel, &value| pixel[i] = value);
    }
    Ok(Raster { grid, cells })
}

/// The grid of a raster file, without reading its cells.
pub fn read_grid(path: &Path) -> Result<Grid, Error> {
    let dataset = open(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    grid_of(&dataset, path)
}

/// Opens a GeoTIFF whose tiles are unpacked on all cores.
fn open(path: &Path) -> gdal::errors::Result<Dataset> {
    let options = DatasetOptions { open_options: Some(&["NUM_THREADS=ALL_CPUS"]), ..Default::default() };
    Dataset::open_ex(path, options)
}

fn grid_of(dataset: &Dataset, path: &Path) -> Result<Grid, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let [west, cell_m, rotation_x, north, rotation_y, minus_cell] =
        dataset.geo_transform().map_err(failed)?;
    if rotation_x != 0.0 || rotation_y != 0.0 || (cell_m + minus_cell).abs() > 1e-9 * cell_m {
        return Err(Error::NotNorthUp { path: path.to_owned() });
    }
    let srs = dataset.spatial_ref().map_err(failed)?;
    let definition = match (srs.auth_name(), srs.auth_code()) {
        (Some(name), Ok(code)) => format!("{name}:{code}"),
        _ => srs.to_wkt().map_err(failed)?,
    };
    let crs = Crs::new(&definition).map_err(|source| Error::NoCrs { path: path.to_owned(), source })?;
    let (cols, rows) = dataset.raster_size();
    Ok(Grid { crs, west, north, cell_m, cols, rows })
}

pub(crate) fn read_cells<T: GdalType + Copy>(
    dataset: &Dataset,
    band: usize,
    grid: &Grid,
) -> gdal::errors::Result<Array2<T>> {
    let size = (grid.cols, grid.rows);
    let buffer = dataset.rasterband(band)?.read_as::<T>((0, 0), size, size, None)?;
    buffer.to_array()
}

pub(crate) fn in_memory<T: GdalType>(grid: &Grid, bands: usize) -> gdal::errors::Result<Dataset> {
    let driver = DriverManager::get_driver_by_name("MEM")?;
    let mut dataset = driver.create_with_band_type::<T, _>("", grid.cols, grid.rows, bands)?;
    dataset.set_geo_transform(&[grid.west, grid.cell_m, 0.0, grid.north, 0.0, -grid.cell_m])?;
    let mut srs = SpatialRef::from_definition(grid.crs.definition())?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    dataset.set_spatial_ref(&srs)?;
    Ok(dataset)
}

fn annotate(dataset: &mut Dataset, notes: &[(&str, String)]) -> gdal::errors::Result<()> {
    dataset.set_metadata_item("AREA_OR_POINT", "Area", "")?;
    notes.iter().try_for_each(|(key, value)| dataset.set_metadata_item(key, value, ""))
}

/// Fills a band from the cells of a raster, some lines at a time so that they are never held twice.
fn write_band<C, T: GdalType + Copy>(
    dataset: &Dataset,
    index: usize,
    raster: &Raster<C>,
    value: impl Fn(&C) -> T,
    about: Band<'_>,
) -> gdal::errors::Result<()> {
    let mut band = dataset.rasterband(index)?;
    for (i, lines) in raster.cells.axis_chunks_iter(Axis(0), LINES).enumerate() {
        let size = (lines.ncols(), lines.nrows());
        let values = lines.iter().map(&value).collect();
        band.write((0, (i * LINES) as isize), size, &mut Buffer::new(size, values))?;
    }
    band.set_description(about.description)?;
    if !about.unit.is_empty() {
        band.set_metadata_item("UNITTYPE", about.unit, "")?;
    }
    Ok(())
}

/// A file under way and the name it will have.
struct Files {
    under_way: PathBuf,
    finished: PathBuf,
}

impl Files {
    fn beside(path: &Path) -> Self {
        Self { under_way: path.with_extension("tif.part"), finished: path.to_owned() }
    }

    fn save(&self, dataset: &Dataset, compression: &str, overviews: &str) -> gdal::errors::Result<()> {
        let options = RasterCreationOptions::from_iter([
            format!("COMPRESS={compression}"),
            format!("LEVEL={LEVEL}"),
            "PREDICTOR=YES".to_owned(),
            "BLOCKSIZE=512".to_owned(),
            format!("OVERVIEW_RESAMPLING={overviews}"),
            "NUM_THREADS=ALL_CPUS".to_owned(),
            "BIGTIFF=IF_SAFER".to_owned(),
        ]);
        let driver = DriverManager::get_driver_by_name("COG")?;
        dataset.create_copy(&driver, &self.under_way, &options)?.close()
    }

    fn publish(&self) -> Result<(), Error> {
        std::fs::rename(&self.under_way, &self.finished)
            .map_err(|source| Error::Rename { path: self.finished.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        Grid::covering(Crs::new("EPSG:4547").unwrap(), (500_000.0, 4_100_000.0, 500_030.0, 4_100_020.0), 0.25)
    }

    #[test]
    fn heights_and_holes_survive_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dsm.tif");
        let mut dsm = Raster::filled(grid(), 61.25_f32);
        dsm.cells[(3, 5)] = f32::NAN;
        write_f32(&path, &dsm, Band { description: "height", unit: "m" }, &[("DATUM", "ELLIPSOID".into())])
            .unwrap();
        let back = read_f32(&path).unwrap();
        assert_eq!(back.grid, dsm.grid);
        assert!(back.cells[(3, 5)].is_nan());
        assert!((back.cells[(3, 6)] - 61.25).abs() < f32::EPSILON);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_window_is_the_part_of_the_whole_that_lies_under_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dsm.tif");
        let mut dsm = Raster::filled(grid(), 0.0_f32);
        for ((row, col), height) in dsm.cells.indexed_iter_mut() {
            *height = (row * 1000 + col) as f32;
        }
        write_f32(&path, &dsm, Band { description: "height", unit: "m" }, &[]).unwrap();
        let window = Window { row: 7, col: 11, rows: 5, cols: 20 };
        assert_eq!(read_f32_window(&path, &window).unwrap(), dsm.part(&window));
    }

    #[test]
    fn the_same_picture_makes_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let mut picture = Raster::filled(grid(), [0, 0, 0, 0]);
        for ((row, col), pixel) in picture.cells.indexed_iter_mut() {
            *pixel = [row as u8, col as u8, (row * col) as u8, 255];
        }
        let paths = ["a.tif", "b.tif"].map(|name| folder.path().join(name));
        for path in &paths {
            write_rgba(path, &picture, &[]).unwrap();
        }
        assert_eq!(std::fs::read(&paths[0]).unwrap(), std::fs::read(&paths[1]).unwrap());
        assert_eq!(read_rgba(&paths[0]).unwrap(), picture);
    }

    #[test]
    fn a_missing_file_is_named() {
        let message = read_f32(Path::new("/nowhere/dsm.tif")).unwrap_err().to_string();
        assert!(message.contains("/nowhere/dsm.tif"));
    }
}
