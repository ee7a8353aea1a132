//! Heights that are above the ellipsoid, or above nothing anybody knows.

use plumbline_fixtures::Mark;

use crate::Flight;
use crate::outcome::Placed;

const DATUM: &str = "1985 national height datum";
/// Height of the geoid above the ellipsoid around Xingtai, metres.
const UNDULATION_M: f64 = -16.54;
/// Cameras placed twice from the same pixels lie this near to each other, metres.
const SAME_M: f64 = 1e-3;

/// Arguments that state the datum, and how GNSS heights get there.
fn stated(model: &[&str]) -> Vec<String> {
    [&["--vertical-datum", DATUM], model].concat().into_iter().map(str::to_owned).collect()
}

/// Gives all photos the height of a barometer that is so far off, metres.
pub fn by_barometer(flight: &mut Flight, off_m: f64) {
    flight.each(|_, photo| {
        let xmp = photo.xmp.as_mut().unwrap();
        xmp.rtk_flag = 16;
        for place in [&mut photo.exif.place, &mut xmp.place].into_iter().flatten() {
            place.height_m += off_m;
        }
    });
}

/// Asserts that every camera lies where it lay before, but for so much in height, metres.
fn raised(before: &Placed, after: &Placed, by_m: f64) {
    assert_eq!(before.cameras.len(), after.cameras.len());
    for (name, was) in &before.cameras {
        let is = &after.cameras[name];
        let moved = [is.east - was.east, is.north - was.north, is.height - was.height - by_m];
        assert!(moved.iter().all(|m| m.abs() < SAME_M), "{name}: {moved:?}");
    }
}

/// A grid of one undulation over these degrees east and north, as NOAA's `VDatum` writes it (`.gtx`).
fn gtx([west, east, south, north]: [i32; 4], undulation_m: f64) -> Vec<u8> {
    let (rows, cols) = (north - south + 1, east - west + 1);
    let header = [f64::from(south), f64::from(west), 1.0, 1.0].map(f64::to_be_bytes).concat();
    let size = [rows, cols].map(i32::to_be_bytes).concat();
    let value = (undulation_m as f32).to_be_bytes();
    [header, size, value.repeat((rows * cols) as usize)].concat()
}

#[test]
fn a_constant_moves_every_camera_by_itself_and_is_written_down() {
    let mut flight = Flight::sound();
    let ellipsoidal = flight.place().placed();
    assert_eq!(ellipsoidal.heights["datum"], "ELLIPSOID");
    flight.arguments = stated(&["--vertical-offset", &UNDULATION_M.to_string()]);
    let national = flight.place().placed();
    raised(&ellipsoidal, &national, -UNDULATION_M);
    assert_eq!(national.heights["datum"], "NATIONAL");
    assert_eq!(national.heights["source"]["undulation_m"], UNDULATION_M);
    assert!(national.page.contains(DATUM) && national.page.contains("-16.540"), "{}", national.page);
}

#[test]
fn a_grid_of_one_value_does_what_the_constant_does_and_one_of_elsewhere_is_refused() {
    let mut flight = Flight::sound();
    let ellipsoidal = flight.place().placed();
    let here = flight.beside("here.gtx", gtx([110, 120, 30, 40], 9.875));
    flight.arguments = stated(&["--vertical-grid", &here]);
    let national = flight.place().placed();
    raised(&ellipsoidal, &national, -9.875);
    assert_eq!(national.heights["source"]["grid"], "here.gtx");
    let elsewhere = flight.beside("elsewhere.gtx", gtx([80, 90, 30, 40], 9.875));
    flight.arguments = stated(&["--vertical-grid", &elsewhere]);
    flight.place().refused("elsewhere.gtx");
}

#[test]
fn a_model_makes_no_national_height_of_a_barometric_one() {
    let mut flight = Flight::sound();
    by_barometer(&mut flight, 0.0);
    let plain = flight.place().placed();
    flight.arguments = stated(&["--vertical-offset", "9.87"]);
    let placed = flight.place().placed();
    raised(&plain, &placed, 0.0);
    assert_eq!(placed.heights["datum"], "UNKNOWN");
    assert!(placed.page.contains("only control points can"), "{}", placed.page);
}

#[test]
fn a_barometer_500_m_off_moves_no_pose_against_the_ground() {
    let place = |off_m| {
        let mut flight = Flight::sound();
        by_barometer(&mut flight, off_m);
        flight.place().placed()
    };
    let (right, off) = (place(0.0), place(500.0));
    // Nobody knows the level that both count from, so it moves with the barometer, and is not called a height.
    raised(&right, &off, 500.0);
    assert!((right.height_m - off.height_m).abs() < SAME_M);
    for placed in [&right, &off] {
        assert_eq!(placed.heights["datum"], "UNKNOWN");
        assert_eq!(placed.claimed_z_m, None);
    }
}

#[test]
fn control_points_give_a_barometric_flight_its_heights_however_far_off_the_barometer_is() {
    let place = |off_m| {
        let mut flight = Flight::sound();
        by_barometer(&mut flight, off_m);
        let list = flight.beside("gcp_list.txt", Mark::list("EPSG:4547", &flight.card.marks));
        flight.arguments = stated(&["--vertical-offset", "9.87", "--control", &list]);
        flight.place().placed()
    };
    let (right, off) = (place(0.0), place(500.0));
    raised(&right, &off, 0.0);
    assert_eq!((&off.heights["datum"], &off.heights["name"]), (&"NATIONAL".into(), &DATUM.into()));
    assert_eq!(off.heights["source"]["kind"], "CONTROL");
}
