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
}
