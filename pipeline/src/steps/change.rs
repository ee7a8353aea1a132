//! What stands, and what is different from the earlier epoch.

use plumbline_adjustment::{Tie, TieVerdict};
use plumbline_catalog::ProductKind;
use plumbline_change::{
    AppearanceChange, CompareOptions, Comparison, Coregistration, EpochSurface, Offset, Registration, Shift,
    Structure, StructureOptions, TerrainOptions, above_ground, appearance, compare, coregister, structures,
    terrain,
};
use plumbline_photo::check::Text;
use plumbline_raster::Raster;
use plumbline_raster::cog::{self, Band};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::flown::Flown;
use crate::store::remove;

/// What the raster of differences holds, for those who open it elsewhere.
const RISE: Band<'_> = Band { description: "height less that of the earlier epoch", unit: "m" };

/// The surfaces of an epoch and how they differ from those of the epoch it is compared with.
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
    /// Where only the looks could be compared, what they show.
    pub looks: Vec<AppearanceChange>,
    /// How the two were laid onto each other.
    pub remarks: Vec<Text>,
    /// How far `before` was moved for that, east and north, metres.
    pub moved_m: (f64, f64),
}

/// Compares an epoch with an earlier one, where there is one, and writes by how much it is higher.
pub fn differences(context: &Context, epoch: &Flown, earlier: Option<&Flown>) -> Result<Changed, Error> {
    let rise = context.workspace.epoch(epoch.id()).rise();
    remove(&rise)?;
    let after = surface(context, epoch)?;
    let mut before = earlier.map(|epoch| surface(context, epoch)).transpose()?;
    let (mut comparison, mut looks, mut remarks) = (None, Vec::new(), Vec::new());
    let mut moved_m = (0.0, 0.0);
    if let Some((earlier, before)) = earlier.zip(before.as_mut()) {
        let lay = (before.dsm.grid.west, before.dsm.grid.north);
        let registration = if let (Some(_), Some(epoch)) = (earlier.photographed(), epoch.photographed()) {
            tied(epoch.report.tie.as_ref())
        } else {
            let found = coregister(before, &after);
            remarks = said(&found, &before.id);
            found.registration
        };
        moved_m = (before.dsm.grid.west - lay.0, before.dsm.grid.north - lay.1);
        let by_looks = !registration.comparable && registration.u_xy_m.is_finite();
        if let Some((before, after)) = before.ortho.as_ref().zip(after.ortho.as_ref()).filter(|_| by_looks) {
            looks = appearance(before, after, registration.u_xy_m);
        }
        let compared = compare(before, &after, &registration, &CompareOptions::default())?;
        if compared.refused.is_none() {
            cog::write_f32(&rise, &compared.difference, RISE, &[])?;
        }
        comparison = Some(compared);
    }
    let terrain = match &comparison {
        Some(comparison) => comparison.terrain.clone(),
        None => terrain(&after.dsm, &TerrainOptions::default()),
    };
    let above_ground = above_ground(&after.dsm, &terrain);
    let structures = structures(&after, &terrain, &StructureOptions::default())?;
    Ok(Changed { after, before, terrain, above_ground, structures, comparison, looks, remarks, moved_m })
}

/// An epoch's products as the judging crates see them: files, whoever made them.
fn surface(context: &Context, epoch: &Flown) -> Result<EpochSurface, Error> {
    let files = context.workspace.epoch(epoch.id());
    let ortho = epoch.has(ProductKind::Ortho).then(|| cog::read_rgba(&files.ortho())).transpose()?;
    let (dsm, sigma) = match &ortho {
        Some(ortho) if !epoch.has(ProductKind::Dsm) => {
            let unknown = Raster::filled(ortho.grid.clone(), f32::NAN);
            (unknown.clone(), unknown)
        }
        _ => (cog::read_f32(&files.dsm())?, cog::read_f32(&files.dsm_sigma())?),
    };
    let (id, captured_on, quality) = (epoch.id().to_owned(), epoch.day(), epoch.quality());
    Ok(EpochSurface { id, captured_on, dsm, sigma, ortho, quality })
}

/// How two epochs that no adjustment tied were found to lie on each other.
fn said(found: &Coregistration, id: &str) -> Vec<Text> {
    let u_m = found.registration.u_xy_m;
    let across = match found.shift {
        Some(Shift { east_m, north_m, spread_m, patches }) => Text::new(
            format!(
                "与 {id} 相比平面偏移：东 {east_m:+.2} m、北 {north_m:+.2} m（{patches} 处影像块，离散 {spread_m:.2} m），比对已顾及，余差按 {u_m:.2} m 计"
            ),
            format!(
                "lies {east_m:+.2} m east and {north_m:+.2} m north of {id} ({patches} patches, spread {spread_m:.2} m); the \
                 comparison allows for it and takes {u_m:.2} m for uncertain"
            ),
        ),
        None => Text::new(
            format!("两期共有的、能定位的地物太少，与 {id} 的平面偏移测不出来，按 {u_m:.2} m 计"),
            format!(
                "too little that both show holds a place: how far it lies off {id} across the map could not be measured and \
                 counts as {u_m:.2} m"
            ),
        ),
    };
    let Offset { up_m, spread_m, cells } = found.offset;
    let up = (cells > 0 && found.refusal.is_none()).then(|| {
        Text::new(
            format!("与 {id} 相比未变地面高 {up_m:+.2} m，已改正，余差 {spread_m:.2} m"),
            format!(
                "unchanged ground lies {up_m:+.2} m above that of {id}; taken out, {spread_m:.2} m remain"
            ),
        )
    });
    let refused = found.refusal.as_ref();
    let refused =
        refused.map(|(zh, en)| Text::new(format!("NOT_COMPARABLE {zh}"), format!("NOT_COMPARABLE {en}")));
    [across].into_iter().chain(up).chain(refused).collect()
}

/// How well the adjustment laid the epochs on each other.
fn tied(tie: Option<&Tie>) -> Registration {
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
