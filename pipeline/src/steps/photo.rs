//! A folder becomes a flight: its usable photos and what they say of their own poses.

use std::path::{Path, PathBuf};

use nalgebra::Vector3;
use plumbline_geodesy::{Crs, Heights, Lla, SurveyFrame};
use plumbline_photo::check::{self, Problem};
use plumbline_photo::{Calibration, Photo, Shutter as Stated, cameras};
use plumbline_scene::{
    Attitude, CameraPrior, FlightPrior, GroundPoint, GroundRole, ViewPrior, control_middle, read_control,
};

use crate::cli::Shutter;
use crate::error::Error;
use crate::flight::PhotoFolder;
use crate::progress::Bar;
use crate::steps::epoch::Epoch;
use crate::steps::velocity::tell_velocities;
use crate::steps::{Context, vertical};

/// Gimbal headings hang on a compass; pitch and roll are much better, but one number serves the three.
const GIMBAL_SIGMA_DEG: f64 = 5.0;

/// Readout times of rolling shutters lie between 0.01 and 0.06 s; the photos tell more.
const READOUT_SIGMA_S: f64 = 0.03;

/// Take-off points of two flights over one site differ by so much in height, metres.
const TAKE_OFF_SIGMA_M: f64 = 5.0;

/// The photos of a flight, taken in.
#[derive(Debug)]
pub struct FlightPhotos {
    /// The usable photos, in the order of the prior's views.
    pub photos: Vec<Photo>,
    /// What they say of their poses.
    pub prior: FlightPrior,
    /// What heights of the prior are counted from.
    pub heights: Heights,
    /// Surveyed points of the ground.
    pub ground: Vec<GroundPoint>,
    /// What was wrong with the folder.
    pub problems: Vec<Problem>,
}

/// Takes in a flight. `earlier` is the epoch it will be tied to, whose world it then shares.
pub fn take_in(
    context: &Context,
    bar: &Bar<'_>,
    (id, flight): (&str, &PhotoFolder),
    earlier: Option<&Epoch>,
) -> Result<FlightPhotos, Error> {
    let inspection = check::inspect(&flight.folder, &|done, of| {
        bar.expect(of);
        bar.reach(done);
    })?;
    let photos: Vec<Photo> = inspection.usable().into_iter().cloned().collect();
    if photos.is_empty() {
        return Err(no_photos((id, &flight.folder), &inspection.problems));
    }
    let (heights, placed) = vertical::applied(context.project.vertical.as_ref(), &photos)?;
    let frame = match earlier {
        Some(earlier) => earlier.block.frame.clone(),
        None => frame(context.project.project.crs.as_deref(), flight, &placed)?,
    };
    let other_level = earlier.filter(|earlier| !heights.share_datum(&earlier.heights));
    let ground_z =
        other_level.map_or_else(|| ground_z(&frame, &placed), |earlier| Some(earlier.block.ground_z()));
    let (calibrations, camera_of) = cameras(&photos);
    let mut views = views(&frame, &placed, &camera_of)?;
    tell_velocities(&mut views, &photos);
    if other_level.is_some() {
        count_from_ground(&mut views, &photos, ground_z);
    }
    let cameras = calibrations.iter().map(|calibration| camera_prior(calibration, flight.shutter)).collect();
    let prior = FlightPrior { frame, cameras, views, ground_z };
    let ground = ground(flight, &prior)?;
    Ok(FlightPhotos { photos, prior, heights, ground, problems: inspection.problems })
}

/// The surveyed points that a flight names.
fn ground(flight: &PhotoFolder, prior: &FlightPrior) -> Result<Vec<GroundPoint>, Error> {
    let read = |path: &Option<PathBuf>, role: GroundRole| {
        path.as_ref().map_or(Ok(Vec::new()), |path| read_control(path, role, &prior.frame, &prior.views))
    };
    let mut points = read(&flight.control, GroundRole::Control)?;
    points.extend(read(&flight.check, GroundRole::Check)?);
    Ok(points)
}

/// The refusal of a folder without photos, with what is wrong with its first files.
fn no_photos((id, folder): (&str, &Path), problems: &[Problem]) -> Error {
    /// Files that are spoken of; others have the same trouble.
    const SPOKEN_OF: usize = 5;
    let spoken_of: Vec<&str> = problems.iter().take(SPOKEN_OF).map(|p| p.message.en.as_str()).collect();
    let problems = if spoken_of.is_empty() { "it is empty".to_owned() } else { spoken_of.join(" ") };
    Error::NoPhotos { flight: id.to_owned(), folder: folder.to_owned(), problems }
}

/// The world of a project's first flight; none on the map where nothing says where that is.
fn frame(crs: Option<&str>, flight: &PhotoFolder, photos: &[Photo]) -> Result<SurveyFrame, Error> {
    let positions: Vec<Lla> = photos.iter().filter_map(|photo| photo.position).map(|p| p.lla).collect();
    let center = match (&positions[..], &flight.control) {
        ([], None) => return Ok(SurveyFrame::nowhere()),
        ([], Some(control)) => control_middle(control)?,
        _ => middle(&positions),
    };
    let crs = crs.map_or_else(|| Ok(Crs::utm(&center)), Crs::new)?;
    Ok(SurveyFrame::about(crs, &center)?)
}

fn middle(positions: &[Lla]) -> Lla {
    let mean = |of: fn(&Lla) -> f64| positions.iter().map(of).sum::<f64>() / positions.len() as f64;
    Lla {
        latitude_deg: mean(|p| p.latitude_deg),
        longitude_deg: mean(|p| p.longitude_deg),
        height_m: mean(|p| p.height_m),
    }
}

/// Median over the photos of camera height less height above take-off.
fn ground_z(frame: &SurveyFrame, photos: &[Photo]) -> Option<f64> {
    let mut grounds: Vec<f64> = photos
        .iter()
        .filter_map(|photo| {
            Some(photo.position?.lla.height_m - frame.origin.height - photo.relative_altitude_m?)
        })
        .collect();
    grounds.sort_by(f64::total_cmp);
    grounds.get(grounds.len() / 2).copied()
}

fn views(frame: &SurveyFrame, photos: &[Photo], camera_of: &[usize]) -> Result<Vec<ViewPrior>, Error> {
    photos
        .iter()
        .zip(camera_of)
        .map(|(photo, &camera_idx)| {
            let position = photo.position.map(|p| frame.world_from_geographic(&[p.lla])).transpose()?;
            let sigma = photo.position.map_or([f64::INFINITY; 3], |p| p.sigma_m);
            let rotation = photo.gimbal.map(|gimbal| {
                let yaw = gimbal.yaw_deg.to_radians() - frame.convergence;
                let (pitch, roll) = (gimbal.pitch_deg.to_radians(), gimbal.roll_deg.to_radians());
                Attitude { yaw, pitch, roll }.cam_from_world()
            });
            Ok(ViewPrior {
                name: photo.name.clone(),
                camera_idx,
                position: position.map(|p| p[0]),
                position_sigma_m: Vector3::from(sigma),
                rotation,
                rotation_sigma: GIMBAL_SIGMA_DEG.to_radians(),
                velocity: Vector3::zeros(),
            })
        })
        .collect()
}

/// Replaces heights without a common datum by the height above take-off on the earlier flight's ground.
fn count_from_ground(views: &mut [ViewPrior], photos: &[Photo], ground_z: Option<f64>) {
    for (view, photo) in views.iter_mut().zip(photos) {
        if let (Some(position), Some(ground), Some(above)) =
            (view.position.as_mut(), ground_z, photo.relative_altitude_m)
        {
            position.z = ground + above;
            view.position_sigma_m.z = TAKE_OFF_SIGMA_M;
        }
    }
}

fn camera_prior(calibration: &Calibration, shutter: Shutter) -> CameraPrior {
    let is_rolling = match shutter {
        Shutter::Auto => calibration.shutter == Stated::Rolling,
        Shutter::Global => false,
        Shutter::Rolling => true,
    };
    CameraPrior {
        camera: calibration.camera,
        focal_sigma_rel: calibration.focal_sigma_rel,
        readout_sigma_s: if is_rolling { READOUT_SIGMA_S } else { 0.0 },
    }
}
