//! The products of any tool against a simulated flight: `score FLIGHT WIDTH SITE EPOCH`.
//!
//! EPOCH holds `dsm.tif` and `dsm_sigma.tif`; `ortho_source.tif` and `block.json` are looked at where there is an orthophoto.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::path::PathBuf;

use plumbline_benches::{OrthoScore, SurfaceScore, arguments, products_score, surface_flights};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = arguments().collect();
    let [flight, width, site, epoch] = arguments.as_slice() else {
        return Err(
            "give the flight's name, the width of its photos, its folder and the folder of the products"
                .into(),
        );
    };
    let width = width.to_string_lossy().parse()?;
    let found = surface_flights(width).into_iter().find(|(name, _)| flight.as_os_str() == *name);
    let (_, recipe) = found.ok_or_else(|| format!("no flight is called {}", flight.display()))?;
    println!("{} {}", SurfaceScore::head(), OrthoScore::head());
    println!("{}", products_score(site, &recipe, epoch)?.0);
    Ok(())
}
