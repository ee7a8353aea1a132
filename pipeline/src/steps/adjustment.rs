//! Tracks become poses.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use plumbline_adjustment::{Options, Reference, Report, Survey, TieVerdict, adjust};
use plumbline_camera::Camera;
use plumbline_geodesy::{Heights, SurveyFrame};
use plumbline_photo::check::Text;
use plumbline_scene::{Block, PixelTrack, View};
use serde::{Deserialize, Serialize};

use crate::cli::Focal;
use crate::error::Error;
use crate::progress::Bar;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::steps::photo::FlightPhotos;
use crate::store::write_whole;
use crate::track_table::{read_tracks, write_tracks};
use crate::workspace::EpochFiles;

/// `block.json`: how the photos of an epoch were placed.
#[derive(Debug, Serialize)]
struct BlockFile<'a> {
    photos: usize,
    adjusted: usize,
    left_out: Vec<LeftOut>,
    folder: &'a Path,
    reprojection_px: f64,
    gnss_rms_m: [f64; 3],
    gsd_m: f64,
    crs: &'a str,
    heights: &'a Heights,
    report: &'a Report,
    block: BlockViews<'a>,
}

/// A photo that is not in the block.
#[derive(Debug, Serialize)]
struct LeftOut {
    photo: String,
    reason: Text,
}

/// Poses and calibrations; the sparse points are in `tracks.parquet`.
#[derive(Debug, Serialize, Deserialize)]
struct BlockViews<'a> {
    frame: Cow<'a, SurveyFrame>,
    cameras: Cow<'a, [Camera]>,
    views: Cow<'a, [View]>,
}

impl<'a> BlockViews<'a> {
    fn of(block: &'a Block) -> Self {
        let (cameras, views) = (Cow::Borrowed(&block.cameras[..]), Cow::Borrowed(&block.views[..]));
        Self { frame: Cow::Borrowed(&block.frame), cameras, views }
    }
}

/// Places the photos with as much belief in their focal lengths as said, tied to the views of the earlier epoch where there is one, whose survey class they may inherit.
pub fn place(
    context: &Context,
    bar: &Bar<'_>,
    flight: &FlightPhotos,
    tracks: &[PixelTrack],
    focal: Focal,
    earlier: Option<&Epoch>,
) -> Result<(Block, Report), Error> {
    let usual = Options::default();
    let earlier_class = earlier.map_or(usual.earlier_class, |epoch| epoch.report.quality.class);
    let options = Options { earlier_class, focal: focal.into(), ..usual };
    let earlier = earlier.map(|epoch| &epoch.block);
    let key = context
        .store
        .key("adjustment", &(&flight.prior, &flight.ground, tracks, earlier, format!("{options:?}")))?;
    bar.expect(1);
    context.store.value("adjustment", &key, || {
        let survey = Survey { prior: &flight.prior, tracks, ground: &flight.ground, earlier };
        let adjustment = adjust(&survey, &options)?;
        Ok::<_, Error>((adjustment.block, adjustment.report))
    })
}

/// Writes `block.json` and `tracks.parquet`.
pub fn save(context: &Context, epoch: &Epoch) -> Result<(), Error> {
    let files = context.workspace.epoch(&epoch.id);
    let Epoch { flight, block, report, .. } = epoch;
    let left_out = epoch.left_out().map(|(photo, reason)| LeftOut { photo: photo.to_owned(), reason });
    let file = BlockFile {
        photos: flight.photos.len(),
        adjusted: block.views.len(),
        left_out: left_out.collect(),
        folder: context.photo_folder(&epoch.id),
        reprojection_px: report.reprojection_px,
        gnss_rms_m: report.gnss_rms_m,
        gsd_m: report.gsd_m,
        crs: block.frame.crs.definition(),
        heights: &epoch.heights,
        report,
        block: BlockViews::of(block),
    };
    let path = files.block();
    let text =
        serde_json::to_vec_pretty(&file).map_err(|source| Error::Json { path: path.clone(), source })?;
    write_whole(&path, &text)?;
    write_tracks(block, &files.tracks())
}

/// A block as [`save`] left it.
#[derive(Debug)]
pub struct SavedBlock {
    /// The placed photos with their sparse points.
    pub block: Block,
    /// Folder of the original photos.
    pub folder: PathBuf,
}

/// Reads a block that [`save`] wrote.
pub fn load(files: &EpochFiles) -> Result<SavedBlock, Error> {
    #[derive(Deserialize)]
    struct Saved {
        folder: PathBuf,
        block: BlockViews<'static>,
    }
    let path = files.block();
    let text = std::fs::read(&path).map_err(|source| Error::io("read", &path, source))?;
    let Saved { folder, block } =
        serde_json::from_slice(&text).map_err(|source| Error::Json { path, source })?;
    let BlockViews { frame, cameras, views } = block;
    let tracks = read_tracks(&files.tracks(), &views)?;
    let (frame, cameras, views) = (frame.into_owned(), cameras.into_owned(), views.into_owned());
    Ok(SavedBlock { block: Block { frame, cameras, views, tracks }, folder })
}

/// How well the photos of an epoch were placed, for people.
pub fn account(epoch: &Epoch) -> Vec<Text> {
    let report = &epoch.report;
    let [east, north, up] = report.gnss_rms_m;
    let (px, photos, adjusted) = (report.reprojection_px, report.photos, report.adjusted);
    let class = if report.reference == Reference::NotGeoreferenced {
        Text::new("无等级", "no class")
    } else {
        let class = report.quality.class;
        Text::new(format!("等级 {class:?}"), format!("class {class:?}"))
    };
    let (zh, en) = if east.is_nan() {
        ("没有 GNSS 定位".to_owned(), "no position from GNSS".to_owned())
    } else {
        (
            format!("与 GNSS 之差（东/北/高）{east:.2}/{north:.2}/{up:.2} m"),
            format!("{east:.2}/{north:.2}/{up:.2} m east/north/up from GNSS"),
        )
    };
    let mut texts = vec![Text::new(
        format!("{adjusted}/{photos} 张定位，平均残差 {px:.2} px，{zh}，{}", class.zh),
        format!("{adjusted} of {photos} photos placed, mean miss {px:.2} px, {en}, {}", class.en),
    )];
    if let Some(tie) = &report.tie {
        let (xy, z, held_out) = (tie.residual_xy_m, tie.residual_z_m, tie.held_out);
        texts.push(match tie.verdict {
            TieVerdict::Comparable => Text::new(
                format!("与前期相比：{held_out} 个检查点平面 {xy:.3} m、高程 {z:.3} m"),
                format!("lies on the earlier epoch within {xy:.3} m across and {z:.3} m in height ({held_out} held-out points)"),
            ),
            TieVerdict::NotComparable => {
                Text::new(format!("NOT_COMPARABLE {}", tie.text_zh), format!("NOT_COMPARABLE {}", tie.text_en))
            }
        });
    }
    let faults = report.ground.points.iter().filter_map(|point| point.fault.as_ref());
    texts.extend(faults.chain(&report.remarks).map(|remark| Text::new(&remark.zh, &remark.en)));
    texts.extend(epoch.height_remarks.iter().cloned());
    texts
}
