//! What stands, and what is different from the earlier epoch.

use plumbline_adjustment::{Tie, TieVerdict};
use plumbline_change::{
    CompareOptions, Comparison, EpochSurface, Registration, Structure, StructureOptions, TerrainOptions,
    above_ground, compare, structures, terrain,
};
use plumbline_raster::{Raster, cog};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;

/// The surfaces of the last epoch and how they differ from those of the epoch it is compared with.
#[derive(Debug)]
pub struct Changed {
    /// The epoch that is judged.
    pub after: EpochSurface,
    /// The epoch it is compared with.
    pub before: Option<EpochSurface>,
    /// Bare earth under `after`.
    pub terrain: Raster<f32>,
    /// Heights of `after` above it.
    pub above_ground: Raster<f32>,
    /// What stands in `after`.
    pub structures: Vec<Structure>,
    /// What is different from `before`.
    pub comparison: Option<Comparison>,
}

/// Compares the last epoch with the one its flight names.
pub fn differences(context: &Context, epochs: &[Epoch]) -> Result<Changed, Error> {
    let last = epochs.last().ok_or_else(|| Error::NothingProcessed { reasons: "no flight".to_owned() })?;
    let wanted = context.project.flights.iter().find(|flight| flight.id == last.id);
    let earlier = wanted.and_then(|flight| flight.compare_with.as_ref());
    let earlier = earlier.and_then(|id| epochs.iter().find(|epoch| &epoch.id == id));
    let after = surface(context, last)?;
    let before = earlier.map(|epoch| surface(context, epoch)).transpose()?;
    let comparison = before
        .as_ref()
        .map(|before| {
            compare(before, &after, &registration(last.report.tie.as_ref()), &CompareOptions::default())
        })
        .transpose()?;
    let terrain = terrain(&after.dsm, &TerrainOptions::default());
    let above_ground = above_ground(&after.dsm, &terrain);
    let structures = structures(&after, &terrain, &StructureOptions::default())?;
    Ok(Changed { after, before, terrain, above_ground, structures, comparison })
}

/// An epoch's products as the judging crates see them: files, whoever made them.
fn surface(context: &Context, epoch: &Epoch) -> Result<EpochSurface, Error> {
    let files = context.workspace.epoch(&epoch.id);
    Ok(EpochSurface {
        id: epoch.id.clone(),
        captured_on: epoch.day(),
        dsm: cog::read_f32(&files.dsm())?,
        sigma: cog::read_f32(&files.dsm_sigma())?,
        ortho: Some(cog::read_rgba(&files.ortho())?),
        quality: epoch.report.quality,
    })
}

/// How well the adjustment laid the epochs on each other.
fn registration(tie: Option<&Tie>) -> Registration {
    match tie {
        Some(tie) => Registration {
            u_xy_m: tie.residual_xy_m,
            u_z_m: tie.residual_z_m,
            comparable: tie.verdict == TieVerdict::Comparable,
            reason: format!("{} {}", tie.text_zh, tie.text_en).trim().to_owned(),
        },
        None => Registration {
            u_xy_m: f64::INFINITY,
            u_z_m: f64::INFINITY,
            comparable: false,
            reason: "两期未联测 / the epochs were not tied to each other".to_owned(),
        },
    }
}
