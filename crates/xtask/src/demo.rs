use std::path::Path;

use crate::chore::{Outcome, run, run_fed};
use crate::house::root;
use crate::seeded::compare;
use crate::setup::setup;

/// Accounts of the demo's catalog, one of each tier and a second reviewer, with their roles.
const ACCOUNTS: [(&str, &str); 4] =
    [("pilot", "ingest"), ("inspector", "curate"), ("second", "curate"), ("leader", "supervise")];

/// Password of the demo's accounts: they hold simulated things on this machine.
const PASSWORD: &str = "plumbline-demo";

/// The main job on a simulated site: from nothing to a report, and a page to work on its findings.
pub fn demo() -> Outcome {
    setup()?;
    run("cargo", &["build", "--workspace"])?;
    story()?;
    offer_page()
}

/// Files the run into a shared catalog and says how to open its page.
fn offer_page() -> Outcome {
    let root = root();
    let catalog = root.join("target/demo-catalog");
    fill_catalog(&catalog)?;
    let names = ACCOUNTS.map(|(name, role)| format!("{name} ({role})")).join(", ");
    println!("\nTo clear the queue of findings in a browser 在浏览器中核查:");
    println!("  {} serve --catalog {}", root.join("target/debug/plumbline").display(), catalog.display());
    println!("  http://127.0.0.1:8080/  {names}; password 密码: {PASSWORD}");
    Ok(())
}

/// Files the demo's run into a shared catalog with an account of each tier.
pub fn fill_catalog(catalog: &Path) -> Outcome {
    let root = root();
    let program = root.join("target/debug/plumbline").display().to_string();
    let (run_folder, catalog) =
        (root.join("target/demo").display().to_string(), catalog.display().to_string());
    run(&program, &["file", &run_folder, "--catalog", &catalog])?;
    for (name, role) in ACCOUNTS {
        run_fed(&program, &["account", name, "--role", role, "--catalog", &catalog], PASSWORD)?;
    }
    Ok(())
}

/// Simulates the site, runs the program on it as it was built, and holds what was found against what was seeded.
pub fn story() -> Outcome {
    let root = root();
    let program = root.join("target/debug/plumbline").display().to_string();
    let site = root.join("target/demo-site");
    let out = root.join("target/demo");
    let path = |path: &Path| path.display().to_string();
    if !site.join("project.toml").exists() {
        run(&program, &["simulate", &path(&site), "--seed", "1", "--preset", "demo"])?;
    }
    run(&program, &["run", &path(&site.join("project.toml")), "--out", &path(&out)])?;
    let complete = compare(&site.join("truth"), &out)?;
    println!("\nLook at 请看:");
    for (what, file) in [
        ("report 报告", "report.html"),
        ("findings on a map 疑点", "findings.geojson"),
        ("surface and orthophoto 成果", "epochs"),
        ("catalog 目录", "catalog/catalog.json"),
    ] {
        println!("  {what:<34} {}", path(&out.join(file)));
    }
    if complete {
        Ok(())
    } else {
        Err("the findings are not the seeded ones: see the table above".to_owned())
    }
}
