//! Which photos show a place, held against a scene in which it is known what every pixel sees.

use nalgebra::Vector3;
use plumbline_fixtures::{FlightPlan, Ray, Scene};
use plumbline_geodesy::MapPoint;
use plumbline_ortho::{Options, Sighting, Sightings};
use plumbline_raster::Grid;
use plumbline_scene::Block;

const SEED: u32 = 1;
/// Cells of the true surface, metres.
const CELL_M: f64 = 0.1;
/// Lines of sight that pass this close to an edge may be told either way, metres.
const EDGE_M: f64 = 0.25;

struct Site {
    scene: Scene,
    block: Block,
    sightings: Sightings,
}

impl Site {
    fn new() -> Self {
        let scene = Scene::tiny(SEED).expect("the scene is built in");
        let plan = FlightPlan::tiny();
        let (cameras, views) = (vec![plan.camera], plan.views(4));
        let block = Block { frame: scene.frame.clone(), cameras, views, tracks: Vec::new() };
        let o = scene.frame.origin;
        let area = (o.east - 28.0, o.north - 23.0, o.east + 28.0, o.north + 23.0);
        let dsm = scene.dsm(&Grid::covering(scene.frame.crs.clone(), area, CELL_M));
        let sightings = Sightings::new(&block, &dsm, &Options::default()).expect("one map");
        Self { scene, block, sightings }
    }

    /// The surface at a world position.
    fn surface(&self, x: f64, y: f64) -> Vector3<f64> {
        Vector3::new(x, y, self.scene.height(x, y))
    }

    fn of(&self, p: &Vector3<f64>) -> Vec<Sighting> {
        self.sightings.of(&self.map(p))
    }

    fn map(&self, p: &Vector3<f64>) -> MapPoint {
        self.block.frame.map_from_world(p)
    }

    /// What a view truly sees in a pixel.
    fn seen(&self, sighting: &Sighting) -> Vector3<f64> {
        let view = &self.block.views[sighting.view_idx];
        let along =
            view.cam_from_world.rotation.inverse() * self.block.camera(view).unproject(&sighting.pixel);
        let origin = view.cam_from_world.center().cast();
        self.scene.look(&Ray { origin, direction: along.normalize().cast() }).p.cast()
    }
}

#[test]
fn the_pixel_shows_the_place_and_what_is_hidden_shows_something_nearer() {
    let site = Site::new();
    let (mut shown, mut hidden, mut wrong) = (0, 0, 0);
    for i in 0..19_i32 {
        for j in 0..15_i32 {
            let p = site.surface(f64::from(2 * i - 18) + 0.37, f64::from(2 * j - 14) + 0.41);
            for sighting in site.of(&p) {
                let asked = site.sightings.pixel(sighting.view_idx, &site.map(&p));
                assert_eq!(asked, Some(sighting.pixel), "a view asked by itself says the same");
                let off_m = (site.seen(&sighting) - p).norm();
                match sighting.hidden_at_m {
                    None if off_m < 1.5 * sighting.gsd_m / sighting.obliqueness.cos() => shown += 1,
                    Some(_) if off_m > EDGE_M => hidden += 1,
                    _ => wrong += 1,
                }
            }
        }
    }
    assert!(shown > 700 && hidden > 15, "{shown} shown, {hidden} hidden");
    assert!(50 * wrong < shown, "{wrong} of {shown} wrong");
}

#[test]
fn ground_behind_the_block_is_hidden_from_the_views_on_its_other_side() {
    let site = Site::new();
    // 0.8 m north of the north wall (y = 9): views from the south look at it over a roof 6 m above.
    let p = site.surface(8.0, 9.8);
    let sightings = site.of(&p);
    let (free, behind): (Vec<_>, Vec<_>) = sightings.iter().partition(|s| s.hidden_at_m.is_none());
    assert!(!free.is_empty() && !behind.is_empty(), "{sightings:#?}");
    for sighting in &behind {
        let at_m = sighting.hidden_at_m.expect("it is hidden");
        assert!((0.6..4.0).contains(&at_m), "the wall is 0.8 m away: {sighting:?}");
        assert!(site.block.views[sighting.view_idx].cam_from_world.center().y < 9.0);
    }
    assert!(sightings.iter().skip(free.len()).all(|s| s.hidden_at_m.is_some()), "hidden ones come last");
}

#[test]
fn the_steepest_view_of_open_ground_is_the_best() {
    let site = Site::new();
    let sightings = site.of(&site.surface(-4.0, -2.0));
    let steepest = sightings.iter().map(|s| s.obliqueness).fold(f64::INFINITY, f64::min);
    assert!(sightings.len() >= 4 && sightings[0].obliqueness <= steepest, "{sightings:#?}");
    // 40 m up with 340 px of focal length.
    assert!((0.11..0.13).contains(&sightings[0].gsd_m), "{sightings:#?}");
}

#[test]
fn the_surface_has_no_height_outside_of_the_dsm() {
    let site = Site::new();
    let roof = site.map(&site.surface(8.0, 4.0));
    let height = site.sightings.height(roof.east, roof.north).expect("the block stands there");
    assert!((height - roof.height).abs() < 0.02, "{height}");
    assert_eq!(site.sightings.height(roof.east + 100.0, roof.north), None);
}
