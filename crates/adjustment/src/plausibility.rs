//! What pixels and positions cannot tell by themselves, said aloud.

use nalgebra::Vector3;
use plumbline_geometry::Rigid3;

use crate::network::{Network, State, median};
use crate::{Error, Remark, Report};

/// Difference between the height above the ground and that above the take-off point, as a share of it, beyond which one of
/// them is probably wrong: streets and fields of a site rise by less.
const HEIGHT_REMARK: f64 = 0.15;
/// Height of a tower, metres: what an error of scale makes of it, upwards or leaning over, is the uncertainty of a doubtful scale.
const TOWER_M: f64 = 30.0;
/// Share of the photos that a sound block places.
const PLACED: f64 = 0.8;
/// Distance from its position, metres, that no receiver in the open errs by.
const BLOCK_OFF_M: f64 = 20.0;
/// Angle between a photo and its gimbal, radians, beyond which it is worth a word; and how many times the flight's usual one.
const STRAY_ANGLE: f64 = 0.12;
const STRAY_TIMES: f64 = 5.0;
/// Root mean square distance of the block from its positions, in their stated sigmas, beyond which these were stated too small.
const SCATTER_REMARK: f64 = 3.0;

/// Whether most of the placed photos look above the horizon. No drone does that: it is what becomes of a mirror image.
pub(crate) fn looks_up(state: &State) -> bool {
    2 * state.poses.iter().flatten().filter(|pose| view_looks_up(pose)).count() > state.placed()
}

/// Whether a photo looks above the horizon.
pub(crate) fn view_looks_up(pose: &Rigid3) -> bool {
    (pose.rotation.inverse() * Vector3::z()).z > 0.0
}

/// Whether most photos are placed, and where their positions say.
pub(crate) fn is_sound(report: &Report) -> bool {
    report.adjusted as f64 >= PLACED * report.photos as f64 && contradicted_by_m(report).is_none()
}

/// How far off their positions the photos lie, metres, where most of them cannot be where they say; `None` where they can.
pub(crate) fn contradicted_by_m(report: &Report) -> Option<f64> {
    let believed = report.views.iter().filter(|view| view.gnss_believed).count();
    let off_m: Vec<f64> =
        report.views.iter().filter_map(|view| Some(view.gnss_offset_m?.xy().norm())).collect();
    let positioned = off_m.len();
    let off = off_m.iter().filter(|off_m| **off_m > BLOCK_OFF_M).count();
    (2 * believed < positioned || 2 * off > positioned).then(|| median(off_m))
}

/// Adds what an inspector should know to the report, and widens its uncertainty by the scale that the flying height puts in
/// doubt and by the tilt that the positions leave open.
///
/// Positions and flying height that both contradict the block are two witnesses against it: it is refused.
pub(crate) fn judge(report: &mut Report, network: &Network, state: &State) -> Result<(), Error> {
    let camera_z = median(state.poses.iter().flatten().map(|pose| pose.center().z).collect());
    let height_m = camera_z - median(state.points.iter().flatten().map(|point| point.z).collect());
    let said_m = contradicted_height_m(network, camera_z, height_m);
    let scatter = scatter(network, report);
    if said_m.is_some() && scatter.is_some() {
        let off_m = report.gnss_rms_m[0].hypot(report.gnss_rms_m[1]);
        return Err(Error::ContradictsPositions { photos: report.adjusted, off_m });
    }
    let mut remarks: Vec<Remark> = scatter.into_iter().collect();
    if let Some(said_m) = said_m {
        let quality = &mut report.quality;
        let tower_off_m = TOWER_M * (height_m / said_m - 1.0);
        quality.u_xy_m = quality.u_xy_m.hypot(tower_off_m);
        quality.u_z_m = quality.u_z_m.hypot(height_m - said_m);
        quality.u_height_m = quality.u_height_m.hypot(tower_off_m);
        let focal_px = report.cameras.first().map_or(f64::NAN, |camera| camera.after.focal_px);
        remarks.push(flying_height(height_m, said_m, focal_px));
    }
    remarks.extend(stray_angles(network, state));
    let tilt = median(report.views.iter().map(|v| v.rotation_sigma.xy().max()).collect());
    let tilt_m = tilt * height_m;
    if network.control.is_empty() && tilt_m > report.quality.u_xy_m {
        report.quality.u_xy_m = tilt_m;
        remarks.push(open_tilt(tilt, tilt_m));
    }
    report.remarks.extend(remarks);
    Ok(())
}

/// The word that goes with a block that was placed without the attitudes.
pub(crate) fn refused_attitudes() -> Remark {
    Remark {
        zh: "云台角与照片内容及定位矛盾，未采用".to_owned(),
        en: "the gimbal angles contradict the photos and their positions and were not used".to_owned(),
    }
}

/// The height above the ground that the drone itself says, metres, where the block tells another scale.
fn contradicted_height_m(network: &Network, camera_z: f64, height_m: f64) -> Option<f64> {
    let said_m = camera_z - network.prior.ground_z?;
    let is_off = (height_m - said_m).abs() > HEIGHT_REMARK * said_m.abs();
    (network.control.is_empty() && is_off).then_some(said_m)
}

fn flying_height(height_m: f64, said_m: f64, focal_px: f64) -> Remark {
    Remark {
        zh: format!(
            "地面在相机下方 {height_m:.0} m，而无人机记录的起飞点以上高度为 {said_m:.0} m：焦距（{focal_px:.0} px）可能有误、照片可能被裁剪，或起飞点不在测区地面；高程不确定度已相应放大"
        ),
        en: format!(
            "the ground lies {height_m:.0} m below the photos, but they were taken {said_m:.0} m above the take-off point: \
             the focal length ({focal_px:.0} px) may be wrong, the photos cropped, or the take-off point higher or lower than \
             the site; heights are claimed to be that uncertain"
        ),
    }
}

/// A word on each photo that looks elsewhere than its gimbal says, where most do not.
fn stray_angles(network: &Network, state: &State) -> Vec<Remark> {
    let views = network.prior.views.iter().zip(&state.poses);
    let angles: Vec<(&str, f64)> = views
        .filter_map(|(view, pose)| {
            Some((view.name.as_str(), pose.as_ref()?.rotation.angle_to(view.rotation.as_ref()?)))
        })
        .collect();
    let usual = median(angles.iter().map(|(_, angle)| *angle).collect());
    let strays = angles.into_iter().filter(|(_, angle)| *angle > STRAY_ANGLE.max(STRAY_TIMES * usual));
    strays
        .map(|(name, angle)| {
            let degrees = angle.to_degrees();
            Remark {
                zh: format!("{name} 的朝向与云台记录相差 {degrees:.0}°，其余照片并非如此：请检查该照片是否被旋转、镜像或误入"),
                en: format!(
                    "{name} looks {degrees:.0} degrees elsewhere than its gimbal says, unlike the other photos: was it turned or mirrored, or is it of another place?"
                ),
            }
        })
        .collect()
}

/// A word where the positions are worse than they say.
fn scatter(network: &Network, report: &Report) -> Option<Remark> {
    let stated = |axis: usize| {
        median(
            network
                .prior
                .views
                .iter()
                .filter(|v| v.position.is_some())
                .map(|v| v.position_sigma_m[axis])
                .collect(),
        )
    };
    let rms_m = report.gnss_rms_m[0].max(report.gnss_rms_m[1]);
    let stated_m = stated(0).max(stated(1));
    (rms_m > SCATTER_REMARK * stated_m).then(|| Remark {
        zh: format!("照片定位与平差结果相差 {rms_m:.1} m，而标称精度为 {stated_m:.2} m：定位不可靠"),
        en: format!(
            "the positions lie {rms_m:.1} m off the adjusted ones but claim {stated_m:.2} m: they are not to be relied on"
        ),
    })
}

fn open_tilt(tilt: f64, tilt_m: f64) -> Remark {
    let degrees = tilt.to_degrees();
    Remark {
        zh: format!(
            "照片位置近于一条直线或精度不足，测区倾斜只确定到 ±{degrees:.1}°，地面平面位置可能偏差 {tilt_m:.1} m；请加飞平行航带或布设像控点"
        ),
        en: format!(
            "the positions lie almost on a line or are not exact enough: the tilt of the block is only known to {degrees:.1} \
             degrees, which moves the ground by {tilt_m:.1} m; fly a parallel strip or add ground control"
        ),
    }
}
