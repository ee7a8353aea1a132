use std::error::Error;
use std::fmt;
use std::path::Path;

use chrono::NaiveDate;
use geo::Rect;
use nalgebra::Vector2;
use plumbline_finding::{Kind, Verdict};
use plumbline_fixtures::{Construction, Footprint, Project, Recipe, Side, Stage};
use plumbline_raster::Grid;

use super::flown::Flights;
use super::tile::Tile;
use super::truth::Truth;

/// Buildings in a row, each farther off than the one before by this, metres.
const BUILDINGS: usize = 13;
const STEP_M: f64 = 0.1;
/// Length and width of the buildings and of their parcels, metres.
const BUILDING_M: (f64, f64) = (24.0, 12.0);
const PARCEL_M: (f64, f64) = (44.0, 40.0);
const STOREYS: usize = 4;
const CELL_M: f64 = 0.1;
/// The tolerance of the sample pack for outlines and shifts, metres.
const TOLERANCE_M: f64 = 0.05;
/// Power 0.9 of a one-sided guard band of 95 %: 1.645 + 1.282 standard uncertainties above the tolerance.
const POWER_SIGMAS: f64 = 2.93;

/// How often an offset of a size is told and confirmed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    /// Buildings with this offset.
    pub built: usize,
    /// Told at all, and confirmed.
    pub told: usize,
    pub confirmed: usize,
}

/// One kind of offset by its size, the index times [`STEP_M`].
#[derive(Debug, Clone)]
pub struct Curve {
    /// What the findings are called.
    pub kind: Kind,
    /// By the size of the offset.
    pub shares: [Share; BUILDINGS],
    /// Sum and number of the standard uncertainties that were told, metres.
    u_m: (f64, usize),
}

/// Which offsets of finished buildings are found.
#[derive(Debug, Clone)]
pub struct Power {
    /// Buildings too long at one end, and buildings beside their place.
    pub curves: [Curve; 2],
}

impl Power {
    /// Draws two rows of finished buildings from each seed, one too long and one beside their places, and judges them.
    pub fn of(seeds: impl Iterator<Item = u32>, folder: &Path) -> Result<Self, Box<dyn Error>> {
        let mut power = Self { curves: [Kind::FootprintExcess, Kind::Shifted].map(Curve::new) };
        for seed in seeds {
            let own = folder.join(seed.to_string());
            std::fs::create_dir_all(&own)?;
            power.judge(&rows(seed), &own)?;
        }
        Ok(power)
    }

    fn judge(&mut self, town: &Recipe, folder: &Path) -> Result<(), Box<dyn Error>> {
        let truth = Truth::of(town, folder)?;
        let corner = |sign: f64| truth.frame.map_from_world(&(sign * town.half).push(0.0));
        let (low, high) = (corner(-1.0), corner(1.0));
        let grid =
            Grid::covering(truth.frame.crs.clone(), (low.east, low.north, high.east, high.north), CELL_M);
        let core = Rect::new((low.east, low.north), (high.east, high.north));
        let judged = Flights::over(town)?.judge(&Tile { core, grid, plan: truth.plan.clone() })?;
        let findings = judged.iter().flat_map(|date| &date.findings);
        for (row, curve) in self.curves.iter_mut().enumerate() {
            let own: Vec<_> = findings.clone().filter(|f| f.kind == curve.kind).collect();
            for (i, share) in curve.shares.iter_mut().enumerate() {
                let found = own.iter().find(|f| f.building_no.as_deref() == Some(&number(row, i)));
                share.built += 1;
                share.told += usize::from(found.is_some());
                share.confirmed += usize::from(found.is_some_and(|f| f.verdict == Verdict::ConfirmedExceed));
                if let Some(found) = found {
                    curve.u_m = (curve.u_m.0 + found.measure.sigma, curve.u_m.1 + 1);
                }
            }
        }
        Ok(())
    }

    /// The curves as a picture.
    pub fn svg(&self) -> String {
        let panels = self.curves.iter().enumerate().map(|(i, curve)| curve.panel(380.0 * i as f64));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 300\" font-family=\"sans-serif\" font-size=\"11\">\n\
             <rect width=\"760\" height=\"300\" fill=\"white\"/>\n{}</svg>\n",
            panels.collect::<String>()
        )
    }
}

impl Curve {
    fn new(kind: Kind) -> Self {
        Self { kind, shares: [Share::default(); BUILDINGS], u_m: (0.0, 0) }
    }

    /// Mean standard uncertainty that was told, metres.
    pub fn u_m(&self) -> f64 {
        self.u_m.0 / self.u_m.1.max(1) as f64
    }

    /// The offset that the guard band promises to confirm in nine of ten cases, metres.
    pub fn promised_m(&self) -> f64 {
        TOLERANCE_M + POWER_SIGMAS * self.u_m()
    }

    /// The smallest offset from which on at least nine of ten are confirmed, metres.
    pub fn reached_m(&self) -> Option<f64> {
        let is_short = |share: &Share| 10 * share.confirmed < 9 * share.built;
        let first = self.shares.iter().rposition(is_short).map_or(0, |i| i + 1);
        (first < BUILDINGS).then_some(offset_m(first))
    }

    fn panel(&self, left: f64) -> String {
        let panel = Panel { left };
        let last_m = offset_m(BUILDINGS - 1);
        let promised_m = self.promised_m();
        let mut drawn = vec![
            panel.line((0.0, 0.0), (last_m, 0.0), ""),
            panel.line((0.0, 0.0), (0.0, 1.0), ""),
            panel.line((0.0, 0.9), (last_m, 0.9), "3 3"),
            panel.line((promised_m, 0.0), (promised_m, 1.0), "6 3"),
        ];
        for (i, share) in self.shares.iter().enumerate() {
            let of_built = |count: usize| count as f64 / share.built.max(1) as f64;
            drawn.push(panel.dot(offset_m(i), of_built(share.told), "white"));
            drawn.push(panel.dot(offset_m(i), of_built(share.confirmed), "black"));
        }
        let ticks = (0..BUILDINGS).step_by(2).map(offset_m);
        drawn.extend(ticks.map(|m| Panel::text(panel.x(m) - 8.0, 266.0, &format!("{m:.1}"))));
        drawn.push(Panel::text(left + 26.0, Panel::y(0.9) + 4.0, "0.9"));
        drawn.push(Panel::text(
            left + 50.0,
            24.0,
            &format!("{}: told (white), confirmed (black)", self.kind),
        ));
        let legend = format!("offset, m; dashed: T + 2.93 u = {promised_m:.2} m");
        drawn.push(Panel::text(left + 50.0, 286.0, &legend));
        drawn.concat()
    }
}

/// Where a curve is drawn: metres to the right, shares upwards.
struct Panel {
    left: f64,
}

impl Panel {
    fn x(&self, m: f64) -> f64 {
        self.left + 50.0 + 300.0 * m / offset_m(BUILDINGS - 1)
    }

    fn y(share: f64) -> f64 {
        250.0 - 210.0 * share
    }

    fn line(&self, from: (f64, f64), to: (f64, f64), dash: &str) -> String {
        let (x1, y1, x2, y2) = (self.x(from.0), Self::y(from.1), self.x(to.0), Self::y(to.1));
        format!(
            "<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"black\" stroke-dasharray=\"{dash}\"/>\n"
        )
    }

    fn dot(&self, m: f64, share: f64, fill: &str) -> String {
        let (x, y) = (self.x(m), Self::y(share));
        format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" stroke=\"black\" fill=\"{fill}\"/>\n")
    }

    fn text(x: f64, y: f64, words: &str) -> String {
        format!("<text x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>\n")
    }
}

/// How far the building of a place in its row is off, metres.
fn offset_m(i: usize) -> f64 {
    STEP_M * i as f64
}

fn number(row: usize, i: usize) -> String {
    format!("{row}-{i}")
}

/// Two rows of finished buildings.
fn rows(seed: u32) -> Recipe {
    let plain = Recipe::plain(Vector2::zeros(), 1000, seed);
    let half = Vector2::new(PARCEL_M.0 * BUILDINGS as f64, 2.0 * PARCEL_M.1) / 2.0;
    let sites = (0..2).flat_map(|row| (0..BUILDINGS).map(move |i| (row, i)));
    let projects = sites.map(|(row, i)| site(row, i, half, plain.epochs[0].date())).collect();
    Recipe { half, streets: Vec::new(), existing: Vec::new(), projects, ..plain }
}

fn site(row: usize, i: usize, half: Vector2<f64>, on: NaiveDate) -> Project {
    let at = Vector2::new((i as f64 + 0.5) * PARCEL_M.0, (row as f64 + 0.5) * PARCEL_M.1) - half;
    // Hardly a wall follows the cells of a raster.
    let plot = |length, width| Footprint::new(at.x, at.y, length, width).turned(3.0 + i as f64);
    let (approved, off_m) = (plot(BUILDING_M.0, BUILDING_M.1), offset_m(i));
    let turn = i as f64;
    let built = match row {
        0 => approved.extended(Side::East, off_m),
        _ => approved.moved(off_m * turn.cos(), off_m * turn.sin()),
    };
    let building = Construction {
        building_no: number(row, i),
        permit_no: format!("建字第1305022024{row}{i:03}号"),
        approved,
        storeys_m: vec![3.0; STOREYS],
        built,
        built_storeys: STOREYS,
        top_raised_m: 0.0,
        permit: (on, on),
        stages: vec![Stage::ToppedOut],
        passed: vec![STOREYS + 4],
        scaffold: false,
    };
    Project {
        project_no: format!("XT-2024-{row}{i:02}"),
        name: format!("{row}-{i}"),
        parcel: plot(PARCEL_M.0 - 4.0, PARCEL_M.1 - 4.0),
        setback_m: 1.0,
        buildings: vec![building],
        huts: Vec::new(),
        stacks: Vec::new(),
        nets: Vec::new(),
        crane: None,
    }
}

impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for curve in &self.curves {
            writeln!(f, "{}: offset m, built, told, confirmed", curve.kind)?;
            for (i, share) in curve.shares.iter().enumerate() {
                writeln!(
                    f,
                    "{:>6.1} {:>6} {:>6} {:>6}",
                    offset_m(i),
                    share.built,
                    share.told,
                    share.confirmed
                )?;
            }
            let reached = curve.reached_m().map_or("none".to_owned(), |m| format!("{m:.1} m"));
            writeln!(
                f,
                "u {:.3} m, T + 2.93 u {:.2} m; nine of ten confirmed from {reached}",
                curve.u_m(),
                curve.promised_m()
            )?;
        }
        Ok(())
    }
}
