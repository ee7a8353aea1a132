//! A run folder: two epochs of one place, and a lead where a shed has come.

use std::fs;
use std::path::Path;
use std::thread;

use chrono::{DateTime, NaiveDate, Utc};
use geo::{MultiPolygon, Rect};
use plumbline_case::{Evidence, Lead, What};
use plumbline_catalog::{
    Contents, EpochRecord, FlightRecord, PhotoRecord, Product, ProductKind, RunCatalog, Software,
};
use plumbline_custody::Digest;
use plumbline_finding::{Bilingual, Finding, Kind, Measure, Priority, Unit, Verdict};
use plumbline_geodesy::{Crs, HeightDatum, Heights, Lla, SurveyClass, SurveyQuality};
use plumbline_raster::{Grid, Raster, cog};

/// The two days.
pub const DAYS: [&str; 2] = ["2025-03-10", "2025-06-12"];

/// Name of the lead.
pub const LEAD: &str = "L-NO_PERMIT-1";

fn moment(day: &str) -> DateTime<Utc> {
    format!("{day}T02:00:00Z").parse().unwrap()
}

fn crs() -> Crs {
    Crs::new("EPSG:4547").unwrap()
}

/// Writes the run and its own catalog.
pub fn write(run: &Path) {
    let flights = DAYS.map(|day| flight(run, day));
    let epochs = DAYS.map(|day| epoch(run, day));
    let leads = [lead(run, &flights[1])];
    let software = Software { name: "plumbline".into(), version: "0.1.0".into() };
    let contents = Contents {
        project: "demo",
        software,
        crs: &crs(),
        flights: &flights,
        epochs: &epochs,
        leads: &leads,
    };
    // The catalog's own runtime may not start inside the test's.
    thread::scope(|scope| scope.spawn(|| RunCatalog::create(run, &contents)).join()).unwrap().unwrap();
}

fn flight(run: &Path, day: &str) -> FlightRecord {
    let folder = run.join("flights").join(day);
    fs::create_dir_all(&folder).unwrap();
    let photo = |number: u8| {
        let name = format!("DJI_000{number}.JPG");
        fs::write(folder.join(&name), [&[0xff, 0xd8, 0xff, number], day.as_bytes()].concat()).unwrap();
        let (sha256, size) = Digest::of_file(&folder.join(&name)).unwrap();
        PhotoRecord {
            name,
            sha256,
            size,
            size_px: Some((4000, 3000)),
            captured_at: Some(moment(day)),
            position: Some(Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 160.0 }),
            footprint: Some(vec![(114.504, 37.068), (114.504, 37.069), (114.505, 37.069), (114.505, 37.068)]),
            camera: Some("DJI FC6310".into()),
            left_out: None,
        }
    };
    FlightRecord {
        id: day.into(),
        captured: (moment(day), moment(day)),
        photos: (1..=3).map(photo).collect(),
        folder,
    }
}

/// Flat ground at 61 m; a shed of 5 m stands on it on the second day.
fn epoch(run: &Path, day: &str) -> EpochRecord {
    let folder = run.join("epochs").join(day);
    fs::create_dir_all(&folder).unwrap();
    let grid = Grid::covering(crs(), (544_880.0, 4_104_180.0, 544_930.0, 4_104_230.0), 0.5);
    let mut heights = Raster::filled(grid.clone(), 61.0_f32);
    for ((row, col), height) in heights.cells.indexed_iter_mut() {
        let (east, north) = grid.center(row, col);
        let in_shed = (544_900.0..544_910.0).contains(&east) && (4_104_200.0..4_104_208.0).contains(&north);
        *height += if day == DAYS[1] && in_shed { 5.0 } else { 0.0 };
    }
    let band = cog::Band { description: "height", unit: "m" };
    cog::write_f32(&folder.join("dsm.tif"), &heights, band, &[]).unwrap();
    cog::write_f32(&folder.join("dsm_sigma.tif"), &Raster::filled(grid.clone(), 0.05), band, &[]).unwrap();
    cog::write_rgba(&folder.join("ortho.tif"), &Raster::filled(grid, [90, 120, 80, 255]), &[]).unwrap();
    fs::write(folder.join("block.json"), format!("{{\"day\":\"{day}\"}}")).unwrap();
    let product =
        |(kind, name): (ProductKind, &str)| Product { kind, path: Path::new("epochs").join(day).join(name) };
    let products = [
        (ProductKind::Dsm, "dsm.tif"),
        (ProductKind::DsmSigma, "dsm_sigma.tif"),
        (ProductKind::Ortho, "ortho.tif"),
        (ProductKind::Block, "block.json"),
    ];
    EpochRecord {
        id: day.into(),
        flight_id: day.into(),
        captured: (moment(day), moment(day)),
        gsd_m: 0.05,
        survey: SurveyQuality { class: SurveyClass::RtkOnly, u_xy_m: 0.05, u_z_m: 0.1, u_height_m: 0.08 },
        heights: Heights::of_photos(HeightDatum::Ellipsoid),
        reprojection_px: 0.6,
        photos_adjusted: 3,
        photos_left_out: 0,
        products: products.map(product).to_vec(),
    }
}

fn lead(run: &Path, flight: &FlightRecord) -> Lead {
    let first = NaiveDate::from_ymd_opt(2025, 6, 12).unwrap();
    let outline = Rect::new((544_900.0, 4_104_200.0), (544_910.0, 4_104_208.0)).to_polygon();
    let finding = Finding {
        id: "NO_PERMIT-1".into(),
        kind: Kind::NoPermit,
        verdict: Verdict::ConfirmedExceed,
        measure: Measure { measured: 80.0, sigma: 2.0, limit: 0.0, unit: Unit::SquareMetre },
        building_no: None,
        stage_lo: None,
        stage_hi: None,
        storeys: None,
        outline: MultiPolygon::from(outline),
        epoch: DAYS[1].into(),
        earlier_epoch: Some(DAYS[0].into()),
        last_seen_without: NaiveDate::from_ymd_opt(2025, 3, 10),
        first_seen_with: first,
        plan_version: Some("2025-02".into()),
        statutes: Vec::new(),
        explanation: Bilingual {
            zh: "无许可证的建筑。".into(), en: "A building without a permit.".into()
        },
        priority: Priority::High,
    };
    let mut lead = Lead::register(finding, first);
    assert_eq!(lead.id, LEAD);
    let name = "pictures/L-NO_PERMIT-1_after.png";
    fs::create_dir_all(run.join("pictures")).unwrap();
    fs::write(run.join(name), b"not a picture, and nobody asks").unwrap();
    let photo = format!("flights/{}/DJI_0001.JPG", flight.id);
    let original = Evidence::original(
        What::SourcePhoto,
        photo.clone().into(),
        &fs::read(run.join(photo)).unwrap(),
        "原片",
    );
    let picture = Evidence::original(What::After, name.into(), &fs::read(run.join(name)).unwrap(), "现状")
        .derived(vec![original.sha256.clone()], "plumbline 0.1.0");
    lead.evidence = vec![original, picture];
    lead
}
