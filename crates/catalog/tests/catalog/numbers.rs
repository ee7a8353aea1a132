//! Numbers of documents: one series for each sort and year, without gaps, whoever takes them.

use std::path::Path;

use plumbline_case::{DocumentNumber, Error as CaseError, Procedure};
use plumbline_catalog::{Act, Catalog, Error};

use crate::common::{LEAD, PROJECT, act, moment};

crate::on_both!(
    numbers_follow_one_another_whoever_takes_them_at_once,
    a_case_is_filed_under_one_number_and_a_number_given_up_is_not_given_again,
    a_procedure_says_what_is_numbered_and_how,
);

fn procedure() -> Procedure {
    Procedure { agency: Some("示执".into()), ..Procedure::sample().unwrap() }
}

async fn filled(catalog: &Catalog, folder: &Path) {
    let run = folder.join("run");
    crate::common::filed(&run);
    catalog.file_run(&act("plumbline"), &run).await.unwrap();
}

async fn take(catalog: &Catalog, by: &str, paper: &str) -> Result<String, Error> {
    let taken = catalog.take_number(&act(by), PROJECT, LEAD, (&procedure(), paper)).await?;
    Ok(taken.number.to_string())
}

async fn numbers_follow_one_another_whoever_takes_them_at_once(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let takers: Vec<_> = (0..12)
        .map(|i| {
            let catalog = catalog.clone();
            tokio::spawn(async move {
                take(&catalog, if i % 2 == 0 { "甲" } else { "乙" }, "STOP").await.unwrap()
            })
        })
        .collect();
    let mut taken = Vec::new();
    for taker in takers {
        taken.push(taker.await.unwrap().parse::<DocumentNumber>().unwrap().seq);
    }
    taken.sort_unstable();
    assert_eq!(taken, (1..=12).collect::<Vec<_>>());
    assert_eq!(take(&catalog, "甲", "NOTICE").await.unwrap(), "示执告字〔2025〕第1号", "a series of its own");
    let next_year = Act { by: "甲", at: moment(300 * 86_400) };
    let first = catalog.take_number(&next_year, PROJECT, LEAD, (&procedure(), "STOP")).await.unwrap();
    assert_eq!(first.number.to_string(), "示执停字〔2026〕第1号");
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn a_case_is_filed_under_one_number_and_a_number_given_up_is_not_given_again(
    catalog: Catalog,
    folder: &Path,
) {
    filled(&catalog, folder).await;
    let form = async || {
        let file = catalog.lead(PROJECT, LEAD).await.unwrap().unwrap();
        file.form.fields[0].value.clone()
    };
    assert_eq!(form().await, None);
    let first = take(&catalog, "甲", "FILING").await.unwrap();
    assert_eq!((first.as_str(), form().await.as_deref()), ("示执立字〔2025〕第1号", Some(first.as_str())));
    assert!(matches!(take(&catalog, "乙", "FILING").await, Err(Error::Done { .. })));
    let number = first.parse().unwrap();
    assert!(catalog.void_number(&act("甲"), &number, " ").await.is_err());
    catalog.void_number(&act("甲"), &number, "误取").await.unwrap();
    assert!(matches!(catalog.void_number(&act("甲"), &number, "再次").await, Err(Error::Done { .. })));
    assert_eq!(form().await, None);
    assert_eq!(take(&catalog, "乙", "FILING").await.unwrap(), "示执立字〔2025〕第2号");
    let kept = catalog.numbers_of(PROJECT, LEAD).await.unwrap();
    assert_eq!(kept.iter().map(|file| file.void.is_some()).collect::<Vec<_>>(), [true, false]);
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn a_procedure_says_what_is_numbered_and_how(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    assert!(matches!(take(&catalog, "甲", "LETTER").await, Err(Error::Case(CaseError::NoPaper { .. }))));
    let sample = Procedure::sample().unwrap();
    let refused = catalog.take_number(&act("甲"), PROJECT, LEAD, (&sample, "FILING")).await.unwrap_err();
    assert!(refused.to_string().contains("--procedure"), "{refused}");
    let nobody = catalog.take_number(&act("甲"), PROJECT, "L-0", (&procedure(), "FILING")).await;
    assert!(matches!(nobody, Err(Error::Unknown { .. })));
}
