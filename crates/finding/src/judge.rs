use chrono::NaiveDate;
use plumbline_change::{Comparison, Structure};
use plumbline_geodesy::SurveyQuality;
use plumbline_plan::Plan;
use plumbline_stage::StageObservation;
use serde::{Deserialize, Serialize};

use crate::site::Site;
use crate::{Error, Findings, JurisdictionPack, PlannedFootprint, rules, suppress};

/// Everything that one epoch is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judgement<'a> {
    /// The epoch that is judged.
    pub epoch: &'a EpochRef,
    /// How well it is tied to the ground.
    pub quality: SurveyQuality,
    /// The epoch that it was compared with.
    pub earlier: Option<&'a EpochRef>,
    /// What was approved.
    pub plan: Option<&'a Plan>,
    /// What changed since the earlier epoch.
    pub comparison: Option<&'a Comparison>,
    /// What stands in the epoch.
    pub structures: &'a [Structure],
    /// How far the approved buildings have come.
    pub stages: &'a [StageObservation],
    /// The outlines that the approved buildings have.
    pub footprints: &'a [PlannedFootprint],
    /// The rules of the place.
    pub pack: &'a JurisdictionPack,
}

/// An epoch by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochRef {
    /// Identifier.
    pub id: String,
    /// Day of the flight.
    pub captured_on: NaiveDate,
}

/// Holds an epoch against the plan and the earlier epoch, rule by rule.
pub fn judge(input: &Judgement) -> Result<Findings, Error> {
    judge_after(input, &[])
}

/// The same, knowing what was made of still earlier epochs: what was told keeps its kind, and what has the size of a lorry
/// is none once it has stood on three dates.
pub fn judge_after(input: &Judgement, earlier: &[Findings]) -> Result<Findings, Error> {
    let mut found = Findings::default();
    suppress::note_what_is_missing(input, &mut found);
    let Some(plan) = input.plan else {
        suppress::list_changes(input, &mut found);
        return Ok(found);
    };
    let site = Site::new(input, plan, earlier)?;
    rules::no_permit::find(&site, &mut found);
    rules::post_completion::find(&site, &mut found);
    rules::permit_expired_start::find(&site, &mut found);
    rules::shifted::find(&site, &mut found);
    rules::footprint_excess::find(&site, &mut found);
    rules::out_of_redline::find(&site, &mut found);
    rules::setback_breach::find(&site, &mut found);
    rules::extra_storey::find(&site, &mut found);
    rules::over_height::find(&site, &mut found);
    rules::stage_ahead::find(&site, &mut found);
    rules::roof_addition::find(&site, &mut found);
    rules::temp_overdue::find(&site, &mut found);
    rules::not_demolished::find(&site, &mut found);
    rules::demolished::find(&site, &mut found);
    suppress::explain_the_rest(&site, &mut found);
    found.settle();
    Ok(found)
}
