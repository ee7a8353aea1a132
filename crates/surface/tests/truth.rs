//! The surface of an analytic scene against its truth.

mod scene;

use plumbline_surface::{Options, Surface, grid, surface};
use scene::{Box3, Scene};

const HOUSE: Box3 = Box3 { middle: (1.0, 0.5), size: (8.0, 6.0), top: 6.5 };
const CAR: Box3 = Box3 { middle: (-7.0, -3.0), size: (1.8, 4.4), top: 1.4 };
const CELL_M: f64 = 0.1;

fn matched(scene: &Scene) -> Surface {
    let grid = grid(&scene.block, Some(CELL_M)).unwrap();
    surface(&scene.block, scene, &grid, &Options::default(), &|_, _| {}).unwrap()
}

/// Errors (measured minus true) of cells whose world position is wanted; holes are NaN.
fn errors(scene: &Scene, surface: &Surface, wanted: impl Fn(f64, f64) -> bool) -> Vec<f64> {
    let (frame, grid) = (&scene.block.frame, &surface.dsm.grid);
    let mut errors = Vec::new();
    for ((row, col), &height) in surface.dsm.cells.indexed_iter() {
        let (east, north) = grid.center(row, col);
        let (x, y) = ((east - frame.origin.east) / frame.scale, (north - frame.origin.north) / frame.scale);
        if wanted(x, y) {
            errors.push(f64::from(height) - frame.origin.height - scene.top(x, y));
        }
    }
    errors
}

fn median(mut values: Vec<f64>) -> f64 {
    values.retain(|v| v.is_finite());
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn nmad(values: &[f64]) -> f64 {
    let middle = median(values.to_vec());
    1.4826 * median(values.iter().map(|v| (v - middle).abs()).collect())
}

fn complete(values: &[f64]) -> f64 {
    values.iter().filter(|v| v.is_finite()).count() as f64 / values.len() as f64
}

#[test]
fn report() {
    let t = std::time::Instant::now();
    let scene = Scene::flown_over(vec![HOUSE, CAR]);
    println!("render {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let s = matched(&scene);
    println!("match {:?} {}x{}", t.elapsed(), s.dsm.grid.rows, s.dsm.grid.cols);
    let inner = |x: f64, y: f64| x.abs() < 10.0 && y.abs() < 9.0;
    let show = |name: &str, e: Vec<f64>| {
        let bad = e.iter().filter(|v| v.abs() > 0.5).count() as f64 / e.len() as f64;
        println!(
            "{name}: n {} complete {:.4} median {:.3} nmad {:.3} bad {:.4}",
            e.len(),
            complete(&e),
            median(e.clone()),
            nmad(&e),
            bad
        );
    };
    show(
        "ground",
        errors(&scene, &s, |x, y| inner(x, y) && !HOUSE.holds(x, y, 0.3) && !CAR.holds(x, y, 0.3)),
    );
    show("roof", errors(&scene, &s, |x, y| HOUSE.holds(x, y, -0.3)));
    show("car", errors(&scene, &s, |x, y| CAR.holds(x, y, -0.2)));
    show("near wall", errors(&scene, &s, |x, y| HOUSE.holds(x, y, 1.5) && !HOUSE.holds(x, y, 0.2)));
    show("rim", errors(&scene, &s, |x, y| !inner(x, y)));
    let area = |b: &Box3, h: f64| {
        errors(&scene, &s, |x, y| b.holds(x, y, 1.0)).len() as f64 * 0.0 + {
            let (frame, grid) = (&scene.block.frame, &s.dsm.grid);
            s.dsm
                .cells
                .indexed_iter()
                .filter(|((r, c), z)| {
                    let (e, n) = grid.center(*r, *c);
                    let (x, y) =
                        ((e - frame.origin.east) / frame.scale, (n - frame.origin.north) / frame.scale);
                    b.holds(x, y, 1.0) && (**z as f64 - frame.origin.height) > h
                })
                .count() as f64
                * 0.01
        }
    };
    println!("house area {:.2} of 48, car {:.2} of 7.92", area(&HOUSE, 3.2), area(&CAR, 0.6));
    dump(&s);
}

fn dump(s: &Surface) {
    std::fs::create_dir_all("/tmp/surface").unwrap();
    let g = &s.dsm.grid;
    let img = image::GrayImage::from_fn(g.cols as u32, g.rows as u32, |x, y| {
        let z = s.dsm.cells[(y as usize, x as usize)];
        image::Luma([if z.is_nan() { 255 } else { ((z - 59.0) * 30.0).clamp(0.0, 254.0) as u8 }])
    });
    img.save("/tmp/surface/synth.png").unwrap();
    let img = image::GrayImage::from_fn(g.cols as u32, g.rows as u32, |x, y| {
        let z = s.sigma.cells[(y as usize, x as usize)];
        image::Luma([if z.is_nan() { 255 } else { (z * 1000.0).clamp(0.0, 254.0) as u8 }])
    });
    img.save("/tmp/surface/synth_sigma.png").unwrap();
}
