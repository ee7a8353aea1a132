use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::place::{plane, spread_across_m};
use super::problem::Text;
use crate::{Photo, RtkFlag};

/// Whether the flight will get a place on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Georeference {
    /// Enough photos with positions that overlap.
    Yes,
    /// It may fail or leave gaps; the reasons say why.
    Doubtful,
    /// It will not.
    No,
}

/// What a folder of photos amounts to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlightSummary {
    /// Files looked at.
    pub files: usize,
    /// Photos that remain after leaving out the useless ones.
    pub usable: usize,
    /// Median share of a photo that the next one sees again, predicted over flat ground.
    pub forward_overlap: Option<f64>,
    /// Median share of a photo that a photo of the neighbouring strip sees again, predicted over flat ground.
    pub side_overlap: Option<f64>,
    /// Size of a pixel on the ground, metres.
    pub gsd_m: Option<f64>,
    /// Ground that at least one photo sees, square metres.
    pub area_m2: Option<f64>,
    /// Share of the usable photos with a fixed RTK position.
    pub rtk_fixed: f64,
    /// Whether the flight will get a place on the map.
    pub georeference: Georeference,
    /// Why.
    pub reasons: Vec<Text>,
}

/// Fewest photos with positions that carry a block onto the map with something to check it by.
const FEWEST_POSITIONS: usize = 5;

/// Positions that lie within this of one line, metres, leave the tilt about the line open.
const LEAST_SPREAD_M: f64 = 5.0;

/// Below the first forward overlap a surface cannot be measured, below the second it has holes beside buildings.
const HOPELESS_FORWARD: f64 = 0.4;
const GOOD_FORWARD: f64 = 0.6;

/// Below this side overlap, strips connect badly.
const GOOD_SIDE: f64 = 0.3;

impl FlightSummary {
    pub(super) fn of(files: usize, usable: &[&Photo], coverage: &Coverage) -> Self {
        let fixed = usable.iter().filter(|p| p.position.and_then(|g| g.rtk) == Some(RtkFlag::Fixed)).count();
        let rtk_fixed = fixed as f64 / usable.len().max(1) as f64;
        let mut judged: Vec<(Georeference, Text)> = Vec::new();
        judged.extend(judge_positions(usable));
        judged.extend(judge_overlap(coverage));
        judged.push(judge_accuracy(rtk_fixed));
        Self {
            files,
            usable: usable.len(),
            forward_overlap: coverage.forward_overlap,
            side_overlap: coverage.side_overlap,
            gsd_m: coverage.gsd_m,
            area_m2: coverage.area_m2,
            rtk_fixed,
            georeference: judged.iter().map(|(g, _)| *g).max().unwrap_or(Georeference::No),
            reasons: judged.into_iter().map(|(_, text)| text).collect(),
        }
    }
}

fn judge_positions(usable: &[&Photo]) -> Option<(Georeference, Text)> {
    let positions: Vec<[f64; 2]> = plane(usable).into_iter().flatten().collect();
    let n = positions.len();
    if n < FEWEST_POSITIONS {
        let text = Text::new(
            format!("只有 {n} 张可用照片带定位信息，至少需要 {FEWEST_POSITIONS} 张。"),
            format!("Only {n} usable photos have a position; at least {FEWEST_POSITIONS} are needed."),
        );
        return Some((Georeference::No, text));
    }
    let spread_m = spread_across_m(&positions);
    (spread_m < LEAST_SPREAD_M).then(|| {
        let text = Text::new(
            "所有照片几乎在一条直线上，绕该线的倾斜无法确定；请加飞一条平行或交叉航线。",
            "All photos lie almost on one line, which leaves the tilt about it open; fly a parallel or crossing strip.",
        );
        (Georeference::Doubtful, text)
    })
}

fn judge_overlap(coverage: &Coverage) -> Vec<(Georeference, Text)> {
    let Some(forward) = coverage.forward_overlap else {
        let text = Text::new(
            "照片未记录相对高度或云台角，无法预估重叠度。",
            "The photos record no height above take-off or no gimbal angles, so their overlap cannot be predicted.",
        );
        return vec![(Georeference::Yes, text)];
    };
    let percent = forward * 100.0;
    let forward_judged = match forward {
        f if f < HOPELESS_FORWARD => (Georeference::No, "过低，无法测图", "too low to measure a surface"),
        f if f < GOOD_FORWARD => {
            (Georeference::Doubtful, "偏低，建筑物旁会有漏洞", "low, expect holes beside buildings")
        }
        _ => (Georeference::Yes, "足够", "enough"),
    };
    let (verdict, zh, en) = forward_judged;
    let text = Text::new(
        format!("航向重叠约 {percent:.0}%：{zh}。"),
        format!("Forward overlap about {percent:.0} %: {en}."),
    );
    let mut judged = vec![(verdict, text)];
    if let Some(side) = coverage.side_overlap.filter(|&side| side < GOOD_SIDE) {
        let percent = side * 100.0;
        let zh = format!("旁向重叠约 {percent:.0}%，偏低，航带之间可能连不上。");
        let en = format!("Side overlap about {percent:.0} %: low, strips may not connect.");
        judged.push((Georeference::Doubtful, Text::new(zh, en)));
    }
    judged
}

/// Share of fixed positions above which a flight counts as an RTK flight.
const RTK_FLIGHT: f64 = 0.95;

fn judge_accuracy(rtk_fixed: f64) -> (Georeference, Text) {
    let text = if rtk_fixed >= RTK_FLIGHT {
        Text::new(
            "RTK 固定解：平面和高程为厘米至分米级。",
            "RTK fixed: positions and heights are good to centimetres or decimetres.",
        )
    } else {
        Text::new(
            "非 RTK：平面绝对精度为米级，高程基准未知；相对高差仍可用。",
            "No RTK: absolute positions are good to metres and heights have an unknown zero; height differences are still good.",
        )
    };
    (Georeference::Yes, text)
}
