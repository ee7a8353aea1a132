//! A run may be stopped at any moment and on any machine: its products are the same bytes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use site::{json, plumbline, small_site, succeed};

/// Where a run is killed: soon after the start of these steps.
const KILLED_IN: [(&str, &str); 3] =
    [("2025-03-10", "features"), ("2025-03-10", "surface"), ("2025-06-12", "ortho")];

/// How long a step may go on before the run is killed.
const INTO_THE_STEP: Duration = Duration::from_millis(60);

#[test]
fn a_run_killed_at_any_moment_resumes_to_the_same_bytes() {
    let site = small_site(2);
    let project = site.path().join("project.toml");
    let [whole, broken, one] = ["whole", "broken", "one"].map(|name| site.path().join(name));
    succeed(&mut run(&project, &whole));
    for (epoch, step) in KILLED_IN {
        kill_in(epoch, step, &mut run(&project, &broken), &broken);
        assert!(!broken.join("run.json").exists(), "the run was over before it was killed");
        assert!(status(&broken).contains("stopped"), "{}", status(&broken));
    }
    succeed(&mut run(&project, &broken));
    assert!(status(&broken).contains("finished"), "{}", status(&broken));
    assert_same(&digests(&whole), &digests(&broken));
    succeed(run(&project, &one).env("RAYON_NUM_THREADS", "1"));
    assert_same(&digests(&whole), &digests(&one));
}

fn run(project: &Path, out: &Path) -> Command {
    let mut command = plumbline();
    command.arg("run").arg(project).arg("--out").arg(out);
    command
}

/// Starts a command and kills it, as the system does when memory is short, once it has come to a step.
fn kill_in(epoch: &str, step: &str, command: &mut Command, out: &Path) {
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let pid = process.id();
    let under_way = || {
        let status = std::fs::read(out.join("work/status.json")).ok()?;
        let status: Value = serde_json::from_slice(&status).ok()?;
        (status["pid"] == pid && status["epoch"] == epoch && status["step"] == step).then_some(())
    };
    while under_way().is_none() {
        assert!(process.try_wait().unwrap().is_none(), "the run was over before {step} of {epoch}");
        sleep(Duration::from_millis(5));
    }
    sleep(INTO_THE_STEP);
    process.kill().unwrap();
    process.wait().unwrap();
}

fn status(out: &Path) -> String {
    let output = succeed(plumbline().arg("status").arg(out));
    String::from_utf8(output.stdout).unwrap()
}

/// Digests that the run recorded of its products.
fn digests(out: &Path) -> Value {
    json(&out.join("run.json"))["digests"].clone()
}

/// Compares product by product, so that a failure names those that differ.
fn assert_same(expected: &Value, got: &Value) {
    let (expected, got) = (expected.as_object().unwrap(), got.as_object().unwrap());
    for product in
        ["epochs/2025-06-12/dsm.tif", "epochs/2025-06-12/ortho.tif", "findings.geojson", "report.html"]
    {
        assert!(expected.contains_key(product), "{product} is not recorded");
    }
    let differ = expected.keys().chain(got.keys()).filter(|name| expected.get(*name) != got.get(*name));
    let differ: std::collections::BTreeSet<_> = differ.collect();
    assert!(differ.is_empty(), "{differ:?}");
}
