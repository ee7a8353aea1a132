//! The shared catalog: what is filed is found again, what people do is kept, and what they may not do is refused.

use std::path::Path;

use plumbline_case::{Actor, Officer, Officers, State};
use plumbline_catalog::{Account, Catalog, Decision, Error, LeadQuery, Outcome, ReviewKind, Role, Search};

use crate::common::{LEAD, PROJECT, act, moment};

crate::on_both!(
    a_filed_run_is_found_again,
    the_same_run_again_changes_nothing,
    a_newer_run_keeps_what_people_did,
    decisions_are_seconded_by_somebody_else_and_once,
    decisions_lack_nothing_that_their_outcome_needs,
    evidence_is_reviewed_by_two_people_who_did_not_make_it,
    only_legal_steps_are_taken,
    sessions_end,
    every_change_is_an_event,
    the_queue_is_filtered_and_paged,
);

/// Name of the project of the small run.
const FINDING: &str = "NO_PERMIT-3#楼";

async fn filed(catalog: &Catalog, folder: &Path) -> std::path::PathBuf {
    let run = folder.join("run");
    crate::common::filed(&run);
    catalog.file_run(&act("plumbline"), &run).await.unwrap();
    run
}

fn confirmed() -> Decision {
    Decision {
        project: PROJECT.into(),
        lead: LEAD.into(),
        finding: FINDING.into(),
        outcome: Outcome::Confirmed,
        reason: "现场属实".into(),
        permit_no: None,
    }
}

async fn a_filed_run_is_found_again(catalog: Catalog, folder: &Path) {
    filed(&catalog, folder).await;
    let page = catalog.search(&Search { limit: 100, ..Search::default() }).await.unwrap();
    assert_eq!((page.items.len(), page.next), (8, None));
    for item in &page.items {
        assert!(item["id"].as_str().unwrap().starts_with("示范_demo~"), "{}", item["id"]);
        for link in item["links"].as_array().unwrap() {
            assert!(link["href"].as_str().unwrap().starts_with("item:"), "{link}");
        }
        for asset in item["assets"].as_object().unwrap().values() {
            let sha256 = asset["href"].as_str().unwrap().strip_prefix("sha256:").unwrap();
            let file = catalog.file(sha256).await.unwrap();
            assert_eq!(asset["plumbline:stored"], file.is_some());
            if let Some(file) = file {
                let bytes = catalog.store().read(&file.stored().unwrap()).unwrap();
                assert_eq!(bytes.len() as u64, asset["file:size"]);
            }
        }
    }
    let lead = catalog.lead(PROJECT, LEAD).await.unwrap().unwrap();
    assert_eq!((lead.photos.len(), lead.crs.as_str(), lead.before), (1, "EPSG:4547", None));
    assert_eq!(lead.after.unwrap().assets.len(), 4);
    assert_eq!(lead.place["type"], "Polygon");
    let flights = catalog.collection("flights").await.unwrap().unwrap();
    assert!(flights["extent"]["spatial"]["bbox"][0][0].as_f64().unwrap() > 114.0);
}

async fn the_same_run_again_changes_nothing(catalog: Catalog, folder: &Path) {
    let run = filed(&catalog, folder).await;
    let before = catalog.events(0..1000).await.unwrap();
    let again = catalog.file_run(&act("plumbline"), &run).await.unwrap();
    assert_eq!((again.changed, again.items, again.leads), (0, 8, 1));
    assert_eq!(catalog.events(0..1000).await.unwrap(), before);
}

async fn a_newer_run_keeps_what_people_did(catalog: Catalog, folder: &Path) {
    let run = filed(&catalog, folder).await;
    let id = catalog.decide(&act("甲"), confirmed()).await.unwrap();
    let officer = |name: &str, cert_no: &str| Officer { name: name.into(), cert_no: cert_no.into() };
    let officers = Officers::new(officer("甲", "1"), officer("乙", "2")).unwrap();
    let by = Actor::Agency(officers);
    catalog.advance(&act("甲"), PROJECT, LEAD, State::Verifying, by, "核查").await.unwrap();
    std::fs::remove_dir_all(&run).unwrap();
    crate::common::filed_with(&run, 90.0);
    let newer = catalog.file_run(&act("plumbline"), &run).await.unwrap();
    assert!(newer.changed > 0);
    let lead = catalog.lead(PROJECT, LEAD).await.unwrap().unwrap();
    assert!((lead.lead.findings[0].measure.measured - 90.0).abs() < 1e-12);
    assert_eq!((lead.lead.state(), lead.decisions[0].id), (State::Verifying, id));
    let item = catalog.item("leads", &format!("{PROJECT}~{LEAD}")).await.unwrap().unwrap();
    assert_eq!(item["properties"]["plumbline:state"], "VERIFYING");
}

async fn decisions_are_seconded_by_somebody_else_and_once(catalog: Catalog, folder: &Path) {
    filed(&catalog, folder).await;
    let id = catalog.decide(&act("甲"), confirmed()).await.unwrap();
    let own = catalog.second(&act("甲"), id, true, "同意").await;
    assert!(matches!(own, Err(Error::SamePerson { .. })), "{own:?}");
    catalog.second(&act("乙"), id, true, "同意").await.unwrap();
    let twice = catalog.second(&act("丙"), id, false, "不同意").await;
    assert!(matches!(twice, Err(Error::Done { .. })), "{twice:?}");
    let kept = catalog.decision(id).await.unwrap().unwrap();
    assert_eq!(kept.second.map(|second| second.by).as_deref(), Some("乙"));
    assert!(matches!(catalog.second(&act("乙"), 999, true, "").await, Err(Error::Unknown { .. })));
}

async fn decisions_lack_nothing_that_their_outcome_needs(catalog: Catalog, folder: &Path) {
    filed(&catalog, folder).await;
    let wrong = [
        Decision { outcome: Outcome::FalsePositive, reason: " ".into(), ..confirmed() },
        Decision { outcome: Outcome::AlreadyPermitted, ..confirmed() },
    ];
    for decision in wrong {
        assert!(matches!(catalog.decide(&act("甲"), decision).await, Err(Error::Incomplete { .. })));
    }
    for decision in [
        Decision { finding: "other".into(), ..confirmed() },
        Decision { lead: "other".into(), ..confirmed() },
    ] {
        assert!(matches!(catalog.decide(&act("甲"), decision).await, Err(Error::Unknown { .. })));
    }
}

async fn evidence_is_reviewed_by_two_people_who_did_not_make_it(catalog: Catalog, folder: &Path) {
    filed(&catalog, folder).await;
    let lead = catalog.lead(PROJECT, LEAD).await.unwrap().unwrap().lead;
    let sha256 = &lead.evidence[0].sha256;
    let review = |by: &'static str, kind, passed| {
        let catalog = catalog.clone();
        async move { catalog.review_evidence(&act(by), sha256, kind, passed, "清晰").await }
    };
    let maker = review("plumbline", ReviewKind::Legal, true).await;
    assert!(matches!(maker, Err(Error::SamePerson { .. })), "{maker:?}");
    review("甲", ReviewKind::Legal, true).await.unwrap();
    let both = review("甲", ReviewKind::Technical, true).await;
    assert!(matches!(both, Err(Error::SamePerson { .. })), "{both:?}");
    let evidence = || async { catalog.lead(PROJECT, LEAD).await.unwrap().unwrap().lead.evidence[0].clone() };
    assert!(evidence().await.require_reviewed().is_err());
    review("乙", ReviewKind::Technical, true).await.unwrap();
    assert!(evidence().await.require_reviewed().is_ok());
    let id = format!("{PROJECT}~{}", &sha256[..16]);
    let item = catalog.item("evidence", &id).await.unwrap().unwrap();
    assert_eq!(item["properties"]["plumbline:reviewed"], true);
}

async fn only_legal_steps_are_taken(catalog: Catalog, folder: &Path) {
    filed(&catalog, folder).await;
    let act = act("plumbline");
    let step = |to| catalog.advance(&act, PROJECT, LEAD, to, Actor::Software, "草稿");
    step(State::PendingFiling).await.unwrap();
    assert!(matches!(step(State::Filed).await, Err(Error::Case(_))), "filing is an act of the agency");
    assert!(matches!(step(State::Archived).await, Err(Error::Case(_))));
    let lead = catalog.lead(PROJECT, LEAD).await.unwrap().unwrap().lead;
    assert_eq!((lead.state(), lead.history.len()), (State::PendingFiling, 2));
}

async fn sessions_end(catalog: Catalog, _: &Path) {
    let account = Account {
        name: "甲".into(),
        role: Role::Curate,
        password_hash: "$argon2id$x".into(),
        cert_no: Some("130501".into()),
    };
    catalog.create_account(&act("admin"), account.clone()).await.unwrap();
    assert_eq!(catalog.accounts().await.unwrap(), std::slice::from_ref(&account));
    let token = "ab".repeat(32);
    catalog.open_session(&act("甲"), &token, "甲", moment(2000)).await.unwrap();
    assert_eq!(catalog.session(&token, moment(1999)).await.unwrap(), Some(account));
    assert_eq!(catalog.session(&token, moment(2000)).await.unwrap(), None);
    catalog.close_session(&act("甲"), &token).await.unwrap();
    catalog.close_session(&act("甲"), &token).await.unwrap();
    assert_eq!(catalog.session(&token, moment(1999)).await.unwrap(), None);
    let entries = serde_json::to_string(&catalog.events(0..10).await.unwrap()).unwrap();
    assert!(!entries.contains("argon2"), "{entries}");
}

async fn every_change_is_an_event(catalog: Catalog, folder: &Path) {
    filed(&catalog, folder).await;
    let id = catalog.decide(&act("甲"), confirmed()).await.unwrap();
    let events = catalog.events(0..1000).await.unwrap();
    assert!(events.iter().enumerate().all(|(i, event)| event.seq == i as u64));
    let last = events.last().unwrap();
    assert_eq!((last.seq, last.by.as_str(), last.action.as_str()), (id, "甲", "DECIDED"));
    assert_eq!(catalog.events_of(&format!("decision:{id}")).await.unwrap(), std::slice::from_ref(last));
    assert_eq!(events.iter().filter(|event| event.action == "FILED").count(), 8);
}

async fn the_queue_is_filtered_and_paged(catalog: Catalog, folder: &Path) {
    filed(&catalog, folder).await;
    let found = |query: LeadQuery| {
        let catalog = catalog.clone();
        async move { catalog.leads(&query).await.unwrap().leads.len() }
    };
    let all = LeadQuery::default();
    assert_eq!(found(all.clone()).await, 1);
    let text = |text: &str| LeadQuery { text: Some(text.into()), ..LeadQuery::default() };
    assert_eq!(found(text("无许可")).await, 1);
    assert_eq!(found(text("NO permit")).await, 1);
    for nothing in ["%", "_ _", "' OR 1=1 --", "\\"] {
        assert_eq!(found(text(nothing)).await, 0, "{nothing}");
    }
    assert_eq!(found(LeadQuery { kind: Some("NO_PERMIT".into()), ..all.clone() }).await, 1);
    assert_eq!(found(LeadQuery { kind: Some("SHIFTED".into()), ..all.clone() }).await, 0);
    assert_eq!(found(LeadQuery { undecided_only: true, ..all.clone() }).await, 1);
    catalog.decide(&act("甲"), confirmed()).await.unwrap();
    assert_eq!(found(LeadQuery { undecided_only: true, ..all.clone() }).await, 0);
    let row = &catalog.leads(&all).await.unwrap().leads[0];
    assert_eq!((row.decisions, row.open_decisions), (1, 1));
    assert!(row.center.unwrap()[0] > 114.0);
}
