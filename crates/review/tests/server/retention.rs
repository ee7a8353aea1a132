//! Grades by one person up and two down, holds, discs, and the numbers of documents.

use axum::http::{Method, StatusCode};
use plumbline_case::Procedure;
use plumbline_review::Config;
use serde_json::{Value, json};

use crate::common::run::LEAD;
use crate::common::{Answer, House};

/// An item of the run: a photo.
async fn photo(house: &House) -> String {
    let found = house.get("curator", "/stac/collections/flights/items?limit=1").await.json();
    found["features"][0]["id"].as_str().unwrap().to_owned()
}

async fn post(house: &House, who: &str, path: &str, body: Value) -> Answer {
    house.send(who, Method::POST, path, body).await
}

#[tokio::test]
async fn a_grade_is_raised_by_one_and_lowered_by_two() {
    let house = House::with_run().await;
    let item = format!("/api/items/flights/{}", photo(&house).await);
    let grade = |grade: &'static str| json!({ "grade": grade, "reason": "复议风险" });
    let raised = post(&house, "curator", &format!("{item}/grade"), grade("HIGH")).await;
    assert_eq!((raised.status, raised.json()["needs_second"].as_bool()), (StatusCode::OK, Some(false)));
    let keep = house.get("bureau", &format!("{item}/keep")).await.json();
    assert_eq!((keep["until"].clone(), keep["grade"]["grade"].as_str()), (Value::Null, Some("HIGH")));
    let lowered = post(&house, "curator", &format!("{item}/grade"), grade("LOW")).await;
    assert_eq!(lowered.json()["needs_second"], true);
    let second = format!("{item}/grade/second");
    let own = post(&house, "curator", &second, json!({ "agreed": true })).await;
    assert_eq!((own.status, own.code().as_str()), (StatusCode::FORBIDDEN, "SamePerson"));
    let other = post(&house, "curator2", &second, json!({ "agreed": true })).await;
    assert_eq!(other.json()["grade"]["grade"], "LOW", "{}", other.text());
    assert_eq!(
        post(&house, "curator2", &second, json!({ "agreed": true })).await.status,
        StatusCode::NOT_FOUND
    );
    let wrong =
        post(&house, "curator", &format!("{item}/grade"), json!({ "grade": "LOW", "reason": " " })).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_hold_lasts_until_it_is_released_and_high_grades_are_planned_on_discs() {
    let house = House::with_run().await;
    let item = photo(&house).await;
    let held = json!({ "subject": format!("item:flights/{item}"), "reason": "行政诉讼" });
    let id = post(&house, "curator", "/api/holds", held).await.json()["id"].as_u64().unwrap();
    let keep = house.get("curator", &format!("/api/items/flights/{item}/keep")).await.json();
    assert_eq!((keep["reason"]["why"].as_str(), keep["reason"]["hold"].as_u64()), (Some("HELD"), Some(id)));
    assert_eq!(house.get("bureau", "/api/holds").await.json()["holds"][0]["reason"], "行政诉讼");
    let release = format!("/api/holds/{id}/release");
    assert_eq!(
        post(&house, "curator2", &release, json!({ "reason": "已结案" })).await.status,
        StatusCode::OK
    );
    assert_eq!(
        post(&house, "curator2", &release, json!({ "reason": "再次" })).await.status,
        StatusCode::NOT_FOUND
    );
    let discs = house.get("bureau", "/api/discs").await.json();
    assert!(discs["planned"][0]["files"].as_u64().unwrap() > 0, "{discs}");
}

#[tokio::test]
async fn numbers_are_taken_in_order_shown_on_the_form_and_given_up_with_a_reason() {
    let house = House::with_run().await;
    let path = format!("/api/projects/demo/leads/{LEAD}");
    let numbers = format!("{path}/numbers");
    let refused = post(&house, "curator", &numbers, json!({ "paper": "FILING" })).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "NoAgency"));
    let procedure = Procedure { agency: Some("示执".into()), ..Procedure::sample().unwrap() };
    let house = house.reopened(|config| Config { procedure, ..config }).await;
    let taken = post(&house, "curator", &numbers, json!({ "paper": "FILING" })).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
    let number = taken.json()["number"].as_str().unwrap().to_owned();
    assert!(number.starts_with("示执立字〔20") && number.ends_with("〕第1号"), "{number}");
    let lead = house.get("bureau", &path).await.json();
    assert_eq!(
        (&lead["form"]["fields"][0]["value"], &lead["numbers"][0]["number"]),
        (&json!(number), &json!(number))
    );
    assert!(lead["papers"].as_array().unwrap().iter().any(|paper| paper["code"] == "FILING"));
    let again = post(&house, "curator2", &numbers, json!({ "paper": "FILING" })).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::CONFLICT, "Done"));
    let void = json!({ "number": number, "reason": "误取" });
    assert_eq!(post(&house, "curator", "/api/numbers/void", void.clone()).await.status, StatusCode::OK);
    assert_eq!(post(&house, "curator", "/api/numbers/void", void).await.code(), "Done");
    let next = post(&house, "curator2", &numbers, json!({ "paper": "FILING" })).await.json();
    assert!(next["number"].as_str().unwrap().ends_with("〕第2号"), "{next}");
    let unknown = post(&house, "curator", &numbers, json!({ "paper": "LETTER" })).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (StatusCode::BAD_REQUEST, "NoPaper"));
}
