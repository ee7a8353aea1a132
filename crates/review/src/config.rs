use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use plumbline_case::Procedure;
use plumbline_catalog::Place;
use plumbline_finding::Calendar;

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the shared catalog is.
    pub catalog: Place,
    /// Address to listen on.
    pub bind: SocketAddr,
    /// The program `plumbline`, which checks and processes flights as a process of its own.
    pub program: PathBuf,
    /// Names of the accounts that may keep accounts, if they are of the detachment. Nobody can give that right through the server.
    pub administrators: Vec<String>,
    /// Whether browsers reach the server through HTTPS (a proxy in front of it): session cookies are then kept off plain HTTP.
    pub behind_https: bool,
    /// Which days are worked, of the jurisdiction pack.
    pub calendar: Calendar,
    /// The terms that run in a case.
    pub procedure: Procedure,
    /// Limits.
    pub limits: Limits,
}

/// What a request may ask for at most.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Size of one uploaded file, bytes.
    pub file_bytes: u64,
    /// Size of all files of a flight, bytes.
    pub flight_bytes: u64,
    /// Number of files of a flight.
    pub flight_files: usize,
    /// Pixels of an uploaded photo: no drone's camera has more, and a picture that claims more is meant to fill the memory.
    pub photo_pixels: u64,
    /// Size of a body that is no upload, bytes.
    pub body_bytes: usize,
    /// How long a request that is no upload may take.
    pub request: Duration,
    /// How long a sender may be silent inside a body.
    pub silence: Duration,
    /// How long an upload may lie unfinished.
    pub upload: Duration,
    /// How long a session lasts.
    pub session: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let day = Duration::from_secs(86_400);
        Self {
            file_bytes: 4 << 30,
            flight_bytes: 200 << 30,
            flight_files: 20_000,
            photo_pixels: 400_000_000,
            body_bytes: 1 << 20,
            request: Duration::from_secs(60),
            silence: Duration::from_secs(30),
            upload: 7 * day,
            session: day / 2,
        }
    }
}
