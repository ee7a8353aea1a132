//! Tracks become poses.

use plumbline_adjustment::{Options, Report, Survey, adjust};
use plumbline_geodesy::HeightDatum;
use plumbline_scene::{Block, PixelTrack};
use serde::Serialize;

use crate::error::Error;
use crate::progress::Bar;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::steps::photo::FlightPhotos;
use crate::store::write_whole;
use plumbline_photo::check::Text;

/// `block.json`: how the photos of an epoch were placed.
#[derive(Debug, Serialize)]
struct BlockFile<'a> {
    photos: usize,
    adjusted: usize,
    left_out: Vec<LeftOut>,
    reprojection_px: f64,
    gnss_rms_m: [f64; 3],
    gsd_m: f64,
    crs: &'a str,
    height_datum: HeightDatum,
    report: &'a Report,
    block: BlockViews<'a>,
}

/// A photo that is not in the block.
#[derive(Debug, Serialize)]
struct LeftOut {
    photo: String,
    reason: Text,
}

/// Poses and calibrations, without the sparse points.
#[derive(Debug, Serialize)]
struct BlockViews<'a> {
    frame: &'a plumbline_geodesy::SurveyFrame,
    cameras: &'a [plumbline_camera::Camera],
    views: &'a [plumbline_scene::View],
}

/// Places the photos, tied to the views of the earlier epoch where there is one, whose survey class they may inherit.
pub fn place(
    context: &Context,
    bar: &Bar<'_>,
    flight: &FlightPhotos,
    tracks: &[PixelTrack],
    earlier: Option<&Epoch>,
) -> Result<(Block, Report), Error> {
    let usual = Options::default();
    let earlier_class = earlier.map_or(usual.earlier_class, |epoch| epoch.report.quality.class);
    let options = Options { earlier_class, ..usual };
    let earlier = earlier.map(|epoch| &epoch.block);
    let key = context.store.key("adjustment", &(&flight.prior, tracks, earlier, format!("{options:?}")))?;
    bar.expect(1);
    context.store.value("adjustment", &key, || {
        let survey = Survey { prior: &flight.prior, tracks, ground: &[], earlier };
        let adjustment = adjust(&survey, &options)?;
        Ok::<_, Error>((adjustment.block, adjustment.report))
    })
}

/// Writes `block.json`.
pub fn save(context: &Context, epoch: &Epoch) -> Result<(), Error> {
    let path = context.workspace.epoch(&epoch.id).block();
    let Epoch { flight, block, report, .. } = epoch;
    let left_out = epoch.left_out().map(|(photo, reason)| LeftOut { photo: photo.to_owned(), reason });
    let file = BlockFile {
        photos: flight.photos.len(),
        adjusted: block.views.len(),
        left_out: left_out.collect(),
        reprojection_px: report.reprojection_px,
        gnss_rms_m: report.gnss_rms_m,
        gsd_m: report.gsd_m,
        crs: block.frame.crs.definition(),
        height_datum: flight.height_datum,
        report,
        block: BlockViews { frame: &block.frame, cameras: &block.cameras, views: &block.views },
    };
    let text =
        serde_json::to_vec_pretty(&file).map_err(|source| Error::Json { path: path.clone(), source })?;
    write_whole(&path, &text)
}
