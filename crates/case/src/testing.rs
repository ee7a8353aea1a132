//! What the unit tests of this crate share.

use geo::Rect;
use plumbline_finding::{Bilingual, Finding, Kind, Measure, Priority, Unit, Verdict};

/// A structure of 10 m x 10 m whose western edge lies at `west`, first told of a day.
pub fn finding(kind: Kind, west: f64, seen: &str) -> Finding {
    Finding {
        id: format!("{kind}-{west}"),
        kind,
        verdict: Verdict::ConfirmedExceed,
        measure: Measure { measured: 100.0, sigma: 2.0, limit: 10.0, unit: Unit::SquareMetre },
        building_no: None,
        stage_lo: None,
        stage_hi: None,
        storeys: None,
        outline: Rect::new((west, 0.0), (west + 10.0, 10.0)).to_polygon().into(),
        epoch: seen.into(),
        earlier_epoch: None,
        last_seen_without: None,
        first_seen_with: seen.parse().unwrap(),
        plan_version: None,
        statutes: vec![],
        explanation: Bilingual::new("新增建筑100平方米。", "A new structure of 100 m²."),
        priority: Priority::Mid,
    }
}
