use crate::chore::{Outcome, run};
use crate::house::root;
use crate::seeded::compare;
use crate::setup::setup;

/// The main job on a simulated site: from nothing to a report.
pub fn demo() -> Outcome {
    setup()?;
    run("cargo", &["build", "--workspace"])?;
    story()
}

/// Simulates the site, runs the program on it as it was built, and holds what was found against what was seeded.
pub fn story() -> Outcome {
    let root = root();
    let program = root.join("target/debug/plumbline").display().to_string();
    let site = root.join("target/demo-site");
    let out = root.join("target/demo");
    let path = |path: &std::path::Path| path.display().to_string();
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
