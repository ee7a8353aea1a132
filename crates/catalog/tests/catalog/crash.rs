//! A program that is killed in the middle of its work loses nothing that it has acknowledged, and its log stays whole.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use plumbline_catalog::{Account, Act, Catalog, Decision, Fault, Outcome, Place, Record, Role};
use plumbline_custody::{Checkpoint, StoreFault};
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value};

use crate::common::server::fresh_database;
use crate::common::{LEAD, PROJECT, act, moment};

/// Project, lead and finding of the small run.
const FINDING: &str = "NO_PERMIT-3#楼";
/// What the child says when it has begun.
const READY: &str = "ready";

#[test]
fn fifteen_kills_lose_nothing_on_sqlite() {
    kill_often(None, 15, 1);
}

#[test]
fn fifteen_kills_lose_nothing_on_postgres() {
    if let Some(url) = fresh_database() {
        kill_often(Some(&url), 15, 2);
    }
}

#[test]
#[ignore = "takes minutes: run it before a release"]
fn two_hundred_kills_each_lose_nothing_on_sqlite_and_postgres() {
    kill_often(None, 200, 3);
    if let Some(url) = fresh_database() {
        kill_often(Some(&url), 200, 4);
    }
}

/// Kills a child that works on a catalog, again and again, and looks at what is left each time.
fn kill_often(url: Option<&str>, kills: u32, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let shared = folder.path().join("shared");
    let place = url.map_or_else(|| Place::folder(&shared), |url| Place::postgres(url, &shared));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut chance = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
    let run = folder.path().join("run");
    crate::common::filed(&run);
    runtime.block_on(async {
        let catalog = Catalog::create(&place, "plumbline.test/custody", [7; 32]).await.unwrap();
        catalog.file_run(&Act { by: "plumbline", at: moment(0) }, &run).await.unwrap();
    });
    let mut acknowledged: Vec<String> = Vec::new();
    let mut kept: Option<Checkpoint> = None;
    for round in 0..kills {
        let until = chance.random_range(1..40);
        acknowledged.extend(work_until_killed(&shared, url, round, until));
        kept = Some(runtime.block_on(look(&place, &acknowledged, kept.as_ref())));
    }
    assert!(acknowledged.len() > kills as usize, "{}", acknowledged.len());
}

/// Starts a child, kills it after so many acknowledgements, and returns all that it gave out.
fn work_until_killed(shared: &Path, url: Option<&str>, round: u32, until: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::a_child_works_until_it_is_killed", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let order = format!("{}\n{}\n{round}\n", shared.display(), url.unwrap_or_default());
    child.stdin.take().unwrap().write_all(order.as_bytes()).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut acknowledged = Vec::new();
    assert!(lines.any(|line| line.ends_with(READY)), "the child does not begin");
    for line in &mut lines {
        acknowledged.extend(line.strip_prefix("ack ").map(str::to_owned));
        if acknowledged.len() == until {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

/// Opens what a killed child left: everything that it acknowledged is there, and the log goes on from what was kept.
async fn look(place: &Place, acknowledged: &[String], kept: Option<&Checkpoint>) -> Checkpoint {
    let catalog = Catalog::open(place).await.unwrap();
    for name in acknowledged {
        let (sort, name) = name.split_once(' ').unwrap();
        let is_there = match sort {
            "account" => catalog.account(name).await.unwrap().is_some(),
            "decision" => catalog.decision(name.parse().unwrap()).await.unwrap().is_some(),
            "record" => catalog.item("records", name).await.unwrap().is_some(),
            _ => catalog.holds().await.unwrap().iter().any(|hold| hold.id.to_string() == name),
        };
        assert!(is_there, "{sort} {name} was acknowledged and is lost");
    }
    let faults = catalog.verify(kept).await.unwrap();
    // A file whose record was never acknowledged may lie in the store; nothing else may be wrong.
    let lonely = |fault: &Fault| matches!(fault, Fault::File { fault: StoreFault::Stray { .. }, .. });
    assert!(faults.iter().all(lonely), "{faults:?}");
    catalog.checkpoint()
}

#[test]
#[ignore = "the other tests run it as a program of its own"]
fn a_child_works_until_it_is_killed() {
    let mut order = std::io::stdin().lines().map_while(Result::ok);
    let (Some(shared), Some(url), Some(round)) = (order.next(), order.next(), order.next()) else { return };
    let shared = PathBuf::from(shared);
    let place = if url.is_empty() { Place::folder(&shared) } else { Place::postgres(url, &shared) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let catalog = Catalog::open(&place).await.unwrap();
        say(READY);
        let workers = (0..3).map(|worker| {
            let (catalog, shared, round) = (catalog.clone(), shared.clone(), round.clone());
            tokio::spawn(async move { work(&catalog, &shared, &format!("{round}-{worker}")).await })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.unwrap();
        }
    });
}

/// Mixed work without end, each piece acknowledged once it is done.
async fn work(catalog: &Catalog, shared: &Path, name: &str) {
    let act = act("甲");
    for i in 0.. {
        let name = format!("{name}-{i}");
        let account = Account {
            name: name.clone(),
            role: Role::Curate,
            password_hash: "$argon2id$x".into(),
            cert_no: None,
        };
        catalog.create_account(&act, account).await.unwrap();
        say(&format!("ack account {name}"));
        let decision = Decision {
            project: PROJECT.into(),
            lead: LEAD.into(),
            finding: FINDING.into(),
            outcome: Outcome::Confirmed,
            reason: name.clone(),
            permit_no: None,
        };
        let id = catalog.decide(&act, decision).await.unwrap();
        say(&format!("ack decision {id}"));
        let file = shared.with_file_name(format!("{name}.jpg"));
        fs::write(&file, &name).unwrap();
        let id = catalog.file_record(&act, record(&name, file)).await.unwrap();
        say(&format!("ack record {id}"));
        let id = catalog.hold(&act, &format!("item:records/{id}"), "诉讼").await.unwrap();
        say(&format!("ack hold {id}"));
        catalog.sweep(&act, false).await.unwrap();
    }
}

fn record(id: &str, file: PathBuf) -> Record {
    Record {
        id: id.into(),
        project: PROJECT.into(),
        producer: "HANDHELD".into(),
        device: "H-1".into(),
        unit: "桥东大队".into(),
        operators: Vec::new(),
        subject: "3#楼".into(),
        lead: None,
        trigger: None,
        step: None,
        captured: (moment(0), moment(1)),
        place: Value::Null,
        address: None,
        file,
        media_type: "image/jpeg".into(),
        gaps: Vec::new(),
        proves: None,
        made_by: None,
        details: Map::new(),
    }
}

/// A line to the parent, at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}
