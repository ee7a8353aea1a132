//! Keypoints and matches beside the decoding of the same photo.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use image::DynamicImage;
use plumbline_benches::jpeg;
use plumbline_features::{DetectorOptions, MatchOptions, PhotoFeatures, detect, match_pair};
use plumbline_fixtures::{FlightPlan, Scene, Sensor, Shoot};

/// Seed of the scene and of the flight.
const SEED: u32 = 1;

fn features(criterion: &mut Criterion) {
    let scene = Scene::tiny(SEED).expect("the tiny scene is sound");
    let shoot = Shoot::new(&scene, &FlightPlan::tiny(), &Sensor::default(), SEED.into());
    let encoded = jpeg(&shoot.photos[0]);
    let options = DetectorOptions::default();
    let grey = |i: usize| DynamicImage::ImageRgb8((*shoot.photos[i]).clone()).into_luma8();
    let photos = [grey(0), grey(1)];
    let found = [detect(&photos[0], &options), detect(&photos[1], &options)];
    let seen = |i: usize| PhotoFeatures { features: &found[i], camera: &shoot.block.cameras[0] };

    let mut group = criterion.benchmark_group("features");
    group.throughput(Throughput::Elements(u64::from(photos[0].width()) * u64::from(photos[0].height())));
    group.bench_function("decode", |b| b.iter(|| image::load_from_memory(black_box(&encoded))));
    group.bench_function("detect", |b| b.iter(|| detect(black_box(&photos[0]), &options)));
    group.bench_function("match_pair", |b| {
        b.iter(|| match_pair(seen(0), seen(1), None, &MatchOptions::default()));
    });
    group.finish();
}

criterion_group!(benches, features);
criterion_main!(benches);
