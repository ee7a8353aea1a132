//! The page of a small made-up run.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::path::Path;

use chrono::NaiveDate;
use geo::{MultiPolygon, Rect};
use image::{Rgb, RgbImage};
use plumbline_case::{Evidence, Lead, What};
use plumbline_finding::{
    Bilingual, Finding, Kind, Lawful, Measure, Priority, Statute, Suppressed, Undecided, Unit, Verdict,
};
use plumbline_geodesy::{Crs, HeightDatum, Heights, SurveyClass, SurveyQuality};
use plumbline_ledger::{BuildingStages, Month, Site, SiteLook, StageRow, Trend};
use plumbline_plan::{Inspection, Record};
use plumbline_raster::{Grid, Raster};
use plumbline_report::{EpochSummary, LeftOut, Map, PlanOutline, PlanRole, Report, write};
use plumbline_stage::{Outcome, PhysicalStage, StageObservation, Unseen};

/// A text that would run if it were not escaped.
const HOSTILE: &str = "<script>alert('&')</script>";

fn hostile() -> Bilingual {
    Bilingual { zh: format!("中{HOSTILE}"), en: format!("en{HOSTILE}") }
}

fn square(west: f64, south: f64) -> MultiPolygon<f64> {
    MultiPolygon::from(Rect::new((west, south), (west + 10.0, south + 8.0)).to_polygon())
}

fn lead() -> Lead {
    let date = NaiveDate::from_ymd_opt(2025, 6, 12).unwrap();
    let finding = Finding {
        id: format!("F{HOSTILE}"),
        kind: Kind::ExtraStorey,
        verdict: Verdict::ConfirmedExceed,
        measure: Measure { measured: 4.0, sigma: 0.15, limit: 3.0, unit: Unit::Storey },
        building_no: Some(HOSTILE.into()),
        stage_lo: None,
        stage_hi: None,
        storeys: Some((4, 4)),
        outline: square(20.0, 20.0),
        epoch: HOSTILE.into(),
        earlier_epoch: Some(HOSTILE.into()),
        last_seen_without: None,
        first_seen_with: date,
        plan_version: Some(HOSTILE.into()),
        statutes: vec![Statute { law: HOSTILE.into(), article: HOSTILE.into(), about: hostile() }],
        explanation: hostile(),
        priority: Priority::High,
    };
    let mut lead = Lead::register(finding, date);
    let evidence = |what, file: &str| Evidence {
        what,
        file: file.into(),
        sha256: String::new(),
        derived_from: Vec::new(),
        made_with: None,
        made_by: None,
        proves: HOSTILE.into(),
        outline_px: Vec::new(),
        review_legal: None,
        review_technical: None,
    };
    lead.evidence = vec![evidence(What::After, "after.png"), evidence(What::SourcePhoto, "a/<b>.JPG")];
    lead
}

/// A building on two dates, of which the second could not see it.
fn stages() -> BuildingStages {
    let row = |day: u32, seen: StageObservation| StageRow {
        epoch: HOSTILE.into(),
        on: NaiveDate::from_ymd_opt(2025, 6, day).unwrap(),
        seen,
        passed: vec![],
        pending: vec![],
        mismatches: vec![Kind::StageAhead],
    };
    let unseen = StageObservation::unseen(HOSTILE, 6, Unseen::NotCovered);
    let storey = |k| PhysicalStage::TypicalStorey(k);
    let (outcome, stage_lo, stage_hi) = (Outcome::Observed, storey(2), storey(3));
    let seen = StageObservation { outcome, stage_lo, stage_hi, ..unseen.clone() };
    let applied_at = NaiveDate::from_ymd_opt(2025, 6, 2);
    BuildingStages {
        building_no: HOSTILE.into(),
        storeys_approved: Some(6),
        rows: vec![row(1, seen), row(12, unseen)],
        inspections: vec![Inspection {
            record: Record::Foundation,
            storey: None,
            applied_at,
            passed_at: None,
        }],
    }
}

fn site() -> Site {
    let on = NaiveDate::from_ymd_opt(2025, 6, 12).unwrap();
    Site {
        name: HOSTILE.into(),
        building_nos: vec![HOSTILE.into()],
        is_open: true,
        looks: vec![SiteLook { epoch: HOSTILE.into(), on, share: 0.4 }],
        last_flown: None,
        days_unflown: None,
        most_days_unflown: 30,
    }
}

fn trend() -> Trend {
    let month = Month { year: 2025, month: 6 };
    let (opened, closed, open, confirmed) = (2, 0, 2, 1);
    Trend { area: Some(HOSTILE.into()), kind: Kind::NoPermit, month, opened, closed, open, confirmed }
}

fn epoch() -> EpochSummary {
    EpochSummary {
        id: HOSTILE.into(),
        page: Some(HOSTILE.into()),
        photos_used: 24,
        left_out: vec![LeftOut { photo: HOSTILE.into(), reason: hostile() }],
        reprojection_px: 0.61,
        gnss_rms_m: [0.02, 0.03, f64::NAN],
        gsd_m: 0.0512,
        survey: SurveyQuality {
            class: SurveyClass::RtkOnly,
            u_xy_m: 0.05,
            u_z_m: f64::INFINITY,
            u_height_m: 0.08,
        },
        heights: Heights { name: Some(HOSTILE.into()), ..Heights::of_photos(HeightDatum::National) },
        remarks: vec![hostile()],
    }
}

/// The page of one lead in `run`.
fn page(run: &Path, leads: &[Lead]) -> String {
    RgbImage::from_pixel(900, 600, Rgb([120, 110, 100])).save(run.join("after.png")).unwrap();
    let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 60.0, 40.0), 0.25);
    let ortho = Raster::filled(grid.clone(), [90, 120, 80, 255]);
    let (overview, change) =
        (Map::of_ortho(&ortho), Map::of_height_change(&Raster::filled(grid, 4.0_f32), &ortho));
    let report = Report {
        project: HOSTILE,
        software: HOSTILE,
        crs: HOSTILE,
        run,
        epochs: &[epoch()],
        overview: &overview.unwrap(),
        earlier: None,
        change: Some(&change.unwrap()),
        plan: &[PlanOutline { role: PlanRole::Building, outline: square(5.0, 5.0) }],
        leads,
        stages: &[stages()],
        sites: &[site()],
        trends: &[trend()],
        suppressed: &[Suppressed {
            outline: square(0.0, 0.0),
            reason: Lawful::Crane,
            explanation: hostile(),
        }],
        undecided: &[Undecided { building_no: Some(HOSTILE.into()), outline: None, explanation: hostile() }],
    };
    write(&run.join("report.html"), &report).unwrap();
    std::fs::read_to_string(run.join("report.html")).unwrap()
}

#[test]
fn no_text_from_outside_becomes_markup() {
    let run = tempfile::tempdir().unwrap();
    let page = page(run.path(), &[lead()]);
    assert!(!page.contains("alert('"), "{}", &page[page.find("alert('").unwrap() - 80..][..160]);
    assert!(!page.contains("<b>.JPG"));
    assert!(page.matches("alert(&#x27;&amp;&#x27;)").count() >= 20);
}

#[test]
fn the_page_needs_nothing_beside_it() {
    let run = tempfile::tempdir().unwrap();
    let page = page(run.path(), &[lead()]);
    for outside in ["http:", "https:", "src=\"/", "@import", "url(", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let sources = page.split("src=\"").skip(1).chain(page.split("<image href=\"").skip(1));
    assert!(sources.clone().all(|source| source.starts_with("data:image/jpeg;base64,")));
    assert_eq!(page.matches("data:image/jpeg").count(), 3);
}

#[test]
fn both_languages_and_the_measured_figures_are_there() {
    let run = tempfile::tempdir().unwrap();
    let page = page(run.path(), &[lead()]);
    for text in [
        "加层",
        "more storeys than approved",
        "确认超限",
        "4.0 ± 0.1",
        "塔吊",
        "crane",
        "0.61 px",
        "施工阶段台账",
        "本期无法判断",
        "2–3",
        "从未",
        "50 %",
        "RTK only",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.contains("筛查量测，不作为测绘成果") && page.contains("not a survey product"));
    assert!(!page.contains("compliant") && !page.contains("NaN") && !page.contains("inf "));
}

#[test]
fn a_run_without_findings_says_that_this_is_no_verification() {
    let run = tempfile::tempdir().unwrap();
    let page = page(run.path(), &[]);
    assert!(page.contains("This is no verification") && page.contains("不等于核实合格"));
}

#[test]
fn a_missing_picture_is_named() {
    let run = tempfile::tempdir().unwrap();
    let mut lead = lead();
    lead.evidence[0].file = "gone.jpg".into();
    let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 10.0, 10.0), 0.5);
    let overview = Map::of_ortho(&Raster::filled(grid, [0, 0, 0, 0])).unwrap();
    let report = Report {
        project: "p",
        software: "s",
        crs: "EPSG:4547",
        run: run.path(),
        epochs: &[],
        overview: &overview,
        earlier: None,
        change: None,
        plan: &[],
        leads: &[lead],
        stages: &[],
        sites: &[],
        trends: &[],
        suppressed: &[],
        undecided: &[],
    };
    let error = write(&run.path().join("report.html"), &report).unwrap_err();
    assert!(error.to_string().contains("gone.jpg"));
}
