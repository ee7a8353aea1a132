//! Every route with every role: what the policies let through is what this table says.

use std::fmt::Write as _;

use crate::common::House;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use plumbline_review::Server;

/// Who asks, in the order of the table's columns.
const ROLES: [&str; 4] = ["", "pilot", "curator", "bureau"];

#[tokio::test]
async fn every_role_may_do_on_every_route_what_the_table_says_and_nothing_else() {
    let house = House::open().await;
    let mut found = String::new();
    for (method, path, action) in Server::routes() {
        // Signing out would end the session that the next line needs.
        if (method.as_str(), path) == ("DELETE", "/api/session") {
            continue;
        }
        write!(found, "{method} {path} {action}:").unwrap();
        for name in ROLES {
            let mark = if is_let_through(&house, name, &method, path).await { "+" } else { "-" };
            write!(found, " {mark}").unwrap();
        }
        found.push('\n');
    }
    let wanted = include_str!("matrix.txt");
    for (found, wanted) in found.lines().zip(wanted.lines()) {
        assert_eq!(found, wanted, "columns: nobody, INGEST, CURATE, SUPERVISE");
    }
    assert_eq!(found.lines().count(), wanted.lines().count());
}

#[tokio::test]
async fn a_change_that_another_site_asks_for_is_refused() {
    let house = House::open().await;
    let mut changes = 0;
    for (method, path, _) in Server::routes() {
        let reads = ["GET", "HEAD", "OPTIONS"].contains(&method.as_str()) || path == "/stac/search";
        if reads {
            continue;
        }
        let path = filled(path);
        for name in ["", "pilot", "curator", "admin"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = house.raw(name, method, &path, &[("x-plumbline", "")], Body::empty()).await;
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
            assert!(refused, "{name} {path}: {}", answer.status);
        }
        changes += 1;
    }
    assert!(changes >= 10);
}

async fn is_let_through(house: &House, name: &str, method: &str, path: &str) -> bool {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let answer = house.raw(name, method, &filled(path), &[], Body::empty()).await;
    let stopped = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
    assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
    !stopped
}

/// A path with names in place of its braces.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/")
}
