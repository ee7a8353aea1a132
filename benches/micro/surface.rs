//! A surface and its orthophoto beside the decoding of the same photos, which no faster way of matching can avoid.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::Vector3;
use plumbline_fixtures::{FlightPlan, Scene, Sensor, Shoot};
use plumbline_scene::{Block, Observation, Track};

/// Seed of the scene and of the flight.
const SEED: u32 = 1;
/// Sparse points along a side, and metres from one to the next.
const POINTS: (i32, f64) = (20, 1.5);

/// True surface points where an adjustment would have found some.
fn tracks(scene: &Scene, block: &Block) -> Vec<Track> {
    let along = |i: i32| f64::from(i - POINTS.0 / 2) * POINTS.1;
    let places = (0..POINTS.0 * POINTS.0).map(|i| (along(i % POINTS.0), along(i / POINTS.0)));
    let track = |(x, y)| {
        let point = Vector3::new(x, y, scene.height(x, y));
        let seen = |(view_idx, view)| Some(Observation { view_idx, pixel: block.project(view, &point)? });
        Track { point, observations: block.views.iter().enumerate().filter_map(seen).collect() }
    };
    places.map(track).filter(|track| track.observations.len() > 1).collect()
}

fn surface(criterion: &mut Criterion) {
    let scene = Scene::tiny(SEED).expect("the tiny scene is sound");
    let mut shoot = Shoot::new(&scene, &FlightPlan::tiny(), &Sensor::default(), SEED.into());
    shoot.block.tracks = tracks(&scene, &shoot.block);
    let encoded: Vec<Vec<u8>> = shoot.photos.iter().map(|photo| plumbline_benches::jpeg(photo)).collect();
    let grid = plumbline_surface::grid(&shoot.block, None).expect("the flight covers ground");
    let (matching, colouring) = (plumbline_surface::Options::default(), plumbline_ortho::Options::default());
    let silent = |_, _| ();
    let matched = || plumbline_surface::surface(&shoot.block, &shoot, &grid, &matching, &silent);
    let dsm = matched().expect("the photos match").dsm;

    let pixels: u64 = shoot.photos.iter().map(|photo| u64::from(photo.width() * photo.height())).sum();
    let mut group = criterion.benchmark_group("surface");
    group.sample_size(10).throughput(Throughput::Elements(pixels));
    group.bench_function("decode", |b| {
        b.iter(|| encoded.iter().filter(|photo| image::load_from_memory(black_box(photo)).is_ok()).count());
    });
    group.bench_function("surface", |b| b.iter(matched));
    group.bench_function("orthophoto", |b| {
        b.iter(|| plumbline_ortho::orthophoto(&shoot.block, &shoot, black_box(&dsm), &colouring, &silent));
    });
    group.finish();
}

criterion_group!(benches, surface);
criterion_main!(benches);
