use crate::chore::{Outcome, run, run_with};
use crate::demo;
use crate::house::root;
use crate::layers::layers;
use crate::page::page;
use crate::setup::{setup, setup_browser};
use crate::size::size;

/// Everything that continuous integration checks, cheapest first.
pub fn test() -> Outcome {
    setup()?;
    layers()?;
    size()?;
    run("cargo", &["fmt", "--all", "--check"])?;
    run("cargo", &["test", "--workspace", "--quiet"])?;
    run("cargo", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])?;
    run_with("cargo", &["doc", "--workspace", "--no-deps", "--quiet"], &[("RUSTDOCFLAGS", "-D warnings")])?;
    demo::story()?;
    setup_browser()?;
    page()?;
    notebooks()
}

/// Runs every notebook on the demo's run, in an environment of its own.
fn notebooks() -> Outcome {
    let root = root();
    let environment = root.join("target/notebooks");
    let python = environment.join("bin/python").display().to_string();
    if !environment.join("bin/jupyter").exists() {
        run("python3", &["-m", "venv", &environment.display().to_string()])?;
        let requirements = root.join("notebooks/requirements.txt").display().to_string();
        run(
            &python,
            &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &requirements],
        )?;
    }
    let run_folder = root.join("target/demo").display().to_string();
    let notebooks = ["change_map", "trends"]
        .map(|name| root.join(format!("notebooks/{name}.ipynb")).display().to_string());
    let output = root.join("target/notebooks/executed").display().to_string();
    let mut convert =
        vec!["-m", "jupyter", "nbconvert", "--to", "html", "--execute", "--output-dir", &output];
    convert.extend(notebooks.iter().map(String::as_str));
    run_with(&python, &convert, &[("PLUMBLINE_RUN", &run_folder)])
}
