use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::chore::{Outcome, run, run_in};
use crate::demo::fill_catalog;
use crate::house::root;

/// Tests of the page that a server is needed for, and those of its texts and figures.
const TESTS: [&str; 6] = ["texts", "coverage", "upload", "pilot", "inspector", "supervisor"];

/// The page in a real browser: what is committed is what its sources make, and its tests pass against a server with the demo's findings.
pub fn page() -> Outcome {
    let folder = root().join("crates/review/page");
    run_in(&folder, "npm", &["ci", "--no-audit", "--no-fund"], &[])?;
    let built = root().join("target/page-dist").display().to_string();
    run_in(
        &folder,
        "npx",
        &["vite", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir", &built],
        &[],
    )?;
    run("diff", &["--recursive", "--brief", &folder.join("dist").display().to_string(), &built]).map_err(
        |_| "dist of the page is not what its sources make: `npm run build` there, and commit it".to_owned(),
    )?;
    let server = Server::start()?;
    let tests = TESTS.map(|name| format!("tests/{name}.test.js"));
    let mut arguments = vec!["--test", "--test-concurrency=1"];
    arguments.extend(tests.iter().map(String::as_str));
    run_in(&folder, "node", &arguments, &[("PLUMBLINE_URL", &server.url)])
}

/// A server on a catalog of its own with what the demo found; it ends with its owner.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> Outcome<Self> {
        let catalog = root().join("target/page-catalog");
        if catalog.exists() {
            fs::remove_dir_all(&catalog)
                .map_err(|error| format!("cannot remove {}: {error}", catalog.display()))?;
        }
        fill_catalog(&catalog)?;
        let procedure = numbering_procedure()?;
        let program = root().join("target/debug/plumbline");
        let mut child = Command::new(&program)
            .args(["serve", "--bind", "127.0.0.1:0", "--catalog"])
            .arg(&catalog)
            .arg("--procedure")
            .arg(procedure)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
        let mut url = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output)
                .read_line(&mut url)
                .map_err(|error| format!("the server is silent: {error}"))?;
        }
        Ok(Self { child, url: url.trim().trim_end_matches('/').to_owned() })
    }
}

/// The sample of terms with the characters of an agency, so that documents can be numbered.
fn numbering_procedure() -> Outcome<PathBuf> {
    let (sample, own) =
        (root().join("crates/case/packs/procedure.toml"), root().join("target/page-procedure.toml"));
    let text =
        fs::read_to_string(&sample).map_err(|error| format!("cannot read {}: {error}", sample.display()))?;
    fs::write(&own, format!("agency = \"示执\"\n{text}"))
        .map_err(|error| format!("cannot write {}: {error}", own.display()))?;
    Ok(own)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
