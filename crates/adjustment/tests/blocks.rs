//! Adjustment of simulated flights whose truth is known.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod flight;

use flight::{Flight, Flown, fly};
use nalgebra::{UnitQuaternion, Vector2, Vector3};
use plumbline_adjustment::{
    Adjustment, Error, LeftOutReason, Options, Reference, Survey, TieVerdict, adjust,
};
use plumbline_camera::Camera;
use plumbline_geodesy::SurveyClass;
use plumbline_geometry::{Rigid3, Similarity3};
use plumbline_scene::{Block, GroundRole, PixelTrack};

fn adjusted(flown: &Flown) -> Adjustment {
    adjust(&survey(flown, &flown.tracks, None), &Options::default()).unwrap()
}

fn survey<'a>(flown: &'a Flown, tracks: &'a [PixelTrack], earlier: Option<&'a Block>) -> Survey<'a> {
    Survey { prior: &flown.prior, tracks, ground: &[], earlier }
}

/// Adjusted minus true centres.
fn center_errors(flown: &Flown, adjustment: &Adjustment) -> Vec<Vector3<f64>> {
    let views = adjustment.block.views.iter();
    views
        .map(|view| {
            let i = flown.prior.views.iter().position(|v| v.name == view.name).unwrap();
            view.cam_from_world.center() - flown.poses[i].center()
        })
        .collect()
}

fn rms(errors: &[Vector3<f64>]) -> f64 {
    (errors.iter().map(Vector3::norm_squared).sum::<f64>() / errors.len() as f64).sqrt()
}

#[test]
fn a_flight_with_rtk_is_recovered_to_centimetres() {
    let flown = fly(&Flight { gnss: (Vector3::zeros(), 0.03), ..Flight::default() });
    let adjustment = adjusted(&flown);
    assert_eq!(adjustment.report.adjusted, 18);
    let error = rms(&center_errors(&flown, &adjustment));
    assert!((0.002..0.06).contains(&error), "{error}");
    // 0.3 px a coordinate is a mean length of 0.38 px, a little of which the fit takes up.
    assert!(
        (0.30..0.40).contains(&adjustment.report.reprojection_px),
        "{}",
        adjustment.report.reprojection_px
    );
    assert_eq!(adjustment.report.quality.class, SurveyClass::RtkOnly);
}

#[test]
fn a_flight_at_one_height_keeps_its_focal_length() {
    let flown = fly(&Flight::default());
    let camera = &adjusted(&flown).report.cameras[0];
    assert!((camera.after.focal_px / 900.0 - 1.0).abs() < 0.02, "{}", camera.after.focal_px);
    // Single coefficients trade against one another; what counts is where a ray falls near the rim of the photo.
    let ray = Vector3::new(0.5, 0.35, 1.0);
    let scaled = Camera { focal_px: flown.camera.focal_px, ..camera.after };
    let miss_px = scaled.project(&ray).unwrap() - flown.camera.project(&ray).unwrap();
    let shift_px = Vector2::new(camera.after.cx - flown.camera.cx, camera.after.cy - flown.camera.cy);
    assert!((miss_px - shift_px).norm() < 1.5, "{miss_px} with {shift_px}");
}

#[test]
fn one_observation_in_five_may_point_anywhere() {
    let flown = fly(&Flight { outliers: 0.2, ..Flight::default() });
    let adjustment = adjusted(&flown);
    assert_eq!(adjustment.report.adjusted, 18);
    assert!(adjustment.report.reprojection_px < 0.5, "{}", adjustment.report.reprojection_px);
    assert!(rms(&center_errors(&flown, &adjustment)) < 0.6);
}

#[test]
fn a_flight_without_attitudes_is_placed() {
    let flown = fly(&Flight { gimbal_sigma_deg: None, ..Flight::default() });
    let adjustment = adjusted(&flown);
    assert_eq!(adjustment.report.adjusted, 18);
    assert!(rms(&center_errors(&flown, &adjustment)) < 0.6);
}

#[test]
fn a_photo_without_any_prior_is_placed_by_its_matches() {
    let mut flown = fly(&Flight::default());
    flown.prior.views[7].position = None;
    flown.prior.views[7].rotation = None;
    let adjustment = adjusted(&flown);
    assert_eq!(adjustment.report.adjusted, 18);
    assert!(center_errors(&flown, &adjustment)[7].norm() < 1.0);
}

#[test]
fn a_strip_whose_gimbal_is_half_a_turn_off_is_placed() {
    let mut flown = fly(&Flight::default());
    let half_turn = UnitQuaternion::from_axis_angle(&Vector3::z_axis(), std::f64::consts::PI);
    for view in &mut flown.prior.views[6..12] {
        view.rotation = view.rotation.map(|rotation| half_turn * rotation);
    }
    let adjustment = adjusted(&flown);
    let report = &adjustment.report;
    assert_eq!(report.adjusted, 18);
    assert!(report.reprojection_px < 0.6, "{}", report.reprojection_px);
    assert!(report.remarks.iter().any(|remark| remark.en.contains("DJI_0006.JPG")), "{:?}", report.remarks);
    let error_m = rms(&center_errors(&flown, &adjustment));
    assert!(error_m < 0.4, "{error_m} m");
}

#[test]
fn photos_turned_after_the_exposure_are_placed_as_well_as_the_others() {
    let mut flown = fly(&Flight::default());
    for seen in flown.tracks.iter_mut().flat_map(|track| &mut track.observations) {
        if (6..12).contains(&seen.view_idx) {
            seen.pixel = Vector2::new(1200.0, 900.0) - seen.pixel;
        }
    }
    let adjustment = adjusted(&flown);
    assert_eq!((adjustment.report.adjusted, adjustment.block.cameras.len()), (18, 2));
    assert!(adjustment.report.reprojection_px < 0.6, "{}", adjustment.report.reprojection_px);
    let error_m = rms(&center_errors(&flown, &adjustment));
    assert!(error_m < 0.4, "{error_m} m");
}

#[test]
fn one_photo_ten_kilometres_off_is_found() {
    let mut flown = fly(&Flight::default());
    flown.prior.views[4].position =
        flown.prior.views[4].position.map(|p| p + Vector3::new(10_000.0, 0.0, 0.0));
    let adjustment = adjusted(&flown);
    assert_eq!(adjustment.report.adjusted, 18);
    assert!(center_errors(&flown, &adjustment)[4].norm() < 1.0);
    let disbelieved: Vec<_> = adjustment.report.views.iter().filter(|v| !v.gnss_believed).collect();
    assert_eq!(disbelieved.len(), 1);
    assert_eq!(disbelieved[0].name, "DJI_0004.JPG");
    assert!(adjustment.report.remarks.iter().any(|r| r.en.contains("DJI_0004.JPG")));
}

#[test]
fn a_tie_to_an_earlier_epoch_removes_a_gnss_error_of_three_metres() {
    let earlier = fly(&Flight { seed: 5, ..Flight::default() });
    let flown = fly(&Flight { gnss: (Vector3::new(2.0, -2.0, 1.0), 0.3), ..Flight::default() });
    let tracks = flown.tied_to(&earlier, 0.3);
    let block = earlier.true_block();
    let adjustment = adjust(&survey(&flown, &tracks, Some(&block)), &Options::default()).unwrap();
    let tie = adjustment.report.tie.as_ref().unwrap();
    assert_eq!(tie.verdict, TieVerdict::Comparable, "{}", tie.text_en);
    assert!(tie.held_out >= 20 && tie.tracks > 3 * tie.held_out);
    let gsd_m = adjustment.report.gsd_m;
    let error = rms(&center_errors(&flown, &adjustment));
    assert!(error < gsd_m, "{error} against {gsd_m}");
    assert!(tie.residual_xy_m < gsd_m && tie.residual_z_m < 2.0 * gsd_m);
}

/// Three metres apart, and seven in ten of the common points moved between the epochs.
#[test]
fn a_tie_holds_where_most_of_the_scene_has_changed() {
    let earlier = fly(&Flight { seed: 5, ..Flight::default() });
    let flown = fly(&Flight { gnss: (Vector3::new(2.0, -2.0, 1.0), 0.3), ..Flight::default() });
    let tracks = flown.tied_to_changed(&earlier, 0.6, 0.7);
    let mut stable = flown.ground(30, 0.0);
    stable.retain(|p| p.role == GroundRole::Check);
    let block = earlier.true_block();
    let survey = Survey { prior: &flown.prior, tracks: &tracks, ground: &stable, earlier: Some(&block) };
    let report = adjust(&survey, &Options::default()).unwrap().report;
    let (tie, gsd_m) = (report.tie.unwrap(), report.gsd_m);
    assert_eq!(tie.verdict, TieVerdict::Comparable, "{}", tie.text_en);
    assert!(tie.residual_xy_m < 0.5 * gsd_m && tie.residual_z_m < gsd_m, "{tie:?} at {gsd_m}");
    let rmse = report.ground.check_rmse_m.unwrap();
    assert!(rmse.x.max(rmse.y) < 0.5 * gsd_m && rmse.z < gsd_m, "{rmse} at {gsd_m}");
}

#[test]
fn epochs_of_which_nothing_is_left_are_not_comparable() {
    let earlier = fly(&Flight { seed: 5, ..Flight::default() });
    let flown = fly(&Flight { gnss: (Vector3::new(2.0, -2.0, 1.0), 0.3), ..Flight::default() });
    let tracks = flown.tied_to_changed(&earlier, 0.6, 1.0);
    let report =
        adjust(&survey(&flown, &tracks, Some(&earlier.true_block())), &Options::default()).unwrap().report;
    assert_eq!(report.tie.unwrap().verdict, TieVerdict::NotComparable);
}

#[test]
fn a_flight_inherits_no_better_class_than_its_tie_allows() {
    let earlier = fly(&Flight { seed: 5, ..Flight::default() });
    let options = Options { earlier_class: SurveyClass::RtkOnly, ..Options::default() };
    let class = |gnss_sigma_m| {
        let flown = fly(&Flight { gnss: (Vector3::zeros(), gnss_sigma_m), ..Flight::default() });
        let tracks = flown.tied_to(&earlier, 0.3);
        let report = adjust(&survey(&flown, &tracks, Some(&earlier.true_block())), &options).unwrap().report;
        report.quality.class
    };
    assert_eq!(class(0.03), SurveyClass::RtkOnly);
    assert_eq!(class(0.3), SurveyClass::Coreg);
}

#[test]
fn without_common_points_two_epochs_are_not_comparable() {
    let earlier = fly(&Flight { seed: 5, ..Flight::default() });
    let flown = fly(&Flight::default());
    let adjustment =
        adjust(&survey(&flown, &flown.tracks, Some(&earlier.true_block())), &Options::default()).unwrap();
    assert_eq!(adjustment.report.tie.unwrap().verdict, TieVerdict::NotComparable);
    assert_eq!(adjustment.report.adjusted, 18);
}

#[test]
fn a_photo_of_another_place_is_left_out_by_name() {
    let mut flown = fly(&Flight::default());
    for track in &mut flown.tracks {
        track.observations.retain(|o| o.view_idx != 9);
    }
    flown.tracks.retain(|t| t.observations.len() >= 2);
    let report = adjusted(&flown).report;
    assert_eq!(report.left_out.len(), 1);
    assert_eq!(report.left_out[0].name, "DJI_0009.JPG");
    assert_eq!(report.left_out[0].reason, LeftOutReason::NoMatches);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let flown = fly(&Flight { gimbal_sigma_deg: None, outliers: 0.1, ..Flight::default() });
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        serde_json::to_string(&pool.install(|| adjusted(&flown)).block).unwrap()
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn without_positions_and_control_the_photos_lie_right_to_one_another() {
    let mut flown = fly(&Flight { gimbal_sigma_deg: None, outliers: 0.1, ..Flight::default() });
    for view in &mut flown.prior.views {
        view.position = None;
    }
    let Adjustment { block, report } = adjusted(&flown);
    assert_eq!((report.adjusted, report.reference), (18, Reference::NotGeoreferenced));
    assert!(report.quality.u_xy_m.is_infinite() && report.quality.u_height_m.is_infinite());
    assert!(report.remarks[0].en.contains("NOT_GEOREFERENCED"));
    let placed: Vec<_> = block.views.iter().map(|view| view.cam_from_world.center()).collect();
    let truth: Vec<_> = flown.poses.iter().map(Rigid3::center).collect();
    let truth_from_model = Similarity3::fit(&placed, &truth).unwrap();
    let off_m = placed.iter().zip(&truth).map(|(p, t)| (truth_from_model.transform(p) - t).norm());
    let worst_m = off_m.fold(0.0, f64::max);
    assert!(worst_m < 0.3, "{worst_m}");
    // The flying height of 80 m counts as 100, and the model stands upright.
    assert!((truth_from_model.scale - 0.8).abs() < 0.04, "{truth_from_model:?}");
    assert!((truth_from_model.rotation * Vector3::z()).z > 0.999, "{truth_from_model:?}");
}

#[test]
fn what_cannot_be_adjusted_is_refused_by_name() {
    let options = Options::default();
    let mut flown = fly(&Flight::default());
    let none = adjust(&survey(&flown, &[], None), &options);
    assert!(matches!(none, Err(Error::NoOverlap { tracks: 0, .. })), "{none:?}");
    let earlier = flown.true_block();
    for view in &mut flown.prior.views {
        view.position = None;
    }
    let nowhere = adjust(&survey(&flown, &flown.tracks, Some(&earlier)), &options);
    assert!(matches!(nowhere, Err(Error::NotGeoreferenced { positioned: 0, .. })), "{nowhere:?}");
    flown.prior.views.truncate(1);
    let alone = adjust(&survey(&flown, &flown.tracks, None), &options);
    assert!(matches!(alone, Err(Error::TooFewPhotos { photos: 1, .. })), "{alone:?}");
}
