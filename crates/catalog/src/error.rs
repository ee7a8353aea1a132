use std::io;
use std::path::PathBuf;

/// What can go wrong with the catalog.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {path}: is it there and readable?")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {path}: is the disk full or the folder read-only?")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file is no JSON, or not the JSON it should be.
    #[error("{path} is damaged or not part of a catalog: run again to write the catalog anew")]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A raster among the products could not be opened.
    #[error("cannot describe a product in the catalog")]
    Product(#[source] Box<plumbline_raster::Error>),
    /// A footprint could not be converted to longitude and latitude.
    #[error("cannot place a footprint on the globe")]
    Footprint(#[source] Box<plumbline_geodesy::Error>),
    /// The index refused.
    #[error("cannot use the index {path}: delete the catalog folder and run again")]
    Index {
        /// The SQLite file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: sqlx::Error,
    },
    /// A stored file is no longer what was stored.
    #[error("{path} was altered: its content hashes to {found}; restore it from a backup")]
    Altered {
        /// The file.
        path: PathBuf,
        /// Digest of what lies there now.
        found: String,
    },
    /// The evidence store or a digest refused.
    #[error(transparent)]
    Custody(#[from] plumbline_custody::Error),
    /// Two records have the same name.
    #[error("{collection} holds {id:?} twice: names must be unique in a project")]
    Duplicate {
        /// The collection.
        collection: String,
        /// The name.
        id: String,
    },
    /// `catalog.toml` could not be read.
    #[error(
        "{path} is no TOML with a line such as database = \"postgres://host/name\": correct it, or delete it to use SQLite"
    )]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The database of a shared catalog refused.
    #[error("the database of the catalog {place} refused: is it running, writable and not full?")]
    Database {
        /// Folder of the catalog.
        place: PathBuf,
        /// What it said.
        #[source]
        source: sqlx::Error,
    },
    /// A document in the database is damaged.
    #[error(
        "the document {subject} of the catalog is damaged: verify the catalog and restore it from a backup"
    )]
    Document {
        /// What it is of.
        subject: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A value has no JSON.
    #[error("a value cannot be written as JSON")]
    Unwritable(#[source] serde_json::Error),
    /// A JSON value is no STAC item.
    #[error("{id} is no STAC item: its {what} is missing or of the wrong sort")]
    NotAnItem {
        /// What it calls itself.
        id: String,
        /// What is missing.
        what: &'static str,
    },
    /// Nothing has this name.
    #[error("there is no {what} in the catalog: check the name")]
    Unknown {
        /// What was asked for.
        what: String,
    },
    /// Something that was entered lacks what it needs.
    #[error("{what} needs {needs}")]
    Incomplete {
        /// What was entered.
        what: &'static str,
        /// What is missing.
        needs: &'static str,
    },
    /// Somebody reviews their own work.
    #[error("{by} cannot review {what} of their own: another person must do it")]
    SamePerson {
        /// What was to be reviewed.
        what: &'static str,
        /// Who.
        by: String,
    },
    /// Something that happens once has happened.
    #[error("{what} was settled by {by} already: make a new one instead")]
    Done {
        /// What.
        what: String,
        /// By whom.
        by: String,
    },
    /// A page token was not given out by this catalog, or for another search.
    #[error("{token:?} is no page of this search: begin with its first page")]
    BadToken {
        /// What was given.
        token: String,
    },
    /// A property that cannot be searched or sorted by.
    #[error("{name:?} cannot be searched or sorted by; what can: {known}")]
    NotQueryable {
        /// What was given.
        name: String,
        /// What can.
        known: String,
    },
    /// A record lacks something that its producer or template needs.
    #[error("the record {record:?} needs {needs}")]
    RecordLacks {
        /// The record.
        record: String,
        /// What is missing.
        needs: String,
    },
    /// A file of rules or templates could not be read.
    #[error("{path} does not have the form that it needs: compare it with the sample")]
    Pack {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// There is no catalog in a folder.
    #[error("there is no catalog in {folder}: file a run into it first, or serve it, and it will be made")]
    NoCatalog {
        /// The folder.
        folder: PathBuf,
    },
    /// The database knows less than the log: it was put back to an earlier state.
    #[error(
        "the database has {events} events, the custody log {logged}: the database was rolled back; restore the newer one, and verify"
    )]
    LogAhead {
        /// Events in the database.
        events: u64,
        /// Entries in the log.
        logged: u64,
    },
    /// A text is too long for the custody log.
    #[error("what is to be noted has {length} bytes, more than {longest}: shorten the reason or name")]
    TooLong {
        /// Its length.
        length: usize,
        /// The longest that is taken.
        longest: usize,
    },
    /// The page of a bundle could not be made.
    #[error("the page of the bundle cannot be made")]
    Page(#[source] minijinja::Error),
    /// A filter is no CQL2, or says more than this catalog understands.
    #[error("the filter cannot be used: {why}")]
    BadFilter {
        /// What is wrong with it.
        why: String,
    },
    /// A geometry is no GeoJSON.
    #[error("the geometry cannot be used: {why}")]
    BadGeometry {
        /// What is wrong with it.
        why: String,
    },
    /// A step of a lead or case that the law does not allow.
    #[error(transparent)]
    Case(#[from] plumbline_case::Error),
    /// A file has more bytes than a disc.
    #[error(
        "a file of {what} has {size} bytes, a disc holds {holds}: set [disc] bytes of retention.toml to larger discs"
    )]
    TooLargeForDisc {
        /// The item: `COLLECTION/ID`.
        what: String,
        /// Size of the file, bytes.
        size: u64,
        /// What a disc holds, bytes.
        holds: u64,
    },
    /// A disc is not the one that was registered under its name.
    #[error("this is not the disc that was registered as {volume}: its list of files is another")]
    OtherDisc {
        /// Its name.
        volume: String,
    },
    /// The list of a disc's files is damaged.
    #[error("{path} is no list that a disc was burned with: each line is a digest, two blanks and a path")]
    NoManifest {
        /// The file.
        path: PathBuf,
    },
    /// The program is shutting down.
    #[error("stopped before the work was done: start the program again and repeat it")]
    Stopped,
}

impl From<plumbline_raster::Error> for Error {
    fn from(source: plumbline_raster::Error) -> Self {
        Self::Product(Box::new(source))
    }
}

impl From<plumbline_geodesy::Error> for Error {
    fn from(source: plumbline_geodesy::Error) -> Self {
        Self::Footprint(Box::new(source))
    }
}
