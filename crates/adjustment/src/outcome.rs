use nalgebra::Vector3;
use plumbline_scene::{Block, Observation, Track, View};

use crate::network::{Network, State};
use crate::quality::quality;
use crate::report::{CameraReport, Reference, Remark, Report, Tie, ViewReport};
use crate::uncertainty::Uncertainty;
use crate::{Adjustment, FocalStrength, GroundReport, LeftOut, Options};

/// Relative change of the focal length, in its prior standard deviations, that is worth a word.
const FOCAL_REMARK: f64 = 2.0;

/// Height uncertainty from the focal length, in ground pixels, that is worth a word: what is asked of a good block.
const WEAK_FOCAL_GSD: f64 = 2.0;

/// What was found besides poses and points.
pub(crate) struct Findings {
    pub left_out: Vec<LeftOut>,
    pub ground: GroundReport,
    pub tie: Option<Tie>,
}

/// Block and report of a finished adjustment.
pub(crate) fn outcome(
    network: &Network,
    state: &State,
    uncertainty: &Uncertainty,
    findings: Findings,
    options: &Options,
) -> Adjustment {
    let Findings { left_out, ground, tie } = findings;
    let block = block(network, state);
    let views = view_reports(network, state, uncertainty);
    let gnss_rms_m = gnss_rms(&views);
    let observations = block.tracks.iter().map(|t| t.observations.len()).sum();
    let sum_px: f64 = views.iter().map(|v| v.reprojection_px * v.observations as f64).sum();
    let seen: usize = views.iter().map(|v| v.observations).sum();
    let cameras = camera_reports(network, state, uncertainty);
    let gsd_m = block.gsd_m();
    let report = Report {
        photos: network.prior.views.len(),
        adjusted: block.views.len(),
        left_out,
        tracks: block.tracks.len(),
        observations,
        reprojection_px: sum_px / seen as f64,
        gnss_rms_m,
        gsd_m,
        remarks: remarks(network, &views, &cameras, gsd_m),
        cameras,
        views,
        reference: if network.control.is_empty() { Reference::Gnss } else { Reference::GroundControl },
        quality: quality(network, gnss_rms_m, &ground, tie.as_ref(), options),
        ground,
        tie,
    };
    Adjustment { block, report }
}

/// The placed views and the tracks that at least two of them see.
pub(crate) fn block(network: &Network, state: &State) -> Block {
    let mut views = Vec::new();
    let mut idx_in_block = vec![None; state.poses.len()];
    for (i, (view, pose)) in network.prior.views.iter().zip(&state.poses).enumerate() {
        if let Some(cam_from_world) = *pose {
            idx_in_block[i] = Some(views.len());
            let (name, camera_idx, velocity) = (view.name.clone(), view.camera_idx, view.velocity);
            views.push(View { name, camera_idx, cam_from_world, velocity });
        }
    }
    let tracks = network.believed.iter().zip(&state.points).filter_map(|(seen, point)| {
        let own = seen.iter().filter(|o| network.is_own(o.view_idx));
        let observations: Vec<Observation> =
            own.filter_map(|o| Some(Observation { view_idx: idx_in_block[o.view_idx]?, ..*o })).collect();
        (observations.len() >= 2).then_some(Track { point: (*point)?, observations })
    });
    let tracks = tracks.collect();
    Block { frame: network.prior.frame.clone(), cameras: state.cameras.clone(), views, tracks }
}

fn view_reports(network: &Network, state: &State, uncertainty: &Uncertainty) -> Vec<ViewReport> {
    let mut misses_px = vec![Vec::new(); state.poses.len()];
    for (seen, point) in network.believed.iter().zip(&state.points) {
        let Some(point) = point else { continue };
        for o in seen.iter().filter(|o| network.is_own(o.view_idx)) {
            misses_px[o.view_idx].extend(network.miss(state, o, point).map(|m| m.norm()));
        }
    }
    let views = network.prior.views.iter().zip(&state.poses).enumerate();
    views
        .filter_map(|(i, (view, pose))| {
            let center = pose.as_ref()?.center();
            Some(ViewReport {
                name: view.name.clone(),
                observations: misses_px[i].len(),
                reprojection_px: misses_px[i].iter().sum::<f64>() / misses_px[i].len().max(1) as f64,
                gnss_offset_m: view.position.map(|position| center - position),
                gnss_believed: network.gnss_believed[i],
                position_sigma_m: uncertainty.position_m[i],
                rotation_sigma: uncertainty.rotation[i],
            })
        })
        .collect()
}

fn gnss_rms(views: &[ViewReport]) -> [f64; 3] {
    let offsets: Vec<Vector3<f64>> =
        views.iter().filter(|v| v.gnss_believed).filter_map(|v| v.gnss_offset_m).collect();
    [0, 1, 2].map(|axis| (offsets.iter().map(|o| o[axis].powi(2)).sum::<f64>() / offsets.len() as f64).sqrt())
}

fn camera_reports(network: &Network, state: &State, uncertainty: &Uncertainty) -> Vec<CameraReport> {
    let report = |i: usize| CameraReport {
        before: network.prior.cameras[i].camera,
        after: state.cameras[i],
        sigma: uncertainty.calibration[i],
        focal: FocalStrength::of(network, state, uncertainty, i)
            .filter(|_| uncertainty.calibration[i][0] > 0.0),
    };
    (0..state.cameras.len()).map(report).collect()
}

fn remarks(network: &Network, views: &[ViewReport], cameras: &[CameraReport], gsd_m: f64) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if let (Some(&first), n) = (network.turned.first(), network.turned.len()) {
        let name = &network.prior.views[first].name;
        remarks.push(Remark {
            zh: format!("{n} 张照片（自 {name} 起）与云台航向相差半圈，可能在拍摄后被旋转，已单独检校"),
            en: format!(
                "{n} photo(s) from {name} on lie half a turn from their gimbal's heading; they seem to have been turned \
                 after the exposure and were given a calibration of their own"
            ),
        });
    }
    let disbelieved = views.iter().filter(|v| v.gnss_offset_m.is_some() && !v.gnss_believed);
    for view in disbelieved {
        let off_m = view.gnss_offset_m.map_or(0.0, |o| o.norm());
        remarks.push(Remark {
            zh: format!("{} 的定位与其他照片相差 {off_m:.0} m，未采用", view.name),
            en: format!(
                "the position of {} is {off_m:.0} m off the other photos' and was not used",
                view.name
            ),
        });
    }
    for (prior, camera) in network.prior.cameras.iter().zip(cameras) {
        remarks.extend(focal_moved(camera, prior.focal_sigma_rel));
        remarks.extend(weak_focal(network, camera, gsd_m));
    }
    remarks
}

fn focal_moved(camera: &CameraReport, sigma_rel: f64) -> Option<Remark> {
    let (before, after) = (camera.before.focal_px, camera.after.focal_px);
    ((after - before).abs() > FOCAL_REMARK * sigma_rel * before).then(|| Remark {
        zh: format!("检校焦距 {after:.0} px 与初值 {before:.0} px 相差过大，高程比例可能有误"),
        en: format!(
            "the focal length moved from {before:.0} to {after:.0} px, more than expected: heights may be out of scale"
        ),
    })
}

/// A word on a focal length that leaves the heights of a block without ground control uncertain.
fn weak_focal(network: &Network, camera: &CameraReport, gsd_m: f64) -> Option<Remark> {
    let strength = camera.focal?;
    let height_m = strength.height_sigma_m;
    let percent = 100.0 * camera.sigma[0] / camera.after.focal_px;
    (network.control.is_empty() && height_m > WEAK_FOCAL_GSD * gsd_m).then(|| Remark {
        zh: format!(
            "焦距仅确定到 ±{:.1} px（先验的 {:.0} %）：高程可能整体偏差 ±{height_m:.2} m、比例偏差 ±{percent:.1} %；\
             请加飞倾斜或不同航高的照片，或布设像控点",
            camera.sigma[0],
            100.0 * strength.sigma_ratio
        ),
        en: format!(
            "the flight fixes the focal length only to {:.1} px ({:.0} % of what was uncertain before): all heights may be \
             off together by {height_m:.2} m, and out of scale by {percent:.1} % (1 sigma); add oblique photos, a second \
             flying height or control points",
            camera.sigma[0],
            100.0 * strength.sigma_ratio
        ),
    })
}
