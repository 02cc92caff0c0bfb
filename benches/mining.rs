//! How fast one core mines, beside what the compression function alone allows in the same run, because times are noisy.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peerscape::sim::blockchain::header::{Header, LANES, Miner};
use sha2::block_api::compress256;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

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

criterion_group!(benches, mining);
criterion_main!(benches);
