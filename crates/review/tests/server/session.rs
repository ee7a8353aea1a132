//! Signing in and out, and what an account may do.

use std::time::Instant;

use crate::common::{House, PASSWORD};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

async fn sign_in(house: &House, name: &str, password: &str) -> crate::common::Answer {
    house.send("", Method::POST, "/api/session", json!({ "name": name, "password": password })).await
}

#[tokio::test]
async fn a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let house = House::open().await;
    let answer = sign_in(&house, "curator", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"));
    assert_eq!(answer.json()["role"], "CURATE");
    let who = house.get("curator", "/api/session").await.json();
    assert_eq!((who["name"].as_str(), who["role"].as_str()), (Some("curator"), Some("CURATE")));
    assert!(who["zh"].as_str().unwrap().contains("支队"));
    let secure = House::with(|config| plumbline_review::Config { behind_https: true, ..config }).await;
    assert!(sign_in(&secure, "curator", PASSWORD).await.header("set-cookie").contains("; Secure"));
}

#[tokio::test]
async fn a_closed_session_is_over() {
    let house = House::open().await;
    let closed = house.raw("curator", Method::DELETE, "/api/session", &[], Body::empty()).await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT);
    let after = house.get("curator", "/api/session").await;
    assert_eq!((after.status, after.code().as_str()), (StatusCode::UNAUTHORIZED, "Unauthorized"));
    assert_eq!(house.get("bureau", "/api/session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_made_up_token_is_nobody() {
    let house = House::open().await;
    for token in ["", "abc", &"A".repeat(43), "' OR 1=1 --"] {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let answer = house.raw("", Method::GET, "/api/leads", &headers, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
    }
    let bearer = format!("Bearer {}", house.token("bureau"));
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(
        house.raw("", Method::GET, "/api/leads", &headers, Body::empty()).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn guessing_is_slowed_down_for_names_with_and_without_account_alike() {
    let house = House::open().await;
    for name in ["curator2", "nobody-of-this-name"] {
        for _ in 0..5 {
            let answer = sign_in(&house, name, "wrong wrong wrong").await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::UNAUTHORIZED, "WrongCredentials")
            );
        }
        let answer = sign_in(&house, name, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{name}: the right one must wait too");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    }
    assert_eq!(sign_in(&house, "pilot", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_name_without_account_costs_the_same_work() {
    let house = House::open().await;
    let time = async |name: &str| {
        let begun = Instant::now();
        sign_in(&house, name, "wrong wrong wrong").await;
        begun.elapsed()
    };
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for i in 0..5 {
        known.push(time(["pilot", "pilot2", "curator", "curator2", "bureau"][i]).await);
        unknown.push(time(["a", "b", "c", "d", "e"][i]).await);
    }
    known.sort();
    unknown.sort();
    let ratio = known[2].as_secs_f64() / unknown[2].as_secs_f64();
    assert!((0.2..5.0).contains(&ratio), "{known:?} {unknown:?}");
}

#[tokio::test]
async fn an_administrator_makes_accounts_and_nobody_sees_their_passwords() {
    let house = House::open().await;
    let new = json!({ "name": "新人", "role": "CURATE", "password": "十二个字符长的口令一二三", "cert_no": "130599" });
    let made = house.send("admin", Method::POST, "/api/accounts", new.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(sign_in(&house, "新人", "十二个字符长的口令一二三").await.status, StatusCode::OK);
    let list = house.get("bureau", "/api/accounts").await;
    assert!(list.text().contains("新人") && !list.text().contains("argon2"));
    let short = json!({ "name": "x", "role": "CURATE", "password": "short" });
    assert_eq!(
        house.send("admin", Method::POST, "/api/accounts", short).await.status,
        StatusCode::BAD_REQUEST
    );
    for name in ["curator", "pilot", "bureau"] {
        let answer = house.send(name, Method::POST, "/api/accounts", new.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_a_browser_safe() {
    let house = House::open().await;
    for path in ["/", "/api/session", "/nowhere/at/all", "/api/leads", "/api/openapi.json"] {
        let answer = house.get("", path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
    assert_eq!(house.get("", "/api/leads").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_page_is_embedded_and_known_copies_are_not_sent_again() {
    let house = House::open().await;
    let page = house.get("", "/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    let etag = page.header("etag").to_owned();
    let again = house.raw("", Method::GET, "/", &[("if-none-match", &etag)], Body::empty()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    for path in [
        "/../Cargo.toml",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "/assets/nothing.js",
        "/x.php",
    ] {
        assert_eq!(house.get("", path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn problems_are_json_in_two_languages_and_faults_tell_nothing() {
    let house = House::open().await;
    let gone = house.get("curator", "/api/projects/x/leads/y").await;
    let problem = gone.json();
    assert_eq!((gone.status, problem["code"].as_str()), (StatusCode::NOT_FOUND, Some("NotFound")));
    assert!(problem["zh"].as_str().is_some_and(|text| !text.is_ascii()));
    assert!(problem["description"].as_str().is_some_and(str::is_ascii));
    let method = house.raw("curator", Method::PUT, "/api/leads", &[], Body::empty()).await;
    assert_eq!((method.status, method.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"));
    let nothing = house.get("curator", "/api/nothing").await;
    assert_eq!((nothing.status, nothing.code().as_str()), (StatusCode::NOT_FOUND, "NotFound"));
}

#[tokio::test]
async fn the_description_of_the_api_holds_every_route_and_says_which_need_a_session() {
    let house = House::open().await;
    let api = house.get("", "/api/openapi.json").await.json();
    for (method, path, _) in plumbline_review::Server::routes() {
        let operation = &api["paths"][path.replace("{*", "{")][method.to_lowercase()];
        assert!(operation["summary"].is_string(), "{method} {path}");
    }
    let leads = &api["paths"]["/api/leads"]["get"]["security"][0]["session"][0];
    assert_eq!(leads, "listLeads");
    let login = &api["paths"]["/api/session"]["post"];
    assert_eq!(login["security"][0], json!({}));
    assert!(login["requestBody"]["content"]["application/json"]["schema"].is_object());
}
