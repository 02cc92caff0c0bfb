//! How fast the models run without a screen.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use peerscape::sim::{
    kernel::queue::{Key, Queue},
    model::{Model, Settings},
    registry,
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

fn build(set: &[(&str, &str)], seed: u64) -> Box<dyn Model> {
    let system = registry::find("distribution").expect("the model is registered");
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in set {
        settings.set(&specs, key, value).expect("the setting is right");
    }
    (system.build)(&settings, seed).expect("the settings fit each other")
}

/// Events of `distribution` at 1,000 peers, set-up excluded.
fn distribution(c: &mut Criterion) {
    let mut group = c.benchmark_group("distribution");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (name, set) in [
        ("1000 peers, all neighbours", &[("peers", "1000"), ("chunks", "200")][..]),
        ("1000 peers, 40 neighbours", &[("peers", "1000"), ("chunks", "200"), ("degree", "40")]),
    ] {
        let mut whole = build(set, 1);
        whole.advance(u64::MAX);
        group.throughput(Throughput::Elements(whole.events()));
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter_custom(|runs| {
                let mut took = Duration::ZERO;
                for seed in 0..runs {
                    let mut model = build(set, seed);
                    let began = Instant::now();
                    model.advance(u64::MAX);
                    took += began.elapsed();
                    assert_eq!(model.states(), ["all_done"], "a run that does nothing is no bench");
                }
                took
            });
        });
    }
    group.finish();
}

/// The classic hold model: with so many events pending, take the earliest and put in a later one.
fn queue(c: &mut Criterion) {
    let mut group = c.benchmark_group("queue, hold model");
    for pending in [1_000_u32, 100_000] {
        group.throughput(Throughput::Elements(1));
        group.bench_function(BenchmarkId::from_parameter(pending), |b| {
            let mut queue = Queue::default();
            let mut luck = 1_u64;
            let mut delay = || {
                luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                luck >> 44
            };
            for count in 0..pending {
                queue.push(Key { at: delay(), to: count, from: count, count: 0 }, count);
            }
            let mut count = pending;
            b.iter(|| {
                if let Some((key, event)) = queue.pop_until(u64::MAX) {
                    count = count.wrapping_add(1);
                    queue.push(Key { at: key.at + delay(), count, ..key }, black_box(event));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, distribution, queue);
criterion_main!(benches);
