//! Records of other devices: uploaded, described, held against their templates.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::common::{Answer, House};

/// A recording of a body camera, as far as its head tells.
const VIDEO: &[u8] = b"\0\0\0\x18ftypmp42 a recording";

/// Uploads a file as a record; returns what the last request said.
async fn upload(house: &House, who: &str, name: &str, bytes: &'static [u8]) -> Answer {
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    let about = [pair("purpose", "record"), pair("project", "demo"), pair("filename", name)].join(",");
    let length = bytes.len().to_string();
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", length.as_str()),
        ("upload-metadata", about.as_str()),
        ("content-type", "application/offset+octet-stream"),
    ];
    house.raw(who, Method::POST, "/api/uploads", &headers, Body::from(bytes)).await
}

fn described(id: &str, bytes: &[u8]) -> Value {
    json!({
        "id": id, "project": "demo", "producer": "BODY_CAMERA", "device": "BC-7", "unit": "桥东大队", "operators": [],
        "subject": "3#楼", "lead": null, "trigger": "SCENE",
        "step": { "template": "PLANNING_8", "step": "FOUNDATION", "repeat_no": 1 },
        "captured": ["2025-06-12T01:00:00Z", "2025-06-12T01:05:00Z"], "place": null, "address": "示范路 1 号",
        "media_type": "video/mp4", "gaps": [], "proves": "基础已开挖", "made_by": "甲",
        "details": { "notice_given": true }, "sha256": plumbline_custody::Digest::of(bytes).to_string(),
    })
}

async fn describe(house: &House, who: &str, record: Value) -> Answer {
    house.send(who, Method::POST, "/api/records", record).await
}

#[tokio::test]
async fn a_recording_is_uploaded_described_and_found_and_completes_its_template() {
    let house = House::open().await;
    assert_eq!(upload(&house, "pilot", "REC_0001.MP4", VIDEO).await.status, StatusCode::CREATED);
    let filed = describe(&house, "pilot", described("r-1", VIDEO)).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.text());
    let id = filed.json()["id"].as_str().unwrap().to_owned();
    let item = house.get("curator", &format!("/stac/collections/records/items/{id}")).await.json();
    assert_eq!(item["properties"]["plumbline:subject"], "3#楼");
    let asked = "project=demo&subject=3%23%E6%A5%BC&template=PLANNING_8";
    let steps = house.get("bureau", &format!("/api/records/completeness?{asked}")).await.json();
    let filled = |step: &Value| !step["records"].as_array().unwrap().is_empty();
    let filled: Vec<_> = steps["steps"].as_array().unwrap().iter().filter(|step| filled(step)).collect();
    assert_eq!((filled.len(), filled[0]["step"].as_str()), (1, Some("FOUNDATION")));
    assert!(house.get("curator", "/api/records/templates").await.text().contains("VEHICLE_4"));
    assert!(house.get("pilot", "/api/flights").await.json()["flights"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_record_or_lacks_something_is_refused() {
    let house = House::open().await;
    for (name, bytes) in
        [("a.exe", &b"MZ"[..]), ("a.mp4", b"MZ"), ("a.pdf", b"<html>"), ("a.zip", b"PK\x03\x04")]
    {
        let answer = upload(&house, "pilot", name, bytes).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{name}: {}", answer.text());
    }
    assert_eq!(upload(&house, "pilot", "REC_0001.MP4", VIDEO).await.status, StatusCode::CREATED);
    let whose = describe(&house, "pilot2", described("r-1", VIDEO)).await;
    assert_eq!(whose.status, StatusCode::FORBIDDEN, "another's upload");
    assert_eq!(describe(&house, "pilot", described("r-1", b"unknown")).await.status, StatusCode::NOT_FOUND);
    let mut without = described("r-1", VIDEO);
    without["details"] = json!({});
    let answer = describe(&house, "pilot", without).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Incomplete"));
    let mut reaching = described("r-1", VIDEO);
    reaching["file"] = json!("/etc/passwd");
    assert_eq!(
        describe(&house, "pilot", reaching).await.status,
        StatusCode::CREATED,
        "the path is not listened to"
    );
    for broken in [
        json!([]),
        json!("x"),
        json!({ "sha256": "../.." }),
        json!({ "sha256": described("", VIDEO)["sha256"] }),
    ] {
        assert_eq!(describe(&house, "pilot", broken).await.status, StatusCode::BAD_REQUEST);
    }
}
