//! How fast the models run without a screen.

use criterion::{Bencher, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use peerscape::sim::{
    kernel::{
        chance::{Chance, Draws, Purpose},
        queue::{Key, Queue},
    },
    model::{Model, Settings},
    registry,
};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
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

/// What the hold model is played with: our queue, and the yardstick of all limits.
trait Pending: Default {
    fn put(&mut self, key: Key, event: u32);
    fn take(&mut self) -> Option<(Key, u32)>;
}

impl Pending for Queue<u32> {
    fn put(&mut self, key: Key, event: u32) {
        self.push(key, event);
    }

    fn take(&mut self) -> Option<(Key, u32)> {
        self.pop_until(u64::MAX)
    }
}

/// The yardstick: the standard heap of the same keys and events.
#[derive(Default)]
struct Yardstick(BinaryHeap<Reverse<(Key, u32)>>);

impl Pending for Yardstick {
    fn put(&mut self, key: Key, event: u32) {
        self.0.push(Reverse((key, event)));
    }

    fn take(&mut self) -> Option<(Key, u32)> {
        self.0.pop().map(|Reverse(first)| first)
    }
}

/// After how many microseconds a new event is due.
type Delays = fn(&mut Draws) -> u64;

/// The usual distributions of the literature, with a mean of half a second or so; as a round of messages has them, all
/// after the same time; and one in ten events a timer that is far off.
const DELAYS: [(&str, Delays); 4] = [
    ("uniform", |draws| u64::from(draws.word() >> 12)),
    ("exponential", |draws| draws.exponential(500_000.0) as u64),
    ("bimodal", |draws| if draws.below(10) == 0 { 600_000_000 } else { 0 } + u64::from(draws.word() >> 12)),
    ("rounds", |_| 1_000_000),
];

/// Takes the earliest of so many pending events and puts in a later one, so many times.
fn hold<Q: Pending>(bencher: &mut Bencher, pending: u32, delay: Delays) {
    let mut queue = Q::default();
    let mut draws = Chance::new(1).draws(Purpose(1), 0);
    // Drawn before, so that only the queue is timed.
    let delays: Vec<u64> = (0..1 << 16).map(|_| delay(&mut draws)).collect();
    let after = move |count: u32| delays[count as usize % delays.len()];
    for count in 0..pending {
        let to = draws.below(pending);
        queue.put(Key { at: after(count), to, from: to, count }, count);
    }
    let mut count = pending;
    let mut once = move || {
        if let Some((key, event)) = queue.take() {
            count = count.wrapping_add(1);
            queue.put(Key { at: key.at + after(count), count, ..key }, black_box(event));
        }
    };
    // Until everything has moved on twice, what was put in at the start can be seen.
    for _ in 0..2 * pending {
        once();
    }
    bencher.iter(once);
}

/// The classic hold model at three sizes, beside the yardstick in the same run.
fn queue(c: &mut Criterion) {
    let mut group = c.benchmark_group("queue, hold model");
    group.sample_size(20).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    for (name, delay) in DELAYS {
        for pending in [1_000_u32, 100_000, 1_000_000] {
            group.throughput(Throughput::Elements(1));
            group.bench_function(BenchmarkId::new(format!("queue, {name}"), pending), |bencher| {
                hold::<Queue<u32>>(bencher, pending, delay);
            });
            group.bench_function(BenchmarkId::new(format!("yardstick, {name}"), pending), |bencher| {
                hold::<Yardstick>(bencher, pending, delay);
            });
        }
    }
    group.finish();
}

criterion_group!(benches, distribution, queue);
criterion_main!(benches);
