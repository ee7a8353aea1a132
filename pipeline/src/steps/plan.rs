//! Approved-plan layers become one plan on the survey map.

use plumbline_plan::{Plan, Survey, read};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::flown::Flown;

/// The project's plan; `None` where it names no plan layers.
pub fn approved(context: &Context, last: &Flown) -> Result<Option<Plan>, Error> {
    let survey = Survey { crs: last.crs(), place: Some(last.place(context)?) };
    let plans = context.project.plans.iter().map(|source| read(source, &survey));
    let plans = plans.collect::<Result<Vec<_>, _>>()?;
    Ok((!plans.is_empty()).then(|| Plan::merged(plans)))
}
