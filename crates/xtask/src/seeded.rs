use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::chore::{Outcome, read};

/// Two places closer than this, degrees (about 15 m), are one.
const SAME_PLACE_DEG: f64 = 1.5e-4;

/// Prints a table of what was seeded against what was found, and says whether they agree: every seeded mismatch found
/// with its kind, and nothing confirmed on anything lawful.
pub fn compare(truth: &Path, run: &Path) -> Outcome<bool> {
    let seeded = features(&truth.join("violations.geojson"))?;
    let lawful = features(&truth.join("lawful.geojson"))?;
    let found = features(&run.join("findings.geojson"))?;
    println!("\n{:<22} {:<10} {:<28} {:>22}", "seeded 预设", "building", "found 发现", "measured ± sigma");
    let mut missed = 0;
    for wanted in &seeded {
        let hit = found.iter().find(|finding| finding.kind == wanted.kind && same_thing(wanted, finding));
        missed += usize::from(hit.is_none());
        let verdict = hit.map_or("MISSED 遗漏", |hit| hit.verdict.as_str());
        let measure = hit.map_or(String::new(), |hit| format!("{:.2} ± {:.2}", hit.measured, hit.sigma));
        println!("{:<22} {:<10} {verdict:<28} {measure:>22}", wanted.kind, wanted.building_no);
    }
    let mut unseeded: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = 0;
    for finding in &found {
        if !seeded.iter().any(|wanted| wanted.kind == finding.kind && same_thing(wanted, finding)) {
            *unseeded.entry(&finding.verdict).or_default() += 1;
            let on_lawful = lawful.iter().any(|lawful| same_thing(lawful, finding));
            wrong += usize::from(finding.verdict == "CONFIRMED_EXCEED");
            let place = if on_lawful { "on something lawful" } else { "on nothing seeded" };
            println!("{:<22} {:<10} {:<28} {place}", finding.kind, finding.building_no, finding.verdict);
        }
    }
    println!(
        "\nseeded {}, found {}, missed {missed}; not seeded: {unseeded:?}; wrongly confirmed: {wrong}",
        seeded.len(),
        seeded.len() - missed
    );
    Ok(missed == 0 && wrong == 0)
}

/// A mismatch, seeded or found.
struct Place {
    kind: String,
    verdict: String,
    building_no: String,
    measured: f64,
    sigma: f64,
    /// West, south, east, north, degrees.
    bounds: [f64; 4],
}

fn same_thing(a: &Place, b: &Place) -> bool {
    let numbered = !a.building_no.is_empty() && a.building_no == b.building_no;
    let apart = |low: usize, high: usize| a.bounds[low] > b.bounds[high] || b.bounds[low] > a.bounds[high];
    let near = (0..2).all(|axis| {
        let middle = |p: &Place| p.bounds[axis].midpoint(p.bounds[axis + 2]);
        (middle(a) - middle(b)).abs() < SAME_PLACE_DEG
    });
    numbered || (near && !apart(0, 2) && !apart(1, 3))
}

fn features(path: &Path) -> Outcome<Vec<Place>> {
    let document: Value =
        serde_json::from_str(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let list = document["features"].as_array().ok_or_else(|| format!("{}: no features", path.display()))?;
    Ok(list.iter().map(place).collect())
}

fn place(feature: &Value) -> Place {
    let text = |name: &str| feature["properties"][name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| feature["properties"][name].as_f64().unwrap_or(f64::NAN);
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    widen(&mut bounds, &feature["geometry"]["coordinates"]);
    Place {
        kind: text("kind"),
        verdict: text("verdict"),
        building_no: text("building_no"),
        measured: number("measured"),
        sigma: number("sigma"),
        bounds,
    }
}

/// Widens the bounds to all positions in nested coordinate lists.
fn widen(bounds: &mut [f64; 4], coordinates: &Value) {
    let Some(list) = coordinates.as_array() else { return };
    if let [Some(x), Some(y), ..] = list.iter().map(Value::as_f64).collect::<Vec<_>>()[..] {
        *bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    } else {
        for inner in list {
            widen(bounds, inner);
        }
    }
}
