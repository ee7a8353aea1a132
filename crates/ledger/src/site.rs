use chrono::NaiveDate;
use geo::{Area, BooleanOps, BoundingRect, Intersects, MultiPolygon};
use plumbline_case::Round;
use plumbline_finding::JurisdictionPack;
use plumbline_plan::{Building, Parcel, Plan, Record};
use polars::prelude::*;

use crate::table::Columns;

/// A site counts as flown where this much of it has heights or colours: surfaces keep holes beside walls and over water.
const FLOWN: f64 = 0.9;
/// Half of a building says in which parcel it stands.
const MOSTLY: f64 = 0.5;

/// A site with approved buildings, and when it was last flown.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// What it is called: name or number of the project, or the building where it stands in no parcel.
    pub name: String,
    /// Its approved buildings.
    pub building_nos: Vec<String>,
    /// Whether a building on it may still be under construction: permitted, and its facade not recorded as done.
    pub is_open: bool,
    /// How much of it each epoch shows, oldest first.
    pub looks: Vec<SiteLook>,
    /// The last day on which it was flown, up to the day of the question.
    pub last_flown: Option<NaiveDate>,
    /// Days from then to the day of the question; none where it was never flown.
    pub days_unflown: Option<u32>,
    /// Days that the jurisdiction pack allows an open site.
    pub most_days_unflown: u32,
}

/// How much of a site an epoch shows.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteLook {
    /// The epoch.
    pub epoch: String,
    /// Day of the flight.
    pub on: NaiveDate,
    /// Share of the site with heights or colours, 0 to 1.
    pub share: f64,
}

impl SiteLook {
    /// Whether that is enough to say that the site was flown.
    pub fn is_flown(&self) -> bool {
        self.share >= FLOWN
    }
}

impl Site {
    /// Whether construction may go on there unseen for longer than the pack allows.
    pub fn is_overdue(&self) -> bool {
        self.is_open && self.days_unflown.is_none_or(|days| days > self.most_days_unflown)
    }
}

/// The sites of a plan as they stand on a day: those overdue first, then those not flown for longest.
pub fn sites(plan: &Plan, rounds: &[&Round], pack: &JurisdictionPack, on: NaiveDate) -> Vec<Site> {
    let mut homeless: Vec<&Building> = plan.buildings.iter().collect();
    let mut sites = Vec::new();
    for parcel in &plan.parcels {
        let inside = |building: &&&Building| stands_in(building, parcel);
        let buildings: Vec<&Building> = homeless.iter().filter(inside).copied().collect();
        homeless.retain(|building| !stands_in(building, parcel));
        if !buildings.is_empty() {
            sites.push(site(parcel_name(parcel), &parcel.outline, &buildings, (rounds, pack, on)));
        }
    }
    for building in homeless {
        sites.push(site(building.building_no.clone(), &building.base, &[building], (rounds, pack, on)));
    }
    sites.sort_by_key(|site| (!site.is_overdue(), !site.is_open, site.last_flown));
    sites
}

fn site(
    name: String,
    outline: &MultiPolygon<f64>,
    buildings: &[&Building],
    (rounds, pack, on): (&[&Round], &JurisdictionPack, NaiveDate),
) -> Site {
    let looks = rounds.iter().map(|round| SiteLook {
        epoch: round.epoch.id.clone(),
        on: round.epoch.captured_on,
        share: round.sight.flown(outline),
    });
    let looks: Vec<SiteLook> = looks.collect();
    let flown = looks.iter().filter(|look| look.is_flown() && look.on <= on);
    let last_flown = flown.map(|look| look.on).max();
    let is_open = |building: &&Building| building.permitted_on(on) && !building.passed(Record::Facade, on);
    Site {
        name,
        building_nos: buildings.iter().map(|building| building.building_no.clone()).collect(),
        is_open: buildings.iter().any(is_open),
        looks,
        last_flown,
        days_unflown: last_flown.map(|day| (on - day).num_days().unsigned_abs() as u32),
        most_days_unflown: pack.patrol.most_days_unflown,
    }
}

/// What a parcel is called.
pub(crate) fn parcel_name(parcel: &Parcel) -> String {
    let given = parcel.name.clone().or_else(|| parcel.project_no.clone()).or_else(|| parcel.site.clone());
    given.unwrap_or_else(|| format!("{} #{}", parcel.origin.layer, parcel.origin.feature_id))
}

fn stands_in(building: &Building, parcel: &Parcel) -> bool {
    let near = building.base.bounding_rect().zip(parcel.outline.bounding_rect());
    let area_m2 = building.base.unsigned_area();
    near.is_some_and(|(a, b)| a.intersects(&b))
        && building.base.intersection(&parcel.outline).unsigned_area() >= MOSTLY * area_m2
}

/// The sites as a table, a row for each site and epoch.
pub fn site_table(sites: &[Site]) -> PolarsResult<DataFrame> {
    let rows = sites.iter().flat_map(|site| site.looks.iter().map(move |look| (site, look)));
    let rows: Vec<(&Site, &SiteLook)> = rows.collect();
    Columns::of(&rows)
        .text("site", |(site, _)| Some(site.name.clone()))
        .text("buildings", |(site, _)| Some(site.building_nos.join(";")))
        .flag("open", |(site, _)| site.is_open)
        .text("epoch", |(_, look)| Some(look.epoch.clone()))
        .date("on", |(_, look)| Some(look.on))?
        .number("share", |(_, look)| Some(look.share))
        .flag("flown", |(_, look)| look.is_flown())
        .date("last_flown", |(site, _)| site.last_flown)?
        .count("days_unflown", |(site, _)| site.days_unflown)
        .count("most_days_unflown", |(site, _)| Some(site.most_days_unflown))
        .flag("overdue", |(site, _)| site.is_overdue())
        .table()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use geo::Rect;
    use plumbline_case::{Mask, Sight};
    use plumbline_finding::EpochRef;
    use plumbline_geodesy::Crs;
    use plumbline_plan::{Inspection, Origin};
    use plumbline_raster::{Grid, Raster};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn square(west: f64, side: f64) -> MultiPolygon<f64> {
        Rect::new((west, 0.0), (west + side, side)).to_polygon().into()
    }

    /// A flight over eastings 0 to `east`.
    fn round(on: &str, east: f64) -> Round {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, east, 40.0), 1.0);
        Round {
            epoch: EpochRef { id: on.into(), captured_on: day(on) },
            earlier: None,
            findings: vec![],
            sight: Sight {
                measured: Mask::of(&Raster::filled(grid, 1.0_f32), |height| height.is_finite()),
                pictured: None,
                compared: None,
                standing: vec![],
                fell: vec![],
                hidden: BTreeSet::new(),
                ruled_out: BTreeMap::new(),
            },
        }
    }

    fn building(no: &str, west: f64) -> Building {
        let origin = Origin { source_idx: 0, layer: "b".into(), feature_id: 0 };
        Building::outlined(no, square(west, 20.0), origin)
    }

    #[test]
    fn a_site_under_construction_that_is_not_flown_becomes_overdue_and_a_finished_one_does_not() {
        let facade = |no: &str, west| Building {
            inspections: vec![Inspection {
                record: Record::Facade,
                storey: None,
                applied_at: None,
                passed_at: Some(day("2025-01-05")),
            }],
            ..building(no, west)
        };
        let plan = Plan {
            buildings: vec![building("near", 0.0), building("far", 100.0), facade("done", 100.0)],
            ..Plan::default()
        };
        let rounds = [round("2025-03-01", 200.0), round("2025-04-10", 50.0)];
        let rounds: Vec<&Round> = rounds.iter().collect();
        let mut pack = JurisdictionPack::sample().unwrap();
        pack.patrol.most_days_unflown = 30;
        let told = |on: &str| -> Vec<(String, Option<u32>, bool)> {
            let sites = sites(&plan, &rounds, &pack, day(on));
            sites.iter().map(|site| (site.name.clone(), site.days_unflown, site.is_overdue())).collect()
        };
        let row = |name: &str, days, overdue| (name.to_owned(), Some(days), overdue);
        assert_eq!(told("2025-04-10"), [row("far", 40, true), row("near", 0, false), row("done", 40, false)]);
        // A flight after the day of the question does not count.
        assert_eq!(told("2025-03-20")[0], row("near", 19, false));
    }

    #[test]
    fn the_buildings_of_a_parcel_are_one_site_and_a_rim_flown_is_not_the_site_flown() {
        let origin = Origin { source_idx: 0, layer: "红线".into(), feature_id: 7 };
        let parcel = Parcel {
            project_no: None,
            name: None,
            land_permit_no: None,
            site: None,
            developer: None,
            site_area_m2: None,
            outline: square(0.0, 40.0),
            origin,
        };
        let buildings = vec![building("1", 0.0), building("2", 20.0)];
        let plan = Plan { parcels: vec![parcel], buildings, ..Plan::default() };
        let round = round("2025-03-01", 30.0);
        let pack = JurisdictionPack::sample().unwrap();
        let sites = sites(&plan, &[&round], &pack, day("2025-03-01"));
        let [site] = &sites[..] else { panic!("{sites:#?}") };
        assert_eq!((site.name.as_str(), site.building_nos.len()), ("红线 #7", 2));
        assert!((site.looks[0].share - 0.75).abs() < 0.03, "{site:#?}");
        assert!(site.last_flown.is_none() && site.is_overdue(), "{site:#?}");
        assert_eq!(site_table(&sites).unwrap().height(), 1);
    }
}
