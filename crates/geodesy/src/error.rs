use std::path::PathBuf;

/// What can go wrong with coordinates.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text names no coordinate reference system that PROJ knows.
    #[error(
        "unknown coordinate reference system {definition:?}: give an EPSG code such as EPSG:4547, or WKT"
    )]
    UnknownCrs {
        /// What was given.
        definition: String,
        /// What PROJ said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// The CRS is geographic or geocentric.
    #[error("{crs} is not a projected system in metres: surveys need one, such as EPSG:4547")]
    NotProjected {
        /// The system's name or code.
        crs: String,
    },
    /// A model that is not georeferenced has no geographic positions.
    #[error(
        "not georeferenced: this is a relative model without a place on the earth; supply positions or ground control, or export \
         it to colmap, which needs none"
    )]
    NoPlace,
    /// PROJ could not convert a position.
    #[error("cannot convert ({x}, {y}) to {crs}")]
    Conversion {
        /// First coordinate as given.
        x: f64,
        /// Second coordinate as given.
        y: f64,
        /// Target system.
        crs: String,
        /// What PROJ said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// A position lies outside a grid of undulations.
    #[error(
        "{grid} does not reach {latitude_deg:.5}, {longitude_deg:.5} (latitude, longitude): \
         give a grid that covers the whole flight, or a constant offset"
    )]
    OutsideUndulations {
        /// The grid's file.
        grid: PathBuf,
        /// Latitude, degrees.
        latitude_deg: f64,
        /// Longitude, degrees.
        longitude_deg: f64,
    },
    /// A grid of undulations has a hole.
    #[error(
        "{grid} has no value around {latitude_deg:.5}, {longitude_deg:.5} (latitude, longitude): \
         give a grid without a hole there, or a constant offset"
    )]
    NoUndulation {
        /// The grid's file.
        grid: PathBuf,
        /// Latitude, degrees.
        latitude_deg: f64,
        /// Longitude, degrees.
        longitude_deg: f64,
    },
}
