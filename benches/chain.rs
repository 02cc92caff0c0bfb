//! How fast the chain runs without a screen: blocks through a network, and hashes on one core. Every time is also said as a
//! ratio to a yardstick in the same run, because times are noisy.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use peerscape::sim::{
    blockchain::header::{Header, LANES, Miner},
    model::{Model, Settings},
    registry,
};
use sha2::block_api::compress256;
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    hint::black_box,
    time::{Duration, Instant},
};

fn build(set: &[(&str, &str)], seed: u64) -> Box<dyn Model> {
    let system = registry::find("blockchain").expect("the model is registered");
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in set {
        settings.set(&specs, key, value).expect("the setting is right");
    }
    (system.build)(&settings, seed).expect("the settings fit each other")
}

/// What one turn of the classic hold model takes on the standard heap, with 100,000 events pending: the yardstick.
fn hold() -> Duration {
    let (pending, turns) = (100_000_u64, 2_000_000);
    let mut luck = 1_u64;
    let mut delay = || {
        luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        luck >> 44
    };
    let mut heap: BinaryHeap<Reverse<(u64, u64)>> = (0..pending).map(|i| Reverse((delay(), i))).collect();
    let began = Instant::now();
    for _ in 0..turns {
        if let Some(Reverse((at, event))) = heap.pop() {
            heap.push(Reverse((at + delay(), black_box(event))));
        }
    }
    began.elapsed() / turns
}

/// Set-up and run until every block is with everybody.
fn whole_run(set: &[(&str, &str)], seed: u64) -> (Duration, u64) {
    let began = Instant::now();
    let mut model = build(set, seed);
    model.advance(u64::MAX);
    let took = began.elapsed();
    let height = model.figures().into_iter().find(|f| f.key == "height").and_then(|f| f.value);
    assert!(height.is_some_and(|height| height > 0.0), "a run that does nothing is no bench");
    (took, model.events())
}

/// Blocks of 535 kB through SimBlock's network, with its own figure at 6,000 nodes and 100 blocks in mind: 18 to 27 s.
fn network(c: &mut Criterion) {
    let mut group = c.benchmark_group("blockchain");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (name, set) in [
        ("6000 nodes, 8 outbound, 100 blocks", &[("nodes", "6000"), ("outbound", "8"), ("blocks", "100")][..]),
        ("6000 nodes, SimBlock's table, 100 blocks", &[("nodes", "6000"), ("outbound", "table"), ("blocks", "100")]),
        ("100000 nodes, 8 outbound, 5 blocks", &[("nodes", "100000"), ("outbound", "8"), ("blocks", "5")]),
    ] {
        let (took, events) = whole_run(set, 1);
        let turn = hold();
        let ratio = took.as_secs_f64() / events as f64 / turn.as_secs_f64();
        println!("{name}: {took:?}, {events} events, {ratio:.2} turns of the hold model ({turn:?}) an event");
        group.throughput(Throughput::Elements(events));
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter_custom(|runs| (1..=runs).map(|seed| whole_run(set, seed).0).sum());
        });
    }
    group.finish();
}

/// Nonces tried a second, beside what two bare calls of the compression function allow.
fn mining(c: &mut Criterion) {
    let header = Header { version: 2, bits: 0x1703_4219, ..Header::default() };
    let tries = 1_000_000_u32;
    let (mut best, mut least) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        let mut miner = Miner::new(&header);
        let began = Instant::now();
        for nonce in (0..tries).step_by(LANES) {
            black_box(miner.hashes(black_box(nonce)));
        }
        best = best.min(began.elapsed());
        let (begin, block) = ([7; 8], [[7; 64]]);
        let began = Instant::now();
        for _ in 0..2 * tries {
            let mut state = black_box(begin);
            compress256(&mut state, black_box(&block));
            black_box(state);
        }
        least = least.min(began.elapsed());
    }
    let rate = f64::from(tries) / best.as_secs_f64() / 1e6;
    let ratio = least.as_secs_f64() / best.as_secs_f64();
    println!("mining: {rate:.2} million hashes a second, {ratio:.3} of what the compression function allows");

    let mut group = c.benchmark_group("mining");
    group.throughput(Throughput::Elements(LANES as u64));
    let mut miner = Miner::new(&header);
    let mut nonce = 0_u32;
    group.bench_function("nonces", |b| {
        b.iter(|| {
            nonce = nonce.wrapping_add(LANES as u32);
            miner.hashes(nonce)
        });
    });
    group.finish();
}

criterion_group!(benches, network, mining);
criterion_main!(benches);
