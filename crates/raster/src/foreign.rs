use std::path::{Path, PathBuf};

use gdal::raster::ColorInterpretation::{AlphaBand, PaletteIndex};
use gdal::raster::{Buffer, GdalDataType, GdalType, reproject};
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::{Dataset, DriverManager};
use plumbline_geodesy::{Crs, Lla};

use crate::cog::{in_memory, read_cells};
use crate::{Error, Grid, Raster, Rgba};

/// No land lies outside these heights, metres: values beyond are marks of no data, whether or not the file says so
/// (-9999, -10000, -32767, 3.4e38).
const LAND_M: std::ops::RangeInclusive<f32> = -500.0..=9000.0;
/// Points along each edge when the extent goes to another map.
const EDGE_POINTS: i32 = 21;
/// Share of the colours of more than eight bits that must fit into eight.
const SHOWN: f64 = 0.995;
/// Coverage, of 255, of a cell whose colour is not mixed with what lies outside.
const COVERED: u8 = 250;
/// Lengths of height units, metres.
const UNITS: [(&[&str], f64); 3] = [
    (&["", "m", "metre", "meter", "metres", "meters"], 1.0),
    (&["ft", "foot", "feet", "international foot"], 0.3048),
    (&["us-ft", "ftus", "us survey foot", "us_survey_foot", "foot_us", "survey foot"], 1200.0 / 3937.0),
];

/// A raster of heights or colours that another program made: placed, its cells not yet read.
#[derive(Debug)]
pub struct Foreign {
    path: PathBuf,
    dataset: Dataset,
    map: SpatialRef,
}

impl Foreign {
    /// Opens a file; refuses one that does not say where it lies.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let dataset = Dataset::open(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let placed = dataset.geo_transform().is_ok();
        let map = dataset.spatial_ref().ok().filter(|map| map.is_projected() || map.is_geographic());
        let Some(mut map) = map.filter(|_| placed) else {
            return Err(Error::Unplaced { path: path.to_owned() });
        };
        map.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        Ok(Self { path: path.to_owned(), dataset, map })
    }

    /// A map in metres to put the raster on: its own where that is one, else the UTM zone of its middle.
    pub fn metric_map(&self) -> Result<Crs, Error> {
        let is_metric = self.map.is_projected() && (self.map.linear_units() - 1.0).abs() < 1e-9;
        let part = |child| self.map.get_attr_value("PROJCS|AUTHORITY", child).ok().flatten();
        let unusable = |source| Error::NoCrs { path: self.path.clone(), source };
        match part(0).zip(part(1)) {
            Some((authority, code)) if is_metric => {
                Crs::new(&format!("{authority}:{code}")).map_err(unusable)
            }
            None if is_metric => Crs::new(&self.map.to_wkt().map_err(|e| self.failed(e))?).map_err(unusable),
            _ => Ok(Crs::utm(&self.middle()?)),
        }
    }

    /// Middle of the raster on the earth; its height says nothing.
    fn middle(&self) -> Result<Lla, Error> {
        let to_earth = SpatialRef::from_epsg(4326).and_then(|mut earth| {
            earth.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
            CoordTransform::new(&self.map, &earth)
        });
        let [west, south, east, north] = self.extent()?;
        let (mut x, mut y) = ([west.midpoint(east)], [south.midpoint(north)]);
        to_earth.and_then(|to| to.transform_coords(&mut x, &mut y, &mut [])).map_err(|e| self.failed(e))?;
        Ok(Lla { latitude_deg: y[0], longitude_deg: x[0], height_m: 0.0 })
    }

    /// Cells that cover the raster on a map: of a given size, else as large as its own there.
    pub fn grid(&self, map: &Crs, cell_m: Option<f64>) -> Result<Grid, Error> {
        let target = map.spatial_ref().map_err(|source| Error::NoCrs { path: self.path.clone(), source })?;
        let extent = self.extent()?;
        let bounds =
            CoordTransform::new(&self.map, &target).and_then(|to| to.transform_bounds(&extent, EDGE_POINTS));
        let [west, south, east, north] = bounds.map_err(|e| self.failed(e))?;
        let (cols, rows) = self.dataset.raster_size();
        // Cells of a file are rarely stored to the last digit; micrometres are enough.
        let own_m = ((east - west) * (north - south) / (cols * rows) as f64).sqrt();
        let cell_m = cell_m.unwrap_or((own_m * 1e6).round() / 1e6);
        Ok(Grid::covering(map.clone(), (west, south, east, north), cell_m))
    }

    /// West, south, east and north edges in the raster's own coordinates.
    fn extent(&self) -> Result<[f64; 4], Error> {
        let [x, x_col, x_row, y, y_col, y_row] = self.dataset.geo_transform().map_err(|e| self.failed(e))?;
        let (cols, rows) = self.dataset.raster_size();
        let (cols, rows) = (cols as f64, rows as f64);
        let corners = [(0.0, 0.0), (cols, 0.0), (0.0, rows), (cols, rows)]
            .map(|(col, row)| (x + col * x_col + row * x_row, y + col * y_col + row * y_row));
        let least = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        Ok([least(|c| c.0), least(|c| c.1), most(|c| c.0), most(|c| c.1)])
    }

    /// Name of the vertical datum that the file states; `None` where it states none.
    pub fn vertical_datum(&self) -> Option<String> {
        self.map.get_attr_value("VERT_CS", 0).ok().flatten()
    }

    /// Length of one unit of the heights, metres, by what the band says, else by what the vertical system says.
    pub fn metres_per_unit(&self) -> Result<f64, Error> {
        let band = self.dataset.rasterband(1).map_err(|e| self.failed(e))?;
        let vertical = || self.map.get_attr_value("VERT_CS|UNIT", 0).ok().flatten().unwrap_or_default();
        let unit = Some(band.unit()).filter(|unit| !unit.is_empty()).unwrap_or_else(vertical);
        let known = UNITS.iter().find(|(names, _)| names.contains(&unit.to_lowercase().as_str()));
        known.map(|(_, metres)| *metres).ok_or_else(|| Error::HeightUnit { path: self.path.clone(), unit })
    }

    /// Heights on a grid, metres, bilinear (averaged where the grid is coarser); NaN is no data.
    pub fn heights(&self, grid: &Grid) -> Result<Raster<f32>, Error> {
        let metres = self.metres_per_unit()?;
        let read = || -> gdal::errors::Result<Raster<f32>> {
            let band = self.dataset.rasterband(1)?;
            let (scale, offset) = (band.scale().unwrap_or(1.0), band.offset().unwrap_or(0.0));
            let height = |(stored, is_known): (&f32, bool)| {
                let height = ((offset + scale * f64::from(*stored)) * metres) as f32;
                if is_known && LAND_M.contains(&height) { height } else { f32::NAN }
            };
            let stored = band.read_band_as::<f32>()?;
            let heights = stored.data().iter().zip(self.known(1)?).map(height).collect();
            let (own, onto) = (self.copy::<f32>(vec![heights])?, in_memory::<f32>(grid, 1)?);
            onto.rasterband(1)?.fill(f64::NAN, None)?;
            for side in [&own, &onto] {
                side.rasterband(1)?.set_no_data_value(Some(f64::NAN))?;
            }
            reproject(&own, &onto)?;
            Ok(Raster { grid: grid.clone(), cells: read_cells(&onto, 1, grid)? })
        };
        read().map_err(|e| self.failed(e))
    }

    /// Colours on a grid, resampled as heights are: grey or red, green, blue, of any depth, covered where alpha, a mask or
    /// the no-data value says so; black is no data where none of them is there.
    pub fn colours(&self, grid: &Grid) -> Result<Raster<Rgba>, Error> {
        let failed = |e| self.failed(e);
        let is_palette = self.dataset.rasterband(1).map_err(failed)?.color_interpretation() == PaletteIndex;
        if is_palette {
            return Err(Error::Palette { path: self.path.clone() });
        }
        let read = || -> gdal::errors::Result<Raster<Rgba>> {
            let own = self.copy(self.rgba()?)?;
            let onto = in_memory::<u8>(grid, 4)?;
            for side in [&own, &onto] {
                side.rasterband(4)?.set_color_interpretation(AlphaBand)?;
            }
            reproject(&own, &onto)?;
            let mut colours = Raster::filled(grid.clone(), [0; 4]);
            for band in 0..4 {
                let values = read_cells::<u8>(&onto, band + 1, grid)?;
                colours.cells.zip_mut_with(&values, |pixel, &value| pixel[band] = value);
            }
            // Cells on the rim of what is covered are mixed from both sides.
            colours.cells.mapv_inplace(|[r, g, b, a]| if a >= COVERED { [r, g, b, 255] } else { [0; 4] });
            Ok(colours)
        };
        read().map_err(failed)
    }

    /// The file's colours as four bands of eight bits, the last one coverage.
    fn rgba(&self) -> gdal::errors::Result<Vec<Vec<u8>>> {
        let wanted = if self.dataset.raster_count() >= 3 { [1, 2, 3] } else { [1, 1, 1] };
        let mut colours = Vec::new();
        let mut covered = Vec::new();
        for band in wanted {
            colours.push(self.dataset.rasterband(band)?.read_band_as::<f32>()?.into_shape_and_vec().1);
            let known = self.known(band)?;
            covered.resize(known.len(), false);
            covered.iter_mut().zip(known).for_each(|(covered, known)| *covered |= known);
        }
        let is_marked = !self.dataset.rasterband(1)?.mask_flags()?.is_all_valid();
        let is_black = |cell: usize| colours.iter().all(|band| band[cell] <= 0.0);
        let coverage: Vec<u8> = (0..covered.len())
            .map(|cell| if covered[cell] && (is_marked || !is_black(cell)) { 255 } else { 0 })
            .collect();
        let brightest = self.brightest(&colours, &coverage)?;
        let shown = |value: &f32| (255.0 * value / brightest).round().clamp(0.0, 255.0) as u8;
        let mut bands: Vec<Vec<u8>> = colours.iter().map(|band| band.iter().map(shown).collect()).collect();
        bands.push(coverage);
        Ok(bands)
    }

    /// The value that is shown as white: 255 of eight bits, else what nearly all colours stay below.
    fn brightest(&self, colours: &[Vec<f32>], coverage: &[u8]) -> gdal::errors::Result<f32> {
        if self.dataset.rasterband(1)?.band_type() == GdalDataType::UInt8 {
            return Ok(255.0);
        }
        let covered = |band: &Vec<f32>| {
            band.iter().zip(coverage).filter(|(_, c)| **c > 0).map(|(v, _)| *v).collect::<Vec<_>>()
        };
        let mut values: Vec<f32> =
            colours.iter().flat_map(covered).filter(|value| value.is_finite()).collect();
        values.sort_by(f32::total_cmp);
        let most = ((values.len() as f64 * SHOWN) as usize).min(values.len().saturating_sub(1));
        Ok(values.get(most).copied().filter(|value| *value > 0.0).unwrap_or(255.0))
    }

    /// Whether each cell of a band holds a value, by its mask, alpha or no-data value.
    fn known(&self, band: usize) -> gdal::errors::Result<Vec<bool>> {
        let mask = self.dataset.rasterband(band)?.open_mask_band()?.read_band_as::<u8>()?;
        Ok(mask.data().iter().map(|mask| *mask > 0).collect())
    }

    /// A raster in memory on the file's own cells; one list of values a band.
    fn copy<T: GdalType + Copy>(&self, bands: Vec<Vec<T>>) -> gdal::errors::Result<Dataset> {
        let size = self.dataset.raster_size();
        let driver = DriverManager::get_driver_by_name("MEM")?;
        let mut copy = driver.create_with_band_type::<T, _>("", size.0, size.1, bands.len())?;
        copy.set_geo_transform(&self.dataset.geo_transform()?)?;
        copy.set_spatial_ref(&self.map)?;
        for (i, values) in bands.into_iter().enumerate() {
            copy.rasterband(i + 1)?.write((0, 0), size, &mut Buffer::new(size, values))?;
        }
        Ok(copy)
    }

    fn failed(&self, source: gdal::errors::GdalError) -> Error {
        Error::Read { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use gdal::raster::ColorInterpretation::PaletteIndex;

    use super::*;

    const CELL_M: f64 = 0.5;

    /// A file of 20 x 20 cells.
    fn write<T: GdalType + Copy>(path: &Path, crs: &str, no_data: Option<f64>, bands: &[Vec<T>]) {
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let mut file = driver.create_with_band_type::<T, _>(path, 20, 20, bands.len()).unwrap();
        file.set_geo_transform(&[500_000.0, CELL_M, 0.0, 4_100_010.0, 0.0, -CELL_M]).unwrap();
        if !crs.is_empty() {
            file.set_spatial_ref(&SpatialRef::from_definition(crs).unwrap()).unwrap();
        }
        for (i, values) in bands.iter().enumerate() {
            let mut band = file.rasterband(i + 1).unwrap();
            band.write((0, 0), (20, 20), &mut Buffer::new((20, 20), values.clone())).unwrap();
            band.set_no_data_value(no_data).unwrap();
        }
        file.close().unwrap();
    }

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.tif");
        (folder, path)
    }

    /// Heights of a file on its own cells.
    fn heights(path: &Path) -> Raster<f32> {
        let file = Foreign::open(path).unwrap();
        file.heights(&file.grid(&file.metric_map().unwrap(), None).unwrap()).unwrap()
    }

    #[test]
    fn marks_of_no_data_are_holes_whether_or_not_the_file_says_so() {
        let (_folder, path) = folder();
        for (mark, declared) in [
            (-9999.0, Some(-9999.0)),
            (-10000.0, None),
            (-32767.0, None),
            (3.4e38, None),
            (0.0, Some(0.0)),
            (f32::NAN, None),
        ] {
            let mut values = vec![61.25_f32; 400];
            values[3 * 20 + 5] = mark;
            write(&path, "EPSG:4547", declared, &[values]);
            let heights = heights(&path);
            assert!(heights.cells[(3, 5)].is_nan(), "{mark}");
            assert!((heights.cells[(3, 6)] - 61.25).abs() < 1e-6, "{mark}: {}", heights.cells[(3, 6)]);
        }
    }

    #[test]
    fn feet_become_metres_and_a_degree_grid_finds_its_zone() {
        let (_folder, path) = folder();
        write(&path, "EPSG:4547+8228", None, &[vec![200.0_f32; 400]]);
        assert!((heights(&path).cells[(9, 9)] - 60.96).abs() < 1e-3);
        assert!(Foreign::open(&path).unwrap().vertical_datum().is_some_and(|name| name.contains("NAVD88")));
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let mut file = driver.create_with_band_type::<f32, _>(&path, 20, 20, 1).unwrap();
        file.set_geo_transform(&[114.5, 1e-6, 0.0, 37.0, 0.0, -1e-6]).unwrap();
        file.set_spatial_ref(&SpatialRef::from_epsg(4326).unwrap()).unwrap();
        file.close().unwrap();
        assert_eq!(Foreign::open(&path).unwrap().metric_map().unwrap().definition(), "EPSG:32650");
    }

    #[test]
    fn a_file_without_a_place_on_the_earth_is_refused_with_the_remedy() {
        let (_folder, path) = folder();
        for crs in ["", r#"LOCAL_CS["site grid",UNIT["metre",1]]"#] {
            write(&path, crs, None, &[vec![50.0_f32; 400]]);
            let message = Foreign::open(&path).unwrap_err().to_string();
            assert!(message.contains("other.tif") && message.contains("gdal_edit.py -a_srs"), "{message}");
        }
    }

    /// Colours of a file on its own cells.
    fn colours(path: &Path) -> Raster<Rgba> {
        let file = Foreign::open(path).unwrap();
        file.colours(&file.grid(&file.metric_map().unwrap(), None).unwrap()).unwrap()
    }

    #[test]
    fn colours_of_sixteen_bits_without_a_mask_are_scaled_and_black_is_empty() {
        let (_folder, path) = folder();
        let band = |value: u16| (0..400).map(|cell| if cell < 40 { 0 } else { value }).collect();
        write(&path, "EPSG:4547", None, &[band(4000), band(2000), band(1000)]);
        let colours = colours(&path);
        assert_eq!(colours.cells[(0, 5)], [0; 4]);
        assert_eq!(colours.cells[(9, 9)], [255, 128, 64, 255]);
    }

    #[test]
    fn black_is_a_colour_where_the_file_marks_what_is_empty() {
        let (_folder, path) = folder();
        write(&path, "EPSG:4547", Some(255.0), &[vec![0_u8; 400]]);
        assert_eq!(colours(&path).cells[(9, 9)], [0, 0, 0, 255]);
    }

    #[test]
    fn numbers_of_a_colour_table_are_no_colours() {
        let (_folder, path) = folder();
        let driver = DriverManager::get_driver_by_name("MEM").unwrap();
        write(&path, "EPSG:4547", None, &[vec![3_u8; 400]]);
        let mut file = Foreign::open(&path).unwrap();
        file.dataset = driver.create_with_band_type::<u8, _>("", 20, 20, 1).unwrap();
        file.dataset.rasterband(1).unwrap().set_color_interpretation(PaletteIndex).unwrap();
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 10.0, 10.0), CELL_M);
        assert!(matches!(file.colours(&grid), Err(Error::Palette { .. })));
    }
}
