use std::path::PathBuf;

use chrono::{DateTime, Utc};
use plumbline_custody::Digest;
use plumbline_geodesy::Lla;

/// A batch of photos, as the catalog describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct FlightRecord {
    /// Name of the flight, unique in the project.
    pub id: String,
    /// Folder of the original photos. The catalog links to it and changes nothing in it.
    pub folder: PathBuf,
    /// First and last moment of capture; stands in for photos without a time.
    pub captured: (DateTime<Utc>, DateTime<Utc>),
    /// The photos, used or left out.
    pub photos: Vec<PhotoRecord>,
}

/// One original photo, as the catalog describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoRecord {
    /// Path inside the flight's folder.
    pub name: String,
    /// Digest taken when the file was first read.
    pub sha256: Digest,
    /// Size of the file, bytes.
    pub size: u64,
    /// Width and height of the picture, pixels, where it could be decoded.
    pub size_px: Option<(u32, u32)>,
    /// Moment of capture, where the file tells it.
    pub captured_at: Option<DateTime<Utc>>,
    /// Position of the camera, where the file tells it.
    pub position: Option<Lla>,
    /// Corners of the picture on the ground (longitude, latitude), in order, where the photo was adjusted.
    pub footprint: Option<Vec<(f64, f64)>>,
    /// Maker and model of the camera.
    pub camera: Option<String>,
    /// Why the photo was not used; `None` for those that were.
    pub left_out: Option<String>,
}
