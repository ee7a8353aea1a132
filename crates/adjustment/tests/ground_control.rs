//! Ground control and check points on simulated blocks whose truth is known.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod flight;

use flight::{Flight, Flown, fly, noise};
use nalgebra::{Matrix6, Vector3, Vector6};
use plumbline_adjustment::{Adjustment, Error, Focal, Options, Reference, Survey, adjust};
use plumbline_geodesy::SurveyClass;
use plumbline_scene::{GroundPoint, GroundRole};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

/// Pixel on the ground of [`sixty`], metres.
const GSD_M: f64 = 0.02;

/// Sixty photos at two centimetres, with an image error that the lens model does not describe.
fn sixty() -> Flight {
    Flight {
        grid: (6, 10),
        height_m: 60.0,
        pixels: (4000, 3000),
        spacing_m: (24.0, 16.0),
        lens_error_px: 0.15,
        ..Flight::default()
    }
}

/// As [`sixty`], with RTK positions.
fn sixty_with_rtk() -> Flight {
    Flight { gnss: (Vector3::zeros(), 0.02), ..sixty() }
}

fn adjusted(flown: &Flown, ground: &[GroundPoint]) -> Result<Adjustment, Error> {
    let survey = Survey { prior: &flown.prior, tracks: &flown.tracks, ground, earlier: None };
    adjust(&survey, &Options::default())
}

/// Root mean square of the check points: per horizontal axis, and in height.
fn check_rmse(adjustment: &Adjustment) -> (f64, f64) {
    let rmse = adjustment.report.ground.check_rmse_m.unwrap();
    (rmse.x.max(rmse.y), rmse.z)
}

/// Largest height over the block of a quadratic surface fitted to the check points' height errors, less its linear part.
fn sag_m(adjustment: &Adjustment, ground: &[GroundPoint]) -> f64 {
    let (mut normal, mut right) = (Matrix6::zeros(), Vector6::zeros());
    let row = |p: &Vector3<f64>| {
        let (x, y) = (p.x / 60.0 - 1.0, p.y / 72.0 - 1.0);
        Vector6::new(1.0, x, y, x * x, x * y, y * y)
    };
    for (point, report) in ground.iter().zip(&adjustment.report.ground.points) {
        let Some(residual) = report.residual_m.filter(|_| report.role == GroundRole::Check) else { continue };
        normal += row(&point.position) * row(&point.position).transpose();
        right += row(&point.position) * residual.z;
    }
    let fitted = normal.cholesky().unwrap().solve(&right);
    fitted.fixed_rows::<3>(3).abs().sum()
}

#[test]
fn five_control_points_hold_a_block_to_a_pixel() {
    let flown = fly(&Flight { gnss: (Vector3::new(1.0, -2.0, 40.0), 0.3), ..sixty() });
    let ground = flown.ground(40, 0.01);
    let adjustment = adjusted(&flown, &ground).unwrap();
    let (xy, z) = check_rmse(&adjustment);
    let sag = sag_m(&adjustment, &ground);
    assert_eq!(adjustment.report.reference, Reference::GroundControl);
    assert!((0.002..GSD_M).contains(&xy), "{xy}");
    assert!((0.005..1.5 * GSD_M).contains(&z), "{z}");
    assert!(sag < GSD_M, "{sag}");
}

#[test]
fn rtk_with_oblique_photos_needs_no_control() {
    let flown = fly(&Flight { oblique_every: 4, ..sixty_with_rtk() });
    let mut ground = flown.ground(40, 0.01);
    ground.retain(|p| p.role == GroundRole::Check);
    let adjustment = adjusted(&flown, &ground).unwrap();
    let (xy, z) = check_rmse(&adjustment);
    assert!((0.002..1.5 * GSD_M).contains(&xy), "{xy}");
    assert!((0.004..2.0 * GSD_M).contains(&z), "{z}");
}

#[test]
fn nadir_photos_of_one_height_say_that_their_heights_may_be_off_together() {
    let flown = fly(&Flight { focal_ratio: 1.01, lens_error_px: 0.0, ..sixty_with_rtk() });
    let mut ground = flown.ground(20, 0.01);
    ground.retain(|p| p.role == GroundRole::Check);
    let report = adjusted(&flown, &ground).unwrap().report;
    assert!(report.remarks.iter().any(|r| r.en.contains("all heights may be off")), "{:?}", report.remarks);
    let strength = report.cameras[0].focal.unwrap();
    assert!(strength.height_correlation.abs() > 0.9, "{strength:?}");
    let bias = report.ground.points.iter().map(|p| p.residual_m.unwrap().z).sum::<f64>() / 20.0;
    assert!(bias.abs() < 3.0 * strength.height_sigma_m, "{bias} {strength:?}");
}

#[test]
fn oblique_photos_and_control_leave_no_such_doubt() {
    let flown = fly(&Flight { oblique_every: 4, ..sixty_with_rtk() });
    let oblique = adjusted(&flown, &[]).unwrap().report;
    assert!(oblique.cameras[0].focal.unwrap().sigma_ratio < 0.2);
    let flown = fly(&sixty());
    let held = adjusted(&flown, &flown.ground(0, 0.01)).unwrap().report;
    for report in [oblique, held] {
        assert!(!report.remarks.iter().any(|r| r.en.contains("all heights")), "{:?}", report.remarks);
    }
}

#[test]
fn a_focal_length_can_be_free_believed_or_fixed() {
    let flown = fly(&Flight { focal_ratio: 1.03, ..Flight::default() });
    let focal_px = |focal| {
        let options = Options { focal, ..Options::default() };
        let survey = Survey { prior: &flown.prior, tracks: &flown.tracks, ground: &[], earlier: None };
        let camera = adjust(&survey, &options).unwrap().report.cameras[0].clone();
        (camera.after.focal_px, camera.sigma[0])
    };
    let (free, believed, fixed) = (focal_px(Focal::Free), focal_px(Focal::Prior), focal_px(Focal::Fixed));
    assert_eq!(fixed, (900.0, 0.0));
    assert!(900.0 < believed.0 && believed.0 < free.0, "{free:?} {believed:?}");
    assert!((believed.0 - 927.0).abs() < 3.0 * believed.1, "{believed:?}");
    assert!((free.0 - 927.0).abs() < 3.0 * free.1, "{free:?}");
}

#[test]
fn a_class_is_what_check_points_measure() {
    let flown = fly(&sixty_with_rtk());
    let class = |ground: &[GroundPoint]| adjusted(&flown, ground).unwrap().report.quality;
    let ground = flown.ground(6, 0.01);
    assert_eq!(class(&ground).class, SurveyClass::RtkGcp);
    assert_eq!(class(&ground[..5]).class, SurveyClass::RtkOnly);
    let mut moved = ground;
    moved.iter_mut().filter(|p| p.role == GroundRole::Check).for_each(|p| p.position.z += 0.5);
    let quality = class(&moved);
    assert_eq!(quality.class, SurveyClass::Coreg);
    assert!((0.4..0.6).contains(&quality.u_z_m), "{quality:?}");
}

#[test]
fn control_alone_places_a_flight_without_positions() {
    let mut flown = fly(&Flight::default());
    for view in &mut flown.prior.views {
        view.position = None;
    }
    let ground = flown.ground(10, 0.02);
    let adjustment = adjusted(&flown, &ground).unwrap();
    assert_eq!(adjustment.report.reference, Reference::GroundControl);
    let (xy, z) = check_rmse(&adjustment);
    assert!(xy < 0.1 && z < 0.2, "{xy} {z}");
}

#[test]
fn a_control_point_five_metres_off_is_named_and_left_out() {
    let flown = fly(&Flight::default());
    let mut ground = flown.ground(10, 0.02);
    ground[2].position.x += 5.0;
    let report = adjusted(&flown, &ground).unwrap().report;
    let used: Vec<bool> = report.ground.points[..5].iter().map(|p| p.used).collect();
    assert_eq!(used, [true, true, false, true, true]);
    let fault = report.ground.points[2].fault.as_ref().unwrap();
    assert!(fault.en.contains("G2") && fault.en.contains(" m east"), "{}", fault.en);
}

#[test]
fn a_control_point_with_swapped_axes_is_told_so() {
    let flown = fly(&Flight::default());
    let mut ground = flown.ground(0, 0.02);
    let frame = &flown.prior.frame;
    let mut map = frame.map_from_world(&ground[4].position);
    std::mem::swap(&mut map.east, &mut map.north);
    ground[4].position = frame.world_from_map(&map);
    let report = adjusted(&flown, &ground).unwrap().report;
    assert!(!report.ground.points[4].used);
    assert!(report.ground.points[4].fault.as_ref().unwrap().en.contains("swapped"));
}

#[test]
fn control_points_that_are_all_swapped_are_refused() {
    let flown = fly(&Flight::default());
    let mut ground = flown.ground(0, 0.02);
    for point in &mut ground {
        let mut map = flown.prior.frame.map_from_world(&point.position);
        std::mem::swap(&mut map.east, &mut map.north);
        point.position = flown.prior.frame.world_from_map(&map);
    }
    let error = adjusted(&flown, &ground).unwrap_err();
    assert!(matches!(error, Error::ControlContradicts { given: 5, .. }), "{error}");
}

#[test]
fn a_mark_in_the_wrong_photo_is_found() {
    let flown = fly(&Flight::default());
    let mut ground = flown.ground(0, 0.02);
    ground[4].marks[0].pixel.x += 60.0;
    let report = adjusted(&flown, &ground).unwrap().report;
    let point = &report.ground.points[4];
    assert!(point.used && !point.marks[0].used);
    assert!(point.marks[1..].iter().all(|m| m.used));
}

#[test]
fn exchanged_names_are_recognised() {
    let flown = fly(&Flight::default());
    let mut ground = flown.ground(4, 0.02);
    let marks = ground[1].marks.clone();
    ground[1].marks = ground[6].marks.clone();
    ground[6].marks = marks;
    let report = adjusted(&flown, &ground).unwrap().report;
    let fault = report.ground.points[1].fault.as_ref().unwrap();
    assert!(!report.ground.points[1].used && fault.en.contains("G6"), "{}", fault.en);
}

#[test]
fn two_control_points_only_measure() {
    let flown = fly(&Flight::default());
    let ground = flown.ground(0, 0.02).split_off(3);
    let report = adjusted(&flown, &ground).unwrap().report;
    assert_eq!(report.reference, Reference::Gnss);
    assert!(report.ground.points.iter().all(|p| !p.used && p.residual_m.is_some() && p.fault.is_some()));
}

/// Root mean square error over predicted standard uncertainty, of camera positions and of check points.
fn ratios(flight: &Flight, seeds: std::ops::Range<u64>, control: bool) -> (f64, f64) {
    let (mut cameras, mut points) = (Vec::new(), Vec::new());
    for seed in seeds {
        // The focal length errs as its prior says it may.
        let focal_ratio = 1.0 + 0.02 * noise(&mut Pcg64Mcg::seed_from_u64(1000 + seed));
        let flown = fly(&Flight { focal_ratio, seed, ..flight.clone() });
        let mut ground = flown.ground(12, 0.002);
        ground.retain(|p| control || p.role == GroundRole::Check);
        let adjustment = adjusted(&flown, &ground).unwrap();
        for ((view, report), truth) in
            adjustment.block.views.iter().zip(&adjustment.report.views).zip(&flown.poses)
        {
            let error = view.cam_from_world.center() - truth.center();
            cameras.push((error, report.position_sigma_m));
        }
        let checks = adjustment.report.ground.points.iter().filter(|p| p.role == GroundRole::Check);
        points.extend(checks.map(|p| (p.residual_m.unwrap(), p.sigma_m.unwrap())));
    }
    (ratio(&cameras), ratio(&points))
}

fn ratio(pairs: &[(Vector3<f64>, Vector3<f64>)]) -> f64 {
    let error: f64 = pairs.iter().map(|(error, _)| error.norm_squared()).sum();
    let predicted: f64 = pairs.iter().map(|(_, sigma)| sigma.norm_squared()).sum();
    (error / predicted).sqrt()
}

#[test]
fn predicted_uncertainties_are_those_that_come_true() {
    let rtk = Flight { gnss: (Vector3::zeros(), 0.03), ..Flight::default() };
    for (name, flight, control) in [
        ("control", Flight::default(), true),
        ("rtk", rtk.clone(), false),
        ("rtk, lens", Flight { lens_error_px: 0.15, ..rtk }, false),
        ("control, lens", Flight { lens_error_px: 0.15, ..Flight::default() }, true),
    ] {
        let (cameras, points) = ratios(&flight, 1..9, control);
        assert!((0.7..1.4).contains(&cameras) && (0.7..1.4).contains(&points), "{name}: {cameras} {points}");
    }
}
