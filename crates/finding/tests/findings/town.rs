#![expect(clippy::unwrap_used, reason = "only tests use it")]
//! A small town of vectors: one site whose plan, changes and stages a test sets as it likes.

use chrono::NaiveDate;
use geo::{Contains as _, MultiPoint, MultiPolygon, Point, Polygon, Rect};
use ndarray::Array2;
use plumbline_change::{
    ChangeClass, ChangeRegion, Comparability, Comparison, Deck, Footprint, Offset, Structure,
};
use plumbline_finding::{
    EpochRef, Findings, Judgement, JurisdictionPack, Kind, PlannedFootprint, judge_after,
};
use plumbline_geodesy::{Crs, SurveyClass, SurveyQuality};
use plumbline_plan::{
    Building, Existing, Extent, Inspection, Origin, Parcel, Plan, Reading, Record, Source, Storey, Understood,
};
use plumbline_raster::{Grid, Raster};
use plumbline_stage::{Outcome, Overbuilt, PhysicalStage, StageObservation, ZeroLevel, ZeroSource};

/// Everything that `judge` reads, owned.
pub struct Town {
    pub plan: Plan,
    pub comparison: Option<Comparison>,
    pub structures: Vec<Structure>,
    pub stages: Vec<StageObservation>,
    pub footprints: Vec<PlannedFootprint>,
    pub quality: SurveyQuality,
    pub pack: JurisdictionPack,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A rectangle from its corners.
pub fn block(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    polygon(west, south, east, north).into()
}

pub fn polygon(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
    Rect::new((west, south), (east, north)).to_polygon()
}

pub fn origin() -> Origin {
    Origin { source_idx: 0, layer: "test".into(), feature_id: 1 }
}

/// A change over a rectangle.
pub fn region(outline: Polygon<f64>, class: ChangeClass, before_m: f64, after_m: f64) -> ChangeRegion {
    let area_m2 = geo::Area::unsigned_area(&outline);
    ChangeRegion {
        outline,
        edge_sigma_m: 0.1,
        area_m2,
        area_sigma_m2: 0.02 * area_m2,
        height_change_m: after_m - before_m,
        height_change_sigma_m: 0.1,
        height_before_m: before_m,
        height_above_ground_m: after_m,
        volume_m3: area_m2 * (after_m - before_m),
        roughness_m: 0.1,
        greenness: Some(0.0),
        blind_border: 0.0,
        class,
    }
}

/// Something that stands on a rectangle.
pub fn structure(outline: Polygon<f64>, height_m: f64) -> Structure {
    Structure {
        area_m2: geo::Area::unsigned_area(&outline),
        outline,
        edge_sigma_m: 0.1,
        height_m,
        height_sigma_m: 0.1,
        plane_share: 0.9,
        roughness_m: 0.1,
        greenness: Some(0.0),
    }
}

/// Heights above the ground about building 3, from outlines and what stands on them.
pub fn standing(blocks: &[(MultiPolygon<f64>, f64)]) -> Raster<f32> {
    let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (90.0, 100.0, 170.0, 155.0), 0.2);
    let cells = Array2::from_shape_fn((grid.rows, grid.cols), |(row, col)| {
        let place: Point<f64> = grid.center(row, col).into();
        let heights =
            blocks.iter().filter(|(outline, _)| outline.contains(&place)).map(|(_, height_m)| *height_m);
        heights.fold(0.0, f64::max) as f32
    });
    Raster { grid, cells }
}

/// An outline that was measured on every side.
pub fn footprint(building_no: &str, outline: Polygon<f64>) -> PlannedFootprint {
    let area_m2 = geo::Area::unsigned_area(&outline);
    let footprint =
        Footprint { outline, sigma_m: 0.1, area_m2, seen_border: 1.0, open_border: MultiPoint(Vec::new()) };
    PlannedFootprint { building_no: building_no.into(), footprint }
}

/// A building of six storeys of 3 m on a base, with the records of its construction passed up to the facade.
pub fn building(building_no: &str, base: MultiPolygon<f64>) -> Building {
    let passed = |record| Inspection {
        record,
        storey: None,
        applied_at: Some(day("2025-01-02")),
        passed_at: Some(day("2025-01-06")),
    };
    Building {
        permit_no: Some("建字第1305002025001号".into()),
        storeys_above: Some(6),
        height_m: Some(18.0),
        storeys: vec![Storey { from: 1, to: 6, name: None, height_m: 3.0, measured_height_m: None }],
        valid_from: Some(day("2024-12-01")),
        expires_at: Some(day("2026-12-01")),
        inspections: Record::ALL[..6].iter().copied().map(passed).collect(),
        ..Building::outlined(building_no, base, origin())
    }
}

pub fn existing(building_no: &str, outline: MultiPolygon<f64>, height_m: f64) -> Existing {
    Existing {
        building_no: Some(building_no.into()),
        storeys_above: None,
        height_m: Some(height_m),
        outline,
        origin: origin(),
    }
}

/// A stage by its bounds, the deck where `storeys` of 3 m put it.
pub fn stage(building_no: &str, lo: PhysicalStage, hi: PhysicalStage, storeys: u32) -> StageObservation {
    StageObservation {
        building_no: building_no.into(),
        outcome: Outcome::Observed,
        stage_lo: lo,
        stage_hi: hi,
        storeys_lo: storeys,
        storeys_hi: storeys,
        storeys_approved: 6,
        deck: Some(Deck {
            height_m: 3.0 * f64::from(storeys),
            sigma_m: 0.05,
            share: 0.9,
            max_m: 3.0 * f64::from(storeys) + 1.0,
            coverage: 1.0,
        }),
        u_deck_m: 0.15,
        zero_level: Some(ZeroLevel { height_m: 70.0, sigma_m: 0.1, source: ZeroSource::Plan }),
        overbuilt: if storeys > 6 { Overbuilt::Yes } else { Overbuilt::No },
        coverage: 1.0,
    }
}

impl Town {
    /// One parcel within the plan's extent, nothing built and nothing changed.
    pub fn empty() -> Self {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 400.0, 400.0), 1.0);
        let source = Source {
            file: "plan.gpkg".into(),
            sha256: String::new(),
            reading: Reading { crs: "EPSG:4547".into(), ..Reading::default() },
            version: "2025-02".into(),
            valid_from: None,
            superseded_by: None,
            classification: None,
            u_m: 0.02,
            registration: None,
            understood: Understood::default(),
        };
        let parcel = Parcel {
            project_no: None,
            name: None,
            land_permit_no: None,
            site: None,
            developer: None,
            site_area_m2: None,
            outline: block(100.0, 100.0, 200.0, 200.0),
            origin: origin(),
        };
        let extent = Extent { outline: block(0.0, 0.0, 300.0, 300.0), origin: origin() };
        let comparison = Comparison {
            difference: Raster::filled(grid.clone(), 0.0),
            detection: Raster::filled(grid.clone(), 0.3),
            mask: Raster::filled(grid.clone(), Comparability::Comparable),
            terrain: Raster::filled(grid, 70.0),
            offset: Offset::default(),
            regions: vec![],
            coverage: 1.0,
            refused: None,
        };
        Self {
            plan: Plan {
                sources: vec![source],
                parcels: vec![parcel],
                extents: vec![extent],
                ..Plan::default()
            },
            comparison: Some(comparison),
            structures: vec![],
            stages: vec![],
            footprints: vec![],
            quality: SurveyQuality {
                class: SurveyClass::RtkGcp,
                u_xy_m: 0.05,
                u_z_m: 0.08,
                u_height_m: 0.06,
            },
            pack: JurisdictionPack::sample().unwrap(),
        }
    }

    /// Building 3 on 120..150 x 120..135 m, whose fourth storey has started, on schedule and in its place.
    pub fn on_schedule() -> Self {
        let mut town = Self::empty();
        town.plan.buildings.push(building("3", block(120.0, 120.0, 150.0, 135.0)));
        town.stages.push(stage("3", PhysicalStage::TypicalStorey(4), PhysicalStage::TypicalStorey(4), 4));
        town.footprints.push(footprint("3", polygon(120.0, 120.0, 150.0, 135.0)));
        town.structures.push(structure(polygon(120.0, 120.0, 150.0, 135.0), 12.0));
        town.change(region(polygon(120.0, 120.0, 150.0, 135.0), ChangeClass::Heightened, 3.0, 12.0));
        town
    }

    /// Building 3 with its roof on and its facade recorded as done.
    pub fn finished() -> Self {
        let mut town = Self::on_schedule();
        let facade = Inspection {
            record: Record::Facade,
            storey: None,
            applied_at: None,
            passed_at: Some(day("2025-03-01")),
        };
        town.plan.buildings[0].inspections.push(facade);
        town.stages[0] = stage("3", PhysicalStage::ToppedOut, PhysicalStage::Completed, 6);
        town.structures[0].height_m = 18.0;
        town.regions().clear();
        town
    }

    pub fn regions(&mut self) -> &mut Vec<ChangeRegion> {
        &mut self.comparison.as_mut().unwrap().regions
    }

    pub fn change(&mut self, region: ChangeRegion) {
        self.regions().push(region);
    }

    pub fn judged(&self) -> Findings {
        self.judged_after(&[])
    }

    pub fn judged_after(&self, earlier_findings: &[Findings]) -> Findings {
        let epoch = EpochRef { id: "2025-06-12".into(), captured_on: day("2025-06-12") };
        let earlier = EpochRef { id: "2025-03-10".into(), captured_on: day("2025-03-10") };
        let judgement = Judgement {
            epoch: &epoch,
            quality: self.quality,
            earlier: self.comparison.as_ref().map(|_| &earlier),
            plan: Some(&self.plan),
            comparison: self.comparison.as_ref(),
            structures: &self.structures,
            stages: &self.stages,
            footprints: &self.footprints,
            pack: &self.pack,
        };
        judge_after(&judgement, earlier_findings).unwrap()
    }

    /// The kinds that were found.
    pub fn kinds(&self) -> Vec<Kind> {
        self.judged().findings.iter().map(|finding| finding.kind).collect()
    }
}
