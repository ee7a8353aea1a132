//! The custody log and the digests of evidence, beside the disk's own flush.

use std::fs::File;
use std::hint::black_box;
use std::io::Write;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use plumbline_custody::{Digest, Digests, EvidenceStore, Log, LogCheck, Signer, Sm3};
use tempfile::TempDir;

/// Bytes of an event as the catalog logs it.
const EVENT: usize = 300;

/// Bytes of a photo.
const PHOTO: usize = 8 << 20;

fn signer() -> Signer {
    Signer::from_seed("bench.example/custody", [1; 32]).expect("the name is sound")
}

fn events(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|number| format!("{number:0EVENT$}").into_bytes()).collect()
}

/// A log of so many events, in a folder of its own.
fn log_of(count: usize) -> (TempDir, Log) {
    let folder = tempfile::tempdir().expect("a folder for the log");
    let mut log = Log::create(folder.path(), signer()).expect("an empty log");
    log.append(&events(count)).expect("a log of events");
    (folder, log)
}

fn log(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("log");
    group.sample_size(10);
    for count in [1, 1_000, 100_000] {
        let events = events(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("append {count} to 300"), |b| {
            b.iter_batched(
                || log_of(300),
                |(folder, mut log)| (log.append(&events), folder),
                BatchSize::PerIteration,
            );
        });
    }
    let (folder, large) = log_of(100_000);
    group.bench_function("check 100000", |b| {
        b.iter(|| LogCheck::of(folder.path(), signer().verifier(), Some(large.checkpoint())));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("open 100000", |b| b.iter(|| Log::open(folder.path(), signer())));
    group.bench_function("receipt of 100000", |b| b.iter(|| large.receipt(black_box(65_000))));
    group.bench_function("flush of a file", |b| {
        let path = folder.path().join("flushed");
        b.iter(|| {
            File::create(&path).and_then(|mut file| file.write_all(b"x").and_then(|()| file.sync_all()))
        });
    });
    group.finish();
}

fn evidence(criterion: &mut Criterion) {
    let photo = vec![0x5a; PHOTO];
    let mut group = criterion.benchmark_group("evidence");
    group.sample_size(10).throughput(Throughput::Bytes(PHOTO as u64));
    group.bench_function("sha256", |b| b.iter(|| Digest::of(black_box(&photo))));
    group.bench_function("sm3", |b| b.iter(|| Sm3::of(black_box(&photo))));
    group.bench_function("both", |b| b.iter(|| Digests::of(black_box(&photo))));
    group.bench_function("store", |b| {
        b.iter_batched(
            || tempfile::tempdir().expect("a folder for the store"),
            |folder| (EvidenceStore::in_folder(folder.path()).store(&photo, "jpg"), folder),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, log, evidence);
criterion_main!(benches);
