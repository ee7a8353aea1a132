#![allow(dead_code, reason = "not every test uses all of it")]

//! A small run folder: one flight, one epoch, one lead with two pieces of evidence.

pub mod places;
#[path = "../../../../custody/tests/common/s3.rs"]
pub mod s3;
pub mod server;

use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use geo::{MultiPolygon, Rect};
use plumbline_case::{Evidence, Lead, What};
use plumbline_catalog::{
    Act, Contents, EpochRecord, FlightRecord, PhotoRecord, Product, ProductKind, RunCatalog, Software,
};
use plumbline_custody::Digest;
use plumbline_finding::{Bilingual, Finding, Kind, Measure, Priority, Unit, Verdict};
use plumbline_geodesy::{Crs, HeightDatum, Heights, Lla, SurveyClass, SurveyQuality};
use plumbline_raster::{Grid, Raster, cog};

/// Name of the project of the small run in the shared catalog, and its lead.
pub const PROJECT: &str = "示范_demo";
pub const LEAD: &str = "L-NO_PERMIT-3#楼";

/// An act a while after everything was captured.
pub fn act(by: &str) -> Act<'_> {
    Act { by, at: moment(1000) }
}

pub fn moment(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_749_700_000 + second, 0).unwrap()
}

fn crs() -> Crs {
    Crs::new("EPSG:4547").unwrap()
}

/// Writes photos, products and a picture under `run`, files them and returns the catalog.
pub fn filed(run: &Path) -> RunCatalog {
    filed_with(run, 80.0)
}

/// The same with a finding of another size, square metres.
pub fn filed_with(run: &Path, measured_m2: f64) -> RunCatalog {
    let flights = [flight(run)];
    let epochs = [epoch(run)];
    let leads = [lead(run, &flights[0], measured_m2)];
    let contents = Contents {
        project: "示范 demo",
        software: Software { name: "plumbline".into(), version: "0.1.0".into() },
        crs: &crs(),
        flights: &flights,
        epochs: &epochs,
        leads: &leads,
    };
    // On a thread of its own: it waits, and the test may be asynchronous.
    std::thread::scope(|scope| scope.spawn(|| RunCatalog::create(run, &contents).unwrap()).join().unwrap())
}

fn flight(run: &Path) -> FlightRecord {
    let folder = run.join("flights/2025-06-12");
    fs::create_dir_all(&folder).unwrap();
    let photo = |number: u8| {
        let name = format!("DJI 000{number}.JPG");
        fs::write(folder.join(&name), [0xff, 0xd8, number]).unwrap();
        let (sha256, size) = Digest::of_file(&folder.join(&name)).unwrap();
        let used = number < 3;
        PhotoRecord {
            name,
            sha256,
            size,
            size_px: Some((4000, 3000)),
            captured_at: used.then(|| moment(i64::from(number))),
            position: used.then_some(Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 160.0 }),
            footprint: (number == 1)
                .then(|| vec![(114.504, 37.068), (114.504, 37.069), (114.505, 37.069), (114.505, 37.068)]),
            camera: Some("DJI FC6310".into()),
            left_out: (!used).then(|| "no position".into()),
        }
    };
    FlightRecord {
        id: "2025-06-12".into(),
        captured: (moment(0), moment(60)),
        photos: (1..=3).map(photo).collect(),
        folder,
    }
}

fn epoch(run: &Path) -> EpochRecord {
    let folder = run.join("epochs/2025-06-12");
    fs::create_dir_all(&folder).unwrap();
    let grid = Grid::covering(crs(), (544_893.0, 4_104_198.0, 544_923.0, 4_104_218.0), 0.5);
    let band = cog::Band { description: "height", unit: "m" };
    let heights = Raster::filled(grid.clone(), 61.0_f32);
    cog::write_f32(&folder.join("dsm.tif"), &heights, band, &[]).unwrap();
    cog::write_f32(&folder.join("dsm_sigma.tif"), &heights, band, &[]).unwrap();
    cog::write_rgba(&folder.join("ortho.tif"), &Raster::filled(grid, [90, 120, 80, 255]), &[]).unwrap();
    fs::write(folder.join("block.json"), "{}").unwrap();
    let product = |(kind, name)| Product { kind, path: Path::new("epochs/2025-06-12").join(name) };
    let products = [
        (ProductKind::Dsm, "dsm.tif"),
        (ProductKind::DsmSigma, "dsm_sigma.tif"),
        (ProductKind::Ortho, "ortho.tif"),
        (ProductKind::Block, "block.json"),
    ];
    EpochRecord {
        id: "2025-06-12".into(),
        flight_id: "2025-06-12".into(),
        captured: (moment(1), moment(2)),
        gsd_m: 0.05,
        survey: SurveyQuality {
            class: SurveyClass::RtkOnly,
            u_xy_m: 0.05,
            u_z_m: f64::INFINITY,
            u_height_m: 0.08,
        },
        heights: Heights::of_photos(HeightDatum::Ellipsoid),
        reprojection_px: 0.6,
        photos_adjusted: 2,
        photos_left_out: 1,
        products: products.map(product).to_vec(),
    }
}

fn lead(run: &Path, flight: &FlightRecord, measured: f64) -> Lead {
    let first = NaiveDate::from_ymd_opt(2025, 6, 12).unwrap();
    let outline =
        MultiPolygon::from(Rect::new((544_900.0, 4_104_200.0), (544_910.0, 4_104_208.0)).to_polygon());
    let finding = Finding {
        id: "NO_PERMIT-3#楼".into(),
        kind: Kind::NoPermit,
        verdict: Verdict::ConfirmedExceed,
        measure: Measure { measured, sigma: 2.0, limit: 0.0, unit: Unit::SquareMetre },
        building_no: None,
        stage_lo: None,
        stage_hi: None,
        storeys: None,
        outline,
        epoch: "2025-06-12".into(),
        earlier_epoch: Some("2025-03-10".into()),
        last_seen_without: None,
        first_seen_with: first,
        plan_version: Some("2025-02".into()),
        statutes: Vec::new(),
        explanation: Bilingual { zh: "无许可证。".into(), en: "No permit.".into() },
        priority: Priority::High,
    };
    let mut lead = Lead::register(finding, first);
    fs::create_dir_all(run.join("pictures")).unwrap();
    fs::write(run.join("pictures/after.jpg"), b"after").unwrap();
    let (ortho, _) = Digest::of_file(&run.join("epochs/2025-06-12/ortho.tif")).unwrap();
    let evidence = |what, file: &str, derived_from: Vec<String>| Evidence {
        what,
        file: file.into(),
        sha256: Digest::of_file(&run.join(file)).unwrap().0.to_string(),
        made_with: (!derived_from.is_empty()).then(|| "plumbline 0.1.0".to_owned()),
        derived_from,
        made_by: None,
        proves: "现场建有建筑物".into(),
        outline_px: Vec::new(),
        review_legal: None,
        review_technical: None,
    };
    let photo = format!("flights/2025-06-12/{}", flight.photos[0].name);
    lead.evidence = vec![
        evidence(What::After, "pictures/after.jpg", vec![ortho.to_string()]),
        evidence(What::SourcePhoto, &photo, Vec::new()),
    ];
    lead
}
