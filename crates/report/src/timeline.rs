use chrono::NaiveDate;
use plumbline_finding::{Bilingual, Kind};
use plumbline_ledger::{BuildingStages, StageRow};
use plumbline_plan::Inspection;
use plumbline_stage::{Outcome, PhysicalStage};
use serde::Serialize;

use crate::block_map::round;

/// Width of the picture, and of the names at its left, pixels.
const WIDTH_PX: f64 = 1120.0;
const NAMES_PX: f64 = 130.0;
const RIM_PX: f64 = 34.0;
/// Height of the dates above the rows, and of a row, pixels.
const HEAD_PX: f64 = 34.0;
const ROW_PX: f64 = 40.0;
/// Narrowest and widest box of an epoch, pixels.
const BOX_PX: (f64, f64) = (8.0, 44.0);
/// Boxes narrower than this hold no text, and dates closer than this are left out, pixels.
const LETTERS_PX: f64 = 24.0;
const DATE_PX: f64 = 74.0;
/// Records older than this share of the time flown, before the first flight, stand at the left edge.
const LEAD_IN: f64 = 0.35;
/// Least time shown before the first flight, days.
const LEAD_IN_DAYS: f64 = 20.0;
/// Most buildings drawn; the rest is in the table.
const MOST_ROWS: usize = 60;

/// The stages of the approved buildings over the epochs: a row a building, time from left to right.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Timeline {
    width_px: f64,
    height_px: f64,
    /// Flights: place, and date where there is room for it.
    flights: Vec<(f64, Option<String>)>,
    rows: Vec<Row>,
    /// The stages drawn, in their order, with their colours.
    keys: Vec<(Bilingual, String)>,
    /// Buildings that are not drawn.
    hidden: usize,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    y: f64,
    building_no: String,
    storeys: Option<u32>,
    bands: Vec<Band>,
    boxes: Vec<StageBox>,
    ticks: Vec<Tick>,
}

/// What is known between two flights: the least stage that was seen last.
#[derive(Debug, Clone, Serialize)]
struct Band {
    x: f64,
    width: f64,
    colour: String,
}

/// What one flight shows.
#[derive(Debug, Clone, Serialize)]
struct StageBox {
    x: f64,
    width: f64,
    is_seen: bool,
    is_interval: bool,
    colours: [String; 2],
    is_light: bool,
    /// Short name, where there is room for it.
    letters: Option<Bilingual>,
    title: String,
    mismatches: Option<String>,
}

/// A record of the planning office.
#[derive(Debug, Clone, Serialize)]
struct Tick {
    x: f64,
    has_passed: bool,
    title: String,
}

/// Where days lie.
struct Axis {
    first: NaiveDate,
    px_per_day: f64,
    box_px: f64,
}

impl Timeline {
    /// The picture; none where no approved building was looked at.
    pub fn of(buildings: &[BuildingStages]) -> Option<Self> {
        let mut flights: Vec<NaiveDate> =
            buildings.iter().flat_map(|b| b.rows.iter().map(|r| r.on)).collect();
        flights.sort();
        flights.dedup();
        let axis = Axis::over(&flights, buildings)?;
        let shown = most_telling(buildings);
        let rows: Vec<Row> = shown.iter().enumerate().map(|(i, building)| axis.row(i, building)).collect();
        let mut last_px = f64::NEG_INFINITY;
        let flights = flights.iter().map(|day| {
            let x = axis.x(*day);
            let has_room = x - last_px >= DATE_PX;
            last_px = if has_room { x } else { last_px };
            (x, has_room.then(|| day.to_string()))
        });
        Some(Self {
            width_px: WIDTH_PX,
            height_px: HEAD_PX + ROW_PX * rows.len() as f64 + 4.0,
            flights: flights.collect(),
            keys: keys(&shown),
            hidden: buildings.len() - rows.len(),
            rows,
        })
    }
}

impl Axis {
    fn over(flights: &[NaiveDate], buildings: &[BuildingStages]) -> Option<Self> {
        let (first, last) = (*flights.first()?, *flights.last()?);
        let records = buildings.iter().flat_map(|building| &building.inspections);
        let records = records.flat_map(|record| [record.applied_at, record.passed_at]).flatten();
        let flown_days = (last - first).num_days() as f64;
        let lead_in_days = (LEAD_IN * flown_days).max(LEAD_IN_DAYS);
        let oldest = records.clone().min().unwrap_or(first).min(first);
        let start = oldest.max(first - chrono::Days::new(lead_in_days as u64));
        let end = records.max().unwrap_or(last).clamp(last, last + chrono::Days::new(lead_in_days as u64));
        let days = ((end - start).num_days() as f64).max(1.0);
        let px_per_day = (WIDTH_PX - NAMES_PX - 2.0 * RIM_PX) / days;
        let gaps = flights.windows(2).map(|pair| (pair[1] - pair[0]).num_days() as f64 * px_per_day);
        let box_px = gaps.fold(BOX_PX.1, f64::min).clamp(BOX_PX.0, BOX_PX.1);
        Some(Self { first: start, px_per_day, box_px })
    }

    fn x(&self, day: NaiveDate) -> f64 {
        let days = (day - self.first).num_days().max(0) as f64;
        round((NAMES_PX + RIM_PX + days * self.px_per_day).min(WIDTH_PX - RIM_PX / 2.0))
    }

    fn row(&self, idx: usize, building: &BuildingStages) -> Row {
        let approved = building.storeys_approved.unwrap_or(1);
        let bands = building.rows.windows(2).filter_map(|pair| {
            let mut known = building.rows.iter().filter(|row| row.on <= pair[0].on);
            let stage = known.rfind(|row| row.seen.outcome == Outcome::Observed)?.seen.stage_lo;
            let (x, end) = (self.x(pair[0].on), self.x(pair[1].on));
            Some(Band { x, width: round(end - x), colour: colour(stage, approved) })
        });
        Row {
            y: HEAD_PX + ROW_PX * idx as f64,
            building_no: building.building_no.clone(),
            storeys: building.storeys_approved,
            bands: bands.collect(),
            boxes: building.rows.iter().map(|row| self.stage_box(row, approved)).collect(),
            ticks: building.inspections.iter().flat_map(|record| self.ticks(record)).collect(),
        }
    }

    fn stage_box(&self, row: &StageRow, approved: u32) -> StageBox {
        let (lo, hi) = (row.seen.stage_lo, row.seen.stage_hi);
        let is_seen = row.seen.outcome == Outcome::Observed;
        let told: Vec<String> =
            row.mismatches.iter().map(|kind: &Kind| format!("{} {}", kind.zh(), kind.en())).collect();
        let title = match row.seen.outcome {
            Outcome::Observed if lo == hi => format!("{} {}: {lo}", row.on, lo.zh()),
            Outcome::Observed => format!("{} {}…{}: {lo} … {hi}", row.on, lo.zh(), hi.zh()),
            Outcome::CannotBeSeen(reason) => format!("{} {} / {}", row.on, reason.zh(), reason.en()),
        };
        StageBox {
            x: round(self.x(row.on) - self.box_px / 2.0),
            width: round(self.box_px),
            is_seen,
            is_interval: lo != hi,
            colours: [lo, hi].map(|stage| colour(stage, approved)),
            is_light: is_light(lo),
            letters: (self.box_px >= LETTERS_PX).then(|| letters(row)),
            title,
            mismatches: (!told.is_empty()).then(|| told.join("; ")),
        }
    }

    fn ticks(&self, record: &Inspection) -> Vec<Tick> {
        let name = format!("{} {}", record.record.chinese(), record.record);
        let storey = record.storey.map_or(String::new(), |storey| format!(" ({storey})"));
        let tick = |day: NaiveDate, has_passed: bool, what: &str| Tick {
            x: self.x(day),
            has_passed,
            title: format!("{day} {name}{storey} {what}"),
        };
        let applied = record.applied_at.filter(|_| record.passed_at.is_none());
        let applied = applied.map(|day| tick(day, false, "已申请 applied for"));
        applied.into_iter().chain(record.passed_at.map(|day| tick(day, true, "合格 passed"))).collect()
    }
}

/// The buildings that say most, in the order of the plan: those with a mismatch, then those under way, then the others.
fn most_telling(buildings: &[BuildingStages]) -> Vec<&BuildingStages> {
    let rank = |building: &BuildingStages| {
        let told = building.rows.iter().any(|row| !row.mismatches.is_empty());
        let under_way = building.rows.iter().any(|row| row.seen.stage_lo.is_under_way());
        (!told, !under_way)
    };
    let mut order: Vec<usize> = (0..buildings.len()).collect();
    order.sort_by_key(|&idx| rank(&buildings[idx]));
    order.truncate(MOST_ROWS);
    order.sort_unstable();
    order.into_iter().map(|idx| &buildings[idx]).collect()
}

/// The stages that are drawn, storeys above the first as one.
fn keys(buildings: &[&BuildingStages]) -> Vec<(Bilingual, String)> {
    let rows = buildings.iter().flat_map(|building| &building.rows);
    let seen = rows.filter(|row| row.seen.outcome == Outcome::Observed);
    let stages = seen.flat_map(|row| [row.seen.stage_lo, row.seen.stage_hi]);
    let mut stages: Vec<PhysicalStage> = stages
        .map(|stage| {
            if let PhysicalStage::TypicalStorey(_) = stage { PhysicalStage::TypicalStorey(2) } else { stage }
        })
        .collect();
    stages.sort();
    stages.dedup();
    let key = |stage: PhysicalStage| (name(stage), colour(stage, 3));
    stages.into_iter().map(key).collect()
}

/// What a stage is called in the legend.
fn name(stage: PhysicalStage) -> Bilingual {
    let (zh, en) = match stage {
        PhysicalStage::Unstarted => ("未动工", "0 not started"),
        PhysicalStage::SitePrep => ("场地平整", "P site prepared"),
        PhysicalStage::SetOut => ("放线", "S set out"),
        PhysicalStage::Foundation => ("基础", "F foundation"),
        PhysicalStage::PlusMinusZero => ("正负零", "±0"),
        PhysicalStage::FirstStorey => ("首层", "1 first storey"),
        PhysicalStage::TypicalStorey(_) => ("标准层（数字为层数）", "storey of that number"),
        PhysicalStage::ToppedOut => ("封顶", "T topped out"),
        PhysicalStage::Facade => ("外立面", "Fa facade"),
        PhysicalStage::Completed => ("竣工", "✓ finished"),
        PhysicalStage::Overbuilt => ("超层", "T+ more storeys than approved"),
    };
    Bilingual::new(zh, en)
}

/// The stage in a box: one name, or the two ends of an interval.
fn letters(row: &StageRow) -> Bilingual {
    if row.seen.outcome != Outcome::Observed {
        return Bilingual::new("?", "?");
    }
    let (lo, hi) = (short(row.seen.stage_lo), short(row.seen.stage_hi));
    if row.seen.stage_lo == row.seen.stage_hi {
        return lo;
    }
    Bilingual::new(format!("{}–{}", lo.zh, hi.zh), format!("{}–{}", lo.en, hi.en))
}

fn short(stage: PhysicalStage) -> Bilingual {
    let (zh, en) = match stage {
        PhysicalStage::Unstarted => ("未", "0"),
        PhysicalStage::SitePrep => ("平", "P"),
        PhysicalStage::SetOut => ("线", "S"),
        PhysicalStage::Foundation => ("基", "F"),
        PhysicalStage::PlusMinusZero => ("±0", "±0"),
        PhysicalStage::FirstStorey => ("1", "1"),
        PhysicalStage::TypicalStorey(k) => return Bilingual::new(k.to_string(), k.to_string()),
        PhysicalStage::ToppedOut => ("顶", "T"),
        PhysicalStage::Facade => ("面", "Fa"),
        PhysicalStage::Completed => ("竣", "✓"),
        PhysicalStage::Overbuilt => ("超", "T+"),
    };
    Bilingual::new(zh, en)
}

/// Stages of earth are brown, storeys go from light to dark blue, what is closed is green, what is too much red.
fn colour(stage: PhysicalStage, approved: u32) -> String {
    let fixed = match stage {
        PhysicalStage::Unstarted => "#dedbd4",
        PhysicalStage::SitePrep => "#cdb98f",
        PhysicalStage::SetOut => "#b89a62",
        PhysicalStage::Foundation => "#8a5a2b",
        PhysicalStage::PlusMinusZero => "#6b6f7a",
        PhysicalStage::FirstStorey => return storey_colour(1, approved),
        PhysicalStage::TypicalStorey(k) => return storey_colour(k, approved),
        PhysicalStage::ToppedOut => "#146152",
        PhysicalStage::Facade => "#2f9c79",
        PhysicalStage::Completed => "#a9dcbc",
        PhysicalStage::Overbuilt => "#b3261e",
    };
    fixed.to_owned()
}

fn storey_colour(storey: u32, approved: u32) -> String {
    let height = f64::from(storey.saturating_sub(1)) / f64::from(approved.max(2) - 1);
    let [r, g, b] = [(116.0, 12.0), (169.0, 58.0), (207.0, 110.0)]
        .map(|(light, dark): (f64, f64)| (light + (dark - light) * height.min(1.0)) as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn is_light(stage: PhysicalStage) -> bool {
    matches!(stage, PhysicalStage::Unstarted | PhysicalStage::SitePrep | PhysicalStage::Completed)
}

#[cfg(test)]
mod tests {
    use plumbline_plan::Record;
    use plumbline_stage::{StageObservation, Unseen};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn row(on: &str, lo: &str, hi: &str) -> StageRow {
        let unseen = StageObservation::unseen("3", 6, Unseen::NotCovered);
        let seen = StageObservation {
            outcome: Outcome::Observed,
            stage_lo: lo.parse().unwrap(),
            stage_hi: hi.parse().unwrap(),
            ..unseen
        };
        StageRow { epoch: on.into(), on: day(on), seen, passed: vec![], pending: vec![], mismatches: vec![] }
    }

    fn building(no: &str, rows: Vec<StageRow>) -> BuildingStages {
        BuildingStages { building_no: no.into(), storeys_approved: Some(6), rows, inspections: vec![] }
    }

    #[test]
    fn what_was_seen_last_holds_until_the_next_flight_and_an_interval_is_bracketed() {
        let mut hidden = row("2025-04-10", "FOUNDATION", "FOUNDATION");
        hidden.seen = StageObservation::unseen("3", 6, Unseen::NotCovered);
        let rows = vec![
            row("2025-03-10", "FOUNDATION", "FOUNDATION"),
            hidden,
            row("2025-05-12", "TYPICAL_STOREY(2)", "TYPICAL_STOREY(3)"),
        ];
        let timeline = Timeline::of(&[building("3", rows)]).unwrap();
        let row = &timeline.rows[0];
        let brown = colour(PhysicalStage::Foundation, 6);
        assert_eq!(row.bands.iter().map(|band| &band.colour).collect::<Vec<_>>(), [&brown, &brown]);
        assert_eq!(
            row.boxes.iter().map(|b| (b.is_seen, b.is_interval)).collect::<Vec<_>>(),
            [(true, false), (false, true), (true, true)]
        );
        assert_eq!(row.boxes[2].letters.as_ref().map(|l| l.zh.as_str()), Some("2–3"));
        assert!(row.boxes.windows(2).all(|pair| pair[0].x + pair[0].width <= pair[1].x), "{row:#?}");
        assert!(row.boxes.iter().all(|b| b.x >= NAMES_PX && b.x + b.width <= WIDTH_PX), "{row:#?}");
    }

    #[test]
    fn old_records_stand_at_the_left_edge_and_pending_ones_are_hollow() {
        let record = |record, applied, passed: Option<&str>| Inspection {
            record,
            storey: None,
            applied_at: Some(day(applied)),
            passed_at: passed.map(day),
        };
        let mut built = building("3", vec![row("2025-03-10", "FOUNDATION", "FOUNDATION")]);
        built.inspections = vec![
            record(Record::SettingOut, "2023-01-05", Some("2023-01-09")),
            record(Record::Foundation, "2025-03-07", None),
        ];
        let timeline = Timeline::of(&[built]).unwrap();
        let ticks = &timeline.rows[0].ticks;
        assert_eq!(ticks.iter().map(|tick| tick.has_passed).collect::<Vec<_>>(), [true, false]);
        assert!((ticks[0].x - NAMES_PX - RIM_PX).abs() < 0.1 && ticks[1].x > ticks[0].x, "{ticks:#?}");
    }

    #[test]
    fn buildings_that_say_most_are_drawn_first_and_the_rest_is_counted() {
        let quiet = |i: usize| building(&format!("{i}"), vec![row("2025-03-10", "UNSTARTED", "UNSTARTED")]);
        let mut buildings: Vec<BuildingStages> = (0..MOST_ROWS + 5).map(quiet).collect();
        buildings[MOST_ROWS + 4].rows[0].mismatches = vec![Kind::StageAhead];
        let timeline = Timeline::of(&buildings).unwrap();
        assert_eq!((timeline.rows.len(), timeline.hidden), (MOST_ROWS, 5));
        assert_eq!(timeline.rows[MOST_ROWS - 1].building_no, format!("{}", MOST_ROWS + 4));
        assert!(Timeline::of(&[]).is_none());
    }
}
