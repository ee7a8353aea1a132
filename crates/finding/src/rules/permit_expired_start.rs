use plumbline_stage::PhysicalStage;

use crate::site::{Draft, Seen, Site};
use crate::{Bilingual, Findings, Kind, Measure, Priority, Unit, Verdict};

/// 许可证失效后开工: seen untouched after the permit had lapsed, and under construction now.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    let late = site.seen().filter_map(|seen| Some(site.finding(draft(site, &seen)?)));
    found.findings.extend(late);
}

fn draft<'a>(site: &Site, seen: &Seen<'a>) -> Option<Draft<'a>> {
    let lapsed = seen.building.expires_at?;
    let without = site.bracket(&seen.building.base).last_seen_without?;
    if seen.stage.stage_lo < PhysicalStage::Foundation || without <= lapsed {
        return None;
    }
    let days = (without - lapsed).num_days() as f64;
    let name = Bilingual::building(&seen.building.building_no);
    Some(Draft {
        kind: Kind::PermitExpiredStart,
        verdict: Verdict::ConfirmedExceed,
        measure: Measure { measured: days, sigma: 0.0, limit: 0.0, unit: Unit::Day },
        outline: seen.building.base.clone(),
        building_no: Some(&seen.building.building_no),
        origin: Some(&seen.building.origin),
        explanation: Bilingual::new(
            format!("{}许可证{lapsed}失效,{without}航拍尚未动工,现已开工。", name.zh),
            format!(
                "The permit of {} lapsed on {lapsed}; untouched on {without}, it is under construction now.",
                name.en
            ),
        ),
        priority: Priority::High,
    })
}
