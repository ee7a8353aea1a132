use std::collections::BTreeSet;

use chrono::NaiveDate;
use geo::MultiPolygon;
use plumbline_finding::{Finding, Kind};

use crate::act::{Course, same_act};
use crate::{Lead, Presence, Round, Saw, Sighting};

/// A place is bare where this much of it was measured and no more than this much of it is built on.
const BARE: (f64, f64) = (0.9, 0.1);
/// Half of an outline decides what an epoch shows of it.
const MOSTLY: f64 = 0.5;
/// Standard uncertainties by which two measures of one thing may differ (95 % on one side).
const AGREE: f64 = 1.645;

/// The leads of a project, from its epochs in the order of their dates.
///
/// The same structure next month updates its lead; a structure that comes again after it was gone is another act. Dates of
/// the start are tightened by every epoch that shows the place, and what an epoch shows of a place where it found nothing is
/// written down: not covered is not gone. What is under way comes first.
pub fn merge(rounds: &[&Round]) -> Vec<Lead> {
    let mut leads: Vec<Lead> = Vec::new();
    let mut names = BTreeSet::new();
    for (idx, round) in rounds.iter().enumerate() {
        let on = round.epoch.captured_on;
        for told in &round.findings {
            let mut known = leads.iter_mut().filter(|lead| lead.presence() != Presence::Gone);
            let known = known.find(|lead| lead.concerns(told));
            let own_idx = known.as_ref().and_then(|lead| lead.again(told));
            let mut fresh = || named(bracketed(told.clone(), &rounds[..idx], round), &mut names);
            match (known, own_idx) {
                (Some(lead), Some(own_idx)) => lead.renew(own_idx, told, on),
                (Some(lead), None) => lead.join(fresh(), on),
                (None, _) => leads.push(Lead::register(fresh(), on)),
            }
        }
        for lead in &mut leads {
            lead.look_again(round);
        }
    }
    leads.sort_by_cached_key(Lead::urgency);
    leads
}

impl Lead {
    /// The finding of which an epoch tells again, unless it has told it already.
    fn again(&self, told: &Finding) -> Option<usize> {
        let is_new = |id: &str| !self.sightings.iter().any(|s| s.finding == id && s.epoch == told.epoch);
        self.findings.iter().position(|own| same_act(own, told) && is_new(&own.id))
    }

    /// Takes in what an epoch told of a finding that this lead has.
    ///
    /// Of two measures of one act the newer counts, unless it agrees with an older and better one: bare walls say more of
    /// a position than the scaffold that comes to stand before them.
    fn renew(&mut self, own_idx: usize, told: &Finding, on: NaiveDate) {
        let own = &mut self.findings[own_idx];
        self.sightings.push(Sighting { finding: own.id.clone(), ..Sighting::telling(told, on) });
        let (last_seen_without, first_seen_with) = tightened(own, told);
        let newest = if own.kind == told.kind && !is_better(own, told) { told } else { &*own };
        *own = Finding { id: own.id.clone(), last_seen_without, first_seen_with, ..newest.clone() };
    }

    /// Takes in another finding on the structure.
    fn join(&mut self, finding: Finding, on: NaiveDate) {
        self.sightings.push(Sighting::telling(&finding, on));
        self.findings.push(finding);
    }

    /// Notes what an epoch shows of the findings that it did not tell.
    fn look_again(&mut self, round: &Round) {
        for idx in 0..self.findings.len() {
            let finding = &self.findings[idx];
            let told = |s: &Sighting| s.finding == finding.id && s.epoch == round.epoch.id;
            let is_over = self.presence_of(finding) == Presence::Gone;
            if !is_over && !self.sightings.iter().any(told) {
                let (epoch, on) = (round.epoch.id.clone(), round.epoch.captured_on);
                let sighting = Sighting { finding: finding.id.clone(), epoch, on, saw: seen(finding, round) };
                self.sightings.push(sighting);
            }
        }
    }
}

/// What an epoch shows of a finding that it did not tell.
fn seen(finding: &Finding, round: &Round) -> Saw {
    if round.findings.iter().any(|told| same_act(told, finding)) {
        // Told with its neighbour, into which it has grown.
        return Saw::Unchanged;
    }
    let look = round.sight.look(&finding.outline);
    let course = Course::of(finding.kind);
    let hidden = finding.building_no.as_ref().is_some_and(|no| round.sight.hidden.contains(no));
    let is_gone = look.standing < MOSTLY;
    let has_fallen = look.compared >= MOSTLY && look.fell >= MOSTLY;
    match course {
        _ if look.measured < MOSTLY => Saw::Unseen,
        Course::Stands if is_gone => Saw::Gone,
        Course::Came if is_gone || has_fallen => Saw::Gone,
        Course::Came if look.compared < MOSTLY => Saw::Unseen,
        Course::Came => Saw::Unchanged,
        Course::OfBuilding if has_fallen && is_gone => Saw::Gone,
        Course::OfBuilding if hidden => Saw::Unseen,
        Course::Stands | Course::OfBuilding | Course::Event => Saw::Lapsed,
    }
}

/// Whether an older measure of the position of a building agrees with a newer one and is the better.
fn is_better(older: &Finding, newer: &Finding) -> bool {
    let position = [Kind::Shifted, Kind::FootprintExcess, Kind::OutOfRedline, Kind::SetbackBreach];
    let (old, new) = (older.measure, newer.measure);
    let agree = (old.measured - new.measured).abs() <= AGREE * old.sigma.hypot(new.sigma);
    position.contains(&older.kind) && old.unit == new.unit && agree && old.sigma < new.sigma
}

/// A finding with the dates between which it came, as far as the earlier epochs tell.
fn bracketed(mut finding: Finding, before: &[&Round], round: &Round) -> Finding {
    match Course::of(finding.kind) {
        Course::Event => {
            finding.first_seen_with = round.epoch.captured_on;
            finding.last_seen_without = round.earlier.as_ref().map(|earlier| earlier.captured_on);
        }
        Course::Stands => {
            let bare = last_bare(&finding.outline, before, finding.first_seen_with);
            finding.last_seen_without = finding.last_seen_without.max(bare);
        }
        Course::OfBuilding => finding.last_seen_without = last_ruled_out(&finding, before),
        Course::Came => (),
    }
    finding
}

/// The last day before `until` on which an epoch shows a place with nothing on it.
fn last_bare(outline: &MultiPolygon<f64>, before: &[&Round], until: NaiveDate) -> Option<NaiveDate> {
    let earlier = before.iter().rev().filter(|round| round.epoch.captured_on < until);
    let mut bare = earlier.filter(|round| {
        let look = round.sight.look(outline);
        look.measured >= BARE.0 && look.standing <= BARE.1
    });
    bare.next().map(|round| round.epoch.captured_on)
}

/// The last day on which an epoch excludes a mismatch of a building: that the building grew since says nothing of the mismatch.
fn last_ruled_out(finding: &Finding, before: &[&Round]) -> Option<NaiveDate> {
    let no = finding.building_no.as_ref()?;
    let mut excluding = before.iter().rev().filter(|round| {
        let kinds = round.sight.ruled_out.get(no);
        kinds.is_some_and(|kinds| kinds.contains(&finding.kind))
    });
    excluding.next().map(|round| round.epoch.captured_on).filter(|day| *day < finding.first_seen_with)
}

/// The narrowest dates between which an act began that two tellings of it allow.
fn tightened(a: &Finding, b: &Finding) -> (Option<NaiveDate>, NaiveDate) {
    let first = a.first_seen_with.min(b.first_seen_with);
    let without = [a, b].into_iter().filter_map(|finding| finding.last_seen_without);
    (without.filter(|day| *day < first).max(), first)
}

/// A finding with an identifier that no other one has.
fn named(mut finding: Finding, names: &mut BTreeSet<String>) -> Finding {
    let natural = finding.id.clone();
    let mut times = 1;
    while !names.insert(finding.id.clone()) {
        times += 1;
        finding.id = format!("{natural}-{times}");
    }
    finding
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use geo::{Polygon, Rect};
    use plumbline_finding::{EpochRef, Measure, Priority, Unit, Verdict};
    use plumbline_geodesy::Crs;
    use plumbline_raster::{Grid, Raster};

    use super::*;
    use crate::testing::finding;
    use crate::{Mask, Sight};

    const DAYS: [&str; 4] = ["2025-03-10", "2025-04-10", "2025-05-12", "2025-06-12"];

    fn day(idx: usize) -> NaiveDate {
        DAYS[idx].parse().unwrap()
    }

    fn square(west: f64) -> Polygon<f64> {
        Rect::new((west, 0.0), (west + 10.0, 10.0)).to_polygon()
    }

    /// Something at `west`, found at an epoch; `new` since the one before.
    fn found(kind: Kind, west: f64, idx: usize, new: bool) -> Finding {
        let earlier = idx.checked_sub(1);
        Finding {
            earlier_epoch: earlier.map(|idx| DAYS[idx].into()),
            last_seen_without: earlier.filter(|_| new).map(day),
            first_seen_with: day(if new { idx } else { earlier.unwrap_or(0) }),
            ..finding(kind, west, DAYS[idx])
        }
    }

    fn on_building(finding: Finding, no: &str) -> Finding {
        Finding { building_no: Some(no.to_owned()), ..finding }
    }

    /// An epoch that covers eastings 0 to 100 up to `covered`, with structures at `standing`.
    fn round(idx: usize, covered: f64, standing: &[f64], findings: Vec<Finding>) -> Round {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 100.0, 10.0), 0.5);
        let mut heights = Raster::filled(grid.clone(), f32::NAN);
        for ((row, col), height) in heights.cells.indexed_iter_mut() {
            if grid.center(row, col).0 < covered {
                *height = 1.0;
            }
        }
        let measured = Mask::of(&heights, |height| height.is_finite());
        let reference = |idx: usize| EpochRef { id: DAYS[idx].into(), captured_on: day(idx) };
        Round {
            epoch: reference(idx),
            earlier: idx.checked_sub(1).map(reference),
            findings,
            sight: Sight {
                compared: (idx > 0).then(|| measured.clone()),
                measured,
                pictured: None,
                standing: standing.iter().map(|&west| square(west)).collect(),
                fell: Vec::new(),
                hidden: BTreeSet::new(),
                ruled_out: BTreeMap::new(),
            },
        }
    }

    fn merged(rounds: &[Round]) -> Vec<Lead> {
        merge(&rounds.iter().collect::<Vec<_>>())
    }

    fn kinds(lead: &Lead) -> Vec<Kind> {
        lead.findings.iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn the_same_structure_next_month_updates_its_lead_and_keeps_its_dates() {
        let mut moved = found(Kind::NoPermit, 3.0, 2, false);
        moved.id = "NO_PERMIT-elsewhere".into();
        let leads = merged(&[
            round(0, 100.0, &[], vec![]),
            round(1, 100.0, &[0.0], vec![found(Kind::NoPermit, 0.0, 1, true)]),
            round(2, 100.0, &[3.0], vec![moved]),
        ]);
        let [lead] = &leads[..] else { panic!("{leads:#?}") };
        let [finding] = &lead.findings[..] else { panic!("{lead:#?}") };
        assert_eq!((finding.id.as_str(), finding.epoch.as_str()), ("NO_PERMIT-0", DAYS[2]));
        assert_eq!((finding.last_seen_without, finding.first_seen_with), (Some(day(0)), day(1)));
        assert_eq!((lead.presence(), lead.sightings.len()), (Presence::Standing, 2));
    }

    #[test]
    fn an_epoch_that_did_not_cover_the_place_says_nothing_and_one_before_it_still_dates_the_start() {
        // The third epoch was compared with the second, which does not show the place.
        let uncompared = Finding { last_seen_without: None, ..found(Kind::NoPermit, 50.0, 2, true) };
        let leads = merged(&[
            round(0, 100.0, &[], vec![]),
            round(1, 40.0, &[], vec![]),
            round(2, 100.0, &[50.0], vec![uncompared]),
            round(3, 40.0, &[], vec![]),
        ]);
        let finding = &leads[0].findings[0];
        assert_eq!((finding.last_seen_without, finding.first_seen_with), (Some(day(0)), day(2)));
        assert_eq!(leads[0].presence(), Presence::Unseen);
        assert_eq!(leads[0].priority(), Priority::Mid);
    }

    #[test]
    fn what_is_gone_keeps_its_lead_and_what_comes_again_is_another_act() {
        let leads = merged(&[
            round(0, 100.0, &[0.0], vec![found(Kind::NoPermit, 0.0, 0, false)]),
            round(1, 100.0, &[], vec![found(Kind::Demolished, 0.0, 1, false)]),
            round(2, 100.0, &[0.0], vec![found(Kind::NoPermit, 0.0, 2, true)]),
        ]);
        let [again, old] = &leads[..] else { panic!("{leads:#?}") };
        assert_eq!((again.presence(), old.presence()), (Presence::Ongoing, Presence::Gone));
        assert_eq!(kinds(old), [Kind::NoPermit, Kind::Demolished]);
        assert_eq!(old.findings[1].last_seen_without, Some(day(0)));
        assert_eq!((again.findings[0].id.as_str(), old.priority()), ("NO_PERMIT-0-2", Priority::Info));
        assert!(old.sightings.iter().all(|sighting| sighting.on < day(2)), "{:#?}", old.sightings);
    }

    #[test]
    fn a_record_that_passes_later_ends_the_telling_and_not_the_lead() {
        let stage = Some("TYPICAL_STOREY(2)".parse().unwrap());
        let ahead = Finding { stage_lo: stage, ..on_building(found(Kind::StageAhead, 0.0, 0, false), "3") };
        let mut hidden = round(2, 100.0, &[0.0], vec![]);
        hidden.sight.hidden.insert("3".into());
        let told = round(0, 100.0, &[0.0], vec![ahead]);
        assert_eq!(merged(std::slice::from_ref(&told))[0].presence(), Presence::Ongoing);
        let leads = merged(&[told, round(1, 100.0, &[0.0], vec![]), hidden]);
        assert_eq!((leads[0].presence(), leads[0].priority()), (Presence::Lapsed, Priority::Low));
    }

    #[test]
    fn a_mismatch_of_a_growing_building_began_after_the_last_date_that_excludes_it() {
        let extra = on_building(found(Kind::ExtraStorey, 0.0, 2, true), "3");
        let mut first = round(0, 100.0, &[0.0], vec![]);
        first.sight.ruled_out.insert("3".into(), BTreeSet::from([Kind::ExtraStorey]));
        let leads = merged(&[first, round(1, 100.0, &[0.0], vec![]), round(2, 100.0, &[0.0], vec![extra])]);
        let finding = &leads[0].findings[0];
        assert_eq!((finding.last_seen_without, finding.first_seen_with), (Some(day(0)), day(2)));
    }

    #[test]
    fn what_was_confirmed_of_a_building_is_not_undone_by_a_flight_that_does_not_tell_it() {
        let presence = |kind, verdict| {
            let told = Finding { verdict, ..on_building(found(kind, 0.0, 0, false), "3") };
            let leads = merged(&[round(0, 100.0, &[0.0], vec![told]), round(1, 100.0, &[0.0], vec![])]);
            leads[0].presence()
        };
        assert_eq!(presence(Kind::Shifted, Verdict::ConfirmedExceed), Presence::Standing);
        assert_eq!(presence(Kind::Shifted, Verdict::InconclusiveNeedsSurvey), Presence::Lapsed);
        assert_eq!(presence(Kind::StageAhead, Verdict::ConfirmedExceed), Presence::Lapsed);
    }

    #[test]
    fn two_additions_on_one_roof_stay_two_and_an_addition_stands_until_it_falls() {
        let addition = |west, idx| on_building(found(Kind::RoofAddition, west, idx, true), "3");
        let mut last = round(3, 100.0, &[0.0, 20.0], vec![]);
        last.sight.fell.push(square(20.0));
        let leads = merged(&[
            round(0, 100.0, &[0.0, 20.0], vec![]),
            round(1, 100.0, &[0.0, 20.0], vec![addition(0.0, 1), addition(20.0, 1)]),
            round(2, 100.0, &[0.0, 20.0], vec![]),
            last,
        ]);
        let [lead] = &leads[..] else { panic!("{leads:#?}") };
        let presences: Vec<Presence> = lead.findings.iter().map(|f| lead.presence_of(f)).collect();
        assert_eq!(presences, [Presence::Standing, Presence::Gone]);
    }

    #[test]
    fn an_addition_that_stands_without_a_permit_next_month_is_one_act() {
        let addition = on_building(found(Kind::PostCompletionAddition, 0.0, 1, true), "7");
        let leads = merged(&[
            round(0, 100.0, &[], vec![]),
            round(1, 100.0, &[0.0], vec![addition]),
            round(2, 100.0, &[0.0], vec![found(Kind::NoPermit, 1.0, 2, false)]),
        ]);
        let [lead] = &leads[..] else { panic!("{leads:#?}") };
        assert_eq!((kinds(lead), lead.presence()), (vec![Kind::PostCompletionAddition], Presence::Standing));
        assert_eq!(lead.findings[0].last_seen_without, Some(day(0)));
    }

    #[test]
    fn a_position_measured_on_bare_walls_outlives_the_scaffold_unless_it_changed() {
        let shifted = |idx, measured, sigma| Finding {
            measure: Measure { measured, sigma, limit: 0.05, unit: Unit::Metre },
            ..on_building(found(Kind::Shifted, 0.0, idx, false), "3")
        };
        let last = |measured| {
            let leads = merged(&[
                round(0, 100.0, &[0.0], vec![shifted(0, 1.0, 0.1)]),
                round(1, 100.0, &[0.0], vec![shifted(1, measured, 0.4)]),
            ]);
            leads[0].findings[0].measure.measured
        };
        assert_eq!((last(1.5), last(2.5)), (1.0, 2.5));
    }

    #[test]
    fn what_is_under_way_comes_first_and_what_is_gone_last() {
        let high = Finding { priority: Priority::High, ..found(Kind::NoPermit, 20.0, 0, false) };
        let leads = merged(&[
            round(0, 100.0, &[0.0, 20.0], vec![found(Kind::NoPermit, 0.0, 0, false), high]),
            round(
                1,
                100.0,
                &[20.0, 40.0],
                vec![found(Kind::NoPermit, 20.0, 1, false), found(Kind::NoPermit, 40.0, 1, true)],
            ),
        ]);
        let ids: Vec<&str> = leads.iter().map(|lead| lead.findings[0].id.as_str()).collect();
        assert_eq!(ids, ["NO_PERMIT-40", "NO_PERMIT-20", "NO_PERMIT-0"]);
    }
}
