//! Records from any producer, held against the templates.

use std::path::Path;

use plumbline_catalog::{Act, Catalog, Error, Record, RecordTemplates, Search, Step};
use serde_json::{Map, Value, json};

use crate::common::moment;

crate::on_both!(
    records_of_a_building_are_complete_when_every_step_has_one,
    what_a_producer_or_template_needs_is_asked_for,
    a_record_is_found_by_its_place_and_properties,
    a_record_is_filed_once,
);

const ACT: Act<'_> = Act { by: "采集员", at: chrono::DateTime::<chrono::Utc>::UNIX_EPOCH };

fn record(folder: &Path, id: &str, step: &str, repeat_no: u32) -> Record {
    let file = folder.join(format!("{id}.jpg"));
    std::fs::write(&file, id).unwrap();
    Record {
        id: id.into(),
        project: "p".into(),
        producer: "HANDHELD".into(),
        device: "H-1".into(),
        unit: "桥东大队".into(),
        operators: Vec::new(),
        subject: "3#楼".into(),
        lead: None,
        trigger: Some("SCENE".into()),
        step: Some(Step { template: "PLANNING_8".into(), step: step.into(), repeat_no }),
        captured: (moment(0), moment(60)),
        place: json!({ "type": "Point", "coordinates": [114.5, 37.0] }),
        address: None,
        file,
        media_type: "image/jpeg".into(),
        gaps: Vec::new(),
        proves: None,
        made_by: Some("甲".into()),
        details: Map::new(),
    }
}

async fn records_of_a_building_are_complete_when_every_step_has_one(catalog: Catalog, folder: &Path) {
    let templates = catalog.templates().unwrap();
    let steps = templates.template("PLANNING_8").unwrap().steps.clone();
    assert_eq!(steps.len(), 8);
    for (i, step) in steps.iter().enumerate() {
        let complete = catalog.completeness("p", "3#楼", "PLANNING_8").await.unwrap();
        assert_eq!(complete.missing().count(), 8 - i);
        let record = record(folder, &step.code, &step.code, 1);
        catalog.file_record(&ACT, record).await.unwrap();
    }
    let again = record(folder, "again", "TYPICAL_STOREY", 2);
    catalog.file_record(&ACT, again).await.unwrap();
    let complete = catalog.completeness("p", "3#楼", "PLANNING_8").await.unwrap();
    assert_eq!(complete.missing().count(), 0);
    assert_eq!(complete.steps[4].records, ["p~TYPICAL_STOREY", "p~again"]);
    assert_eq!(catalog.completeness("p", "4#楼", "PLANNING_8").await.unwrap().missing().count(), 8);
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn what_a_producer_or_template_needs_is_asked_for(catalog: Catalog, folder: &Path) {
    type Change = fn(&mut Record);
    let wrong: [(Change, &str); 8] = [
        (|r| r.producer = "BODY_CAMERA".into(), "notice_given"),
        (|r| r.producer = "TELEPHONE".into(), "TELEPHONE"),
        (|r| r.trigger = Some("SOMETIMES".into()), "SOMETIMES"),
        (|r| r.step.as_mut().unwrap().step = "ROOF".into(), "ROOF"),
        (|r| r.step.as_mut().unwrap().repeat_no = 2, "repeat_no"),
        (|r| r.subject = " ".into(), "subject"),
        (|r| r.captured = (moment(1), moment(0)), "beginning"),
        (
            |r| r.gaps.push(plumbline_catalog::Gap { from: moment(1), to: moment(2), reason: String::new() }),
            "gap",
        ),
    ];
    for (change, named) in wrong {
        let mut record = record(folder, "r", "FOUNDATION", 1);
        change(&mut record);
        let error = catalog.file_record(&ACT, record).await.unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
    assert!(RecordTemplates::parse("[[template]]\ncode = 1", Path::new("own.toml")).is_err());
}

async fn a_record_is_found_by_its_place_and_properties(catalog: Catalog, folder: &Path) {
    let id = catalog.file_record(&ACT, record(folder, "r", "FOUNDATION", 1)).await.unwrap();
    let filter = json!({ "op": "=", "args": [{ "property": "plumbline:step" }, "FOUNDATION"] });
    let search = Search { bbox: Some([114.4, 36.9, 114.6, 37.1]), filter: Some(filter), ..Search::default() };
    let page = catalog.search(&search).await.unwrap();
    assert_eq!(page.items.iter().map(|item| &item["id"]).collect::<Vec<_>>(), [&Value::from(id)]);
    let sha256 = page.items[0]["assets"]["file"]["href"].as_str().unwrap().strip_prefix("sha256:").unwrap();
    assert_eq!(catalog.file(sha256).await.unwrap().unwrap().made_by.as_deref(), Some("甲"));
}

async fn a_record_is_filed_once(catalog: Catalog, folder: &Path) {
    let first = record(folder, "r", "FOUNDATION", 1);
    catalog.file_record(&ACT, first.clone()).await.unwrap();
    let events = catalog.events(0..100).await.unwrap().len();
    catalog.file_record(&ACT, first.clone()).await.unwrap();
    assert_eq!(catalog.events(0..100).await.unwrap().len(), events);
    std::fs::write(&first.file, "other").unwrap();
    let other = catalog.file_record(&ACT, first).await;
    assert!(matches!(other, Err(Error::Duplicate { .. })), "{other:?}");
}
