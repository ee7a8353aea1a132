//! What is kept and for how long: each rule, and that nothing which is cited, held or pinned is ever swept.

use std::path::Path;

use chrono::{DateTime, Utc};
use plumbline_case::{Actor, Officer, Officers, State};
use plumbline_catalog::{Act, Catalog, Error, Grade, Graded, Reason, Search};
use rand::{Rng, SeedableRng};

use crate::common::{LEAD, PROJECT, act, moment};

crate::on_both!(
    low_lasts_six_months_medium_twelve_and_high_for_good,
    grades_are_raised_by_one_and_lowered_by_two,
    a_dry_run_removes_nothing,
    what_is_swept_leaves_a_tombstone_and_does_not_come_back,
    a_closed_lead_keeps_its_files_until_its_months_are_over,
    nothing_cited_held_or_pinned_is_ever_swept,
);

/// A photo that no lead cites.
const FREE: &str = "示范_demo~2025-06-12_DJI_0002.JPG";
/// The photo that the lead cites.
const CITED: &str = "示范_demo~2025-06-12_DJI_0001.JPG";
const EPOCH: &str = "示范_demo~2025-06-12";

/// Days after the flight.
fn days(days: i64) -> DateTime<Utc> {
    moment(days * 86_400)
}

async fn filled(catalog: &Catalog, folder: &Path) {
    let run = folder.join("run");
    crate::common::filed(&run);
    catalog.file_run_with_originals(&act("plumbline"), &run).await.unwrap();
}

/// Closes the lead, so that it keeps neither its epochs nor its photos as a baseline.
async fn close(catalog: &Catalog) {
    let officer = |name: &str, cert_no: &str| Officer { name: name.into(), cert_no: cert_no.into() };
    let by = Actor::Agency(Officers::new(officer("甲", "1"), officer("乙", "2")).unwrap());
    catalog.advance(&act("甲"), PROJECT, LEAD, State::LeadClosed, by, "不予立案").await.unwrap();
}

async fn swept(catalog: &Catalog, at: DateTime<Utc>, dry_run: bool) -> Vec<String> {
    let swept = catalog.sweep(&Act { by: "管理员", at }, dry_run).await.unwrap();
    swept.into_iter().map(|swept| swept.id).collect()
}

async fn low_lasts_six_months_medium_twelve_and_high_for_good(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    close(&catalog).await;
    let is_swept = |at| {
        let catalog = catalog.clone();
        async move { swept(&catalog, at, true).await.iter().any(|id| id == FREE) }
    };
    for (grade, last_day_kept, first_day_swept) in
        [(Grade::Low, 182, Some(184)), (Grade::Medium, 364, Some(366)), (Grade::High, 36_500, None)]
    {
        catalog.grade(&act("甲"), "flights", FREE, grade, "评估").await.unwrap();
        assert!(!is_swept(days(last_day_kept)).await, "{grade:?}");
        if let Some(day) = first_day_swept {
            assert!(is_swept(days(day)).await, "{grade:?}");
        }
    }
}

async fn grades_are_raised_by_one_and_lowered_by_two(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let grade = |by: &'static str, grade| {
        let catalog = catalog.clone();
        async move { catalog.grade(&act(by), "flights", FREE, grade, "评估").await.unwrap() }
    };
    let now =
        || async { catalog.grade_of(&format!("item:flights/{FREE}")).await.unwrap().map(|file| file.grade) };
    assert_eq!((grade("甲", Grade::High).await, now().await), (Graded::Done, Some(Grade::High)));
    assert_eq!((grade("甲", Grade::Low).await, now().await), (Graded::NeedsSecond, Some(Grade::High)));
    let own = catalog.second_grade(&act("甲"), "flights", FREE, true).await;
    assert!(matches!(own, Err(Error::SamePerson { .. })));
    catalog.second_grade(&act("乙"), "flights", FREE, false).await.unwrap();
    assert_eq!(now().await, Some(Grade::High));
    let settled = catalog.second_grade(&act("乙"), "flights", FREE, true).await;
    assert!(matches!(settled, Err(Error::Unknown { .. })), "what was refused does not wait any more");
    assert_eq!(grade("甲", Grade::Low).await, Graded::NeedsSecond);
    catalog.second_grade(&act("乙"), "flights", FREE, true).await.unwrap();
    assert_eq!(now().await, Some(Grade::Low));
    let item = catalog.item("flights", FREE).await.unwrap().unwrap();
    assert_eq!(item["properties"]["plumbline:grade"], "LOW");
}

async fn a_dry_run_removes_nothing(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    close(&catalog).await;
    let before = catalog.events(0..1000).await.unwrap();
    assert!(swept(&catalog, days(2000), true).await.contains(&FREE.to_owned()));
    assert_eq!(catalog.events(0..1000).await.unwrap(), before);
    assert!(catalog.item("flights", FREE).await.unwrap().is_some());
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn what_is_swept_leaves_a_tombstone_and_does_not_come_back(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    close(&catalog).await;
    let item = catalog.item("flights", FREE).await.unwrap().unwrap();
    let sha256 = item["assets"]["original"]["href"].as_str().unwrap().strip_prefix("sha256:").unwrap();
    let file = catalog.file(sha256).await.unwrap().unwrap();
    assert!(swept(&catalog, days(200), false).await.contains(&FREE.to_owned()));
    assert!(catalog.item("flights", FREE).await.unwrap().is_none());
    assert!(catalog.file(sha256).await.unwrap().is_none());
    assert!(!catalog.place().store().join(file.stored().unwrap().path()).exists());
    let tombstone = catalog.tombstone("flights", FREE).await.unwrap().unwrap();
    assert_eq!(tombstone.sha256["original"], sha256);
    assert_eq!((tombstone.approved_by.as_str(), tombstone.at), ("管理员", days(200)));
    assert!(tombstone.rule.contains("LOW"), "{}", tombstone.rule);
    assert_eq!(tombstone.metadata["plumbline:flight"], "2025-06-12");
    assert_eq!(catalog.verify(None).await.unwrap(), []);
    catalog.file_run(&act("plumbline"), &folder.join("run")).await.unwrap();
    assert!(catalog.item("flights", FREE).await.unwrap().is_none());
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn a_closed_lead_keeps_its_files_until_its_months_are_over(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let keep = || async { catalog.keep("flights", CITED).await.unwrap().unwrap() };
    assert_eq!(keep().await.until, None);
    close(&catalog).await;
    assert!(matches!(keep().await.reason, Reason::Closed { .. } | Reason::Grade { .. }));
    assert!(!swept(&catalog, days(180), true).await.contains(&CITED.to_owned()));
    assert!(swept(&catalog, days(185), true).await.contains(&CITED.to_owned()));
}

/// Random grades, holds, pins and states, swept at random times: what is protected then is there afterwards.
async fn nothing_cited_held_or_pinned_is_ever_swept(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let mut chance = rand_pcg::Pcg64Mcg::seed_from_u64(5);
    let photos = ["1", "2", "3"].map(|number| format!("{PROJECT}~2025-06-12_DJI_000{number}.JPG"));
    let mut is_open = true;
    for round in 0..60 {
        let photo = &photos[chance.random_range(0..3)];
        let there = catalog.item("flights", photo).await.unwrap().is_some();
        match chance.random_range(0..9) {
            0 if there => {
                catalog.hold(&act("甲"), &format!("item:flights/{photo}"), "诉讼").await.unwrap();
            }
            1 => {
                for hold in catalog.holds().await.unwrap().into_iter().take(1) {
                    catalog.release(&act("乙"), hold.id, "结束").await.unwrap();
                }
            }
            2 if there => {
                let grade = Grade::ALL[chance.random_range(0..2)];
                if catalog.grade(&act("甲"), "flights", photo, grade, "评估").await.unwrap()
                    == Graded::NeedsSecond
                {
                    catalog.second_grade(&act("乙"), "flights", photo, true).await.unwrap();
                }
            }
            3 if catalog.item("epochs", EPOCH).await.unwrap().is_some() => {
                catalog.pin(&act("甲"), EPOCH, "基准").await.unwrap();
            }
            4..=6 if !catalog.pins().await.unwrap().is_empty() => {
                catalog.unpin(&act("乙"), EPOCH, "结束").await.unwrap();
            }
            _ if is_open && round > 30 => {
                close(&catalog).await;
                is_open = false;
            }
            _ => {}
        }
        let held: Vec<String> = catalog.holds().await.unwrap().into_iter().map(|hold| hold.subject).collect();
        let is_pinned = !catalog.pins().await.unwrap().is_empty();
        let gone = swept(&catalog, days(chance.random_range(0..800)), false).await;
        for id in &gone {
            assert!(!is_open && !is_pinned, "round {round}: {id} was a baseline");
            assert!(!held.contains(&format!("item:flights/{id}")), "round {round}: {id} was held");
        }
        assert_eq!(catalog.verify(None).await.unwrap(), [], "round {round}");
    }
    for hold in catalog.holds().await.unwrap() {
        catalog.release(&act("乙"), hold.id, "结束").await.unwrap();
    }
    for pin in catalog.pins().await.unwrap() {
        catalog.unpin(&act("乙"), &pin.epoch, "结束").await.unwrap();
    }
    assert!(!is_open, "the lead was closed on the way");
    swept(&catalog, days(1000), false).await;
    let left = Search { collections: vec!["flights".into()], ..Search::default() };
    assert_eq!(catalog.search(&left).await.unwrap().items, Vec::<serde_json::Value>::new());
}
