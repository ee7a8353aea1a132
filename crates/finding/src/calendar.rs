use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// Which days are worked: Monday to Friday, but for what the yearly notice on holidays moves about.
///
/// Terms of up to some days count working days (行政处罚法 85, 行政强制法 69).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Years whose notice is in the two lists; outside of them only weekends are known.
    pub years: BTreeSet<i32>,
    /// Days off that fall on Monday to Friday.
    pub days_off: BTreeSet<NaiveDate>,
    /// Saturdays and Sundays that are worked in exchange.
    pub days_worked: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// Whether a day is worked.
    pub fn is_worked(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend { self.days_worked.contains(&day) } else { !self.days_off.contains(&day) }
    }

    /// Working days after `from` up to and with `to`.
    pub fn working_days(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| self.is_worked(*day)).count()
            as u32
    }

    /// The last day of a term of working days that begins the day after `from`.
    pub fn after_working_days(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let mut worked = from.iter_days().skip(1).filter(|day| self.is_worked(*day));
        days.checked_sub(1).and_then(|before| worked.nth(before as usize)).unwrap_or(from)
    }

    /// The last day of a term of calendar days; one that ends on a day off ends on the next day worked (行政诉讼法 81).
    pub fn after_days(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let last = from.checked_add_days(Days::new(u64::from(days))).unwrap_or(from);
        last.iter_days().find(|day| self.is_worked(*day)).unwrap_or(last)
    }

    /// Whether the holidays of every year between two days are known.
    pub fn covers(&self, from: NaiveDate, to: NaiveDate) -> bool {
        (from.year()..=to.year()).all(|year| self.years.contains(&year))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JurisdictionPack;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        let mut calendar = Calendar::default();
        assert_eq!(calendar.working_days(day("2025-06-06"), day("2025-06-12")), 4);
        calendar.days_off.insert(day("2025-06-09"));
        assert_eq!(calendar.working_days(day("2025-06-06"), day("2025-06-12")), 3);
        assert_eq!(calendar.working_days(day("2025-06-12"), day("2025-06-12")), 0);
    }

    #[test]
    fn seven_working_days_from_before_the_national_holiday_end_after_it() {
        let calendar = JurisdictionPack::sample().unwrap().calendar;
        // 28 September 2025 is a Sunday worked; 1 to 8 October are off; Saturday 11 October is worked.
        assert_eq!(calendar.after_working_days(day("2025-09-26"), 1), day("2025-09-28"));
        assert_eq!(calendar.after_working_days(day("2025-09-26"), 7), day("2025-10-13"));
        assert_eq!(calendar.after_working_days(day("2025-09-26"), 0), day("2025-09-26"));
    }

    #[test]
    fn a_term_counted_forth_and_back_is_the_same() {
        let calendar = JurisdictionPack::sample().unwrap().calendar;
        for days in 1..40 {
            let last = calendar.after_working_days(day("2026-01-20"), days);
            assert!(calendar.is_worked(last) && calendar.working_days(day("2026-01-20"), last) == days);
        }
    }

    #[test]
    fn a_term_that_ends_on_a_day_off_ends_on_the_next_day_worked() {
        let calendar = JurisdictionPack::sample().unwrap().calendar;
        assert_eq!(calendar.after_days(day("2025-09-16"), 15), day("2025-10-09"));
        assert_eq!(calendar.after_days(day("2025-09-15"), 15), day("2025-09-30"));
    }

    #[test]
    fn years_without_a_notice_are_said_to_be_unknown() {
        let calendar = JurisdictionPack::sample().unwrap().calendar;
        assert!(calendar.covers(day("2025-12-20"), day("2026-01-10")));
        assert!(!calendar.covers(day("2026-12-20"), day("2027-01-10")));
    }
}
