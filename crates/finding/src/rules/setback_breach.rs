use geo::{BooleanOps, LineString, MultiPolygon, Polygon};
use plumbline_change::Excess;
use plumbline_plan::{ControlLine, OutlineIndex};

use crate::geometry::{MOSTLY, share_inside};
use crate::outset::Outset;
use crate::rules::footprint_excess::outline_u_m;
use crate::site::{Draft, Seen, Site, Topic};
use crate::{Bilingual, Findings, Kind, Measure, Undecided, Unit};

/// 压建筑控制线: a building that crosses the control line about it.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let lines = &site.plan.control_lines;
    let areas: Vec<(&ControlLine, MultiPolygon<f64>)> =
        lines.iter().filter_map(|line| Some((line, area_within(line)?))).collect();
    let index = OutlineIndex::of(areas.iter().map(|(_, area)| area));
    for seen in site.seen().filter(Seen::has_walls) {
        for (line, area) in index.near(&seen.building.base, 0.0).into_iter().map(|idx| &areas[idx]) {
            let draft = draft(site, &seen, line, area);
            found.findings.extend(draft.map(|draft| site.finding(draft)));
        }
    }
    let open = lines.len() - areas.len();
    if open > 0 {
        found.undecided.push(open_lines(open));
    }
}

/// The area within a closed control line; an open line does not say on which side building is allowed.
fn area_within(line: &ControlLine) -> Option<MultiPolygon<f64>> {
    let rings: Vec<&LineString<f64>> = line.line.iter().filter(|ring| ring.is_closed()).collect();
    let area: MultiPolygon<f64> = rings.into_iter().map(|ring| Polygon::new(ring.clone(), vec![])).collect();
    (!area.0.is_empty()).then_some(area)
}

fn draft<'a>(
    site: &Site,
    seen: &Seen<'a>,
    line: &'a ControlLine,
    area: &MultiPolygon<f64>,
) -> Option<Draft<'a>> {
    let base = &seen.building.base;
    if share_inside(base, area) < MOSTLY {
        return None;
    }
    let print = seen.footprint?;
    let (excess, outset) = (Excess::beyond(print, &area.union(base)), Outset::of(site, seen, print));
    let (d, limit) = (excess.max_outward_m - outset.common_m, site.tolerances.control_line);
    let sigma = outline_u_m(site, seen, &excess).hypot(site.u_plan_m(&line.origin));
    let verdict = site.verdict(d, limit, sigma, outset.at_one_side)?;
    let name = Bilingual::building(&seen.building.building_no);
    Some(Draft {
        kind: Kind::SetbackBreach,
        verdict: site.allowed(verdict, Topic::Position),
        measure: Measure { measured: d, sigma, limit, unit: Unit::Metre },
        outline: excess.outside,
        building_no: Some(&seen.building.building_no),
        origin: Some(&line.origin),
        explanation: Bilingual::new(
            format!("{}突破建筑控制线{d:.2}±{sigma:.2}米。", name.zh),
            format!("{d:.2} ± {sigma:.2} m of {} lies beyond the building control line.", name.en),
        ),
        priority: seen.priority(),
    })
}

fn open_lines(count: usize) -> Undecided {
    Undecided {
        building_no: None,
        outline: None,
        explanation: Bilingual::new(
            format!("{count}条建筑控制线未闭合,无法判断可建一侧,未参与比对。"),
            format!(
                "{count} control lines are not closed: which side may be built on is open; they were not compared."
            ),
        ),
    }
}
