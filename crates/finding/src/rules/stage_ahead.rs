use plumbline_plan::Record;
use plumbline_stage::PhysicalStage;

use crate::site::{Draft, Seen, Site};
use crate::{Bilingual, Findings, Kind, Measure, Priority, Undecided, Unit, Verdict};

/// 未验先建: even the lower bound of the stage needs a record that has not passed.
///
/// Building on towards the next inspection is lawful; while the office still has time for an application the
/// verdict is only a suspicion.
pub(crate) fn find(site: &Site, found: &mut Findings) {
    if site.plan.buildings.iter().all(|building| building.inspections.is_empty()) {
        found.undecided.extend((!site.plan.buildings.is_empty()).then(no_records));
        return;
    }
    let ahead = site.seen().filter_map(|seen| Some(site.finding(draft(site, &seen)?)));
    found.findings.extend(ahead);
}

/// The last record before the stage, where it has not passed; an earlier one alone is a gap in the file.
fn missing_gate(site: &Site, seen: &Seen) -> Option<Record> {
    let gate = required_records(site, seen).last()?;
    (!seen.building.passed(gate, site.on())).then_some(gate)
}

fn missing_records(site: &Site, seen: &Seen) -> impl Iterator<Item = Record> {
    required_records(site, seen).filter(|&record| !seen.building.passed(record, site.on()))
}

/// The records that must have passed before the lower bound of the stage, in their order in time.
fn required_records(site: &Site, seen: &Seen) -> impl Iterator<Item = Record> {
    let required = &site.input.pack.line_check.required;
    seen.stage.stage_lo.records_before().iter().copied().filter(|record| required.contains(record))
}

fn draft<'a>(site: &Site, seen: &Seen<'a>) -> Option<Draft<'a>> {
    let gate = missing_gate(site, seen)?;
    let pending = seen.building.pending_since(gate, site.on());
    let pack = site.input.pack;
    let waited = pending.map(|day| pack.calendar.working_days(day, site.on()));
    let in_time = waited.is_some_and(|days| days <= pack.line_check.office_working_days);
    let name = Bilingual::building(&seen.building.building_no);
    let missing: Vec<Record> = missing_records(site, seen).collect();
    let missing_zh: Vec<_> = missing.iter().map(|&record| zh(record)).collect();
    let missing_en: Vec<_> = missing.iter().map(|record| record.code()).collect();
    let (seen_zh, seen_en) = what_was_seen(seen);
    let (state_zh, state_en) = match pending {
        Some(day) => (format!(",{day}已申请、尚未通过"), format!("; applied for on {day} and not passed")),
        None => (String::new(), String::new()),
    };
    Some(Draft {
        kind: Kind::StageAhead,
        verdict: if in_time { Verdict::Suspected } else { Verdict::ConfirmedExceed },
        measure: Measure {
            measured: f64::from(seen.stage.storeys_lo),
            sigma: seen.stage.u_deck_m,
            limit: f64::from(storeys_before(gate)),
            unit: Unit::Storey,
        },
        outline: seen.building.base.clone(),
        building_no: Some(&seen.building.building_no),
        origin: Some(&seen.building.origin),
        explanation: Bilingual::new(
            format!("{}{seen_zh},未见{}验线合格记录{state_zh}。", name.zh, missing_zh.join("、")),
            format!(
                "{} {seen_en}; no passed record of {}{state_en}.",
                name.sentence_en(),
                missing_en.join(", ")
            ),
        ),
        priority: if in_time { Priority::Low } else { Priority::High },
    })
}

fn what_was_seen(seen: &Seen) -> (String, String) {
    match seen.stage.storeys_lo {
        0 => (
            format!("已进入{}阶段", seen.stage.stage_lo.zh()),
            format!("has reached {}", seen.stage.stage_lo),
        ),
        _ if seen.stage.stage_lo == PhysicalStage::ToppedOut => {
            ("已封顶".to_owned(), "is topped out".to_owned())
        }
        k => (format!("第{k}层已开工"), format!("shows storey {k} started")),
    }
}

/// Storeys that may have started while a record is still to come.
fn storeys_before(record: Record) -> u32 {
    match record {
        Record::SettingOut | Record::Foundation | Record::PlusMinusZero => 0,
        _ => 1,
    }
}

fn zh(record: Record) -> &'static str {
    if record == Record::PlusMinusZero { "±0" } else { record.chinese() }
}

fn no_records() -> Undecided {
    Undecided {
        building_no: None,
        outline: None,
        explanation: Bilingual::new(
            "图册未附验线(八录)记录,无法判断是否未验先建。",
            "The plan comes without inspection records: whether anything was built ahead of its inspection is open.",
        ),
    }
}
