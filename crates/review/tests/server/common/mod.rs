#![allow(dead_code, reason = "not every test uses all of it")]

//! A server over a small catalog, with an account for every role.

pub mod process;
pub mod run;
#[path = "../../../../catalog/tests/catalog/common/server.rs"]
pub mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chrono::Utc;
use http_body_util::BodyExt as _;
use plumbline_case::Procedure;
use plumbline_catalog::{Account, Act, Catalog, Place, Role};
use plumbline_finding::Calendar;
use plumbline_review::{Config, Limits, Server, password_hash};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The password of every account.
pub const PASSWORD: &str = "规划执法 correct horse";

/// Accounts by name: one for each tier, and second persons.
pub const ACCOUNTS: [(&str, Role); 6] = [
    ("pilot", Role::Ingest),
    ("pilot2", Role::Ingest),
    ("curator", Role::Curate),
    ("curator2", Role::Curate),
    ("admin", Role::Curate),
    ("bureau", Role::Supervise),
];

/// A server and whoever is signed in.
pub struct House {
    pub folder: TempDir,
    pub router: Router,
    pub server: Server,
    tokens: BTreeMap<&'static str, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl House {
    /// A server over an empty catalog.
    pub async fn open() -> Self {
        Self::over(tempfile::tempdir().unwrap(), |config| config).await
    }

    /// A server over an empty catalog that is set up otherwise.
    pub async fn with(change: impl FnOnce(Config) -> Config) -> Self {
        Self::over(tempfile::tempdir().unwrap(), change).await
    }

    /// A server over a catalog with a filed run.
    pub async fn with_run() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("a-run");
        run::write(&run);
        let catalog = catalog(folder.path()).await;
        catalog.file_run(&Act { by: "plumbline", at: Utc::now() }, &run).await.unwrap();
        catalog.close().await;
        Self::over(folder, |config| config).await
    }

    /// A server over a folder.
    pub async fn over(folder: TempDir, change: impl FnOnce(Config) -> Config) -> Self {
        settle(folder.path()).await;
        let server = Server::open(change(config(folder.path()))).await.unwrap();
        let mut house = Self { folder, router: server.router(), server, tokens: BTreeMap::new() };
        for (name, _) in ACCOUNTS {
            let given = json!({ "name": name, "password": PASSWORD });
            let answer = house.send("", Method::POST, "/api/session", given).await;
            let journal = || std::fs::read_to_string(house.folder.path().join("server.log"));
            assert_eq!(answer.status, StatusCode::OK, "{name}: {} {:?}", answer.text(), journal());
            let cookie = answer.headers["set-cookie"].to_str().unwrap();
            let token = cookie.split([';', '=']).nth(1).unwrap().to_owned();
            house.tokens.insert(name, token);
        }
        house
    }

    /// The same catalog under a new server, as after a stop; sessions go on.
    pub async fn reopened(self, change: impl FnOnce(Config) -> Config) -> Self {
        let Self { folder, router, server, tokens } = self;
        drop((router, server));
        let server = Server::open(change(config(folder.path()))).await.unwrap();
        Self { folder, router: server.router(), server, tokens }
    }

    /// The token of somebody who is signed in.
    pub fn token(&self, name: &str) -> &str {
        self.tokens.get(name).map_or("", String::as_str)
    }

    /// A request of an account; nobody's where the name is empty.
    pub async fn get(&self, name: &str, path: &str) -> Answer {
        self.raw(name, Method::GET, path, &[], Body::empty()).await
    }

    /// A change with a body of JSON.
    pub async fn send(&self, name: &str, method: Method, path: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.raw(name, method, path, &headers, Body::from(body.to_string())).await
    }

    /// Any request, with the header that changes need.
    pub async fn raw(
        &self,
        name: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "plumbline.test");
        if !headers.iter().any(|(name, _)| *name == "x-plumbline") {
            request = request.header("x-plumbline", "1");
        }
        if !name.is_empty() {
            request = request.header("cookie", format!("plumbline={}", self.token(name)));
        }
        for (name, value) in
            headers.iter().filter(|(name, value)| !(name == &"x-plumbline" && value.is_empty()))
        {
            request = request.header(*name, *value);
        }
        Answer::of(&self.router, request.body(body).unwrap()).await
    }
}

impl Answer {
    /// What a router answers.
    pub async fn of(router: &Router, request: Request<Body>) -> Self {
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// How tests set a server up.
pub fn config(folder: &Path) -> Config {
    Config {
        catalog: Place::folder(folder),
        bind: "127.0.0.1:0".parse().unwrap(),
        program: PathBuf::from("/bin/false"),
        administrators: vec!["admin".into(), "bureau".into()],
        behind_https: false,
        calendar: Calendar::default(),
        procedure: Procedure::sample().unwrap(),
        limits: Limits::default(),
    }
}

/// Folders for a catalog, by the name of their database; without `PostgreSQL` where no server can be had.
pub fn folders() -> Vec<(&'static str, TempDir)> {
    let sqlite = tempfile::tempdir().unwrap();
    let postgres = server::fresh_database().map(|address| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("catalog.toml"), format!("database = {address:?}\n")).unwrap();
        ("PostgreSQL", folder)
    });
    [("SQLite", sqlite)].into_iter().chain(postgres).collect()
}

/// The catalog of a folder, made where there is none.
pub async fn catalog(folder: &Path) -> Catalog {
    Catalog::create(&Place::folder(folder), "test.example/custody", [9; 32]).await.unwrap()
}

/// Makes the accounts.
pub async fn settle(folder: &Path) {
    let catalog = catalog(folder).await;
    let hash = password_hash(PASSWORD, &[7; 16]).unwrap();
    for (name, role) in ACCOUNTS {
        let account = Account {
            name: name.into(),
            role,
            password_hash: hash.clone(),
            cert_no: (role == Role::Curate).then(|| format!("1305-{name}")),
        };
        catalog.create_account(&Act { by: "test", at: Utc::now() }, account).await.unwrap();
    }
    catalog.close().await;
}
