use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use plumbline_fixtures as fixtures;

use crate::cli::{Preset, Simulate};
use crate::commands::print;
use crate::error::Error;

/// `plumbline simulate OUT`.
pub fn simulate(arguments: &Simulate) -> Result<ExitCode, Error> {
    let preset = match arguments.preset {
        Preset::Demo => fixtures::Preset::Demo,
        Preset::Block => fixtures::Preset::Block,
        Preset::District => fixtures::Preset::District,
    };
    let bar = ProgressBar::new(1);
    bar.set_style(
        ProgressStyle::with_template("{wide_bar} {pos}/{len} {elapsed} + {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let summary = fixtures::simulate(&arguments.out, preset, arguments.seed, &|done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    print(&describe(&summary));
    Ok(ExitCode::SUCCESS)
}

fn describe(summary: &fixtures::Summary) -> String {
    let flights = summary.flights.iter().map(|(id, photos)| format!("flight 架次 {id}: {photos} photos 张"));
    let seeded = summary.violations.iter().map(|(kind, number)| format!("seeded 预设 {kind} {number}"));
    let next = format!("plumbline run {} --out DIR", summary.project.display());
    flights.chain(seeded).chain([next]).collect::<Vec<_>>().join("\n")
}
