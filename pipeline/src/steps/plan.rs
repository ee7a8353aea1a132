//! Approved-plan layers become one plan on the survey map.

use plumbline_plan::{Plan, Survey, read};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;

/// The project's plan; `None` where it names no plan layers.
pub fn approved(context: &Context, epochs: &[Epoch]) -> Result<Option<Plan>, Error> {
    let Some(frame) = epochs.last().map(|epoch| &epoch.block.frame) else { return Ok(None) };
    let survey = Survey { crs: &frame.crs, place: Some(frame.origin) };
    let plans = context.project.plans.iter().map(|source| read(source, &survey));
    let plans = plans.collect::<Result<Vec<_>, _>>()?;
    Ok((!plans.is_empty()).then(|| Plan::merged(plans)))
}
