use std::path::{Path, PathBuf};

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The project file is malformed.
    #[error("cannot understand the project file {path}")]
    Project {
        /// The file.
        path: PathBuf,
        /// Line and reason.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Options that a project file gives for each of its flights.
    #[error("{path} is a project file: write `{option}` there instead of giving {given}")]
    FolderOption {
        /// The project file.
        path: PathBuf,
        /// The option as it was given.
        given: &'static str,
        /// Where a project file says it.
        option: &'static str,
    },
    /// A constant and a grid for one datum.
    #[error(
        "heights above {datum:?} are asked for in two ways: give a constant (offset_m, --vertical-offset) or a grid \
         (grid, --vertical-grid), not both"
    )]
    TwoVerticalModels {
        /// The datum.
        datum: String,
    },
    /// A constant that is none.
    #[error("a vertical offset of {offset_m} is no length: give metres, ellipsoidal less national height")]
    VerticalOffset {
        /// As given.
        offset_m: f64,
    },
    /// The project names no flight.
    #[error(
        "{path} names no flight: add a [[flight]] with an id and a folder of photos, or the products of another program"
    )]
    NoFlight {
        /// The file.
        path: PathBuf,
    },
    /// Two flights share an id.
    #[error("{path} names two flights {id:?}: ids must differ")]
    SameFlight {
        /// The file.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// A flight is compared with one that is not there, or comes later.
    #[error("{path} compares a flight with {id:?}, but no earlier flight has that id")]
    NoSuchFlight {
        /// The file.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// No file of a folder is of use.
    #[error("flight {flight}: {folder} holds no usable photo; {problems}")]
    NoPhotos {
        /// The flight.
        flight: String,
        /// Its folder.
        folder: PathBuf,
        /// What was wrong with its files.
        problems: String,
    },
    /// A flight has nothing to start from.
    #[error(
        "flight {flight}: none of its photos has a position, so it cannot be placed on a map; not georeferenced; \
         add positions (EXIF GPS or .mrk), or at least three control points with their pixels (--control)"
    )]
    NoPositions {
        /// The flight.
        flight: String,
    },
    /// A flight without photos was to be placed.
    #[error(
        "flight {flight} consists of products of another program: there are no photos to place; `run` takes it in"
    )]
    NothingToPlace {
        /// The flight.
        flight: String,
    },
    /// A surface model without a single height.
    #[error(
        "{path} holds no height: is its first band the surface model, in metres, and its no-data value right?"
    )]
    NoHeights {
        /// The file.
        path: PathBuf,
    },
    /// A surface model that tells nothing of its noise.
    #[error(
        "{path} has too few planes to estimate the uncertainty of its heights from: declare it, dsm_sigma_m = 0.05"
    )]
    NoNoise {
        /// The file.
        path: PathBuf,
    },
    /// No flight became an epoch.
    #[error("no flight could be processed: {reasons}")]
    NothingProcessed {
        /// Why not, flight by flight.
        reasons: String,
    },
    /// A result could not be stored.
    #[error("cannot store the result of {task}")]
    Encode {
        /// The task.
        task: String,
        /// What the encoder said.
        #[source]
        source: postcard::Error,
    },
    /// A record could not be read or written.
    #[error("malformed JSON in {path}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
    /// A photo.
    #[error(transparent)]
    Photo(#[from] plumbline_photo::Error),
    /// Coordinates.
    #[error(transparent)]
    Geodesy(#[from] plumbline_geodesy::Error),
    /// Blocks, tracks and ground points.
    #[error(transparent)]
    Scene(#[from] plumbline_scene::Error),
    /// A table of tracks that is none.
    #[error("cannot use the table of tracks {path}: run `georeference` again")]
    Table {
        /// The file.
        path: PathBuf,
        /// What polars said.
        #[source]
        source: Box<polars::error::PolarsError>,
    },
    /// A table of tracks that belongs to another block.
    #[error("{path} names the photo {photo}, which is not in the block beside it: run `georeference` again")]
    ForeignTrack {
        /// The file.
        path: PathBuf,
        /// The photo.
        photo: String,
    },
    /// Nothing to export.
    #[error("{run} holds {}; name one with --epoch", if epochs.is_empty() { "no epoch: run `georeference` first".to_owned() } else { format!("the epochs {}", epochs.join(", ")) })]
    WhichEpoch {
        /// The folder of the run.
        run: PathBuf,
        /// The epochs in it.
        epochs: Vec<String>,
    },
    /// A place that no photo looks at.
    #[error(
        "no photo shows {}, {} ({crs}): the cameras were at eastings {:.0} to {:.0} and northings {:.0} to {:.0}; give \
         EASTING,NORTHING on that map, or LONGITUDE,LATITUDE with --wgs84", at.0, at.1, east.0, east.1, north.0, north.1
    )]
    UnseenPlace {
        /// Easting and northing, metres.
        at: (f64, f64),
        /// The map.
        crs: String,
        /// Least and greatest easting of the cameras, metres.
        east: (f64, f64),
        /// Least and greatest northing of the cameras, metres.
        north: (f64, f64),
    },
    /// The aerial triangulation.
    #[error(transparent)]
    Adjustment(#[from] plumbline_adjustment::Error),
    /// The surface model.
    #[error(transparent)]
    Surface(#[from] plumbline_surface::Error),
    /// The orthophoto.
    #[error(transparent)]
    Ortho(#[from] plumbline_ortho::Error),
    /// The plan.
    #[error(transparent)]
    Plan(#[from] plumbline_plan::Error),
    /// Nothing says on which map to show a plan.
    #[error("{path} states no map of its own: give --survey-crs, such as EPSG:4547")]
    NoSurveyMap {
        /// The plan file.
        path: PathBuf,
    },
    /// The comparison of epochs.
    #[error(transparent)]
    Change(#[from] plumbline_change::Error),
    /// The judgement.
    #[error(transparent)]
    Finding(#[from] plumbline_finding::Error),
    /// Leads and evidence.
    #[error(transparent)]
    Case(#[from] plumbline_case::Error),
    /// The catalog.
    #[error(transparent)]
    Catalog(#[from] plumbline_catalog::Error),
    /// Digests and the evidence store.
    #[error(transparent)]
    Custody(#[from] plumbline_custody::Error),
    /// A catalog in a database without a place for its files.
    #[error("{database} holds tables only: give --files with a folder for the catalog's files, log and keys")]
    NoFilesFolder {
        /// Address of the database.
        database: String,
    },
    /// The server.
    #[error(transparent)]
    Review(#[from] plumbline_review::Error),
    /// The system has no random bytes for keys and salts.
    #[error("the system gives no random bytes ({said}): is /dev/urandom there?")]
    Chance {
        /// What it said.
        said: String,
    },
    /// The threads that wait for disk and network could not be started.
    #[error("cannot start threads: is the limit of processes reached?")]
    Threads(#[source] std::io::Error),
    /// The tables over all epochs.
    #[error(transparent)]
    Ledger(#[from] plumbline_ledger::Error),
    /// A run without books.
    #[error("{run} has no {}: is it the folder that was given to `plumbline run --out`, and did the run finish?", book.display())]
    NoBook {
        /// The folder.
        run: PathBuf,
        /// The table that is not there.
        book: PathBuf,
    },
    /// A run without a lead of that name.
    #[error("{run} has no lead {lead}: `plumbline ledger RUN` lists those that it has")]
    NoLead {
        /// The folder.
        run: PathBuf,
        /// The lead that was asked for.
        lead: String,
    },
    /// The dossier.
    #[error(transparent)]
    Dossier(#[from] plumbline_dossier::Error),
    /// The report.
    #[error(transparent)]
    Report(#[from] plumbline_report::Error),
    /// The simulated city.
    #[error(transparent)]
    Simulation(#[from] plumbline_fixtures::Error),
    /// A picture could not be encoded.
    #[error("cannot encode the picture {path}")]
    Picture {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        #[source]
        source: image::ImageError,
    },
    /// A raster file.
    #[error(transparent)]
    Raster(#[from] plumbline_raster::Error),
}

impl Error {
    /// A refusal of the file system.
    pub fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }
}
