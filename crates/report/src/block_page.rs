use std::fs;
use std::path::Path;

use minijinja::{Value, context};
use plumbline_finding::Bilingual;
use serde::Serialize;

use crate::block_map::{BlockMap, Overlap};
use crate::lens_plot::{Lens, LensPlot};
use crate::page::{pages, write_whole};
use crate::texts::texts;
use crate::{EpochSummary, Error};

/// How the photos of an epoch were placed, for people.
#[derive(Debug, Clone)]
pub struct BlockPage<'a> {
    /// Name of the project.
    pub project: &'a str,
    /// Name and build of the program.
    pub software: &'a str,
    /// Definition of the map.
    pub crs: &'a str,
    /// The epoch in figures.
    pub epoch: &'a EpochSummary,
    /// What one should know before relying on it.
    pub remarks: &'a [Bilingual],
    /// How many photos see the ground.
    pub overlap: &'a Overlap<'a>,
    /// The placed photos in the order of flight.
    pub stations: &'a [Station],
    /// Where another flight would help most, and how.
    pub weak: &'a [WeakPlace],
    /// The cameras.
    pub lenses: &'a [Lens],
    /// Surveyed points.
    pub ground: &'a [GroundRow],
}

/// A placed photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Station {
    /// File name.
    pub photo: String,
    /// East and north in the survey frame, metres.
    pub at: [f64; 2],
    /// Pixels that hold it.
    pub observations: usize,
    /// Their mean miss, pixels.
    pub reprojection_px: f64,
    /// Adjusted minus GNSS position east, north, up, metres.
    pub offset_m: Option<[f64; 3]>,
    /// Whether the GNSS position was believed.
    pub is_believed: bool,
    /// Standard uncertainty of the position east, north, up, metres.
    pub sigma_m: [f64; 3],
}

/// A place that another flight should cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeakPlace {
    /// East and north in the survey frame, metres.
    pub at: [f64; 2],
    /// What is weak there, and what to fly.
    pub advice: Bilingual,
}

/// A surveyed point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroundRow {
    /// Name.
    pub name: String,
    /// Whether it held the block; else it only checks.
    pub is_control: bool,
    /// Whether it was believed.
    pub is_used: bool,
    /// Photos in which it was marked.
    pub marks: usize,
    /// Photos minus survey east, north, up, metres.
    pub residual_m: Option<[f64; 3]>,
    /// What is wrong with it.
    pub fault: Option<Bilingual>,
}

impl BlockPage<'_> {
    /// Writes the page; it needs nothing beside it.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| Error::Write { path: path.to_owned(), source })?;
        }
        write_whole(path, &self.page()?)
    }

    fn page(&self) -> Result<String, Error> {
        let mut worst_first: Vec<&Station> = self.stations.iter().collect();
        worst_first.sort_by(|a, b| b.reprojection_px.total_cmp(&a.reprojection_px));
        Ok(pages()?.get_template("block")?.render(context! {
            style => Value::from_safe_string(include_str!("../templates/report.css").to_owned()),
            t => texts()?,
            project => self.project,
            software => self.software,
            crs => self.crs,
            epoch => self.epoch,
            remarks => self.remarks,
            map => BlockMap::of(self.overlap, self.stations, self.weak)?,
            weak => self.weak,
            lenses => self.lenses.iter().map(LensPlot::of).collect::<Vec<_>>(),
            ground => self.ground,
            photos => worst_first,
        })?)
    }
}
