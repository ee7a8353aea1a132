use std::collections::BTreeMap;

use plumbline_finding::{Bilingual, Kind};
use plumbline_ledger::{Month, Trend};
use serde::Serialize;

use crate::block_map::round;

/// Size of the picture and its rims, pixels.
const WIDTH_PX: f64 = 1120.0;
const HEIGHT_PX: f64 = 220.0;
const RIM_PX: (f64, f64) = (26.0, 34.0);
/// Widest column, pixels.
const COLUMN_PX: f64 = 90.0;
/// Share of a month's width that its column takes.
const COLUMN_SHARE: f64 = 0.6;

/// Mismatches month by month, and the totals by kind and by area.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TrendChart {
    width_px: f64,
    height_px: f64,
    base_px: f64,
    columns: Vec<MonthColumn>,
    kinds: Vec<(Bilingual, Totals)>,
    areas: Vec<(Option<String>, Totals)>,
}

/// One month: confirmed and other mismatches open at its end, one upon the other.
#[derive(Debug, Clone, Serialize)]
struct MonthColumn {
    x: f64,
    width: f64,
    middle: f64,
    month: String,
    confirmed_px: f64,
    open_px: f64,
    totals: Totals,
}

/// Sums over months, or of one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
struct Totals {
    opened: u32,
    closed: u32,
    open: u32,
    confirmed: u32,
    /// Share of the open ones that are confirmed, per cent.
    confirmed_percent: Option<u32>,
}

impl TrendChart {
    /// The chart; none where nothing was ever told.
    pub fn of(trends: &[Trend]) -> Option<Self> {
        let last = trends.iter().map(|trend| trend.month).max()?;
        let first = trends.iter().map(|trend| trend.month).min()?;
        let kinds = totals(trends, last, |trend| trend.kind);
        let name = |kind: Kind| Bilingual::new(kind.zh(), kind.en());
        Some(Self {
            width_px: WIDTH_PX,
            height_px: HEIGHT_PX,
            base_px: HEIGHT_PX - RIM_PX.1,
            columns: columns(trends, &first.until(last).collect::<Vec<_>>()),
            kinds: kinds.into_iter().map(|(kind, totals)| (name(kind), totals)).collect(),
            areas: totals(trends, last, |trend| trend.area.clone()).into_iter().collect(),
        })
    }
}

impl Totals {
    fn add(&mut self, trend: &Trend, last: Month) {
        self.opened += trend.opened;
        self.closed += trend.closed;
        if trend.month == last {
            self.open += trend.open;
            self.confirmed += trend.confirmed;
        }
        self.confirmed_percent = (self.open > 0)
            .then(|| (100.0 * f64::from(self.confirmed) / f64::from(self.open)).round() as u32);
    }
}

/// What was opened and closed in all months, and what is open at the end of the last.
fn totals<K: Ord>(trends: &[Trend], last: Month, key: impl Fn(&Trend) -> K) -> BTreeMap<K, Totals> {
    let mut totals: BTreeMap<K, Totals> = BTreeMap::new();
    for trend in trends {
        totals.entry(key(trend)).or_default().add(trend, last);
    }
    totals
}

fn columns(trends: &[Trend], months: &[Month]) -> Vec<MonthColumn> {
    let of = |month: &Month| {
        let mut totals = Totals::default();
        trends.iter().filter(|trend| trend.month == *month).for_each(|trend| totals.add(trend, *month));
        totals
    };
    let all: Vec<Totals> = months.iter().map(of).collect();
    let most = all.iter().map(|totals| totals.open).max().unwrap_or(0).max(1);
    let high_px = (HEIGHT_PX - RIM_PX.0 - RIM_PX.1) / f64::from(most);
    let step_px = WIDTH_PX / months.len() as f64;
    let width = (COLUMN_SHARE * step_px).min(COLUMN_PX);
    let column = |(i, (month, totals)): (usize, (&Month, &Totals))| {
        let middle = (i as f64 + 0.5) * step_px;
        MonthColumn {
            x: round(middle - width / 2.0),
            width: round(width),
            middle: round(middle),
            month: month.to_string(),
            confirmed_px: round(high_px * f64::from(totals.confirmed)),
            open_px: round(high_px * f64::from(totals.open)),
            totals: *totals,
        }
    };
    months.iter().zip(&all).enumerate().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_counted_at_the_end_of_the_last_month_and_what_was_opened_over_all() {
        let trend = |month, opened, closed, open, confirmed| Trend {
            area: None,
            kind: Kind::NoPermit,
            month: Month { year: 2025, month },
            opened,
            closed,
            open,
            confirmed,
        };
        let chart = TrendChart::of(&[trend(3, 4, 0, 4, 1), trend(4, 1, 2, 3, 2)]).unwrap();
        let (_, totals) = &chart.kinds[0];
        assert_eq!((totals.opened, totals.closed, totals.open), (5, 2, 3));
        assert_eq!(totals.confirmed_percent, Some(67));
        assert_eq!(chart.columns.len(), 2);
        assert!(chart.columns[0].open_px > chart.columns[1].open_px);
        assert!(TrendChart::of(&[]).is_none());
    }
}
