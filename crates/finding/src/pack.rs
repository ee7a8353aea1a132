use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use plumbline_plan::Record;
use serde::{Deserialize, Serialize};

use crate::{Bilingual, Calendar, Error, Kind, Statute};

/// The pack that is built in.
const SAMPLE: &str = include_str!("../packs/sample.toml");

/// What differs from city to city and changes with time: tolerances, least sizes, provisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JurisdictionPack {
    /// Short name.
    pub name: String,
    /// Title for people.
    pub title: Bilingual,
    /// Factor of the guard band.
    pub guard_factor: f64,
    /// Standard uncertainties beyond a limit from which on a doubtful excess is reported.
    pub notice_factor: f64,
    /// Tolerances with their times.
    #[serde(rename = "tolerance")]
    pub tolerances: Vec<Tolerance>,
    /// Least sizes.
    pub least: Least,
    /// What outlines of roofs show beyond the walls.
    pub outline_model: OutlineModel,
    /// Huts that may stand on an open site.
    pub site_hut: SiteHut,
    /// Inspections.
    pub line_check: LineCheck,
    /// Days off and days worked.
    pub calendar: Calendar,
    /// How often sites are flown.
    pub patrol: Patrol,
    /// Provisions with their times.
    #[serde(rename = "statute")]
    pub statutes: Vec<StatuteRow>,
}

/// A quantity that has a tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Quantity {
    /// Outline beyond the approved outline, metres.
    Outline,
    /// Building moved as a whole, metres.
    Shift,
    /// Beyond the land red line, metres.
    Redline,
    /// Beyond the building control line, metres.
    ControlLine,
    /// Roof above the approved roof, metres.
    Height,
}

/// How much of a quantity is forgiven, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Of what.
    pub quantity: Quantity,
    /// How much, in the quantity's unit.
    pub value: f64,
    /// First day.
    pub from: NaiveDate,
    /// Last day; open when absent.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// Where the value was read.
    pub source: String,
    /// Whether the value still has to be confirmed for this jurisdiction.
    #[serde(default)]
    pub unknown: bool,
}

/// Sizes below which nothing is reported.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Least {
    /// Area of a structure, square metres.
    pub structure_area_m2: f64,
    /// Height of a structure, metres.
    pub structure_height_m: f64,
    /// Area of a structure on a roof, square metres.
    pub roof_area_m2: f64,
    /// Height of a structure on a roof, metres.
    pub roof_height_m: f64,
    /// Area beyond an outline, square metres.
    pub excess_area_m2: f64,
}

/// What an outline seen from above has beyond the walls.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlineModel {
    /// Standard uncertainty that stands for eaves, metres.
    pub eaves_u_m: f64,
    /// The same for the shift of a whole outline, metres.
    pub shift_u_m: f64,
    /// Most that scaffold and netting add until the facade is done, metres.
    pub scaffold_m: f64,
}

/// Largest hut that is taken for site equipment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteHut {
    /// Height, metres.
    pub height_m: f64,
    /// Shorter side, metres.
    pub width_m: f64,
    /// Area, square metres.
    pub area_m2: f64,
}

/// Rules of the inspections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineCheck {
    /// Records that must have passed before building goes on.
    pub required: Vec<Record>,
    /// Working days that the office has for an application.
    pub office_working_days: u32,
    /// Whether the rules still have to be confirmed for this jurisdiction.
    #[serde(default)]
    pub unknown: bool,
}

/// How often sites are flown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patrol {
    /// Days that a site under construction may go without being flown.
    pub most_days_unflown: u32,
    /// Whether the rule still has to be confirmed for this jurisdiction.
    #[serde(default)]
    pub unknown: bool,
}

/// A provision for a kind of finding, and when it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatuteRow {
    /// For which kind.
    pub kind: Kind,
    /// First day.
    pub from: NaiveDate,
    /// Last day; open when absent.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// The provision.
    #[serde(flatten)]
    pub statute: Statute,
}

impl JurisdictionPack {
    /// The sample pack for Hebei and Xingtai.
    pub fn sample() -> Result<Self, Error> {
        Self::parse(SAMPLE, Path::new("packs/sample.toml"))
    }

    /// The sample pack by its name, or a pack of one's own by its path.
    pub fn open(name_or_path: &str) -> Result<Self, Error> {
        if name_or_path == "sample" {
            return Self::sample();
        }
        let path = Path::new(name_or_path);
        let text = fs::read_to_string(path).map_err(|source| Error::Io { path: path.into(), source })?;
        Self::parse(&text, path)
    }

    /// A pack from its text; `path` is for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        toml::from_str(text).map_err(|source| Error::Pack { path: path.into(), source: Box::new(source) })
    }

    /// The tolerance in force on a day.
    pub fn tolerance(&self, quantity: Quantity, on: NaiveDate) -> Result<f64, Error> {
        let in_force = |row: &&Tolerance| row.quantity == quantity && holds(row.from, row.to, on);
        let row = self.tolerances.iter().find(in_force);
        row.map(|row| row.value).ok_or_else(|| Error::NoTolerance { pack: self.name.clone(), quantity, on })
    }

    /// The provisions for a kind in force on a day.
    pub fn statutes(&self, kind: Kind, on: NaiveDate) -> Vec<Statute> {
        let in_force = |row: &&StatuteRow| row.kind == kind && holds(row.from, row.to, on);
        self.statutes.iter().filter(in_force).map(|row| row.statute.clone()).collect()
    }
}

fn holds(from: NaiveDate, to: Option<NaiveDate>, on: NaiveDate) -> bool {
    from <= on && to.is_none_or(|last| on <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_sample_pack_has_every_tolerance_today_and_none_before_its_law() {
        let pack = JurisdictionPack::sample().unwrap();
        assert!((pack.tolerance(Quantity::Outline, day("2025-06-12")).unwrap() - 0.05).abs() < 1e-12);
        let error = pack.tolerance(Quantity::Outline, day("2001-01-01")).unwrap_err().to_string();
        assert!(error.contains("Outline") && error.contains("2001-01-01"), "{error}");
        assert_eq!(pack.statutes(Kind::NoPermit, day("2025-06-12")).len(), 2);
        assert!(pack.statutes(Kind::NoPermit, day("2007-06-12")).is_empty());
    }

    #[test]
    fn a_pack_with_an_error_names_the_key() {
        let misspelt = SAMPLE.replace("guard_factor", "guard_faktor");
        let error = JurisdictionPack::parse(&misspelt, Path::new("own.toml")).unwrap_err().to_string();
        assert!(error.contains("own.toml") && error.contains("guard_faktor"), "{error}");
        let missing = SAMPLE.replace("roof_area_m2 = 6.0", "");
        let error = JurisdictionPack::parse(&missing, Path::new("own.toml")).unwrap_err().to_string();
        assert!(error.contains("roof_area_m2"), "{error}");
    }
}
