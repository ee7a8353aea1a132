use geo::{Area, BooleanOps, MultiPolygon};
use plumbline_change::{Comparison, EpochSurface, GroundLevel, HeightProfile};
use plumbline_plan::Building;
use plumbline_raster::Raster;

use crate::decide::{self, Heights, Posts};
use crate::{Outcome, StageObservation, Unseen, ZeroLevel, ZeroSource};

/// Least share of the outline that must have heights.
const LEAST_COVERAGE: f64 = 0.5;
/// A structure of the next storey must reach this share of the outline before it counts.
const STRUCTURE_SHARE: f64 = 0.3;
/// Columns take at least this share of an outline: 0.5 m square every 8 m.
const POSTS_SHARE: f64 = 0.004;
/// What stands this far above a deck is no starter bar and no stack, metres; columns end within this of the next deck.
const POST_M: f64 = 1.5;
const POST_OVER_M: f64 = 0.8;
/// Columns stand in this share of the parts of an outline at least; one that is seen covers this much, square metres.
const COLUMN_PARTS: f64 = 0.6;
const COLUMN_M2: f64 = 0.1;
/// Parapets, stair heads and tanks stand this far above a finished roof, metres, and take this share of it at least; a
/// deck that is still to be poured carries nothing as high.
const ON_ROOF_M: (f64, f64) = (0.6, 3.5);
const ON_ROOF_SHARE: f64 = 0.01;
/// Standard uncertainty of taking the outdoor ground for ±0, metres: ±0 commonly lies 0.1 to 0.6 m above it.
const GROUND_FOR_ZERO_U_M: f64 = 0.3;
/// A plan's ±0 farther than this from the measured ground is on another height system, metres: ellipsoidal and
/// national heights differ by 10 m and more.
const SAME_DATUM_M: f64 = 2.0;
/// A changed area covers at least this share of the outline.
const CHANGED_SHARE: f64 = 0.1;

/// Tells how far an approved building has come in one epoch.
///
/// `terrain` is the ground below the epoch; `earlier` the comparison with an earlier epoch, which can tell untouched
/// ground from a slab at the same height.
pub fn observe(
    building: &Building,
    epoch: &EpochSurface,
    terrain: &Raster<f32>,
    earlier: Option<&Comparison>,
) -> StageObservation {
    measure(building, epoch, terrain, earlier).unwrap_or_else(|reason| {
        StageObservation::unseen(&building.building_no, building.storey_count().unwrap_or(0), reason)
    })
}

fn measure(
    building: &Building,
    epoch: &EpochSurface,
    terrain: &Raster<f32>,
    earlier: Option<&Comparison>,
) -> Result<StageObservation, Unseen> {
    let levels = building.storey_levels().ok_or(Unseen::NoStoreysInPlan)?;
    let approved = building.storey_count().unwrap_or(levels.count());
    let ground = GroundLevel::around(terrain, &building.base).ok_or(Unseen::GroundNotSeen)?;
    let zero = zero_level(building, epoch, &ground);
    let profile = HeightProfile::new(epoch, &building.base, zero.height_m).ok_or(Unseen::NotCovered)?;
    let deck = profile.deck();
    if deck.coverage < LEAST_COVERAGE {
        return Err(Unseen::NotCovered);
    }
    if !deck.is_dominant() {
        return Err(Unseen::NoDominantPlane);
    }
    let parts = [deck.sigma_m, zero.sigma_m, epoch.quality.u_height_m, levels.u_m];
    let u_m = parts.iter().map(|u| u * u).sum::<f64>().sqrt();
    let ceiling_m = decide::storey_above_m(deck.height_m, &levels, approved);
    let posts = (deck.height_m + POST_M, ceiling_m + POST_OVER_M);
    let on_roof = (deck.height_m + ON_ROOF_M.0, deck.height_m + ON_ROOF_M.1);
    let heights = Heights {
        deck_m: deck.height_m,
        share: deck.share,
        upper_m: profile.reached_by(STRUCTURE_SHARE),
        posts: if profile.parts_within(posts.0, posts.1, COLUMN_M2) >= COLUMN_PARTS {
            Posts::AllOver
        } else if profile.share_within(posts.0, posts.1) >= POSTS_SHARE {
            Posts::Few
        } else {
            Posts::None
        },
        on_roof: profile.share_within(on_roof.0, on_roof.1) >= ON_ROOF_SHARE,
        u_m,
        changed: earlier.is_some_and(|comparison| changed(comparison, &building.base)),
    };
    let interval = decide::decide(&heights, &levels, approved);
    Ok(StageObservation {
        building_no: building.building_no.clone(),
        outcome: Outcome::Observed,
        stage_lo: interval.stage_lo,
        stage_hi: interval.stage_hi,
        storeys_lo: interval.storeys_lo,
        storeys_hi: interval.storeys_hi,
        storeys_approved: approved,
        deck: Some(deck),
        u_deck_m: u_m,
        zero_level: Some(zero),
        overbuilt: decide::overbuilt(&interval, approved),
        coverage: deck.coverage,
    })
}

/// The plan's ±0 where its height system is the epoch's and known better than the ground stands in for it.
fn zero_level(building: &Building, epoch: &EpochSurface, ground: &GroundLevel) -> ZeroLevel {
    let by_ground = ZeroLevel {
        height_m: ground.height_m,
        sigma_m: ground.sigma_m.hypot(GROUND_FOR_ZERO_U_M),
        source: ZeroSource::OutdoorGround,
    };
    let usable = |level: &f64| {
        (level - ground.height_m).abs() <= SAME_DATUM_M && epoch.quality.u_z_m <= by_ground.sigma_m
    };
    building.zero_level_m.filter(usable).map_or(by_ground, |height_m| ZeroLevel {
        height_m,
        sigma_m: epoch.quality.u_z_m,
        source: ZeroSource::Plan,
    })
}

fn changed(comparison: &Comparison, base: &MultiPolygon<f64>) -> bool {
    let changed_m2 = comparison.regions.iter().map(|r| r.outline.intersection(base).unsigned_area());
    changed_m2.sum::<f64>() >= CHANGED_SHARE * base.unsigned_area()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use geo::{Contains, Point, Rect};
    use plumbline_geodesy::{Crs, SurveyClass, SurveyQuality};
    use plumbline_plan::{Origin, Storey};
    use plumbline_raster::Grid;

    use super::*;
    use crate::{Overbuilt, PhysicalStage};

    fn square(from: f64, to: f64) -> MultiPolygon<f64> {
        Rect::new((from, from), (to, to)).to_polygon().into()
    }

    /// Four storeys of 3 m on 20 x 20 m, ±0 at 70.3 m.
    fn building() -> Building {
        let origin = Origin { source_idx: 0, layer: "b".into(), feature_id: 0 };
        Building {
            storeys_above: Some(4),
            height_m: Some(12.0),
            zero_level_m: Some(70.3),
            storeys: vec![Storey { from: 1, to: 4, name: None, height_m: 3.0, measured_height_m: None }],
            ..Building::outlined("3", square(30.0, 50.0), origin)
        }
    }

    /// Ground at 70 m, and on the base whatever `height` says of a cell's easting, northing.
    fn epoch(height: impl Fn(f64, f64) -> f32, u_z_m: f64) -> (EpochSurface, Raster<f32>) {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 80.0, 80.0), 0.5);
        let terrain = Raster::filled(grid.clone(), 70.0_f32);
        let mut dsm = terrain.clone();
        let base = building().base;
        for ((row, col), z) in dsm.cells.indexed_iter_mut() {
            let (east, north) = grid.center(row, col);
            if base.contains(&Point::new(east, north)) {
                *z = height(east, north);
            }
        }
        let quality = SurveyQuality { class: SurveyClass::RtkGcp, u_xy_m: 0.05, u_z_m, u_height_m: 0.06 };
        let captured_on = NaiveDate::from_ymd_opt(2025, 6, 12).unwrap();
        let sigma = Raster::filled(grid, 0.05_f32);
        (EpochSurface { id: "e".into(), captured_on, dsm, sigma, ortho: None, quality }, terrain)
    }

    #[test]
    fn a_crane_and_rebar_over_the_second_deck_do_not_make_a_third_storey() {
        let (epoch, terrain) = epoch(|e, n| if e < 31.0 && n < 40.0 { 110.0 } else { 76.3 }, 0.05);
        let seen = observe(&building(), &epoch, &terrain, None);
        assert_eq!((seen.stage_lo, seen.storeys_hi), (PhysicalStage::TypicalStorey(2), 2));
        assert_eq!(seen.zero_level.unwrap().source, ZeroSource::Plan);
        assert!((seen.deck.unwrap().height_m - 6.0).abs() < 0.05);
    }

    #[test]
    fn columns_all_over_a_deck_are_its_next_storey_and_a_hoist_leaves_it_open() {
        let post = |at: f64| (at - 30.0).rem_euclid(5.0) < 0.5;
        let storeys = |part: fn(f64, f64) -> bool| {
            let height = |e: f64, n: f64| if post(e) && post(n) && part(e, n) { 79.1 } else { 76.3 };
            let (epoch, terrain) = epoch(height, 0.05);
            let seen = observe(&building(), &epoch, &terrain, None);
            (seen.storeys_lo, seen.storeys_hi)
        };
        assert_eq!(storeys(|_, _| true), (3, 3));
        assert_eq!(storeys(|e, _| e < 36.0), (2, 3));
    }

    #[test]
    fn a_roof_is_topped_out_once_it_has_a_parapet() {
        let observed = |parapet_m: f32| {
            let edge = |at: f64| !(30.5..49.5).contains(&at);
            let roof = |e: f64, n: f64| if edge(e) || edge(n) { 82.3 + parapet_m } else { 82.3 };
            let (epoch, terrain) = epoch(roof, 0.05);
            observe(&building(), &epoch, &terrain, None)
        };
        assert_eq!(observed(1.1).stage_lo, PhysicalStage::ToppedOut);
        assert_eq!(observed(0.0).stage_lo, PhysicalStage::TypicalStorey(4), "formwork lies as high");
        assert_eq!(observed(0.0).stage_hi, PhysicalStage::Completed);
    }

    #[test]
    fn heights_on_another_datum_are_counted_from_the_measured_ground() {
        let (mut epoch, terrain) = epoch(|_, _| 76.3, f64::INFINITY);
        epoch.quality.class = SurveyClass::Coreg;
        let seen = observe(&building(), &epoch, &terrain, None);
        assert_eq!(seen.zero_level.unwrap().source, ZeroSource::OutdoorGround);
        assert!((2..=3).contains(&seen.storeys_hi) && seen.storeys_lo == 2, "{seen:?}");
        assert!(seen.u_deck_m > 0.3);
    }

    #[test]
    fn a_fifth_storey_on_four_is_overbuilt() {
        let (epoch, terrain) = epoch(|_, _| 85.3, 0.05);
        let seen = observe(&building(), &epoch, &terrain, None);
        assert_eq!((seen.overbuilt, seen.storeys_lo), (Overbuilt::Yes, 5));
    }

    #[test]
    fn what_the_flight_did_not_cover_spans_every_stage() {
        let (epoch, terrain) = epoch(|_, _| f32::NAN, 0.05);
        let seen = observe(&building(), &epoch, &terrain, None);
        assert_eq!(seen.outcome, Outcome::CannotBeSeen(Unseen::NotCovered));
        assert_eq!((seen.stage_lo, seen.stage_hi), (PhysicalStage::Unstarted, PhysicalStage::Overbuilt));
    }

    #[test]
    fn scattered_heights_form_no_deck() {
        let (epoch, terrain) = epoch(|e, n| 70.0 + ((e * 7.3 + n * 3.1) % 9.0) as f32, 0.05);
        let seen = observe(&building(), &epoch, &terrain, None);
        assert_eq!(seen.outcome, Outcome::CannotBeSeen(Unseen::NoDominantPlane));
    }
}
