//! What stands, and what is different from the earlier epoch.

use std::borrow::Cow;

use plumbline_adjustment::{Tie, TieVerdict};
use plumbline_catalog::ProductKind;
use plumbline_change::{
    AppearanceChange, CompareOptions, Comparison, Coregistration, EpochSurface, Offset, Registration, Shift,
    Structure, StructureOptions, TerrainOptions, above_ground, appearance, compare, coregister, structures,
    terrain,
};
use plumbline_photo::check::Text;
use plumbline_raster::{Raster, Rgba, cog};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::flown::Flown;

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
    /// Where only the looks could be compared, what they show.
    pub looks: Vec<AppearanceChange>,
    /// How the two were laid onto each other.
    pub remarks: Vec<Text>,
}

impl Changed {
    /// The orthophoto of `after`, or a shaded relief where it has none.
    pub fn overview(&self) -> Cow<'_, Raster<Rgba>> {
        self.after.ortho.as_ref().map_or_else(|| Cow::Owned(self.after.dsm.shaded()), Cow::Borrowed)
    }
}

/// Compares the last epoch with the one its flight names.
pub fn differences(context: &Context, epochs: &[Flown]) -> Result<Changed, Error> {
    let last = epochs.last().ok_or_else(|| Error::NothingProcessed { reasons: "no flight".to_owned() })?;
    let wanted = context.project.flights.iter().find(|flight| flight.id == last.id());
    let earlier = wanted.and_then(|flight| flight.compare_with.as_ref());
    let earlier = earlier.and_then(|id| epochs.iter().find(|epoch| epoch.id() == id));
    let after = surface(context, last)?;
    let mut before = earlier.map(|epoch| surface(context, epoch)).transpose()?;
    let (mut comparison, mut looks, mut remarks) = (None, Vec::new(), Vec::new());
    if let Some((earlier, before)) = earlier.zip(before.as_mut()) {
        let registration = if let (Some(_), Some(last)) = (earlier.photographed(), last.photographed()) {
            tied(last.report.tie.as_ref())
        } else {
            let found = coregister(before, &after);
            remarks = said(&found, &before.id);
            found.registration
        };
        let by_looks = !registration.comparable && registration.u_xy_m.is_finite();
        if let Some((before, after)) = before.ortho.as_ref().zip(after.ortho.as_ref()).filter(|_| by_looks) {
            looks = appearance(before, after, registration.u_xy_m);
        }
        comparison = Some(compare(before, &after, &registration, &CompareOptions::default())?);
    }
    let terrain = match &comparison {
        Some(comparison) => comparison.terrain.clone(),
        None => terrain(&after.dsm, &TerrainOptions::default()),
    };
    let above_ground = above_ground(&after.dsm, &terrain);
    let structures = structures(&after, &terrain, &StructureOptions::default())?;
    Ok(Changed { after, before, terrain, above_ground, structures, comparison, looks, remarks })
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
