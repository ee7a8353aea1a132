use std::error::Error;

use geo::{Centroid, Contains};
use plumbline_change::{
    ChangeRegion, CompareOptions, EpochSurface, Registration, StructureOptions, TerrainOptions, above_ground,
    compare, structures, terrain,
};
use plumbline_finding::{
    EpochRef, Finding, Findings, Judgement, JurisdictionPack, PlannedFootprint, Suppressed, judge_after,
};
use plumbline_fixtures::{Misfit, Recipe, Scene};
use plumbline_geodesy::{SurveyClass, SurveyQuality};
use plumbline_stage::{StageObservation, observe};

use super::tile::Tile;

/// What one date of one tile led to, as far as it lies in the tile's core.
#[derive(Debug)]
pub struct Flown {
    /// Which date.
    pub epoch_idx: usize,
    /// How well it is tied to the ground.
    pub quality: SurveyQuality,
    /// What does not fit the plan.
    pub findings: Vec<Finding>,
    /// What is lawful or no building.
    pub suppressed: Vec<Suppressed>,
    /// What changed since the date before.
    pub regions: Vec<ChangeRegion>,
    /// How far the approved buildings have come.
    pub stages: Vec<StageObservation>,
    /// The outlines that they have.
    pub footprints: Vec<PlannedFootprint>,
}

/// Measurement classes of the dates by turns (`domain.md` 2.1): with control points and without.
const QUALITIES: [SurveyQuality; 2] = [
    SurveyQuality { class: SurveyClass::RtkGcp, u_xy_m: 0.05, u_z_m: 0.08, u_height_m: 0.06 },
    SurveyQuality { class: SurveyClass::RtkOnly, u_xy_m: 0.08, u_z_m: 0.15, u_height_m: 0.08 },
];
/// Tied epochs lie on each other to this in height, metres; measured on 12 cm pixels: 0.7 pixels.
const TIED_U_Z_M: f64 = 0.05;

/// Surfaces of one town as matching would have made them.
#[derive(Debug)]
pub struct Flights<'a> {
    town: &'a Recipe,
    scenes: Vec<Scene>,
    seed: u32,
    pack: JurisdictionPack,
}

impl<'a> Flights<'a> {
    /// The town on all its dates.
    pub fn over(town: &'a Recipe) -> Result<Self, Box<dyn Error>> {
        let scenes = (0..town.epochs.len()).map(|i| town.scene(i)).collect::<Result<_, _>>()?;
        Ok(Self { town, scenes, seed: town.seed.wrapping_mul(97), pack: JurisdictionPack::sample()? })
    }

    /// Judges a tile on every date, each held against the date before.
    pub fn judge(&self, tile: &Tile) -> Result<Vec<Flown>, Box<dyn Error>> {
        let mut judged = Vec::new();
        let (mut before, mut earlier) = (None, Vec::new());
        for epoch_idx in 0..self.scenes.len() {
            let after = self.surface(tile, epoch_idx);
            judged.push(self.date(tile, epoch_idx, before.as_ref(), &after, &mut earlier)?);
            before = Some(after);
        }
        Ok(judged)
    }

    fn surface(&self, tile: &Tile, epoch_idx: usize) -> EpochSurface {
        let quality = QUALITIES[epoch_idx % QUALITIES.len()];
        let seed = self.seed.wrapping_add(epoch_idx as u32);
        let misfit = Misfit::drawn(quality.u_xy_m, quality.u_z_m, seed);
        let made = self.scenes[epoch_idx].top_view(&tile.grid, misfit.shift).matched(misfit.up_m, seed);
        let epoch = &self.town.epochs[epoch_idx];
        EpochSurface {
            id: epoch.id.clone(),
            captured_on: epoch.date(),
            dsm: made.dsm,
            sigma: made.sigma,
            ortho: Some(made.ortho),
            quality,
        }
    }

    /// The steps of the pipeline from surfaces to findings.
    fn date(
        &self,
        tile: &Tile,
        epoch_idx: usize,
        before: Option<&EpochSurface>,
        after: &EpochSurface,
        judged: &mut Vec<Findings>,
    ) -> Result<Flown, Box<dyn Error>> {
        let options = CompareOptions::default();
        let tied = |before: &EpochSurface| Registration {
            u_xy_m: before.quality.u_xy_m.hypot(after.quality.u_xy_m),
            u_z_m: TIED_U_Z_M,
            comparable: true,
            reason: "simulated".to_owned(),
        };
        let comparison = before.map(|before| compare(before, after, &tied(before), &options)).transpose()?;
        let ground = match &comparison {
            Some(comparison) => comparison.terrain.clone(),
            None => terrain(&after.dsm, &TerrainOptions::default()),
        };
        let standing = structures(after, &ground, &StructureOptions::default())?;
        let plan = &tile.plan;
        let stages: Vec<_> =
            plan.buildings.iter().map(|b| observe(b, after, &ground, comparison.as_ref())).collect();
        let footprints = PlannedFootprint::observe_all(plan, &above_ground(&after.dsm, &ground), &self.pack);
        let named = |epoch: &EpochSurface| EpochRef { id: epoch.id.clone(), captured_on: epoch.captured_on };
        let earlier = before.map(named);
        let judgement = Judgement {
            epoch: &named(after),
            quality: after.quality,
            earlier: earlier.as_ref(),
            plan: Some(plan),
            comparison: comparison.as_ref(),
            structures: &standing,
            stages: &stages,
            footprints: &footprints,
            pack: &self.pack,
        };
        let found = judge_after(&judgement, judged)?;
        judged.push(found.clone());
        let regions = comparison.map_or_else(Vec::new, |comparison| comparison.regions);
        let whole = Flown {
            epoch_idx,
            quality: after.quality,
            findings: found.findings,
            suppressed: found.suppressed,
            regions,
            stages,
            footprints,
        };
        Ok(whole.within(tile))
    }
}

impl Flown {
    /// What lies in the core of a tile; its margin is the core of its neighbours.
    fn within(mut self, tile: &Tile) -> Self {
        let own = |place: Option<geo::Point<f64>>| place.is_some_and(|place| tile.core.contains(&place));
        let building = |no: &str| own(tile.plan.building(no).and_then(|b| b.base.centroid()));
        self.findings.retain(|f| own(f.outline.centroid()));
        self.suppressed.retain(|s| own(s.outline.centroid()));
        self.regions.retain(|r| own(r.outline.centroid()));
        self.stages.retain(|s| building(&s.building_no));
        self.footprints.retain(|f| building(&f.building_no));
        self
    }
}
