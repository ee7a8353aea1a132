//! What somebody who means harm may send: refused, or kept as the text that it is.

use std::fs;
use std::path::Path;

use crate::common::run::LEAD;
use crate::common::{Answer, House};
use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const MARKUP: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`${7*7}{{7*7}}";

/// A request and the statuses that refuse it.
struct Case {
    what: &'static str,
    who: &'static str,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    refused: &'static [u16],
}

fn get(what: &'static str, path: &str, refused: &'static [u16]) -> Case {
    let path = path.to_owned();
    Case { what, who: "curator", method: Method::GET, path, headers: Vec::new(), body: Vec::new(), refused }
}

fn post(what: &'static str, path: &str, body: impl Into<Vec<u8>>, refused: &'static [u16]) -> Case {
    let headers = vec![("content-type", "application/json".to_owned())];
    Case {
        what,
        who: "curator",
        method: Method::POST,
        path: path.to_owned(),
        headers,
        body: body.into(),
        refused,
    }
}

/// The beginning of an upload with some metadata.
fn upload(what: &'static str, length: &str, metadata: String, refused: &'static [u16]) -> Case {
    let headers = vec![
        ("tus-resumable", "1.0.0".to_owned()),
        ("upload-length", length.to_owned()),
        ("upload-metadata", metadata),
    ];
    let path = "/api/uploads".to_owned();
    Case { what, who: "pilot", method: Method::POST, path, headers, body: Vec::new(), refused }
}

fn named(flight: &str, name: &str) -> String {
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    [pair("flight", flight), pair("project", "demo"), pair("filename", name)].join(",")
}

/// A whole file in one request.
fn file(what: &'static str, name: &str, bytes: &[u8], refused: &'static [u16]) -> Case {
    let mut case = upload(what, &bytes.len().to_string(), named("f", name), refused);
    case.headers.push(("content-type", "application/offset+octet-stream".into()));
    Case { body: bytes.to_vec(), ..case }
}

fn paths() -> Vec<Case> {
    let long = format!("/api/projects/{}/leads/x", "p".repeat(5000));
    vec![
        get("a path out of the page", "/../../etc/passwd", &[404]),
        get("a coded path out of the page", "/%2e%2e/%2e%2e/etc/passwd", &[404]),
        get("a path out of the assets", "/assets/..%2f..%2fCargo.toml", &[404]),
        get("a path with a NUL", "/assets/%00", &[404]),
        get("a path out of the store", "/api/files/..%2f..%2fcatalog.sqlite", &[404]),
        get("a short digest", "/api/files/ab12", &[404]),
        get("a digest with a wildcard", &format!("/api/files/{}", "%25".repeat(64)), &[404]),
        get("a path out of the log", "/log/tile/..%2f..%2fkeys%2flog.key", &[404]),
        get("a path out of the log, plainly", "/log/tile/../../keys/log.key", &[404]),
        get("the log's key", "/log/../keys/log.key", &[404]),
        get("an absolute path in the log", "/log/tile//etc/passwd", &[404]),
        get("a flight out of its folder", "/api/flights/..%2f..%2fkeys", &[404]),
        get("a flight of dots", "/api/flights/..", &[404, 200]),
        get("a flight with a NUL", "/api/flights/a%00b", &[404]),
        get("a log out of its folder", "/api/flights/..%2fx/log", &[404]),
        get("an upload out of its folder", "/api/uploads/..%2f..%2fkeys", &[405]),
        get("a project out of its folder", "/api/projects/..%2f..%2fx/leads/y", &[404]),
        get("a name that does not end", &long, &[404]),
        get("letters that are no UTF-8", "/api/projects/%ff%fe/leads/x", &[404, 400]),
        get("a ledger that is none", "/api/ledger/..%2fx", &[404]),
    ]
}

fn injections() -> Vec<Case> {
    let sql = "%27%20OR%201%3D1%3B%20DROP%20TABLE%20leads%3B%20--";
    let deep = format!("{}TRUE{}", "(".repeat(3000), ")".repeat(3000));
    let nested = (0..200).fold(json!(true), |inner, _| json!({ "op": "not", "args": [inner] }));
    let wide = json!({ "filter": { "op": "or", "args": vec![json!(true); 5000] } });
    let search = "/stac/search";
    vec![
        get("SQL in a project", &format!("/api/projects/{sql}/leads/x"), &[404]),
        get("SQL in a state", &format!("/api/leads?state={sql}"), &[200]),
        get("SQL in a word", &format!("/api/leads?q={sql}"), &[200]),
        get("SQL in a token", &format!("/api/leads?token={sql}"), &[400]),
        get("SQL in a subject", &format!("/api/custody?subject={sql}"), &[200]),
        get("SQL in a sort", &format!("/stac/search?sortby={sql}"), &[400]),
        get("SQL in a name", &format!("/stac/search?ids={sql}"), &[200]),
        get("SQL in a collection", &format!("/stac/search?collections={sql}"), &[200]),
        get("SQL in an item", &format!("/stac/collections/epochs/items/{sql}"), &[404]),
        get("SQL behind CQL2", "/stac/search?filter=id%3D%27a%27%3BDROP%20TABLE%20items", &[400]),
        get("SQL in a CQL2 name", "/stac/search?filter=%22id%22%22%3BDROP%22%3D1", &[400]),
        get("a comment in CQL2", "/stac/search?filter=id%3D1--", &[400]),
        get("a function that CQL2 has not", "/stac/search?filter=load_extension(%27x%27)%3D1", &[400]),
        get("brackets without end", &format!("/stac/search?filter={deep}"), &[400, 414, 431]),
        post("a filter nested without end", search, json!({ "filter": nested }).to_string(), &[400]),
        post("a filter of thousands of parts", search, wide.to_string(), &[400]),
        post("JSON nested without end", search, "[".repeat(100_000), &[400, 422]),
        post("a filter that is no filter", search, r#"{"filter":{"op":{},"args":7}}"#, &[400]),
        post(
            "a geometry of endless rings",
            search,
            r#"{"intersects":{"type":"Polygon","coordinates":[[[1e999,0]]]}}"#,
            &[400],
        ),
        post("numbers beyond numbers", search, r#"{"bbox":[-1e308,-1e308,1e308,1e999]}"#, &[400]),
    ]
}

fn decisions() -> String {
    format!("/api/projects/demo/leads/{LEAD}/decisions")
}

/// Changes as another site's page could make a browser send them.
fn forms() -> Vec<Case> {
    let decisions = decisions();
    let mut form = post("a form from another site", &decisions, "finding=x&outcome=CONFIRMED", &[415]);
    form.headers = vec![("content-type", "application/x-www-form-urlencoded".into())];
    let mut plain = post("JSON as plain text", "/api/session", r#"{"name":"a","password":"b"}"#, &[415]);
    plain.headers = vec![("content-type", "text/plain".into())];
    let mut multipart = post(
        "a form in parts without an end",
        &decisions,
        "--x\r\nContent-Disposition: form-data; name=\"../../x\"\r\n\r\n",
        &[415],
    );
    multipart.headers = vec![("content-type", "multipart/form-data; boundary=x".into())];
    let mut foreign = post("a change without the header", &decisions, "{}", &[403]);
    foreign.headers.push(("x-plumbline", String::new()));
    vec![form, plain, multipart, foreign]
}

/// What is kept, numbered and recorded, and who comes back from an identity provider.
fn offices() -> Vec<Case> {
    let grade = "/api/items/flights/..%2F..%2Fkeys/grade";
    let numbers = format!("/api/projects/demo/leads/{LEAD}/numbers");
    let mut foreign =
        post("a record of a file outside", "/api/records", r#"{"sha256":"../../keys/log.key"}"#, &[400]);
    foreign.who = "pilot";
    let mut missing = post("a record by its path", "/api/records", r#"{"file":"/etc/passwd"}"#, &[400]);
    missing.who = "pilot";
    vec![
        post("a grade of a file outside", grade, r#"{"grade":"LOW","reason":"x"}"#, &[404]),
        post(
            "a grade that is none",
            "/api/items/flights/x/grade",
            r#"{"grade":"NONE","reason":"x"}"#,
            &[400, 422],
        ),
        post("a hold of nothing", "/api/holds", r#"{"subject":"item:../../keys","reason":"x"}"#, &[404]),
        post("SQL in a hold", "/api/holds", r#"{"subject":"project:' OR 1=1 --","reason":"x"}"#, &[404]),
        post("SQL in a number", "/api/numbers/void", r#"{"number":"' OR 1=1 --","reason":"x"}"#, &[400, 422]),
        post("a series of one's own", &numbers, r#"{"paper":"FILING","series":"假"}"#, &[400, 422]),
        post("SQL in a document's code", &numbers, r#"{"paper":"'; DROP TABLE leads; --"}"#, &[400]),
        get(
            "a template by its path",
            "/api/records/completeness?project=x&subject=x&template=..%2F..",
            &[404, 422],
        ),
        get("a journey that nobody made", "/api/session/provider/return?state=%3Cscript%3E&code=x", &[404]),
        foreign,
        missing,
    ]
}

fn bodies() -> Vec<Case> {
    let decisions = decisions();
    let large = format!(r#"{{"finding":"{}"}}"#, "x".repeat(2 << 20));
    let reason =
        json!({ "finding": "NO_PERMIT-1", "outcome": "CONFIRMED", "reason": "x".repeat(5000) }).to_string();
    let nul = json!({ "finding": "NO_PERMIT-1", "outcome": "CONFIRMED", "reason": "a\0b" }).to_string();
    let bell = json!({ "finding": "NO_PERMIT-1", "outcome": "CONFIRMED", "reason": "\u{1b}[2J" }).to_string();
    vec![
        post("a body beyond the limit", &decisions, large, &[413]),
        post("a body that is no JSON", &decisions, "{", &[400]),
        post("a body that is no UTF-8", &decisions, vec![0xff, 0xfe], &[400]),
        post(
            "fields that nobody asked for",
            &decisions,
            r#"{"finding":"x","outcome":"CONFIRMED","by":"bureau"}"#,
            &[422],
        ),
        post("a reason without end", &decisions, reason, &[400]),
        post("a NUL in a reason", &decisions, nul, &[400]),
        post("terminal codes in a reason", &decisions, bell, &[400]),
        post("a number that is none", "/api/decisions/-1/second", r#"{"agreed":true}"#, &[404]),
        post(
            "a number beyond numbers",
            "/api/decisions/99999999999999999999/second",
            r#"{"agreed":true}"#,
            &[404],
        ),
        post(
            "the greatest number",
            "/api/decisions/18446744073709551615/second",
            r#"{"agreed":true}"#,
            &[404],
        ),
        post(
            "a password without end",
            "/api/session",
            json!({ "name": "x", "password": "p".repeat(500_000) }).to_string(),
            &[401],
        ),
        post(
            "a name without end",
            "/api/session",
            json!({ "name": "n".repeat(500_000), "password": "p" }).to_string(),
            &[401],
        ),
    ]
}

fn uploads() -> Vec<Case> {
    let bomb = [&[0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3][..], &[0; 8]].concat();
    let zip = b"PK\x03\x04 ../../etc/passwd";
    let mut old = upload("another protocol", "1", named("f", "a.jpg"), &[412]);
    old.headers[0].1 = "0.2.2".into();
    let mut deferred = upload("a length that comes later", "", named("f", "a.jpg"), &[400]);
    deferred.headers[1] = ("upload-defer-length", "1".into());
    let mut sum = file("a checksum that is none", "a.jpg", &[0xff, 0xd8, 0xff], &[400]);
    sum.headers.push(("upload-checksum", "md5 AAAA".into()));
    let name = |what, name: &str| upload(what, "1", named("f", name), &[400]);
    vec![
        old,
        deferred,
        sum,
        name("a file name that climbs", "../../../etc/cron.d/x.jpg"),
        name("a file name that climbs, for Windows", "..\\..\\x.jpg"),
        name("an absolute file name", "/etc/passwd.jpg"),
        name("a file name with a NUL", "a.jpg\0.exe"),
        name("a file name of a device", "NUL.jpg"),
        name("a file name that reads backwards", "a\u{202e}gpj.exe.jpg"),
        name("a file name that is hidden", ".htaccess"),
        name("a file name that is an option", "-rf.jpg"),
        name("a file name without end", &format!("{}.jpg", "a".repeat(1000))),
        name("a file name with a line in it", "a\r\nX-Evil: 1.jpg"),
        name("a file name of markup", "<img src=x onerror=alert(1)>.jpg"),
        upload("a flight that climbs", "1", named("../../keys", "a.jpg"), &[400]),
        upload("a flight of markup", "1", named(MARKUP, "a.jpg"), &[400]),
        upload("an archive", "1", named("f", "x.zip"), &[415]),
        upload("a script", "1", named("f", "x.html"), &[415]),
        upload("a picture with scripts", "1", named("f", "x.svg"), &[415]),
        upload("a file beyond the limit", "99999999999999", named("f", "a.jpg"), &[413]),
        upload("a negative length", "-1", named("f", "a.jpg"), &[400]),
        upload("a length beyond numbers", "99999999999999999999999", named("f", "a.jpg"), &[400]),
        upload("metadata that is no Base64", "1", "filename ***".into(), &[400]),
        upload("metadata that is no UTF-8", "1", "filename /w==".into(), &[400]),
        upload(
            "metadata that says a thing twice",
            "1",
            format!("{},filename YQ==", named("f", "a.jpg")),
            &[400],
        ),
        upload("metadata without end", "1", format!("filename {}", "A".repeat(6000)), &[400]),
        upload("no metadata", "1", String::new(), &[400]),
        file("an archive that is called a photo", "a.jpg", zip, &[415]),
        file("an archive that is called a table", "a.csv", zip, &[415]),
        file("a program that is called notes", "a.txt", b"\x7fELF\x02\x01", &[415]),
        file("a page that is called a photo", "a.jpg", b"<html><script>", &[415]),
        file("a picture that would fill the memory", "bomb.jpg", &bomb, &[415]),
    ]
}

#[tokio::test]
async fn whatever_is_sent_is_refused_or_stays_a_text_and_nothing_breaks() {
    let house = House::with_run().await;
    let cases: Vec<Case> =
        [paths(), injections(), forms(), offices(), bodies(), uploads()].into_iter().flatten().collect();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let before = listed(house.folder.path());
    for case in &cases {
        let answer = sent(&house, case).await;
        let status = answer.status.as_u16();
        assert!(case.refused.contains(&status), "{}: {status} {}", case.what, answer.text());
        assert!(
            ["application/json", "application/geo+json"].contains(&answer.header("content-type"))
                || answer.body.is_empty(),
            "{}",
            case.what
        );
    }
    assert_eq!(listed(house.folder.path()), before, "nothing new lies in the folder");
    assert!(
        !house
            .folder
            .path()
            .join("flights/f/photos")
            .read_dir()
            .is_ok_and(|mut files| files.next().is_some())
    );
    assert_eq!(
        house.get("curator", "/api/leads").await.json()["leads"][0]["id"],
        LEAD,
        "the tables are there"
    );
    assert_eq!(house.get("bureau", "/stac/search?collections=epochs").await.json()["numberReturned"], 2);
}

async fn sent(house: &House, case: &Case) -> Answer {
    let headers: Vec<(&str, &str)> =
        case.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    house.raw(case.who, case.method.clone(), &case.path, &headers, Body::from(case.body.clone())).await
}

/// What lies in a folder, by name.
fn listed(folder: &Path) -> Vec<String> {
    let names =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

#[tokio::test]
async fn markup_in_every_text_field_comes_back_as_the_same_text_in_json() {
    let house = House::with_run().await;
    let path = format!("/api/projects/demo/leads/{LEAD}");
    let said = json!({ "finding": "NO_PERMIT-1", "outcome": "ALREADY_PERMITTED", "reason": MARKUP, "permit_no": MARKUP });
    let decided = house.send("curator", Method::POST, &format!("{path}/decisions"), said).await;
    let id = decided.json()["id"].clone();
    let second = format!("/api/decisions/{id}/second");
    house.send("curator2", Method::POST, &second, json!({ "agreed": false, "reason": MARKUP })).await;
    let officer = |no: &str| json!({ "name": MARKUP, "cert_no": format!("{MARKUP}{no}") });
    let go = json!({ "to": "VERIFYING", "officers": [officer("1"), officer("2")], "reason": MARKUP });
    assert_eq!(house.send("curator", Method::POST, &format!("{path}/state"), go).await.status, 200);
    let shown = house.get("curator", &path).await;
    let sha256 = shown.json()["lead"]["evidence"][0]["sha256"].as_str().unwrap().to_owned();
    let review = json!({ "kind": "LEGAL", "passed": false, "reason": MARKUP });
    house.send("curator", Method::POST, &format!("/api/evidence/{sha256}/reviews"), review).await;
    let account =
        json!({ "name": "a<b>c", "role": "INGEST", "password": "a long password", "cert_no": MARKUP });
    house.send("admin", Method::POST, "/api/accounts", account).await;
    let hold = json!({ "subject": "project:demo", "reason": MARKUP });
    assert_eq!(house.send("curator", Method::POST, "/api/holds", hold).await.status, 201);
    let mut seen = 0;
    for address in [path.as_str(), "/api/accounts", "/api/custody", "/api/holds"] {
        let answer = house.get(if address == "/api/accounts" { "bureau" } else { "curator" }, address).await;
        assert!(answer.header("content-type").starts_with("application/json"), "{address}");
        seen += count(&answer.json());
    }
    assert!(seen >= 8, "{seen}");
}

/// How many texts of a document are, or begin with, the markup as it was sent.
fn count(value: &Value) -> usize {
    match value {
        Value::String(text) => usize::from(text.starts_with(MARKUP)),
        Value::Array(all) => all.iter().map(count).sum(),
        Value::Object(all) => all.values().map(count).sum(),
        _ => 0,
    }
}
