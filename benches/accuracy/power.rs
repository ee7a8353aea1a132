//! Which offsets of finished buildings are found.
//!
//! `power PICTURE.svg SEED [SEED ...]`: for each seed two rows of buildings, too long by 0 to 1.2 m and beside their places by as much, judged from surfaces
//! with the errors of matching; how often each offset is told and confirmed, as a table and as a picture.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;

use plumbline_benches::{Power, arguments};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = arguments();
    let picture = arguments.next().ok_or("give a file for the picture")?;
    let seeds = arguments.map(|seed| seed.to_string_lossy().parse()).collect::<Result<Vec<u32>, _>>()?;
    if seeds.is_empty() {
        return Err("give one seed or more".into());
    }
    let folder = tempfile::tempdir()?;
    let power = Power::of(seeds.into_iter(), folder.path())?;
    std::fs::write(picture, power.svg())?;
    println!("{power}");
    Ok(())
}
