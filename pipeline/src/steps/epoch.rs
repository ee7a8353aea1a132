//! A flight whose photos have found their places.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use plumbline_adjustment::Report;
use plumbline_features::Features;
use plumbline_geodesy::Heights;
use plumbline_photo::Photo;
use plumbline_scene::Block;

use crate::decoded::DecodedPhotos;
use crate::steps::features::Earlier;
use crate::steps::photo::FlightPhotos;
use crate::steps::vertical;
use plumbline_photo::check::Text;

/// A placed flight; its products lie in the workspace.
#[derive(Debug)]
pub struct Epoch {
    /// Name of the flight and the epoch.
    pub id: String,
    /// The photos as taken in.
    pub flight: FlightPhotos,
    /// The views that were placed.
    pub block: Block,
    /// How they were placed.
    pub report: Report,
    /// What heights of the block and of all products are counted from.
    pub heights: Heights,
    /// What to know of the heights before relying on them.
    pub height_remarks: Vec<Text>,
    /// Keypoints of the placed views.
    features: Vec<Features>,
    /// Digests of the placed views' photos.
    digests: Vec<String>,
}

impl Epoch {
    /// An epoch from what the steps before made; `features` are in the order of the flight's photos.
    pub fn new(
        id: &str,
        flight: FlightPhotos,
        features: Vec<Features>,
        (block, report): (Block, Report),
        (heights, height_remarks): (Heights, Vec<Text>),
    ) -> Self {
        let names = flight.photos.iter().map(|photo| photo.name.clone());
        let mut by_name: HashMap<String, Features> = names.zip(features).collect();
        let placed = block.views.iter().filter_map(|view| by_name.remove(&view.name)).collect();
        let mut epoch = Self {
            id: id.to_owned(),
            flight,
            block,
            report,
            heights,
            height_remarks,
            features: placed,
            digests: Vec::new(),
        };
        epoch.digests = epoch.placed_photos().map(|photo| photo.sha256.clone()).collect();
        epoch
    }

    /// What a later flight ties itself to.
    pub fn as_earlier(&self) -> Earlier<'_> {
        Earlier { block: &self.block, features: &self.features, photos: &self.digests }
    }

    /// The photos of the block's views, in their order.
    pub fn placed_photos(&self) -> impl Iterator<Item = &Photo> {
        let by_name: HashMap<&str, &Photo> =
            self.flight.photos.iter().map(|photo| (photo.name.as_str(), photo)).collect();
        self.block.views.iter().filter_map(move |view| by_name.get(view.name.as_str()).copied())
    }

    /// The pixels of the block's views.
    pub fn pixels(&self) -> DecodedPhotos {
        DecodedPhotos::new(self.placed_photos().map(|photo| photo.path.clone()).collect())
    }

    /// First and last moment of capture; the start of 1970 where no photo tells one.
    pub fn captured(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let times = || self.flight.photos.iter().filter_map(captured_at);
        (times().min().unwrap_or_default(), times().max().unwrap_or_default())
    }

    /// The day of the flight, by the camera's clock.
    pub fn day(&self) -> NaiveDate {
        let times = self.flight.photos.iter().filter_map(|photo| photo.captured_at);
        times.map(|time| time.local.date()).min().unwrap_or_default()
    }

    /// Photos that are not in the block, with the reason.
    pub fn left_out(&self) -> impl Iterator<Item = (&str, Text)> {
        let unusable = self.flight.problems.iter().filter(|problem| problem.leave_out);
        let unusable = unusable
            .map(|problem| (problem.photo.as_str(), Text::new(&problem.message.zh, &problem.message.en)));
        let unplaced = self.report.left_out.iter();
        unusable.chain(unplaced.map(|photo| (photo.name.as_str(), Text::new(&photo.text_zh, &photo.text_en))))
    }

    /// What GeoTIFFs of the epoch say of themselves.
    pub fn notes(&self) -> Vec<(&'static str, String)> {
        let (first, last) = self.captured();
        vec![
            ("VERTICAL_DATUM", vertical::described(&self.heights)),
            ("TIFFTAG_DATETIME", first.format("%Y:%m:%d %H:%M:%S").to_string()),
            ("CAPTURED_FROM", first.to_rfc3339()),
            ("CAPTURED_TO", last.to_rfc3339()),
            ("GSD_M", format!("{:.4}", self.report.gsd_m)),
        ]
    }
}

/// Moment of capture; a clock that does not say its zone is taken as the local mean time of the position.
pub fn captured_at(photo: &Photo) -> Option<DateTime<Utc>> {
    /// Minutes of time in a degree of longitude.
    const MINUTES_PER_DEGREE: f64 = 4.0;
    let time = photo.captured_at?;
    let longitude_deg = photo.position.map_or(0.0, |p| p.lla.longitude_deg);
    let nearest_hour = (longitude_deg * MINUTES_PER_DEGREE / 60.0).round() as i32 * 60;
    let offset_min = time.utc_offset_min.unwrap_or(nearest_hour);
    Some((time.local - Duration::minutes(i64::from(offset_min))).and_utc())
}
