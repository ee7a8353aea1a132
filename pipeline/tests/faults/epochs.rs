//! A second date that does not show what the first one shows.

use plumbline_fixtures::Card;
use plumbline_geodesy::SurveyFrame;
use plumbline_scene::View;
use serde_json::Value;
use tempfile::TempDir;

use crate::Flight;
use crate::heights::by_barometer;
use crate::site::{json, plumbline, succeed};

/// Places two flights over one site, the second tied to the first; returns the block of the second.
fn second(first: &Card, second: &Card) -> Value {
    let room = TempDir::new().unwrap();
    for (name, card) in [("first", first), ("second", second)] {
        let folder = room.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        card.photos.iter().for_each(|photo| photo.write(&folder).unwrap());
    }
    let project = room.path().join("project.toml");
    std::fs::write(&project, PROJECT).unwrap();
    let out = room.path().join("out");
    succeed(plumbline().arg("georeference").arg(&project).arg("--out").arg(&out));
    let block = json(&out.join("epochs/second/block.json"));
    let tie = &block["report"]["tie"];
    let run = std::fs::read_to_string(out.join("run.json")).unwrap();
    assert!(tie["verdict"] == "COMPARABLE" || run.contains(tie["text_en"].as_str().unwrap()), "{run}");
    block
}

/// How two flights over one site are tied.
fn tie(first: &Card, card: &Card) -> Value {
    second(first, card)["report"]["tie"].clone()
}

const PROJECT: &str = r#"
[project]
name = "two dates"
crs = "EPSG:4547"

[[flight]]
id = "first"
photos = "first"

[[flight]]
id = "second"
photos = "second"
compare_with = "first"
"#;

#[test]
fn the_same_site_a_season_later_is_comparable() {
    let (first, second) = (Flight::sound(), Flight::later());
    let tie = tie(&first.card, &second.card);
    assert_eq!(tie["verdict"], "COMPARABLE", "{tie}");
    let residual_m = tie["residual_xy_m"].as_f64().unwrap();
    assert!(residual_m < 0.2, "{tie}");
}

#[test]
fn another_site_at_the_same_positions_is_not_comparable() {
    let tie = tie(&Flight::sound().card, &Flight::elsewhere().card);
    assert_eq!(tie["verdict"], "NOT_COMPARABLE");
}

#[test]
fn a_flight_of_another_level_takes_that_of_the_epoch_it_is_tied_to() {
    let (first, mut later) = (Flight::sound(), Flight::later());
    by_barometer(&mut later, 500.0);
    let block = second(&first.card, &later.card);
    assert_eq!(block["report"]["tie"]["verdict"], "COMPARABLE", "{}", block["report"]["tie"]);
    assert_eq!(block["heights"]["datum"], "ELLIPSOID");
    assert_eq!(block["heights"]["source"]["kind"], "EARLIER_EPOCH");
    let off_m = heights(&block).zip(&later.card.views).map(|(height, truth)| {
        (height - later.card.frame.map_from_world(&truth.cam_from_world.center()).height).abs()
    });
    assert!(off_m.fold(0.0, f64::max) < 0.3, "{}", block["report"]["tie"]);
}

#[test]
fn a_flight_of_another_level_that_cannot_be_tied_counts_from_nothing_known() {
    let mut elsewhere = Flight::elsewhere();
    by_barometer(&mut elsewhere, 500.0);
    let block = second(&Flight::sound().card, &elsewhere.card);
    assert_eq!(block["report"]["tie"]["verdict"], "NOT_COMPARABLE");
    assert_eq!(block["heights"]["datum"], "UNKNOWN");
}

/// Heights of a block's cameras on the map, in the order of its views.
fn heights(block: &Value) -> impl Iterator<Item = f64> {
    let frame: SurveyFrame = serde_json::from_value(block["block"]["frame"].clone()).unwrap();
    let views: Vec<View> = serde_json::from_value(block["block"]["views"].clone()).unwrap();
    views.into_iter().map(move |view| frame.map_from_world(&view.cam_from_world.center()).height)
}
