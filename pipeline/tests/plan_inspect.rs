//! What `plumbline plan inspect` tells of a drawing, and what it leaves to a person.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const DRAWING: &str = "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n8\nJZJD\n90\n4\n70\n1\n10\n544900\n20\n4104200\n10\n544940\n20\n4104200\n\
                       10\n544940\n20\n4104215\n10\n544900\n20\n4104215\n0\nENDSEC\n0\nEOF\n";

fn inspect(folder: &Path, options: &[&str]) -> Output {
    let drawing = folder.join("site.dxf");
    std::fs::write(&drawing, DRAWING).unwrap();
    std::fs::write(folder.join("layers.toml"), "[layers.JZJD]\nkind = \"building\"\n").unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .args(["plan", "inspect", "site.dxf"])
        .args(options)
        .current_dir(folder)
        .output();
    program.unwrap()
}

#[test]
fn a_drawing_is_listed_and_drawn_once_its_layers_are_mapped() {
    let folder = tempfile::tempdir().unwrap();
    let mapped = ["--layers", "layers.toml", "--crs", "EPSG:4547", "--picture", "site.svg"];
    let output = inspect(folder.path(), &mapped);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && said.contains("building 批准建筑") && said.contains("1 elements"),
        "{said}"
    );
    let picture = std::fs::read_to_string(folder.path().join("site.svg")).unwrap();
    assert!(
        picture.contains("许可建筑 approved building (1)") && picture.contains("<path class=\"building\"")
    );
}

#[test]
fn an_unmapped_layer_is_named_with_what_it_commonly_is_and_nothing_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let output = inspect(folder.path(), &["--crs", "EPSG:4547"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success() && said.contains("unmapped, building?"), "{said}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("JZJD") && error.contains("layer map"), "{error}");
}

#[test]
fn readings_are_proposed_for_a_person_where_the_declared_one_leads_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        "--layers",
        "layers.toml",
        "--crs",
        "EPSG:4548",
        "--survey-crs",
        "EPSG:4547",
        "--near",
        "544893,4104199",
        "--json",
    ];
    let output = inspect(folder.path(), &wrong);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!output.status.success() && answer["plan"].is_null(), "{answer}");
    assert!(
        answer["refused"].as_str().is_some_and(|reason| reason.contains("km from the survey")),
        "{answer}"
    );
    let best = &answer["proposals"][0];
    assert_eq!(
        (best["declaration"].as_str(), best["measured_to"].as_str()),
        (Some("crs = \"EPSG:4547\""), Some("PLACE"))
    );
    assert!(best["residual_m"].as_f64().is_some_and(|off_m| off_m < 40.0), "{answer}");
}
