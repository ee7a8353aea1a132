//! The STAC API.

use std::collections::BTreeSet;

use crate::common::House;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

async fn json_at(house: &House, path: &str) -> Value {
    let answer = house.get("bureau", path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()
}

fn link<'a>(document: &'a Value, rel: &str) -> Option<&'a Value> {
    document["links"].as_array()?.iter().find(|link| link["rel"] == rel)
}

fn ids(page: &Value) -> Vec<String> {
    page["features"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The part of an address behind the host.
fn path(href: &Value) -> String {
    href.as_str().unwrap().strip_prefix("http://plumbline.test").unwrap().to_owned()
}

#[tokio::test]
async fn a_client_finds_its_way_from_the_landing_page_to_a_file() {
    let house = House::with_run().await;
    let landing = json_at(&house, "/stac/").await;
    assert!(
        landing["conformsTo"].as_array().unwrap().contains(&json!("https://api.stacspec.org/v1.0.0/core"))
    );
    for rel in ["self", "root", "service-desc", "service-doc", "conformance", "data", "search"] {
        let answer = house.get("bureau", &path(&link(&landing, rel).unwrap()["href"])).await;
        assert_eq!(answer.status, StatusCode::OK, "{rel}");
    }
    let collections = json_at(&house, &path(&link(&landing, "data").unwrap()["href"])).await;
    let epochs = collections["collections"].as_array().unwrap().iter().find(|c| c["id"] == "epochs").unwrap();
    let itself = json_at(&house, &path(&link(epochs, "self").unwrap()["href"])).await;
    assert_eq!(&itself, epochs);
    let items = json_at(&house, &path(&link(epochs, "items").unwrap()["href"])).await;
    assert_eq!(items["features"].as_array().unwrap().len(), 2);
    let item = &items["features"][0];
    for rel in ["self", "root", "parent", "collection"] {
        json_at(&house, &path(&link(item, rel).unwrap()["href"])).await;
    }
    let dsm = house.get("bureau", &path(&item["assets"]["dsm"]["href"])).await;
    assert_eq!((dsm.status, dsm.header("content-type").starts_with("image/tiff")), (StatusCode::OK, true));
    let answer = house.get("bureau", "/stac/collections/epochs/items").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
}

#[tokio::test]
async fn every_link_and_file_of_every_item_leads_somewhere() {
    let house = House::with_run().await;
    let all = json_at(&house, "/stac/search?limit=1000").await;
    let mut followed = 0;
    for item in all["features"].as_array().unwrap() {
        let assets = item["assets"].as_object().unwrap().values();
        for thing in item["links"].as_array().unwrap().iter().chain(assets) {
            let href = thing["href"].as_str().unwrap();
            assert!(href.starts_with("http://plumbline.test/"), "{href} of {}", item["id"]);
            let answer = house.get("bureau", &path(&thing["href"])).await;
            // What is described and was not filed is announced as such.
            let kept = thing["plumbline:stored"] != json!(false);
            let wanted = if kept { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(answer.status, wanted, "{href} of {}", item["id"]);
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
}

#[tokio::test]
async fn pages_follow_one_another_by_get_and_by_post_and_hold_everything_once() {
    let house = House::with_run().await;
    let all = ids(&json_at(&house, "/stac/search?limit=1000").await);
    assert!(all.len() >= 10, "{all:?}");
    let mut by_get = Vec::new();
    let mut next = Some("/stac/search?limit=3&sortby=%2Bid".to_owned());
    while let Some(here) = next {
        let page = json_at(&house, &here).await;
        by_get.extend(ids(&page));
        next = link(&page, "next").map(|link| path(&link["href"]));
    }
    let mut by_post = Vec::new();
    let mut body = Some(json!({ "limit": 3, "sortby": [{ "field": "id", "direction": "asc" }] }));
    while let Some(asked) = body {
        let page = house.send("bureau", Method::POST, "/stac/search", asked).await.json();
        by_post.extend(ids(&page));
        body = link(&page, "next").map(|link| link["body"].clone());
    }
    assert_eq!(by_get, by_post);
    assert!(by_get.is_sorted());
    let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!((by_get.len(), set(&by_get)), (all.len(), set(&all)));
}

#[tokio::test]
async fn searches_narrow_by_place_time_name_and_filter() {
    let house = House::with_run().await;
    let around = "114.4,37.0,114.6,37.2";
    let polygon =
        r#"{"type":"Polygon","coordinates":[[[114.4,37],[114.6,37],[114.6,37.2],[114.4,37.2],[114.4,37]]]}"#;
    let coded = |text: &str| text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}"));
    let found = async |query: String| {
        let page = json_at(&house, &format!("/stac/search?limit=1000&{query}")).await;
        page["features"].as_array().unwrap().len()
    };
    let all = found(String::new()).await;
    let placed = found(format!("bbox={around}")).await;
    assert!((5..=all).contains(&placed), "{placed} of {all}");
    assert_eq!(found("bbox=0,0,1,1".into()).await, 0);
    assert_eq!(found("bbox=114.4,37.0,0,114.6,37.2,100".into()).await, placed);
    assert_eq!(found(format!("intersects={}", coded(polygon))).await, placed);
    assert_eq!(found("collections=epochs".into()).await, 2);
    assert_eq!(found("collections=epochs,leads".into()).await, 3);
    assert_eq!(found("collections=nothing".into()).await, 0);
    assert_eq!(found("collections=epochs&datetime=2025-06-01T00:00:00Z/..".into()).await, 1);
    assert_eq!(found("collections=epochs&datetime=../2025-01-01T00:00:00Z".into()).await, 0);
    for (filter, count) in [
        ("collection = 'epochs'", 2),
        ("collection = 'epochs' AND datetime > TIMESTAMP('2025-06-01T00:00:00Z')", 1),
        ("collection = 'leads' OR collection = 'findings'", 2),
        ("NOT collection IN ('flights', 'evidence', 'epochs', 'findings')", 1),
        ("plumbline:kind = 'NO_PERMIT'", 1),
        ("plumbline:measured BETWEEN 79 AND 81", 1),
        ("collection LIKE 'epo%'", 2),
        ("S_INTERSECTS(geometry, BBOX(0, 0, 1, 1))", 0),
        ("collection = 'epochs'' OR 1 = 1 --'", 0),
    ] {
        assert_eq!(found(format!("filter={}", coded(filter))).await, count, "{filter}");
    }
    let filter = json!({ "op": "=", "args": [{ "property": "collection" }, "epochs"] });
    let asked = json!({ "filter": filter, "filter-lang": "cql2-json", "collections": ["epochs", "leads"] });
    assert_eq!(ids(&house.send("bureau", Method::POST, "/stac/search", asked).await.json()).len(), 2);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_and_not_guessed() {
    let house = House::with_run().await;
    for query in [
        "limit=0",
        "limit=-1",
        "limit=x",
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=0,10,1,0",
        "bbox=0,0,NaN,1",
        "datetime=yesterday",
        "datetime=2025-06-12",
        "datetime=2025-06-12T00:00:00Z/2024-01-01T00:00:00Z",
        "intersects=%7B",
        "intersects=%7B%22type%22:%22Circle%22%7D",
        "sortby=nothing",
        "sortby=-1%3DDROP",
        "filter=a+%3D",
        "filter=x&filter-lang=sql",
        "token=abc",
        "bbox=0,0,1,1&intersects=%7B%22type%22:%22Point%22,%22coordinates%22:%5B0,0%5D%7D",
        "filter-crs=EPSG:4547&filter=TRUE",
    ] {
        let answer = house.get("bureau", &format!("/stac/search?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {}", answer.text());
    }
    for body in [
        json!([]),
        json!({ "limit": "x" }),
        json!({ "bbox": "x" }),
        json!({ "sortby": [{ "field": "id", "direction": "up" }] }),
    ] {
        let answer = house.send("bureau", Method::POST, "/stac/search", body.clone()).await;
        assert!(answer.status.is_client_error(), "{body}");
    }
    for path in
        ["/stac/collections/none", "/stac/collections/none/items", "/stac/collections/epochs/items/none"]
    {
        assert_eq!(house.get("bureau", path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_forged_host_does_not_get_into_links() {
    let house = House::with_run().await;
    for host in ["evil\"><script>", "a b", "x/y", &"h".repeat(300)] {
        let request = axum::http::Request::get("/stac/")
            .header("cookie", format!("plumbline={}", house.token("bureau")));
        let Ok(request) = request.header("host", host).body(axum::body::Body::empty()) else { continue };
        let answer = crate::common::Answer::of(&house.router, request).await;
        assert!(!answer.text().contains(host), "{host}");
    }
}
