use std::path::PathBuf;

/// What can go wrong with rasters and their files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// GDAL could not read the file.
    #[error("cannot read raster {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What GDAL said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// GDAL could not write the file.
    #[error("cannot write raster {path}: is the disk full or the folder read-only?")]
    Write {
        /// The file.
        path: PathBuf,
        /// What GDAL said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// The file system refused.
    #[error("cannot move the finished raster to {path}")]
    Rename {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The raster is not north-up with square cells.
    #[error("{path} is rotated or has cells that are not square: warp it first, for example with gdalwarp")]
    NotNorthUp {
        /// The file.
        path: PathBuf,
    },
    /// The raster has no usable CRS.
    #[error("{path} has no projected coordinate system: set one, for example with gdal_edit.py -a_srs")]
    NoCrs {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: plumbline_geodesy::Error,
    },
    /// Two rasters that must share a grid do not.
    #[error("the rasters do not share a grid: {left} against {right}")]
    GridMismatch {
        /// First grid in words.
        left: String,
        /// Second grid in words.
        right: String,
    },
    /// A file holds no grid of undulations on latitude and longitude.
    #[error(
        "{path} is no north-up grid of latitude and longitude: warp it first, for example with gdalwarp -t_srs EPSG:4326"
    )]
    NotUndulations {
        /// The file.
        path: PathBuf,
    },
    /// A file does not say where on the earth it lies.
    #[error(
        "{path} does not say where it lies: it has no coordinate system on the earth, or no place in it; export it again \
         with its coordinate system, or set it with `gdal_edit.py -a_srs EPSG:4547 {path}` (the system it was made in)"
    )]
    Unplaced {
        /// The file.
        path: PathBuf,
    },
    /// Heights in a unit that is no length known here.
    #[error("{path} gives heights in {unit:?}: export it again in metres (feet are converted)")]
    HeightUnit {
        /// The file.
        path: PathBuf,
        /// The unit as the file names it.
        unit: String,
    },
    /// Colours by their number in a table.
    #[error("{path} holds numbers of a colour table: make colours of them with `gdal_translate -expand rgb`")]
    Palette {
        /// The file.
        path: PathBuf,
    },
}
