use std::collections::BTreeMap;

use chrono::NaiveDate;
use geo::{Centroid, MultiPolygon};
use plumbline_change::{ChangeRegion, Comparability, Footprint};
use plumbline_geodesy::SurveyClass;
use plumbline_plan::{Building, Origin, OutlineIndex, Plan, PlanIndex, Record};
use plumbline_stage::{Outcome, PhysicalStage, StageObservation};

use crate::candidate::{Candidate, candidates};
use crate::geometry::{MOSTLY, share_inside};
use crate::pack::Quantity;
use crate::{Bilingual, Error, Finding, Findings, Judgement, Kind, Measure, Priority, Verdict};

/// Places are told apart to this distance in identifiers, metres.
const PLACE_M: f64 = 10.0;

/// The inputs, prepared for the rules.
pub(crate) struct Site<'a> {
    pub input: &'a Judgement<'a>,
    pub plan: &'a Plan,
    /// The plan by place and by number.
    pub near: PlanIndex<'a>,
    /// What stands, by place.
    pub standing: OutlineIndex,
    /// What changed, by place.
    changed: OutlineIndex,
    stages: BTreeMap<&'a str, &'a StageObservation>,
    footprints: BTreeMap<&'a str, &'a Footprint>,
    /// What was made of earlier epochs.
    pub earlier: &'a [Findings],
    pub tolerances: Tolerances,
    /// Structures that nothing in the plan explains.
    pub candidates: Vec<Candidate>,
}

/// The pack's tolerances on the day of the flight, metres.
pub(crate) struct Tolerances {
    pub outline: f64,
    pub shift: f64,
    pub redline: f64,
    pub control_line: f64,
    pub height: f64,
}

/// What a verdict is about: classes of survey differ in what they may confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Position,
    Height,
    Storeys,
    Existence,
}

/// An approved building with what was seen of it.
pub(crate) struct Seen<'a> {
    pub building: &'a Building,
    pub stage: &'a StageObservation,
    pub footprint: Option<&'a Footprint>,
}

/// When something came: between the two dates.
pub(crate) struct Bracket {
    pub last_seen_without: Option<NaiveDate>,
    pub first_seen_with: NaiveDate,
}

/// How far scaffold at one side may stand out, metres.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Allowance {
    /// The deepest that there is.
    pub deepest_m: f64,
    /// As far as it is likely.
    pub usual_m: f64,
}

/// What a rule knows of a finding; the site adds the rest.
pub(crate) struct Draft<'a> {
    pub kind: Kind,
    pub verdict: Verdict,
    pub measure: Measure,
    pub outline: MultiPolygon<f64>,
    pub building_no: Option<&'a str>,
    pub origin: Option<&'a Origin>,
    pub explanation: Bilingual,
    pub priority: Priority,
}

impl<'a> Site<'a> {
    pub fn new(input: &'a Judgement<'a>, plan: &'a Plan, earlier: &'a [Findings]) -> Result<Self, Error> {
        let of = |quantity| input.pack.tolerance(quantity, input.epoch.captured_on);
        let tolerances = Tolerances {
            outline: of(Quantity::Outline)?,
            shift: of(Quantity::Shift)?,
            redline: of(Quantity::Redline)?,
            control_line: of(Quantity::ControlLine)?,
            height: of(Quantity::Height)?,
        };
        let near = PlanIndex::of(plan);
        let regions = input.comparison.map_or(&[][..], |comparison| &comparison.regions);
        let stages = input.stages.iter().rev().map(|stage| (stage.building_no.as_str(), stage));
        let prints =
            input.footprints.iter().rev().map(|print| (print.building_no.as_str(), &print.footprint));
        let footprints = prints.collect();
        Ok(Self {
            input,
            plan,
            earlier,
            standing: OutlineIndex::of(input.structures.iter().map(|structure| &structure.outline)),
            changed: OutlineIndex::of(regions.iter().map(|region| &region.outline)),
            stages: stages.collect(),
            tolerances,
            candidates: candidates(input, &near, &footprints),
            footprints,
            near,
        })
    }

    /// Day of the flight.
    pub fn on(&self) -> NaiveDate {
        self.input.epoch.captured_on
    }

    /// What changed, empty where epochs were not compared.
    pub fn regions(&self) -> &'a [ChangeRegion] {
        self.input.comparison.map_or(&[], |comparison| &comparison.regions)
    }

    /// The changes near an outline.
    pub fn regions_near(&self, outline: &MultiPolygon<f64>) -> impl Iterator<Item = &'a ChangeRegion> {
        let regions = self.regions();
        self.changed.near(outline, 0.0).into_iter().map(move |idx| &regions[idx])
    }

    /// Approved buildings whose stage could be told, in the plan's order.
    pub fn seen(&self) -> impl Iterator<Item = Seen<'a>> {
        self.plan.buildings.iter().filter_map(|building| {
            let stage = *self.stages.get(building.building_no.as_str())?;
            let footprint = self.footprints.get(building.building_no.as_str()).copied();
            (stage.outcome == Outcome::Observed).then_some(Seen { building, stage, footprint })
        })
    }

    /// Whether the plan claims to describe the place: an extent, or where it has none, a parcel.
    pub fn describes(&self, outline: &MultiPolygon<f64>) -> bool {
        let inside = |area: &MultiPolygon<f64>| share_inside(outline, area) >= MOSTLY;
        if self.plan.extents.is_empty() {
            self.near.parcels(outline).any(|parcel| inside(&parcel.outline))
        } else {
            self.near.extents(outline).any(|extent| inside(&extent.outline))
        }
    }

    /// Whether the place lies in a parcel whose construction is open: permitted, and not finished.
    pub fn is_open_site(&self, outline: &MultiPolygon<f64>) -> bool {
        let parcels = self.near.parcels(outline).filter(|p| share_inside(outline, &p.outline) >= MOSTLY);
        let open = |building: &Building| {
            let stage = self.stages.get(building.building_no.as_str());
            let finished = building.passed(Record::Facade, self.on());
            building.permitted_on(self.on())
                && !finished
                && stage.is_none_or(|s| s.stage_lo != PhysicalStage::Completed)
        };
        let mut open_parcels = parcels.filter(|parcel| {
            let inside = |building: &&Building| share_inside(&building.base, &parcel.outline) >= MOSTLY;
            self.near.buildings(&parcel.outline, 0.0).filter(inside).any(open)
        });
        open_parcels.next().is_some()
    }

    /// When what stands on an outline came.
    pub fn bracket(&self, outline: &MultiPolygon<f64>) -> Bracket {
        let risen = self.regions_near(outline).filter(|region| region.height_change_m > 0.0);
        let share: f64 = risen.map(|region| share_inside(outline, &region.outline.clone().into())).sum();
        let (on, earlier) = (self.on(), self.input.earlier.map(|epoch| epoch.captured_on));
        let new = share >= MOSTLY;
        match earlier.filter(|_| new || self.was_compared(outline)) {
            Some(earlier) if new => Bracket { last_seen_without: Some(earlier), first_seen_with: on },
            Some(earlier) => Bracket { last_seen_without: None, first_seen_with: earlier },
            None => Bracket { last_seen_without: None, first_seen_with: on },
        }
    }

    fn was_compared(&self, outline: &MultiPolygon<f64>) -> bool {
        let comparison = self.input.comparison.filter(|comparison| comparison.refused.is_none());
        comparison.zip(outline.centroid()).is_some_and(|(comparison, place)| {
            comparison.mask.at(place.x(), place.y()) == Some(&Comparability::Comparable)
        })
    }

    /// Registration uncertainty of a plan element, metres.
    pub fn u_plan_m(&self, origin: &Origin) -> f64 {
        self.plan.u_m(origin)
    }

    /// The verdict on an excess, or none where it is not worth an inspector's time.
    ///
    /// What the allowance could explain stands against confirming, what it usually explains against looking.
    pub fn verdict(&self, exceedance: f64, tolerance: f64, u: f64, allowance: Allowance) -> Option<Verdict> {
        let pack = self.input.pack;
        let noticed = exceedance - allowance.usual_m - pack.notice_factor * u > tolerance;
        let verdict = Verdict::guarded(exceedance - allowance.deepest_m, tolerance, u, pack.guard_factor);
        match verdict {
            Verdict::ConfirmedExceed => Some(verdict),
            _ if noticed => Some(Verdict::InconclusiveNeedsSurvey),
            _ => None,
        }
    }

    /// The verdict that this class of survey may give.
    pub fn allowed(&self, verdict: Verdict, topic: Topic) -> Verdict {
        let class = self.input.quality.class;
        let may_confirm = match topic {
            Topic::Storeys => true,
            Topic::Position | Topic::Existence => self.input.quality.is_placed(),
            Topic::Height => class <= SurveyClass::RtkOnly,
        };
        let refused = self.input.comparison.is_some_and(|comparison| comparison.refused.is_some());
        if may_confirm && !refused { verdict } else { verdict.at_best_inconclusive() }
    }

    /// The whole finding.
    pub fn finding(&self, draft: Draft) -> Finding {
        let stage = draft
            .building_no
            .and_then(|no| self.stages.get(no))
            .filter(|stage| stage.outcome == Outcome::Observed);
        let bracket = self.bracket(&draft.outline);
        Finding {
            id: identifier(&draft),
            kind: draft.kind,
            verdict: draft.verdict,
            measure: draft.measure,
            building_no: draft.building_no.map(str::to_owned),
            stage_lo: stage.map(|s| s.stage_lo),
            stage_hi: stage.map(|s| s.stage_hi),
            storeys: stage.map(|s| (s.storeys_lo, s.storeys_hi)),
            outline: draft.outline,
            epoch: self.input.epoch.id.clone(),
            earlier_epoch: self.input.earlier.map(|epoch| epoch.id.clone()),
            last_seen_without: bracket.last_seen_without,
            first_seen_with: bracket.first_seen_with,
            plan_version: draft.origin.map(|origin| self.plan.sources[origin.source_idx].version.clone()),
            statutes: self.input.pack.statutes(draft.kind, self.on()),
            explanation: draft.explanation,
            priority: draft.priority,
        }
    }
}

impl Seen<'_> {
    /// Whether the first storey stands, so that there is an outline to speak of.
    pub fn has_walls(&self) -> bool {
        self.stage.stage_lo >= PhysicalStage::FirstStorey
    }

    /// High while it can still be stopped.
    pub fn priority(&self) -> Priority {
        if self.stage.stage_lo.is_under_way() { Priority::High } else { Priority::Mid }
    }
}

/// Kind and building, and the place where a building can have several.
fn identifier(draft: &Draft) -> String {
    let building = draft.building_no.map(|no| no.replace(|c: char| !c.is_alphanumeric(), "_"));
    let place = draft.outline.centroid().map(|place| {
        let [east, north] = [place.x(), place.y()].map(|metres| (metres / PLACE_M).round());
        format!("E{east}N{north}")
    });
    match (building, place) {
        (Some(building), Some(place)) if draft.kind.has_places() => {
            format!("{}-{building}-{place}", draft.kind)
        }
        (Some(building), _) => format!("{}-{building}", draft.kind),
        (None, place) => format!("{}-{}", draft.kind, place.unwrap_or_default()),
    }
}
