//! Surface models and orthophotos of other programs are epochs like those made here.
//!
//! The truth of the demonstration site stands in for another program's products: what that program would do to them is done
//! here - another map, cells, units, marks of no data, depth of colour, a shift, another height - and the findings must
//! be the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "these tests write the photos they need themselves")]
mod site;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gdal::DriverManager;
use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use nalgebra::Vector2;
use plumbline_fixtures::{FlightPlan, Preset, Recipe, simulate_city};
use plumbline_geodesy::Crs;
use plumbline_raster::cog::{self, Band};
use plumbline_raster::{Foreign, Grid, Raster};
use serde_json::Value;
use site::{SEED, json, plumbline, succeed};
use tempfile::TempDir;

const DATES: [&str; 2] = ["2025-03-10", "2025-06-12"];

/// The demonstration site: its plan, and its true surface and colours on both dates in cells of 0.2 m. The photos are few
/// and tiny, as nobody looks at them.
static SITE: LazyLock<TempDir> = LazyLock::new(|| {
    let demo = Preset::Demo.recipe(SEED);
    let flight = FlightPlan {
        camera: demo.flight.camera.resized(64, 48),
        reach: Vector2::new(10.0, 10.0),
        ..demo.flight.clone()
    };
    let recipe = Recipe { flight, truth_cell_m: 0.2, control: Vec::new(), check_points: 0, ..demo };
    let folder = tempfile::tempdir().unwrap();
    simulate_city(folder.path(), &recipe, SEED, &|_, _| ()).unwrap();
    folder
});

fn truth(date: usize, name: &str) -> PathBuf {
    SITE.path().join("truth").join(DATES[date]).join(name)
}

/// What a flight says of products, as lines of the project file.
fn products(date: usize, dsm: Option<&Path>, ortho: Option<&Path>, more: &str) -> String {
    let id = DATES[date];
    let file = |key: &str, path: Option<&Path>| {
        path.map_or(String::new(), |path| format!("{key} = {:?}\n", path.display().to_string()))
    };
    let compare = if date > 0 { format!("compare_with = \"{}\"\n", DATES[0]) } else { String::new() };
    format!(
        "[[flight]]\nid = \"{id}\"\nflown_on = \"{id}\"\n{}{}{compare}{more}\n",
        file("dsm", dsm),
        file("ortho", ortho)
    )
}

/// How sure the products are, as a surveyor would declare it.
const DECLARED: &str = "dsm_sigma_m = 0.05\nu_xy_m = 0.05\n";

/// The first date as it is.
fn first() -> String {
    products(0, Some(&truth(0, "dsm.tif")), Some(&truth(0, "ortho.tif")), DECLARED)
}

/// A project of some flights, run.
struct Outcome {
    folder: TempDir,
    messages: String,
}

impl Outcome {
    fn of(flights: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("project.toml");
        let plan = SITE.path().join("plan");
        let text = format!(
            "[project]\nname = \"own epoch\"\ncrs = \"EPSG:4547\"\n{}\n[[plan]]\nfile = {:?}\ncrs = \"EPSG:4547\"\nlayers = {:?}\nversion = \"2025-02\"\n",
            flights.concat(),
            plan.join("approved.gpkg").display().to_string(),
            plan.join("layers.toml").display().to_string(),
        );
        std::fs::write(&project, text).unwrap();
        let output =
            succeed(plumbline().arg("run").arg(&project).arg("--out").arg(folder.path().join("run")));
        Self { messages: String::from_utf8_lossy(&output.stderr).into_owned(), folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("run").join(name)
    }

    fn record(&self) -> Value {
        json(&self.file("run.json"))
    }

    /// Kind, building and verdict of each finding of the second date.
    fn findings(&self) -> BTreeSet<String> {
        let document = json(&self.file("findings.geojson"));
        let property =
            |feature: &Value, name: &str| feature["properties"][name].as_str().unwrap_or("-").to_owned();
        let features = document["features"].as_array().unwrap().iter();
        features
            .filter(|feature| property(feature, "epoch") == DATES[1])
            .map(|feature| ["kind", "building_no", "verdict"].map(|name| property(feature, name)).join(" "))
            .collect()
    }

    /// What is said of an epoch and of what is open, in English.
    fn said(&self) -> String {
        let record = self.record();
        let placed =
            record["placed"].as_object().unwrap().values().flat_map(|texts| texts.as_array().unwrap());
        let texts = placed.chain(record["undecided"].as_array().unwrap());
        texts.map(|text| text["en"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n")
    }
}

/// Both dates as they are.
static PLAIN: LazyLock<Outcome> = LazyLock::new(|| {
    let second = products(1, Some(&truth(1, "dsm.tif")), Some(&truth(1, "ortho.tif")), DECLARED);
    Outcome::of(&[first(), second])
});

/// The heights of the second date, changed.
fn altered(folder: &Path, name: &str, change: impl FnOnce(&mut Raster<f32>)) -> PathBuf {
    let mut dsm = cog::read_f32(&truth(1, "dsm.tif")).unwrap();
    change(&mut dsm);
    let path = folder.join(name);
    cog::write_f32(&path, &dsm, Band { description: "", unit: "" }, &[]).unwrap();
    path
}

/// Writes bands as a program would that knows nothing of this one.
fn write_bands<T: gdal::raster::GdalType + Copy>(path: &Path, grid: &Grid, crs: &str, bands: Vec<Vec<T>>) {
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mut file = driver.create_with_band_type::<T, _>(path, grid.cols, grid.rows, bands.len()).unwrap();
    file.set_geo_transform(&[grid.west, grid.cell_m, 0.0, grid.north, 0.0, -grid.cell_m]).unwrap();
    if !crs.is_empty() {
        file.set_spatial_ref(&SpatialRef::from_definition(crs).unwrap()).unwrap();
    }
    for (i, values) in bands.into_iter().enumerate() {
        let mut band = file.rasterband(i + 1).unwrap();
        band.write((0, 0), (grid.cols, grid.rows), &mut Buffer::new((grid.cols, grid.rows), values)).unwrap();
    }
    file.close().unwrap();
}

#[test]
fn what_was_built_into_the_site_is_found_in_imported_products() {
    let found = PLAIN.findings();
    for seeded in [
        "NO_PERMIT",
        "EXTRA_STOREY",
        "STAGE_AHEAD",
        "FOOTPRINT_EXCESS",
        "SHIFTED",
        "DEMOLISHED",
        "ROOF_ADDITION",
    ] {
        assert!(found.iter().any(|finding| finding.starts_with(seeded)), "{seeded} is not among {found:#?}");
    }
    let said = PLAIN.said();
    assert!(said.contains("good to 0.050 m, as declared") && said.contains("there are no photos"), "{said}");
    let report = std::fs::read_to_string(PLAIN.file("report.html")).unwrap();
    assert!(report.contains("there are no photos") && report.contains("made by another program"));
    let evidence =
        std::fs::read_dir(PLAIN.file("catalog/evidence")).unwrap().map(|entry| entry.unwrap().path());
    let documents = evidence.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let proves =
        documents.map(|path| json(&path)["properties"]["plumbline:proves"].to_string()).collect::<String>();
    assert!(proves.contains("没有航拍原片可附") && !proves.contains("航拍原片\""), "{proves}");
    let item = json(&PLAIN.file("catalog/epochs/2025-06-12.json"));
    assert_eq!(item["properties"]["plumbline:survey_class"], "IMPORTED");
}

#[test]
fn another_map_other_cells_feet_and_other_marks_change_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let [dsm, ortho] = ["metashape dsm.tif", "metashape ortho.tif"].map(|name| folder.path().join(name));
    let (heights, colours) =
        (Foreign::open(&truth(1, "dsm.tif")).unwrap(), Foreign::open(&truth(1, "ortho.tif")).unwrap());
    let utm = Crs::new("EPSG:32650").unwrap();
    let grid = heights.grid(&utm, Some(0.17)).unwrap();
    let feet = heights.heights(&grid).unwrap().cells.mapv(|h| if h.is_nan() { -32767.0 } else { h / 0.3048 });
    write_bands(&dsm, &grid, "EPSG:32650+8228", vec![feet.into_iter().collect()]);
    let picture = colours.colours(&grid).unwrap();
    let deep = |band: usize| picture.cells.iter().map(|pixel| 16 * u16::from(pixel[band])).collect();
    write_bands(&ortho, &grid, "EPSG:32650", (0..3).map(deep).collect());
    let other = Outcome::of(&[first(), products(1, Some(&dsm), Some(&ortho), DECLARED)]);
    let said = other.said();
    assert_eq!(other.findings(), PLAIN.findings(), "{said}");
    assert!(said.contains("in feet") && said.contains("count from NAVD88"), "{said}");
}

#[test]
fn an_epoch_that_lies_off_and_a_little_higher_is_brought_back_with_a_remark() {
    let folder = tempfile::tempdir().unwrap();
    // The earlier epoch is moved, so that the later one still fits the plan.
    let mut dsm = cog::read_f32(&truth(0, "dsm.tif")).unwrap();
    let mut ortho = cog::read_rgba(&truth(0, "ortho.tif")).unwrap();
    for grid in [&mut dsm.grid, &mut ortho.grid] {
        grid.west += 0.83;
        grid.north -= 0.47;
    }
    dsm.cells -= 0.62;
    let [low, picture] = ["low.tif", "picture.tif"].map(|name| folder.path().join(name));
    cog::write_f32(&low, &dsm, Band { description: "", unit: "m" }, &[]).unwrap();
    cog::write_rgba(&picture, &ortho, &[]).unwrap();
    let second = products(1, Some(&truth(1, "dsm.tif")), Some(&truth(1, "ortho.tif")), DECLARED);
    let off = Outcome::of(&[products(0, Some(&low), Some(&picture), DECLARED), second]);
    assert_eq!(off.findings(), PLAIN.findings());
    let said = off.said();
    assert!(said.contains("lies -0.8") && said.contains("east and +0.4"), "{said}");
    assert!(said.contains("unchanged ground lies +0.62 m"), "{said}");
}

#[test]
fn another_height_datum_is_not_compared_and_the_reason_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let dsm = altered(folder.path(), "national.tif", |dsm| dsm.cells += 16.54);
    let other = Outcome::of(&[first(), products(1, Some(&dsm), Some(&truth(1, "ortho.tif")), DECLARED)]);
    let said = other.said();
    assert!(said.contains("NOT_COMPARABLE") && said.contains("+16.54 m apart"), "{said}");
    let found = other.findings();
    assert!(!found.iter().any(|finding| finding.starts_with("DEMOLISHED")), "{found:#?}");
}

#[test]
fn an_orthophoto_alone_shows_where_to_look_and_confirms_nothing() {
    let other = Outcome::of(&[first(), products(1, None, Some(&truth(1, "ortho.tif")), "")]);
    assert!(other.findings().is_empty(), "{:#?}", other.findings());
    let said = other.said();
    assert!(
        said.contains("an orthophoto without a surface model") && said.contains("INCONCLUSIVE: about"),
        "{said}"
    );
    assert!(said.contains("The stage of building"), "{said}");
    let report = std::fs::read_to_string(other.file("report.html")).unwrap();
    assert!(report.contains("INCONCLUSIVE: about"));
}

#[test]
fn a_surface_model_alone_decides_what_heights_decide() {
    let other = Outcome::of(&[first(), products(1, Some(&truth(1, "dsm.tif")), None, DECLARED)]);
    let found = other.findings();
    for kind in ["EXTRA_STOREY", "STAGE_AHEAD", "DEMOLISHED", "NO_PERMIT"] {
        assert!(found.iter().any(|finding| finding.starts_with(kind)), "{kind} is not among {found:#?}");
    }
    assert!(other.said().contains("a surface model without an orthophoto"));
    assert!(other.file("report.html").exists());
}

#[test]
fn what_nobody_declares_confirms_less() {
    let noisy =
        |date: usize| products(date, Some(&truth(date, "dsm.tif")), Some(&truth(date, "ortho.tif")), "");
    let other = Outcome::of(&[noisy(0), noisy(1)]);
    assert!(other.said().contains("estimated from the roughness of planes"), "{}", other.said());
    let confirmed = |found: BTreeSet<String>| {
        found.into_iter().filter(|f| f.ends_with("CONFIRMED_EXCEED")).collect::<BTreeSet<_>>()
    };
    let (less, more) = (confirmed(other.findings()), confirmed(PLAIN.findings()));
    assert!(less.is_subset(&more) && less.len() < more.len(), "{less:#?} {more:#?}");
    assert!(
        !less.iter().any(|finding| finding.starts_with("SHIFTED") || finding.starts_with("FOOTPRINT")),
        "{less:#?}"
    );
}

#[test]
fn a_file_that_does_not_say_where_it_lies_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere.tif");
    let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 10.0, 10.0), 0.5);
    write_bands(&path, &grid, "", vec![vec![50.0_f32; grid.cols * grid.rows]]);
    let outcome = Outcome::of(&[first(), products(1, Some(&path), None, DECLARED)]);
    assert!(
        outcome.messages.contains("nowhere.tif") && outcome.messages.contains("gdal_edit.py -a_srs"),
        "{}",
        outcome.messages
    );
    assert!(outcome.said().contains("did not become an epoch"));
}

/// Two dates of photos, and what was true on them in cells of 0.2 m.
fn photographed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe { truth_cell_m: 0.2, ..site::recipe(2) };
    simulate_city(folder.path(), &recipe, SEED, &|_, _| ()).unwrap();
    folder
}

#[test]
fn products_and_photos_stand_beside_each_other_in_either_order() {
    let site = photographed();
    let truth = |date: usize, name: &str| site.path().join("truth").join(DATES[date]).join(name);
    let imported =
        |date| products(date, Some(&truth(date, "dsm.tif")), Some(&truth(date, "ortho.tif")), DECLARED);
    let flown = |date: usize| {
        let compare = if date > 0 { format!("compare_with = \"{}\"\n", DATES[0]) } else { String::new() };
        let photos = site.path().join("flights").join(DATES[date]).display().to_string();
        format!("[[flight]]\nid = \"{}\"\nphotos = {photos:?}\n{compare}", DATES[date])
    };
    for flights in [[flown(0), imported(1)], [imported(0), flown(1)]] {
        let outcome = Outcome::of(&flights);
        let said = outcome.said();
        assert!(said.contains("unchanged ground lies") && !said.contains("NOT_COMPARABLE"), "{said}");
        let found = outcome.findings();
        assert!(found.iter().any(|finding| finding.starts_with("DEMOLISHED E8")), "{found:#?}\n{said}");
        assert!(outcome.file("report.html").exists());
    }
}
