//! What searches find, page by page, and what they refuse.

use std::path::Path;

use plumbline_catalog::{Act, Catalog, Error, Record, Search, Step, Token};
use serde_json::{Map, Value, json};

use crate::common::moment;

crate::on_both!(
    pages_show_every_item_once_while_others_are_filed,
    pages_follow_the_order_that_was_asked_for,
    boxes_times_and_geometries_choose,
    filters_choose_by_columns_and_by_any_property,
    what_is_no_filter_is_refused_and_what_looks_like_sql_is_a_text,
    a_token_of_another_search_is_refused,
);

const ACT: Act<'_> = Act { by: "采集员", at: chrono::DateTime::<chrono::Utc>::UNIX_EPOCH };

/// Steps of the template, in the order in which records have them.
const STEPS: [&str; 3] = ["FOUNDATION", "FACADE", "DOSSIER"];

/// Files record number `i`: a minute after the one before, a hundredth of a degree to its east.
async fn file(catalog: &Catalog, folder: &Path, i: u32) {
    let path = folder.join(format!("{i}.jpg"));
    std::fs::write(&path, i.to_string()).unwrap();
    let step = STEPS[i as usize % STEPS.len()].to_owned();
    let record = Record {
        id: format!("r{i:02}"),
        project: "p".into(),
        producer: "HANDHELD".into(),
        device: format!("H-{}", i % 2),
        unit: "桥东大队".into(),
        operators: Vec::new(),
        subject: "O'Brien; 100%".into(),
        lead: None,
        trigger: None,
        step: Some(Step { template: "PLANNING_8".into(), step, repeat_no: 1 }),
        captured: (moment(60 * i64::from(i)), moment(60 * i64::from(i) + 30)),
        place: json!({ "type": "Point", "coordinates": [114.0 + 0.01 * f64::from(i), 37.0] }),
        address: None,
        file: path,
        media_type: "image/jpeg".into(),
        gaps: Vec::new(),
        proves: None,
        made_by: None,
        details: Map::new(),
    };
    catalog.file_record(&ACT, record).await.unwrap();
}

async fn filled(catalog: &Catalog, folder: &Path, count: u32) {
    for i in 0..count {
        file(catalog, folder, i).await;
    }
}

/// Names of what a search finds, all pages one after the other.
async fn found(catalog: &Catalog, search: &Search) -> Vec<String> {
    let mut search = search.clone();
    let mut names = Vec::new();
    loop {
        let page = catalog.search(&search).await.unwrap();
        names.extend(page.items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page.next {
            Some(next) => search.token = Some(next),
            None => return names,
        }
    }
}

/// Names of records.
fn names(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|i| format!("p~r{i:02}")).collect()
}

async fn pages_show_every_item_once_while_others_are_filed(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder, 9).await;
    for bbox in [None, Some([113.0, 36.0, 116.0, 38.0])] {
        let mut search = Search { bbox, limit: 2, ..Search::default() };
        let mut seen = Vec::new();
        let mut next = 20;
        loop {
            let page = catalog.search(&search).await.unwrap();
            seen.extend(page.items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(token) = page.next else { break };
            search.token = Some(token);
            file(&catalog, folder, next).await;
            next += 1;
        }
        let old: Vec<String> = seen.iter().filter(|name| names(0..9).contains(name)).cloned().collect();
        assert_eq!(old, names((0..9).rev()), "{bbox:?}");
    }
}

async fn pages_follow_the_order_that_was_asked_for(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder, 7).await;
    let sorted = |sort: &[(&str, bool)]| {
        let sort = sort.iter().map(|(name, ascends)| ((*name).to_owned(), *ascends)).collect();
        let (catalog, search) = (catalog.clone(), Search { sort, limit: 3, ..Search::default() });
        async move { found(&catalog, &search).await }
    };
    assert_eq!(sorted(&[("id", true)]).await, names(0..7));
    assert_eq!(sorted(&[("properties.datetime", false)]).await, names((0..7).rev()));
    assert_eq!(sorted(&[("plumbline:step", true), ("id", false)]).await, names([5, 2, 4, 1, 6, 3, 0]));
    assert_eq!(sorted(&[("plumbline:step", false), ("id", true)]).await, names([0, 3, 6, 1, 4, 2, 5]));
    assert_eq!(sorted(&[("plumbline:measured", true), ("id", true)]).await, names(0..7), "absent everywhere");
    let other = Search { sort: vec![("plumbline:device".into(), true)], ..Search::default() };
    assert!(matches!(catalog.search(&other).await, Err(Error::NotQueryable { .. })));
}

async fn boxes_times_and_geometries_choose(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder, 7).await;
    let id = || vec![("id".to_owned(), true)];
    let boxed = |bbox| Search { bbox: Some(bbox), sort: id(), ..Search::default() };
    assert_eq!(found(&catalog, &boxed([114.015, 36.9, 114.035, 37.1])).await, names([2, 3]));
    assert_eq!(found(&catalog, &boxed([114.015, 37.1, 114.035, 37.2])).await, names([]));
    assert_eq!(found(&catalog, &boxed([114.045, 36.9, 114.015, 37.1])).await, names([0, 1, 5, 6]));
    let timed = |from: i64, to: i64| Search {
        datetime: Some((Some(moment(from)), Some(moment(to)))),
        sort: id(),
        ..Search::default()
    };
    assert_eq!(found(&catalog, &timed(60, 150)).await, names([1, 2]));
    assert_eq!(found(&catalog, &timed(80, 85)).await, names([1]), "in the middle of a record");
    assert_eq!(found(&catalog, &timed(95, 115)).await, names([]), "between two records");
    let open = Search { datetime: Some((Some(moment(300)), None)), sort: id(), ..Search::default() };
    assert_eq!(found(&catalog, &open).await, names([5, 6]));
    // A triangle whose box holds three records, and whose area holds one.
    let corners = json!([[[114.0, 37.0], [114.021, 36.9], [114.021, 36.999], [114.0, 37.0]]]);
    let triangle = json!({ "type": "Polygon", "coordinates": corners });
    let met = Search { intersects: Some(triangle.clone()), sort: id(), ..Search::default() };
    assert_eq!(found(&catalog, &met).await, names([0]));
    let filter = json!({ "op": "and", "args": [
        { "op": "s_intersects", "args": [{ "property": "geometry" }, triangle] },
        { "op": "=", "args": [{ "property": "plumbline:step" }, "FACADE"] },
    ] });
    let both = Search { filter: Some(filter), sort: id(), ..Search::default() };
    assert_eq!(found(&catalog, &both).await, names([]));
}

async fn filters_choose_by_columns_and_by_any_property(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder, 7).await;
    let (step, subject) =
        (json!({ "property": "plumbline:step" }), json!({ "property": "plumbline:subject" }));
    let (device, repeat) =
        (json!({ "property": "plumbline:device" }), json!({ "property": "plumbline:repeat_no" }));
    let datetime = json!({ "property": "datetime" });
    let at = |second| json!({ "timestamp": moment(second).to_rfc3339() });
    let op = |op: &str, args: Value| json!({ "op": op, "args": args });
    let table = [
        (op("=", json!([step, "FACADE"])), names([1, 4])),
        (op("<>", json!([step, "FACADE"])), names([0, 2, 3, 5, 6])),
        (op("in", json!([step, ["FACADE", "DOSSIER"]])), names([1, 2, 4, 5])),
        (op("like", json!([step, "F%D%"])), names([0, 1, 3, 4, 6])),
        (op("like", json!([step, "fac%"])), names([])),
        (op("=", json!([op("casei", json!([step])), op("casei", json!(["facade"]))])), names([1, 4])),
        (op("=", json!([subject, "O'Brien; 100%"])), names(0..7)),
        (op("isNull", json!([json!({ "property": "plumbline:kind" })])), names(0..7)),
        (op("not", json!([op("=", json!([step, "FACADE"]))])), names([0, 2, 3, 5, 6])),
        (op("=", json!([device, "H-1"])), names([1, 3, 5])),
        (op("<", json!([repeat, 2])), names(0..7)),
        (op("=", json!([json!({ "property": "no:such" }), 1])), names([])),
        (op("between", json!([datetime, at(60), at(120)])), names([1, 2])),
        (op("t_after", json!([datetime, at(300)])), names([6])),
        (op("t_intersects", json!([datetime, { "interval": [moment(0).to_rfc3339(), ".."] }])), names(0..7)),
        (json!(false), names([])),
        (
            op(
                "or",
                json!([
                    op("=", json!([json!({ "property": "id" }), "p~r00"])),
                    op("=", json!([step, "DOSSIER"]))
                ]),
            ),
            names([0, 2, 5]),
        ),
    ];
    for (filter, expected) in table {
        let text = filter.to_string();
        let search = Search { filter: Some(filter), sort: vec![("id".into(), true)], ..Search::default() };
        assert_eq!(found(&catalog, &search).await, expected, "{text}");
    }
}

async fn what_is_no_filter_is_refused_and_what_looks_like_sql_is_a_text(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder, 2).await;
    let mut deep = json!(true);
    for _ in 0..100 {
        deep = json!({ "op": "not", "args": [deep] });
    }
    let id = json!({ "property": "id" });
    let bad = [
        json!("1 = 1; DROP TABLE items"),
        json!({ "op": "; DROP TABLE items", "args": [id, "x"] }),
        json!({ "op": "=", "args": [id] }),
        json!({ "op": "=", "args": [id, 1] }),
        json!({ "op": "=", "args": [{ "property": "x\") OR 1=1 --" }, "x"] }),
        json!({ "op": "in", "args": [id, []] }),
        json!({ "op": "and", "args": [] }),
        json!({ "op": "between", "args": [{ "property": "datetime" }, "yesterday", "today"] }),
        json!({ "op": "or", "args": [{ "op": "s_intersects", "args": [{ "property": "geometry" }, {}] }, true] }),
        deep,
    ];
    for filter in bad {
        let text = filter.to_string();
        let search = Search { filter: Some(filter), ..Search::default() };
        assert!(catalog.search(&search).await.is_err(), "{text}");
    }
    for text in ["' OR '1'='1", "x'; DROP TABLE items; --", "\\", "%", "$1", "p~r00\0"] {
        let filter = json!({ "op": "=", "args": [id, text] });
        let search = Search { filter: Some(filter), ids: vec![text.to_owned()], ..Search::default() };
        // PostgreSQL refuses texts with a zero byte; nobody finds anything by them.
        let items = catalog.search(&search).await.map(|page| page.items).unwrap_or_default();
        assert_eq!(items, Vec::<Value>::new(), "{text}");
    }
    assert_eq!(found(&catalog, &Search::default()).await.len(), 2);
}

async fn a_token_of_another_search_is_refused(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder, 3).await;
    let page = catalog.search(&Search { limit: 1, ..Search::default() }).await.unwrap();
    let by_id = Search { sort: vec![("id".into(), true)], token: page.next, ..Search::default() };
    assert!(matches!(catalog.search(&by_id).await, Err(Error::BadToken { .. })));
    for text in ["", "x", "e30", "bnVsbA", "' OR 1=1"] {
        let search = Search { token: Some(Token::from_text(text)), ..Search::default() };
        assert!(matches!(catalog.search(&search).await, Err(Error::BadToken { .. })), "{text}");
    }
}
