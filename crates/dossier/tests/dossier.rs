//! The dossier as a reader of PDFs sees it.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::io::{Cursor, Write};
use std::process::{Command, Stdio};

use chrono::{DateTime, NaiveDate, Utc};
use geo::Rect;
use image::{DynamicImage, Rgb, RgbImage};
use plumbline_case::{Evidence, FilingForm, Lead, What};
use plumbline_dossier::{Dossier, Error, Fonts, Remark};
use plumbline_finding::{Bilingual, Finding, Kind, Measure, Priority, Statute, Unit, Verdict};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn picture(shade: u8) -> Vec<u8> {
    let picture = RgbImage::from_pixel(1200, 900, Rgb([shade; 3]));
    let mut png = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

fn lead() -> Lead {
    let finding = Finding {
        id: "NO_PERMIT-E1N2".into(),
        kind: Kind::NoPermit,
        verdict: Verdict::ConfirmedExceed,
        measure: Measure { measured: 103.456, sigma: 2.04, limit: 10.0, unit: Unit::SquareMetre },
        building_no: None,
        stage_lo: None,
        stage_hi: None,
        storeys: None,
        outline: Rect::new((0.0, 0.0), (10.0, 10.0)).to_polygon().into(),
        epoch: "2025-06-12".into(),
        earlier_epoch: Some("2025-03-10".into()),
        last_seen_without: Some(day("2025-03-10")),
        first_seen_with: day("2025-06-12"),
        plan_version: Some("2025-02".into()),
        statutes: vec![Statute {
            law: "城乡规划法".into(),
            article: "64".into(),
            about: Bilingual::new("未取得许可", "without a permit"),
        }],
        explanation: Bilingual::new("新增建筑103±2平方米。", "A new structure of 103 ± 2 m²."),
        priority: Priority::High,
    };
    let mut lead = Lead::register(finding, day("2025-06-13"));
    let evidence = |what, name: &str, shade, proves: &str| {
        let ring = vec![[300, 300], [500, 300], [500, 450], [300, 300]];
        let outline_px = if what == What::SourcePhoto { vec![ring] } else { vec![] };
        Evidence { outline_px, ..Evidence::original(what, name.into(), &picture(shade), proves) }
    };
    lead.evidence = vec![
        evidence(What::Before, "before.png", 10, "之前"),
        evidence(What::After, "after.png", 20, "之后"),
        evidence(What::PlanOverlay, "plan.png", 30, "叠加"),
        evidence(What::SourcePhoto, "A1.JPG", 40, "2025-03-10 航拍原片"),
        evidence(What::SourcePhoto, "A2.JPG", 50, "2025-03-10 航拍原片"),
        evidence(What::SourcePhoto, "B1.JPG", 60, "2025-06-12 航拍原片"),
        evidence(What::SourcePhoto, "B2.JPG", 70, "2025-06-12 航拍原片"),
        evidence(What::SourcePhoto, "B3.JPG", 80, "2025-06-12 航拍原片"),
    ];
    lead
}

/// The dossier of the lead where some files are lost from the store.
fn pdf(lost: &[&str]) -> Result<Vec<u8>, Error> {
    let lead = lead();
    let file = |sha256: &str| {
        let at = lead.evidence.iter().position(|evidence| evidence.sha256 == sha256)?;
        let is_lost = lost.iter().any(|lost| lead.evidence[at].file.to_string_lossy() == *lost);
        (!is_lost).then(|| picture(10 * (at as u8 + 1)))
    };
    let remark = Remark {
        by: "li".into(),
        at: DateTime::<Utc>::from_timestamp(1_750_000_000, 0).unwrap(),
        finding: "NO_PERMIT-E1N2".into(),
        outcome: Bilingual::new("属实", "confirmed"),
        reason: "现场核实 <b>无</b> #许可 $x$".into(),
    };
    Dossier {
        project: "桥东示范片区",
        crs: "EPSG:4547",
        software: "plumbline 0.1.0",
        made_at: DateTime::from_timestamp(1_750_000_000, 0).unwrap(),
        checkpoint: Some("plumbline.example/log\n12\nabc=\n"),
        lead: &lead,
        form: &FilingForm::draft(&lead, "EPSG:4547"),
        remarks: &[remark],
        file: &file,
    }
    .pdf(&Fonts::of_system()?)
}

/// The words of a PDF, by Debian's `pdftotext`.
fn words(pdf: &[u8]) -> String {
    let mut command = Command::new("pdftotext");
    command.args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut reader = command.spawn().expect("poppler-utils");
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn the_dossier_says_what_was_measured_and_shows_one_photo_before_and_two_after() {
    let words = words(&pdf(&[]).unwrap());
    for said in
        ["未批先建", "103.5 ± 2.0 m²", "2025-03-10 → 2025-06-12", "城乡规划法 64", "筛查量测", "立案审批表"]
    {
        assert!(words.contains(said), "{said} is not in {words}");
    }
    let photos = words.split("前后影像").next().unwrap();
    let shown = ["A1.JPG", "A2.JPG", "B1.JPG", "B2.JPG", "B3.JPG"].map(|name| photos.contains(name));
    assert_eq!(shown, [true, false, true, true, false]);
    assert!(!words.contains("文件不在库中"));
}

#[test]
fn what_people_wrote_stays_text() {
    let words = words(&pdf(&[]).unwrap());
    assert!(words.contains("<b>") && words.contains("$x$"), "{words}");
}

#[test]
fn the_same_lead_at_the_same_time_makes_the_same_bytes() {
    assert!(pdf(&[]).unwrap() == pdf(&[]).unwrap());
}

#[test]
fn a_lost_file_leaves_a_box_and_the_rest_of_the_dossier() {
    let words = words(&pdf(&["B1.JPG", "plan.png"]).unwrap());
    assert_eq!(words.matches("文件不在库中").count(), 2, "{words}");
    assert!(words.contains("B2.JPG") && words.contains("立案审批表"));
}
