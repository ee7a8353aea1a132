use plumbline_plan::StoreyLevels;

use crate::{Overbuilt, PhysicalStage};

/// One-sided 95 % of a normal law: the guard band of every bound.
const GUARD: f64 = 1.645;
/// A storey has started when structure stands this far above the deck below it, metres: higher than kerbs, screed
/// and stacked material, lower than starter bars.
const STARTED_M: f64 = 0.6;
/// What stands at least this far above the approved roof is a storey, metres: more than parapets, screed and a
/// ±0 above the outdoor ground explain.
const EXTRA_STOREY_M: f64 = 1.8;
/// A roof plane may miss its approved level by this much, metres: insulation, screed, falls.
const ROOF_TOLERANCE_M: f64 = 0.5;
/// Share of the outline that a roof slab covers at least.
const ROOF_SHARE: f64 = 0.8;
/// A pit is at least this deep below ±0, metres.
const PIT_DEPTH_M: f64 = 0.8;
/// Storey height assumed only above the approved storeys of a plan that has no storey at all, metres.
const FALLBACK_STOREY_M: f64 = 3.0;

/// Heights of one building above ±0, as far as stages need them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Heights {
    /// The dominant plane, metres.
    pub deck_m: f64,
    /// Share of the seen outline on the dominant plane, 0 to 1.
    pub share: f64,
    /// The height that a third of the outline reaches: the next storey where it covers less than the deck, metres.
    pub upper_m: f64,
    /// The posts of about a storey's height that stand on the deck.
    pub posts: Posts,
    /// Whether a parapet, a stair head or tanks stand on the deck.
    pub on_roof: bool,
    /// Standard uncertainty of the above, metres.
    pub u_m: f64,
    /// Whether the place changed since the earlier epoch.
    pub changed: bool,
}

/// How much of an outline posts stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Posts {
    /// Nowhere.
    None,
    /// Here and there: a hoist, a stack, the first columns.
    Few,
    /// All over: the columns of a storey.
    AllOver,
}

/// The stages and storeys that heights allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub stage_lo: PhysicalStage,
    pub stage_hi: PhysicalStage,
    pub storeys_lo: u32,
    pub storeys_hi: u32,
}

/// Bounds the stage of a building of `approved` storeys: the lower bound takes the guard band off, the upper adds it.
pub(crate) fn decide(heights: &Heights, levels: &StoreyLevels, approved: u32) -> Interval {
    let guard_m = GUARD * heights.u_m;
    let (low_m, high_m) = (heights.deck_m - guard_m, heights.upper_m.max(heights.deck_m) + guard_m);
    let storeys_lo = started(low_m, levels, approved, EXTRA_STOREY_M);
    let storeys_hi = started(high_m, levels, approved, STARTED_M).max(storeys_lo);
    let (storeys_lo, storeys_hi) = with_columns(heights, levels, approved, (storeys_lo, storeys_hi));
    let roof_from_m = top_m(levels, approved) - ROOF_TOLERANCE_M;
    let stage_lo = match storeys_lo {
        0 => low_stage_below_first_storey(heights, guard_m),
        // Formwork of the roof lies a decimetre below it: only what stands on a roof tells that it is one.
        k if k <= approved && low_m >= roof_from_m && heights.share >= ROOF_SHARE && heights.on_roof => {
            PhysicalStage::ToppedOut
        }
        k => PhysicalStage::of_started_storey(k, approved),
    };
    let stage_hi = match storeys_hi {
        0 => high_stage_below_first_storey(heights, guard_m),
        // Scaffold, windows and paving do not show in heights: a building with its roof on may be finished.
        k if k <= approved && high_m >= roof_from_m => PhysicalStage::Completed,
        k => PhysicalStage::of_started_storey(k, approved),
    };
    Interval { stage_lo, stage_hi, storeys_lo, storeys_hi }
}

/// Storeys with those whose columns stand before anything covers their third. A few posts may be a hoist or a stack and
/// leave it open; posts all over a deck are columns. On the ground they may be trees, above the approved roof stair
/// heads, which at most leaves a storey too many open.
fn with_columns(heights: &Heights, levels: &StoreyLevels, approved: u32, (lo, hi): (u32, u32)) -> (u32, u32) {
    let deck = started(heights.deck_m, levels, approved, STARTED_M);
    let (next, above_roof) = (deck + 1, deck >= approved);
    if heights.posts == Posts::AllOver && lo == deck && deck > 0 && !above_roof {
        (next, hi.max(next))
    } else if heights.posts == Posts::AllOver || (heights.posts == Posts::Few && !above_roof) {
        (lo, hi.max(next))
    } else {
        (lo, hi)
    }
}

/// The storey that stands on a deck, above ±0, metres: what is as high as its columns are.
pub(crate) fn storey_above_m(deck_m: f64, levels: &StoreyLevels, approved: u32) -> f64 {
    top_m(levels, started(deck_m, levels, approved, STARTED_M) + 1)
}

/// Whether more was built than approved.
pub(crate) fn overbuilt(interval: &Interval, approved: u32) -> Overbuilt {
    match (interval.storeys_lo > approved, interval.storeys_hi > approved) {
        (true, _) => Overbuilt::Yes,
        (false, true) => Overbuilt::Possible,
        (false, false) => Overbuilt::No,
    }
}

/// Number of storeys that have started when structure stands at `z_m` above ±0; those above the approved ones need
/// `extra_m` instead of [`STARTED_M`].
fn started(z_m: f64, levels: &StoreyLevels, approved: u32, extra_m: f64) -> u32 {
    let mut storey = 0;
    loop {
        let rise_m = if storey < approved { STARTED_M } else { extra_m };
        if z_m < top_m(levels, storey) + rise_m {
            return storey;
        }
        storey += 1;
    }
}

/// Top of storey `k` above ±0, metres; storeys that the plan lacks are as high as its last one.
fn top_m(levels: &StoreyLevels, k: u32) -> f64 {
    levels.top_m(k).unwrap_or_else(|| {
        let n = levels.count();
        let last_m = levels.top_m(n).unwrap_or(0.0);
        let below_m = levels.top_m(n.saturating_sub(1)).unwrap_or(0.0);
        let storey_m = if last_m > below_m { last_m - below_m } else { FALLBACK_STOREY_M };
        last_m + f64::from(k - n) * storey_m
    })
}

/// A slab at ±0 and untouched ground have the same height; only a pit or a change tells that work has begun.
fn low_stage_below_first_storey(heights: &Heights, guard_m: f64) -> PhysicalStage {
    if heights.deck_m + guard_m <= -PIT_DEPTH_M {
        PhysicalStage::Foundation
    } else if heights.changed {
        PhysicalStage::SitePrep
    } else {
        PhysicalStage::Unstarted
    }
}

fn high_stage_below_first_storey(heights: &Heights, guard_m: f64) -> PhysicalStage {
    if heights.upper_m.max(heights.deck_m) + guard_m <= -PIT_DEPTH_M {
        PhysicalStage::Foundation
    } else {
        PhysicalStage::PlusMinusZero
    }
}

#[cfg(test)]
mod tests {
    use plumbline_plan::LevelBasis;
    use proptest::prelude::*;
    use rand::Rng;
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use PhysicalStage::{
        Completed, FirstStorey, Foundation, Overbuilt, PlusMinusZero, ToppedOut, TypicalStorey,
    };

    /// Six storeys: a shop of 4.2 m and five of 3.0 m.
    fn levels() -> StoreyLevels {
        let tops_m = (0..6).map(|k| 4.2 + 3.0 * f64::from(k)).collect();
        StoreyLevels { tops_m, u_m: 0.0, basis: LevelBasis::PerStorey }
    }

    fn flat(deck_m: f64, u_m: f64) -> Heights {
        Heights { deck_m, share: 0.9, upper_m: deck_m, posts: Posts::None, on_roof: true, u_m, changed: true }
    }

    fn bounds(deck_m: f64, u_m: f64) -> (PhysicalStage, PhysicalStage) {
        let interval = decide(&flat(deck_m, u_m), &levels(), 6);
        (interval.stage_lo, interval.stage_hi)
    }

    #[test]
    fn decks_at_their_levels_are_single_stages() {
        assert_eq!(bounds(-3.0, 0.1), (Foundation, Foundation));
        assert_eq!(bounds(4.2, 0.1), (FirstStorey, FirstStorey));
        assert_eq!(bounds(7.2, 0.1), (TypicalStorey(2), TypicalStorey(2)));
        assert_eq!(bounds(7.1, 0.1), (TypicalStorey(2), TypicalStorey(2)), "formwork just below the slab");
    }

    #[test]
    fn a_slab_at_ground_level_is_never_taken_for_a_storey() {
        let interval = decide(&flat(0.1, 0.1), &levels(), 6);
        assert_eq!((interval.storeys_lo, interval.storeys_hi), (0, 0));
        assert_eq!(interval.stage_hi, PlusMinusZero);
    }

    #[test]
    fn a_finished_roof_is_topped_out_or_later() {
        assert_eq!(bounds(19.2, 0.1), (ToppedOut, Completed));
    }

    #[test]
    fn a_seventh_storey_on_six_is_overbuilt_and_a_parapet_is_not() {
        assert_eq!(bounds(22.2, 0.3).0, Overbuilt);
        assert_eq!(bounds(20.5, 0.1).0, ToppedOut);
        let interval = decide(&flat(22.2, 0.3), &levels(), 6);
        assert_eq!((interval.storeys_lo, overbuilt(&interval, 6)), (7, crate::Overbuilt::Yes));
    }

    #[test]
    fn columns_that_cover_a_third_widen_only_the_upper_bound() {
        let heights = Heights { upper_m: 10.0, share: 0.6, ..flat(7.2, 0.1) };
        let interval = decide(&heights, &levels(), 6);
        assert_eq!((interval.storeys_lo, interval.storeys_hi), (2, 3));
    }

    #[test]
    fn columns_on_a_deck_leave_open_whether_their_storey_has_started() {
        let posts = |deck_m| decide(&Heights { posts: Posts::Few, ..flat(deck_m, 0.1) }, &levels(), 6);
        assert_eq!((posts(7.2).storeys_lo, posts(7.2).storeys_hi), (2, 3));
        assert_eq!((posts(7.2).stage_lo, posts(7.2).stage_hi), (TypicalStorey(2), TypicalStorey(3)));
        assert_eq!((posts(0.0).storeys_lo, posts(0.0).stage_hi), (0, FirstStorey));
        assert_eq!(posts(19.2).storeys_hi, 6, "a stair head on the roof is no seventh storey");
    }

    #[test]
    fn columns_all_over_a_deck_are_a_storey_that_has_started() {
        let columns = |deck_m| decide(&Heights { posts: Posts::AllOver, ..flat(deck_m, 0.1) }, &levels(), 6);
        assert_eq!((columns(7.2).stage_lo, columns(7.2).stage_hi), (TypicalStorey(3), TypicalStorey(3)));
        assert_eq!((columns(0.0).storeys_lo, columns(0.0).storeys_hi), (0, 1), "trees on the ground");
        assert_eq!(
            (columns(19.2).storeys_lo, columns(19.2).storeys_hi),
            (6, 7),
            "a storey too many, or tanks"
        );
    }

    #[test]
    fn the_formwork_of_a_roof_is_not_topped_out() {
        let formwork = decide(&Heights { on_roof: false, ..flat(19.08, 0.1) }, &levels(), 6);
        assert_eq!((formwork.stage_lo, formwork.stage_hi), (TypicalStorey(6), Completed));
    }

    #[test]
    fn noisy_decks_lie_inside_their_interval() {
        let mut rng = Pcg64Mcg::new(7);
        let (mut inside, mut single) = (0, 0);
        for round in 0..4000_u32 {
            let truth = round % 6 + 1;
            let u_m = 0.15;
            let normal: f64 = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
            let deck_m = levels().top_m(truth).unwrap() + u_m * normal;
            let interval = decide(&flat(deck_m, u_m), &levels(), 6);
            inside += u32::from((interval.storeys_lo..=interval.storeys_hi).contains(&truth));
            single += u32::from(interval.storeys_lo == interval.storeys_hi);
        }
        assert!(inside >= 3960, "{inside} of 4000 inside");
        assert!(single >= 3200, "{single} of 4000 single");
    }

    proptest! {
        #[test]
        fn more_uncertainty_never_narrows_the_interval(deck_m in -5.0..40.0, u_m in 0.0..1.0, more in 0.0..1.0) {
            let narrow = decide(&flat(deck_m, u_m), &levels(), 6);
            let wide = decide(&flat(deck_m, u_m + more), &levels(), 6);
            prop_assert!(wide.stage_lo <= narrow.stage_lo && narrow.stage_hi <= wide.stage_hi.max(Completed));
            prop_assert!(wide.storeys_lo <= narrow.storeys_lo && narrow.storeys_hi <= wide.storeys_hi);
        }

        #[test]
        fn a_higher_deck_never_lowers_the_count(deck_m in -5.0..40.0, rise in 0.0..10.0, u_m in 0.0..1.0) {
            let below = decide(&flat(deck_m, u_m), &levels(), 6);
            let above = decide(&flat(deck_m + rise, u_m), &levels(), 6);
            prop_assert!(below.storeys_lo <= above.storeys_lo && below.storeys_hi <= above.storeys_hi);
        }
    }
}
