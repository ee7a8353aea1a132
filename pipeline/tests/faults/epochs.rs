//! A second date that does not show what the first one shows.

use plumbline_fixtures::Card;
use serde_json::Value;
use tempfile::TempDir;

use crate::Flight;
use crate::site::{json, plumbline, succeed};

/// Places two flights over one site, the second tied to the first; returns the tie.
fn tie(first: &Card, second: &Card) -> Value {
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
    let tie = json(&out.join("epochs/second/block.json"))["report"]["tie"].clone();
    let run = std::fs::read_to_string(out.join("run.json")).unwrap();
    assert!(tie["verdict"] == "COMPARABLE" || run.contains(tie["text_en"].as_str().unwrap()), "{run}");
    tie
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
