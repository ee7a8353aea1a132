use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use geo::Rect;
use plumbline_case::Lead;
use plumbline_catalog::{
    Act, Catalog, Contents, FlightRecord, PhotoRecord, Place, RunCatalog, Search, Software,
};
use plumbline_custody::Digest;
use plumbline_finding::{Bilingual, Finding, Kind, Measure, Priority, Unit, Verdict};
use plumbline_geodesy::{Crs, Lla};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use tokio::runtime::Runtime;

use crate::answers::Answers;

/// Photos and leads of a run.
const PHOTOS: u32 = 9800;
const LEADS: u32 = 100;
/// South-west corner of the city, degrees east and north, and its side.
const CITY: [f64; 2] = [114.45, 37.02];
const CITY_DEG: f64 = 0.2;
/// Side of what one run covers.
const SITE_DEG: f64 = 0.01;
/// Days that the runs are spread over.
const DAYS: i64 = 5 * 365;

/// A shared catalog with the runs of years.
pub struct LargeCatalog {
    /// Items, those of leads and findings among them.
    pub items: usize,
    /// Leads.
    pub leads: usize,
    catalog: Arc<Catalog>,
    database: PathBuf,
}

/// What paging through a catalog that grows gave.
#[derive(Debug, Clone, Copy)]
pub struct Paged {
    /// Items that were there before.
    pub known: usize,
    /// Items that were filed meanwhile.
    pub filed: usize,
    /// Items that were there before and that no page held.
    pub missed: usize,
    /// Items that two pages held.
    pub twice: usize,
}

impl LargeCatalog {
    /// The catalog in a folder; the runs that are not in it yet are filed.
    pub fn of(folder: &Path, projects: u32, runtime: &Runtime) -> Result<Self, Box<dyn Error>> {
        let place = Place::folder(folder.join("shared"));
        let catalog = runtime.block_on(Catalog::create(&place, "bench.example/custody", [5; 32]))?;
        let done = runtime.block_on(catalog.projects())?.len() as u32;
        for number in done..projects {
            file(&catalog, folder, number, runtime.handle())?;
        }
        let (leads, database) = ((projects * LEADS) as usize, place.path().join("catalog.sqlite"));
        let items = (projects * (PHOTOS + 2 * LEADS)) as usize;
        Ok(Self { items, leads, catalog: Arc::new(catalog), database })
    }

    /// Size of the database.
    pub fn megabytes(&self) -> Result<f64, Box<dyn Error>> {
        Ok(fs::metadata(&self.database)?.len() as f64 * 1e-6)
    }

    /// Lets readers search by place and time, all at once, each one search after the other.
    pub async fn search(&self, readers: u32, of_each: u32) -> Answers {
        let read = |reader: u32| {
            let catalog = Arc::clone(&self.catalog);
            tokio::spawn(async move {
                let (mut chance, mut answers) =
                    (Pcg64Mcg::seed_from_u64(u64::from(reader)), Answers::default());
                for _ in 0..of_each {
                    let (search, begun) = (somewhere(&mut chance), Instant::now());
                    let page = catalog.search(&search).await;
                    answers.note(begun.elapsed(), page.ok().map(|page| page.items.len()));
                }
                answers
            })
        };
        let all: Vec<_> = (0..readers).map(read).collect();
        let mut answers = Answers::default();
        for reader in all {
            answers.add(reader.await.unwrap_or_default());
        }
        answers
    }

    /// Pages through a quarter of the city while another run is filed there.
    pub async fn page_while_filing(&self, folder: &Path) -> Result<Paged, Box<dyn Error>> {
        let [west, south] = CITY;
        let quarter = [west, south, west + CITY_DEG / 2.0, south + CITY_DEG / 2.0];
        let mut search = Search { bbox: Some(quarter), limit: 500, ..Search::default() };
        let before = pages(&self.catalog, search.clone()).await?;
        let (catalog, folder) = (Arc::clone(&self.catalog), folder.to_owned());
        let number = catalog.projects().await?.len() as u32;
        let handle = tokio::runtime::Handle::current();
        let filing = std::thread::spawn(move || {
            file(&catalog, &folder, number, &handle).map_err(|error| error.to_string())
        });
        search.token = None;
        let during = pages(&self.catalog, search).await?;
        let filed = filing.join().map_err(|_| "filing stopped")??;
        let seen = |name: &String| during.get(name).copied().unwrap_or_default();
        Ok(Paged {
            known: before.len(),
            filed,
            missed: before.keys().filter(|name| seen(name) == 0).count(),
            twice: during.values().filter(|times| **times > 1).count(),
        })
    }
}

/// How often each item comes on all pages of a search.
async fn pages(catalog: &Catalog, mut search: Search) -> Result<BTreeMap<String, u32>, Box<dyn Error>> {
    let mut times = BTreeMap::new();
    loop {
        let page = catalog.search(&search).await?;
        for item in &page.items {
            *times.entry(format!("{}/{}", item["collection"], item["id"])).or_insert(0) += 1;
        }
        match page.next {
            Some(token) => search.token = Some(token),
            None => return Ok(times),
        }
    }
}

/// A search for what was flown about a place within some weeks.
fn somewhere(chance: &mut Pcg64Mcg) -> Search {
    let side = chance.random_range(0.002..0.02);
    let [west, south] = CITY.map(|least| least + chance.random_range(0.0..CITY_DEG - side));
    let from = start() + TimeDelta::days(chance.random_range(0..DAYS));
    let until = from + TimeDelta::days(chance.random_range(7..366));
    Search {
        bbox: Some([west, south, west + side, south + side]),
        datetime: Some((Some(from), Some(until))),
        limit: 100,
        ..Search::default()
    }
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_577_836_800, 0).unwrap_or_default()
}

/// Files a run of photos and leads at its place and day; returns its items.
fn file(
    catalog: &Catalog,
    folder: &Path,
    number: u32,
    runtime: &tokio::runtime::Handle,
) -> Result<usize, Box<dyn Error>> {
    let run = folder.join("run");
    fs::remove_dir_all(&run)
        .or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    fs::create_dir_all(run.join("photos"))?;
    let mut chance = Pcg64Mcg::seed_from_u64(1000 + u64::from(number));
    let corner = CITY.map(|least| least + chance.random_range(0.0..CITY_DEG - SITE_DEG));
    let day = start() + TimeDelta::days(chance.random_range(0..DAYS));
    let flight = FlightRecord {
        id: day.date_naive().to_string(),
        captured: (day, day + TimeDelta::hours(4)),
        photos: (0..PHOTOS).map(|photo| photograph(corner, day, [number, photo], &mut chance)).collect(),
        folder: run.join("photos"),
    };
    let leads: Vec<Lead> = (0..LEADS).map(|lead| suspicion(lead, day, &mut chance)).collect();
    let contents = Contents {
        project: &format!("site {number:04}"),
        software: Software { name: "plumbline".into(), version: "bench".into() },
        crs: &Crs::new("EPSG:4547")?,
        flights: &[flight],
        epochs: &[],
        leads: &leads,
    };
    RunCatalog::create(&run, &contents)?;
    let filed = runtime.block_on(catalog.file_run(&Act { by: "bench", at: day }, &run))?;
    Ok(filed.items)
}

fn photograph(corner: [f64; 2], day: DateTime<Utc>, number: [u32; 2], chance: &mut Pcg64Mcg) -> PhotoRecord {
    let [east, north] = corner.map(|least| least + chance.random_range(0.0..SITE_DEG));
    let (width, height) = (0.0008, 0.0006);
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    PhotoRecord {
        name: format!("DJI_{:05}.JPG", number[1]),
        sha256: Digest::of(&number.map(u32::to_le_bytes).concat()),
        size: 9_000_000,
        size_px: Some((5472, 3648)),
        captured_at: Some(day + TimeDelta::seconds(i64::from(number[1]))),
        position: Some(Lla { latitude_deg: north, longitude_deg: east, height_m: 160.0 }),
        footprint: Some(corners.map(|(x, y)| (east + x, north + y)).to_vec()),
        camera: Some("DJI FC6310".into()),
        left_out: None,
    }
}

fn suspicion(number: u32, day: DateTime<Utc>, chance: &mut Pcg64Mcg) -> Lead {
    let first = day.date_naive();
    let [east, north] = [544_000.0, 4_104_000.0].map(|least: f64| least + chance.random_range(0.0..900.0));
    let outline = Rect::new((east, north), (east + 10.0, north + 8.0)).to_polygon().into();
    let finding = Finding {
        id: format!("NO_PERMIT-{number}"),
        kind: Kind::NoPermit,
        verdict: Verdict::ConfirmedExceed,
        measure: Measure { measured: 80.0, sigma: 2.0, limit: 10.0, unit: Unit::SquareMetre },
        building_no: None,
        stage_lo: None,
        stage_hi: None,
        storeys: None,
        outline,
        epoch: first.to_string(),
        earlier_epoch: None,
        last_seen_without: None,
        first_seen_with: first,
        plan_version: None,
        statutes: Vec::new(),
        explanation: Bilingual { zh: "无许可证。".into(), en: "No permit.".into() },
        priority: Priority::High,
    };
    Lead::register(finding, first)
}
