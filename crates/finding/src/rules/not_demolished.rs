use plumbline_plan::ToDemolish;

use crate::rules::temp_overdue::standing_on;
use crate::site::{Draft, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Priority, Unit, Verdict};

/// 应拆未拆: due for demolition, past the deadline, and still standing.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    for doomed in &site.plan.to_demolish {
        let stands = standing_on(site, &doomed.outline).is_some();
        let draft = draft(site, doomed).filter(|_| stands);
        found.findings.extend(draft.map(|draft| site.finding(draft)));
    }
}

fn draft<'a>(site: &Site, doomed: &'a ToDemolish) -> Option<Draft<'a>> {
    let deadline = doomed.deadline.filter(|deadline| *deadline < site.on())?;
    let days = (site.on() - deadline).num_days();
    Some(Draft {
        kind: Kind::NotDemolished,
        verdict: site.allowed(Verdict::ConfirmedExceed, Topic::Existence),
        measure: Measure { measured: days as f64, sigma: 0.0, limit: 0.0, unit: Unit::Day },
        outline: doomed.outline.clone(),
        building_no: doomed.building_no.as_deref(),
        origin: Some(&doomed.origin),
        explanation: Bilingual::new(
            format!("应于{deadline}前拆除,逾期{days}天仍未拆除。"),
            format!("Due for demolition by {deadline}; still standing {days} days later."),
        ),
        priority: Priority::Mid,
    })
}
