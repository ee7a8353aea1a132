//! A lead as inspectors see it, and what they say of it.

use crate::common::run::LEAD;
use crate::common::{Answer, House};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use plumbline_custody::Digest;
use serde_json::{Value, json};

fn path(rest: &str) -> String {
    format!("/api/projects/demo/leads/{LEAD}{rest}")
}

async fn decide(house: &House, who: &str, outcome: &str, reason: &str) -> Answer {
    let said = json!({ "finding": "NO_PERMIT-1", "outcome": outcome, "reason": reason });
    house.send(who, Method::POST, &path("/decisions"), said).await
}

#[tokio::test]
async fn the_queue_shows_the_lead_and_filters_it() {
    let house = House::with_run().await;
    let all = house.get("curator", "/api/leads").await.json();
    let row = &all["leads"][0];
    assert_eq!(row["id"], LEAD);
    assert_eq!(row["kinds"], json!(["NO_PERMIT"]));
    assert_eq!((row["state"].as_str(), row["priority"].as_str()), (Some("LEAD"), Some("HIGH")));
    for (query, found) in [
        ("project=demo", 1),
        ("project=other", 0),
        ("kind=NO_PERMIT", 1),
        ("kind=SHIFTED", 0),
        ("q=permit", 1),
        ("q=%E8%AE%B8%E5%8F%AF", 1),
        ("q=100%25", 0),
        ("undecided=true", 1),
        ("state=FILED", 0),
        ("priority=HIGH&limit=1", 1),
    ] {
        let answer = house.get("bureau", &format!("/api/leads?{query}")).await.json();
        assert_eq!(answer["leads"].as_array().unwrap().len(), found, "{query}");
    }
    assert_eq!(house.get("curator", "/api/leads?token=bad").await.code(), "BadToken");
    assert_eq!(house.get("curator", "/api/leads?limit=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_lead_comes_with_its_places_epochs_photos_and_next_states() {
    let house = House::with_run().await;
    let lead = house.get("curator", &path("")).await.json();
    assert_eq!(lead["lead"]["id"], LEAD);
    assert_eq!(lead["place"]["type"].as_str().map(|sort| sort.ends_with("Polygon")), Some(true));
    assert!(lead["findings_geo"]["NO_PERMIT-1"]["coordinates"].is_array());
    assert!(lead["next_states"].as_array().unwrap().contains(&json!("VERIFYING")));
    assert!(lead["form"]["fields"][0]["label"]["zh"].is_string());
    for (side, day) in [("before", "2025-03-10"), ("after", "2025-06-12")] {
        assert_eq!(lead[side]["date"], day);
        for product in ["ortho", "dsm"] {
            let href = lead[side][product].as_str().unwrap();
            assert_eq!(house.get("curator", href).await.status, StatusCode::OK, "{href}");
        }
    }
    let photo = &lead["photos"][0];
    assert_eq!(house.get("curator", photo["href"].as_str().unwrap()).await.status, StatusCode::OK, "{photo}");
}

#[tokio::test]
async fn the_profile_crosses_the_wall() {
    let house = House::with_run().await;
    let lead = house.get("curator", &path("")).await.json();
    let ring = lead["findings_geo"]["NO_PERMIT-1"]["coordinates"].to_string();
    let numbers: Vec<f64> = ring.replace(['[', ']'], "").split(',').map(|n| n.parse().unwrap()).collect();
    let middle = |from: usize| {
        let picked: Vec<f64> = numbers.iter().skip(from).step_by(2).copied().collect();
        let (min, max) = (
            picked.iter().copied().fold(f64::MAX, f64::min),
            picked.iter().copied().fold(f64::MIN, f64::max),
        );
        f64::midpoint(min, max)
    };
    let (lon, lat) = (middle(0), middle(1));
    let query = format!("/profile?from={:.8},{lat:.8}&to={lon:.8},{lat:.8}", lon - 0.0001);
    let profile = house.get("bureau", &path(&query)).await.json();
    let list = |name: &str| -> Vec<f64> {
        profile[name].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
    };
    let (distance, before, after) = (list("distance_m"), list("before_m"), list("after_m"));
    assert!((distance.last().unwrap() - 8.9).abs() < 0.2, "{:?}", distance.last());
    assert!(before.iter().all(|height| (height - 61.0).abs() < 1e-3));
    assert!((after[0] - 61.0).abs() < 1e-3 && (after.last().unwrap() - 66.0).abs() < 1e-3);
    for query in
        ["?from=1,2", "?from=a,b&to=c,d", "?from=0,0&to=0,0", "?from=114,37&to=115,38", "?from=999,0&to=0,0"]
    {
        let answer = house.get("bureau", &path(&format!("/profile{query}"))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_decision_needs_a_second_person() {
    let house = House::with_run().await;
    let made = decide(&house, "curator", "CONFIRMED", "现场可见").await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let second = format!("/api/decisions/{}/second", made.json()["id"]);
    let own = house.send("curator", Method::POST, &second, json!({ "agreed": true, "reason": "同意" })).await;
    assert_eq!((own.status, own.code().as_str()), (StatusCode::FORBIDDEN, "SamePerson"));
    let other =
        house.send("curator2", Method::POST, &second, json!({ "agreed": true, "reason": "同意" })).await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.text());
    assert_eq!(other.json()["second"]["by"], "curator2");
    let again = house.send("curator2", Method::POST, &second, json!({ "agreed": false, "reason": "" })).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::CONFLICT, "Done"));
    let lead = house.get("bureau", &path("")).await.json();
    assert_eq!(lead["decisions"][0]["second"]["agreed"], true);
}

#[tokio::test]
async fn outcomes_ask_for_what_they_need() {
    let house = House::with_run().await;
    let bare = decide(&house, "curator", "FALSE_POSITIVE", "").await;
    assert_eq!((bare.status, bare.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Incomplete"));
    let permit = decide(&house, "curator", "ALREADY_PERMITTED", "有证").await;
    assert_eq!(permit.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = house
        .send("curator", Method::POST, &path("/decisions"), json!({ "finding": "x", "outcome": "CONFIRMED" }))
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(decide(&house, "curator", "MAYBE", "").await.status.is_client_error());
    assert_eq!(decide(&house, "bureau", "CONFIRMED", "x").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn evidence_is_reviewed_by_two_people_who_did_not_make_it() {
    let house = House::with_run().await;
    let lead = house.get("curator", &path("")).await.json();
    let sha256 = lead["lead"]["evidence"][0]["sha256"].as_str().unwrap().to_owned();
    let reviews = format!("/api/evidence/{sha256}/reviews");
    let said = |kind: &str| json!({ "kind": kind, "passed": true, "reason": "清晰完整" });
    assert_eq!(house.send("curator", Method::POST, &reviews, said("legal")).await.status, StatusCode::OK);
    let both = house.send("curator", Method::POST, &reviews, said("TECHNICAL")).await;
    assert_eq!((both.status, both.code().as_str()), (StatusCode::FORBIDDEN, "SamePerson"));
    let other = house.send("curator2", Method::POST, &reviews, said("technical")).await;
    assert_eq!(other.json()["reviews"].as_array().unwrap().len(), 2);
    assert_eq!(
        house.send("curator", Method::POST, &reviews, said("moral")).await.status,
        StatusCode::BAD_REQUEST
    );
    let nothing = format!("/api/evidence/{}/reviews", "0".repeat(64));
    assert_eq!(
        house.send("curator", Method::POST, &nothing, said("legal")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_lead_goes_on_by_two_officers_and_only_where_the_procedure_allows() {
    let house = House::with_run().await;
    let officer = |name: &str, no: &str| json!({ "name": name, "cert_no": no });
    let two = json!([officer("甲", "1"), officer("乙", "2")]);
    let go = |to: &str, officers: &Value| json!({ "to": to, "officers": officers, "reason": "现场核实" });
    for officers in [json!([]), json!([officer("甲", "1")]), json!([officer("甲", "1"), officer("乙", "1")])]
    {
        let answer = house.send("curator", Method::POST, &path("/state"), go("VERIFYING", &officers)).await;
        assert_eq!(answer.code(), "NotTwoOfficers", "{officers}");
    }
    let far = house.send("curator", Method::POST, &path("/state"), go("DECIDED", &two)).await;
    assert_eq!((far.status, far.code().as_str()), (StatusCode::CONFLICT, "IllegalTransition"));
    let next = house.send("curator", Method::POST, &path("/state"), go("VERIFYING", &two)).await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.text());
    assert_eq!(house.get("bureau", "/api/leads?state=VERIFYING").await.json()["leads"][0]["id"], LEAD);
}

#[tokio::test]
async fn files_are_read_by_pieces_as_maps_do() {
    let house = House::with_run().await;
    let lead = house.get("curator", &path("")).await.json();
    let href = lead["after"]["ortho"].as_str().unwrap();
    let sha256 = href.rsplit('/').next().unwrap();
    let whole = house.get("curator", href).await;
    assert_eq!(Digest::of(&whole.body).to_string(), sha256);
    assert_eq!(whole.header("etag"), format!("\"{sha256}\""));
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.header("cache-control").contains("immutable"));
    assert!(whole.header("content-type").starts_with("image/tiff"));
    let size = whole.body.len();
    let ask = async |headers: &[(&str, &str)]| {
        house.raw("curator", Method::GET, href, headers, Body::empty()).await
    };
    let piece = ask(&[("range", "bytes=100-199")]).await;
    assert_eq!(piece.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(piece.header("content-range"), format!("bytes 100-199/{size}"));
    assert_eq!(piece.body, whole.body[100..200]);
    assert_eq!(ask(&[("range", "bytes=-10")]).await.body, whole.body[size - 10..]);
    let beyond = ask(&[("range", "bytes=99999999-")]).await;
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (StatusCode::RANGE_NOT_SATISFIABLE, format!("bytes */{size}").as_str())
    );
    let etag = whole.header("etag");
    assert_eq!(ask(&[("if-none-match", etag)]).await.status, StatusCode::NOT_MODIFIED);
    assert_eq!(ask(&[("range", "bytes=0-9"), ("if-range", etag)]).await.body.len(), 10);
    assert_eq!(ask(&[("range", "bytes=0-9"), ("if-range", "\"old\"")]).await.body.len(), size);
    let head = house.raw("curator", Method::HEAD, href, &[], Body::empty()).await;
    assert_eq!((head.header("content-length"), head.body.len()), (size.to_string().as_str(), 0));
}

#[tokio::test]
async fn an_altered_file_is_not_shown_and_looking_at_an_original_is_noted() {
    let house = House::with_run().await;
    let lead = house.get("curator", &path("")).await.json();
    let href = lead["photos"][0]["href"].as_str().unwrap();
    let sha256 = href.rsplit('/').next().unwrap();
    assert_eq!(house.get("curator", href).await.status, StatusCode::OK);
    let events = house.get("bureau", &format!("/api/custody?subject={sha256}")).await.json();
    let accessed = |event: &&Value| event["action"] == "ACCESSED" && event["by"] == "curator";
    assert_eq!(events["events"].as_array().unwrap().iter().filter(accessed).count(), 1);
    let stored = house.folder.path().join(format!("store/sha256/{}/{sha256}.jpg", &sha256[..2]));
    std::fs::remove_file(&stored).unwrap();
    std::fs::write(&stored, "other").unwrap();
    let altered = house.get("curator", href).await;
    assert_eq!((altered.status, altered.code().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "FileAltered"));
    assert!(!altered.text().contains("store/"), "no path leaves the server");
    let journal = std::fs::read_to_string(house.folder.path().join("server.log")).unwrap();
    assert!(journal.contains("hashes to"), "{journal}");
}
