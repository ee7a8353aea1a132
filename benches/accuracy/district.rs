//! Simulated districts judged date by date against the truth.
//!
//! `district SEED [SEED ...]`: for each seed a town of 0.6 km2 on six dates; what was missed, what was told wrongly and what
//! was measured there, a line each, and the figures. Surfaces are made from the truth with the errors of matching, not from photos.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::time::Instant;

use plumbline_benches::{DistrictScore, arguments};
use plumbline_fixtures::Recipe;

/// Street blocks east and north.
const BLOCKS: (usize, usize) = (6, 5);
/// Side of a cell, metres: two pixels of 5 cm.
const CELL_M: f64 = 0.1;

fn main() -> Result<(), Box<dyn Error>> {
    let seeds = arguments().map(|seed| seed.to_string_lossy().parse()).collect::<Result<Vec<u32>, _>>()?;
    if seeds.is_empty() {
        return Err("give one seed or more".into());
    }
    let mut all = DistrictScore::default();
    for seed in &seeds {
        let start = Instant::now();
        let folder = tempfile::tempdir()?;
        let score = DistrictScore::of(&Recipe::town(BLOCKS, *seed), CELL_M, folder.path())?;
        score.lines().for_each(|line| println!("{line}"));
        println!("seed {seed}, {:.0} s\n{score}", start.elapsed().as_secs_f64());
        all.add(score);
    }
    if seeds.len() > 1 {
        println!("{} seeds together\n{all}", seeds.len());
    }
    Ok(())
}
