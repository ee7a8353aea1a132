use nalgebra::{Matrix3, Rotation3, UnitQuaternion, Vector3};
use plumbline_geodesy::{SurveyClass, SurveyQuality};
use plumbline_geometry::Similarity3;
use plumbline_scene::{FlightPrior, GroundRole};

use crate::adjust::{Adjustment, adjusted, sample};
use crate::control::LEAST_CONTROL;
use crate::growth::grown_alone;
use crate::network::{Network, State, median};
use crate::{Error, Options, Reference, Remark, Survey};

/// Height of the cameras above the ground in a relative model, in its units: one unit is a hundredth of the flying height.
const HEIGHT: f64 = 100.0;
/// How firmly a view is held where the block grew, in units and radians: tight enough to say where the model lies, far too
/// loose to bend it.
const HELD: (f64, f64) = (0.1 * HEIGHT, 0.1);
/// Positions without which a block has no place in the world: two give it scale and heading, with attitudes.
pub(crate) const LEAST_POSITIONS: usize = 2;

/// Whether positions or control points say where in the world a flight lies.
pub(crate) fn has_place(survey: &Survey) -> bool {
    let positioned = survey.prior.views.iter().filter(|v| v.position.is_some()).count();
    let control = survey.ground.iter().filter(|p| p.role == GroundRole::Control).count();
    positioned >= LEAST_POSITIONS || control >= LEAST_CONTROL
}

/// The photos as they lie to one another: a model whose place, heading and scale mean nothing.
///
/// Grown from the matches, set upright over its own ground, and adjusted with every view loosely held where it grew, which
/// stands in for the inner constraints of a free network (Granshaw, "Bundle adjustment methods in engineering
/// photogrammetry", Photogrammetric Record 10, 1980).
pub(crate) fn relative(survey: &Survey, options: &Options) -> Result<Adjustment, Error> {
    let bare = without_place(survey.prior);
    let mut network = Network::new(&bare, None, sample(&bare, survey.tracks));
    let (photos, focal_px) = (bare.views.len(), network.focal_px());
    let not_placed = |placed| Error::NotPlaced { placed, photos, focal_px };
    let grown = grown_alone(&mut network, options)?.ok_or_else(|| not_placed(0))?;
    let upright = upright(&grown).ok_or_else(|| not_placed(grown.placed()))?;
    let held = held(&bare, &grown.moved(&upright));
    let mut adjustment = adjusted(&Survey { prior: &held, ground: &[], ..*survey }, options)?;
    disown_place(&mut adjustment);
    Ok(adjustment)
}

/// The prior without what little it says of a place; gimbals hang on a compass that the model does not know.
fn without_place(prior: &FlightPrior) -> FlightPrior {
    let mut bare = prior.clone();
    bare.ground_z = None;
    for view in &mut bare.views {
        (view.position, view.rotation) = (None, None);
    }
    bare
}

/// What sets a grown block upright: its ground level at zero, its cameras [`HEIGHT`] above that, east to the right of the
/// first photo; `None` where its points span no plane.
fn upright(grown: &State) -> Option<Similarity3> {
    let points: Vec<Vector3<f64>> = grown.points.iter().flatten().copied().collect();
    let middle = Vector3::from_fn(|axis, _| median(points.iter().map(|p| p[axis]).collect()));
    let spread: Matrix3<f64> = points.iter().map(|p| (p - middle) * (p - middle).transpose()).sum();
    let axes = spread.symmetric_eigen();
    let normal = axes.eigenvectors.column(axes.eigenvalues.imin()).into_owned();
    let heights = grown.poses.iter().flatten().map(|pose| normal.dot(&(pose.center() - middle)));
    let height = median(heights.collect());
    let up = normal * height.signum();
    let first = grown.poses.iter().flatten().next()?;
    let right = first.rotation.inverse() * Vector3::x();
    let east = (right - up * up.dot(&right)).try_normalize(f64::EPSILON)?;
    let rows = Matrix3::from_rows(&[east.transpose(), up.cross(&east).transpose(), up.transpose()]);
    let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(rows));
    let scale = HEIGHT / height.abs();
    (scale.is_finite()).then(|| Similarity3 { scale, rotation, translation: -scale * (rotation * middle) })
}

/// The prior of a free network: every view about where it grew.
fn held(bare: &FlightPrior, upright: &State) -> FlightPrior {
    let mut held = bare.clone();
    for (view, pose) in held.views.iter_mut().zip(&upright.poses) {
        view.position = pose.map(|pose| pose.center());
        view.position_sigma_m = Vector3::repeat(HELD.0);
        view.rotation = pose.map(|pose| pose.rotation);
        view.rotation_sigma = HELD.1;
    }
    held
}

/// Takes out of the report what only the holding of the views said.
fn disown_place(adjustment: &mut Adjustment) {
    let report = &mut adjustment.report;
    report.reference = Reference::NotGeoreferenced;
    report.gnss_rms_m = [f64::NAN; 3];
    for view in &mut report.views {
        (view.gnss_offset_m, view.gnss_believed) = (None, false);
        view.position_sigma_m = Vector3::repeat(f64::INFINITY);
        view.rotation_sigma = Vector3::repeat(f64::INFINITY);
    }
    let nothing = f64::INFINITY;
    report.quality =
        SurveyQuality { class: SurveyClass::GnssOnly, u_xy_m: nothing, u_z_m: nothing, u_height_m: nothing };
    // What else was remarked counts in metres and speaks of positions; there are neither.
    report.remarks = vec![no_place()];
    report.cameras.iter_mut().for_each(|camera| camera.focal = None);
}

fn no_place() -> Remark {
    Remark {
        zh: format!(
            "NOT_GEOREFERENCED 未定位：照片没有位置信息，也没有像控点；仅为相对模型，位置、方位和尺度均无意义（航高记作 {HEIGHT:.0} 单位），\
             不能生成成果或与规划比对；请提供定位（EXIF GPS、.mrk）或至少三个像控点"
        ),
        en: format!(
            "NOT_GEOREFERENCED: the photos have no positions and there is no ground control; this is a relative model whose place, \
             heading and scale mean nothing (the flying height counts as {HEIGHT:.0} units), from which no product and no comparison \
             with a plan can be made; supply positions (EXIF GPS, .mrk) or at least three control points"
        ),
    }
}
