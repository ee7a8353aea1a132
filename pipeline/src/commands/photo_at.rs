use std::path::PathBuf;
use std::process::ExitCode;

use plumbline_geodesy::{Lla, MapPoint};
use plumbline_ortho::{Options, Sighting, Sightings};
use plumbline_raster::{Grid, Raster, cog};
use plumbline_scene::Block;
use serde::Serialize;

use crate::cli::PhotoAt;
use crate::commands::{print, print_json};
use crate::crop::write_crop;
use crate::error::Error;
use crate::steps::adjustment::{SavedBlock, load};
use crate::workspace::{EpochFiles, Workspace};

/// What `plumbline photo-at --json` prints: the photos of one epoch that show a place.
#[derive(Debug, Serialize)]
struct Answer {
    epoch: String,
    /// The map.
    crs: String,
    east: f64,
    north: f64,
    height_m: f64,
    height_from: HeightFrom,
    /// The best first; those that the place is hidden from last.
    photos: Vec<Shown>,
}

/// Where the height of a place comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum HeightFrom {
    /// The command line.
    Given,
    /// The surface model.
    Dsm,
    /// The sparse points of the whole block: the surface model has no height there, or there is none.
    BlockGround,
}

/// A photo with the place in it.
#[derive(Debug, Serialize)]
struct Shown {
    photo: PathBuf,
    /// From the left edge, pixels; the centre of the first pixel is 0.5.
    col: f64,
    /// From the upper edge, pixels.
    row: f64,
    gsd_m: f64,
    obliqueness_deg: f64,
    from_rim_px: f64,
    /// How far from the place something stands in the line of sight, metres.
    hidden_at_m: Option<f64>,
    /// The piece about the pixel.
    crop: Option<PathBuf>,
}

/// `plumbline photo-at RUN X,Y`.
pub fn photo_at(arguments: &PhotoAt) -> Result<ExitCode, Error> {
    let workspace = Workspace::new(&arguments.run);
    let mut answers = Vec::new();
    let mut unseen = None;
    for epoch in wanted(arguments, &workspace)? {
        match answer(arguments, &workspace.epoch(&epoch), epoch) {
            Err(nowhere @ Error::UnseenPlace { .. }) => unseen = Some(nowhere),
            answer => answers.push(answer?),
        }
    }
    match unseen {
        Some(nowhere) if answers.is_empty() => return Err(nowhere),
        _ if arguments.json => print_json(&answers)?,
        _ => print(&answers.iter().map(Answer::table).collect::<Vec<_>>().join("\n\n")),
    }
    Ok(ExitCode::SUCCESS)
}

/// The epoch that was named, or all whose photos were placed.
fn wanted(arguments: &PhotoAt, workspace: &Workspace) -> Result<Vec<String>, Error> {
    let mut epochs = workspace.epochs();
    epochs.retain(|epoch| workspace.epoch(epoch).block().exists());
    let named: Vec<String> = match &arguments.epoch {
        Some(named) => epochs.iter().filter(|epoch| *epoch == named).cloned().collect(),
        None => epochs.clone(),
    };
    if named.is_empty() { Err(Error::WhichEpoch { run: arguments.run.clone(), epochs }) } else { Ok(named) }
}

fn answer(arguments: &PhotoAt, files: &EpochFiles, epoch: String) -> Result<Answer, Error> {
    let SavedBlock { block, folder } = load(files)?;
    let (east, north) = on_map(arguments, &block)?;
    let dsm = if files.dsm().exists() {
        cog::read_f32(&files.dsm())?
    } else {
        nothing_known(&block, (east, north))
    };
    let sightings = Sightings::new(&block, &dsm, &Options::default())?;
    let (height, height_from) = match (arguments.height, sightings.height(east, north)) {
        (Some(height), _) => (height, HeightFrom::Given),
        (None, Some(height)) => (height, HeightFrom::Dsm),
        (None, None) => (block.frame.origin.height + block.ground_z(), HeightFrom::BlockGround),
    };
    let seen = sightings.of(&MapPoint { east, north, height });
    if seen.is_empty() {
        return Err(unseen((east, north), &block));
    }
    let mut photos = Vec::new();
    for sighting in &seen {
        let photo = folder.join(&block.views[sighting.view_idx].name);
        let into = arguments.crop.as_ref().filter(|_| sighting.hidden_at_m.is_none());
        let crop = into.map(|into| write_crop(&photo, &sighting.pixel, &into.join(&epoch))).transpose()?;
        photos.push(Shown::new(photo, sighting, crop));
    }
    let crs = block.frame.crs.definition().to_owned();
    Ok(Answer { epoch, crs, east, north, height_m: height, height_from, photos })
}

/// Easting and northing of the place.
fn on_map(arguments: &PhotoAt, block: &Block) -> Result<(f64, f64), Error> {
    let (x, y) = arguments.at;
    if !arguments.wgs84 {
        return Ok((x, y));
    }
    let place = Lla { latitude_deg: y, longitude_deg: x, height_m: 0.0 };
    let points = block.frame.crs.from_geographic(&[place])?;
    Ok((points[0].east, points[0].north))
}

/// A surface model of one cell that has no height: it hides nothing.
fn nothing_known(block: &Block, (east, north): (f64, f64)) -> Raster<f32> {
    Raster::filled(
        Grid::covering(block.frame.crs.clone(), (east, north, east + 1.0, north + 1.0), 1.0),
        f32::NAN,
    )
}

fn unseen(at: (f64, f64), block: &Block) -> Error {
    let centers = || block.views.iter().map(|view| block.frame.map_from_world(&view.cam_from_world.center()));
    let extent = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let (east, north) = (extent(&mut centers().map(|c| c.east)), extent(&mut centers().map(|c| c.north)));
    Error::UnseenPlace { at, crs: block.frame.crs.definition().to_owned(), east, north }
}

impl Shown {
    fn new(photo: PathBuf, sighting: &Sighting, crop: Option<PathBuf>) -> Self {
        Self {
            photo,
            col: sighting.pixel.x,
            row: sighting.pixel.y,
            gsd_m: sighting.gsd_m,
            obliqueness_deg: sighting.obliqueness.to_degrees(),
            from_rim_px: sighting.from_rim_px,
            hidden_at_m: sighting.hidden_at_m,
            crop,
        }
    }

    fn line(&self) -> String {
        let name = self.photo.file_name().unwrap_or_default().to_string_lossy();
        let sight = self
            .hidden_at_m
            .map_or_else(|| "free 通视".to_owned(), |at_m| format!("hidden 被遮挡: {at_m:.1} m"));
        format!(
            "{name:<24} {:>8.1} {:>8.1} {:>6.1} {:>6.1} {:>7.0}  {sight}",
            self.col,
            self.row,
            100.0 * self.gsd_m,
            self.obliqueness_deg,
            self.from_rim_px
        )
    }
}

impl Answer {
    fn table(&self) -> String {
        let Self { epoch, crs, east, north, height_m, .. } = self;
        let from = match self.height_from {
            HeightFrom::Given => "as given 按给定",
            HeightFrom::Dsm => "of the surface model 取自地表模型",
            HeightFrom::BlockGround => {
                "mean ground of the block, as no surface model has a height here: the pixels are approximate \
                 此处没有地表模型高程，取测区平均地面高，像点为近似值"
            }
        };
        let head = format!(
            "epoch 期次 {epoch}: {east:.2}, {north:.2} ({crs}), height 高程 {height_m:.2} m, {from}\n\
             {:<24} {:>8} {:>8} {:>6} {:>6} {:>7}  line of sight 视线\n\
             {:<22} {:>7} {:>7} {:>4} {:>4} {:>5}",
            "photo", "col", "row", "cm/px", "deg", "rim px", "照片", "列", "行", "像元", "倾角", "距边"
        );
        [head].into_iter().chain(self.photos.iter().map(Shown::line)).collect::<Vec<_>>().join("\n")
    }
}
