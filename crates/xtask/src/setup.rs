use crate::chore::{Outcome, run, succeeds};

/// Debian packages that building, running and testing need.
const PACKAGES: [&str; 6] =
    ["libgdal-dev", "gdal-bin", "pkg-config", "python3-venv", "fonts-wqy-microhei", "poppler-utils"];

/// Installs what is missing to build, run and test, through `apt-get`.
pub fn setup() -> Outcome {
    install(PACKAGES.into_iter().filter(|package| !installed(package)).collect())
}

/// Installs what is missing to test the page in a browser.
pub fn setup_browser() -> Outcome {
    let browser = (!installed("chromium")).then_some("chromium");
    let node = if succeeds("npm", &["--version"]) { &[][..] } else { &["nodejs", "npm"] };
    install(browser.into_iter().chain(node.iter().copied()).collect())
}

fn install(missing: Vec<&str>) -> Outcome {
    if missing.is_empty() {
        println!("system packages: all there");
        return Ok(());
    }
    if !succeeds("apt-get", &["--version"]) {
        return Err(format!("no apt-get here: install what your system calls {}", missing.join(", ")));
    }
    println!("system packages to install: {}", missing.join(" "));
    apt(&["update", "-qq"])?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    apt(&[&install[..], &missing[..]].concat())
}

fn installed(package: &str) -> bool {
    succeeds("sh", &["-c", &format!("dpkg-query -W -f '${{Status}}' {package} | grep -q 'ok installed'")])
}

fn apt(args: &[&str]) -> Outcome {
    let root = succeeds("sh", &["-c", "test $(id -u) = 0"]);
    if root { run("apt-get", args) } else { run("sudo", &[&["apt-get"], args].concat()) }
}
