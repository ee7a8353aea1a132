use geo::Area;
use plumbline_change::Structure;
use plumbline_plan::Temporary;

use crate::geometry::{MOSTLY, common_area_m2, share_inside};
use crate::site::{Draft, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Priority, Unit, Verdict};

/// 逾期临时建筑: a temporary structure that still stands after its term.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let overdue = site.plan.temporaries.iter().filter(|temporary| temporary.overdue(site.on()));
    for temporary in overdue {
        let draft =
            standing_on(site, &temporary.outline).and_then(|structure| draft(site, temporary, structure));
        found.findings.extend(draft.map(|draft| site.finding(draft)));
    }
}

/// The structure that covers half of an outline.
pub(crate) fn standing_on<'a>(site: &Site<'a>, outline: &geo::MultiPolygon<f64>) -> Option<&'a Structure> {
    let structures = site.input.structures;
    let mut near = site.standing.near(outline, 0.0).into_iter().map(|idx| &structures[idx]);
    near.find(|structure| share_inside(outline, &structure.outline.clone().into()) >= MOSTLY)
}

fn draft<'a>(site: &Site, temporary: &'a Temporary, structure: &Structure) -> Option<Draft<'a>> {
    let expired = temporary.expires_at?;
    let days = (site.on() - expired).num_days();
    let outline = temporary.outline.clone();
    let area_m2 = common_area_m2(&outline, &structure.outline.clone().into()).min(outline.unsigned_area());
    let height_m = structure.height_m;
    let permit = temporary.permit_no.as_deref().unwrap_or("-");
    Some(Draft {
        kind: Kind::TempOverdue,
        verdict: site.allowed(Verdict::ConfirmedExceed, Topic::Existence),
        measure: Measure { measured: days as f64, sigma: 0.0, limit: 0.0, unit: Unit::Day },
        outline,
        building_no: None,
        origin: Some(&temporary.origin),
        explanation: Bilingual::new(
            format!(
                "临时建筑(许可{permit})于{expired}到期,逾期{days}天仍在,约{area_m2:.0}平方米,高{height_m:.1}米。"
            ),
            format!(
                "A temporary structure (permit {permit}) was due to go by {expired} and still stands {days} days later: \
                 about {area_m2:.0} m², {height_m:.1} m high."
            ),
        ),
        priority: Priority::Mid,
    })
}
