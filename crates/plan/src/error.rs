use std::path::PathBuf;

/// What can go wrong with plans.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {path}: check that it exists and may be read")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// GDAL cannot make layers of the file.
    #[error("cannot open {path} as a plan: GeoPackage, Shapefile, DXF and GeoJSON are read")]
    Open {
        /// The file.
        path: PathBuf,
        /// What GDAL said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// The layer map is no TOML of the expected shape.
    #[error(
        "layer map {path} is not understood: one table [layers.\"NAME\"] with `kind` and `fields` per layer"
    )]
    LayerMap {
        /// The layer map.
        path: PathBuf,
        /// What the parser said.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The layer map gives a kind a field that it does not have.
    #[error("layer {layer:?} in the map for {path}: kind {kind} has no field {field:?}; it has {known}")]
    UnknownField {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Kind given to the layer.
        kind: &'static str,
        /// The field in question.
        field: String,
        /// Fields of the kind.
        known: String,
    },
    /// The layer map names a field that the layer does not have.
    #[error("{path}, layer {layer:?} has no field {field:?}; it has {known}: correct the layer map")]
    MissingField {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Field named by the map.
        field: String,
        /// Fields of the layer.
        known: String,
    },
    /// No layer of the file means anything.
    #[error("{path}: none of its layers is mapped ({layers}): write a layer map that says what they are")]
    NothingMapped {
        /// The plan file.
        path: PathBuf,
        /// Its layers.
        layers: String,
    },
    /// A feature's attribute cannot be read as what it should be.
    #[error("{path}, layer {layer:?}, feature {feature}: {field} = {value:?} is not {expected}")]
    Value {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// Name of the attribute in the file.
        field: String,
        /// What stands there.
        value: String,
        /// What should.
        expected: &'static str,
    },
    /// A feature lacks something it must have.
    #[error("{path}, layer {layer:?}, feature {feature}: {what}")]
    Incomplete {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// What is missing, and what to do.
        what: String,
    },
    /// A row names a building that the file does not draw.
    #[error(
        "{path}, layer {layer:?}, feature {feature} is about building {building_no:?}, which no building layer has"
    )]
    NoSuchBuilding {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// The building number.
        building_no: String,
    },
    /// Two approved outlines of one file carry one number.
    #[error(
        "{path}, layer {layer:?}: building {building_no:?} is drawn twice: give each outline its own number"
    )]
    DuplicateBuilding {
        /// The plan file.
        path: PathBuf,
        /// The layer of the second outline.
        layer: String,
        /// The building number.
        building_no: String,
    },
    /// Storey runs of a building leave out or repeat a storey.
    #[error(
        "{path}: storeys of building {building_no:?} go from {after} to {next}: list every storey once, from 1"
    )]
    StoreyGap {
        /// The plan file.
        path: PathBuf,
        /// The building number.
        building_no: String,
        /// Last storey of a run.
        after: u32,
        /// First storey of the next.
        next: u32,
    },
    /// Lines that should enclose an area do not.
    #[error(
        "{path}, layer {layer:?}, feature {feature}: the outline is open at ({east:.3}, {north:.3}) by {width_m:.3} m: \
         close it in the drawing (gaps up to 0.05 m are closed)"
    )]
    OpenOutline {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// Easting of the loose end, metres.
        east: f64,
        /// Northing of the loose end, metres.
        north: f64,
        /// Width of the gap, metres.
        width_m: f64,
    },
    /// An outline crosses itself or is otherwise no area.
    #[error(
        "{path}, layer {layer:?}, feature {feature}: the outline is no valid area ({reason}): repair the drawing"
    )]
    InvalidOutline {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The declared coordinate system is unknown or leads nowhere.
    #[error("{path}: cannot convert from {crs} to the survey's system: check the declared crs")]
    Crs {
        /// The plan file.
        path: PathBuf,
        /// The declared system.
        crs: String,
        /// What PROJ said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// The file states another system than the declared one.
    #[error("{path}, layer {layer:?} states {stated} but {declared} is declared: find out which is right")]
    CrsContradicted {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// What the file states.
        stated: String,
        /// What the project declares.
        declared: String,
    },
    /// Coordinates that cannot belong to the survey's system.
    #[error(
        "{path}, layer {layer:?} would lie at east {east:.1}, north {north:.1} of {crs}, where that system is not used: \
         check the zone, a zone prefix such as 38 in front of the easting (EPSG:4526 has it, EPSG:4547 has not), \
         swapped axes (survey X is north), and the parameters of a local grid"
    )]
    Implausible {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// First coordinate after conversion, metres.
        east: f64,
        /// Second coordinate after conversion, metres.
        north: f64,
        /// The survey's system.
        crs: String,
    },
    /// The survey's own coordinate system is at fault.
    #[error(transparent)]
    Geodesy(#[from] plumbline_geodesy::Error),
}
