//! An event of a run that has found its size allocates nothing: all rows have grown to what the run needs.

use peerscape::sim::{
    model::{Model, Settings},
    registry,
    vocabulary::SECOND,
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// The system's allocator, which counts for each thread how often it was asked for memory.
struct Counting;

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    // A thread that is ending counts no more.
    let _ = ASKED.try_with(|asked| asked.set(asked.get() + 1));
}

#[expect(unsafe_code, reason = "an allocator can be counted in no other way")]
// SAFETY: every call is handed on as it came; counting touches a cell of this thread and never allocates.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps to the rules of `alloc`, and they are the same here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: what `System` gave, `System` takes back.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller keeps to the rules of `realloc`, and they are the same here.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often memory was asked for, and how many events ran, between two moments of an unwatched run.
fn between(model: &str, set: &[(&str, &str)], from: u64, to: u64) -> (u64, u64) {
    let system = registry::find(model).expect("the model is registered");
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in set {
        settings.set(&specs, key, value).expect("the setting is right");
    }
    let mut run: Box<dyn Model> = (system.build)(&settings, 1).expect("the settings fit each other");
    run.advance(from);
    let (asked, events) = (ASKED.get(), run.events());
    run.advance(to);
    (ASKED.get() - asked, run.events() - events)
}

fn allocates_nothing(model: &str, set: &[(&str, &str)], from: u64, to: u64) {
    let (asked, events) = between(model, set, from, to);
    assert!(events > 1_000, "{model}, {set:?}: {events} events show little");
    assert_eq!(asked, 0, "{model}, {set:?}: allocations in {events} events");
}

#[test]
fn counting_counts() {
    let before = ASKED.get();
    let mut row = vec![1_u64];
    row.reserve(1_000);
    std::hint::black_box(&row);
    assert_eq!(ASKED.get() - before, 2);
}

#[test]
fn gossip_allocates_nothing() {
    // Once nearly all know, as many call in each round as ever will.
    allocates_nothing("gossip", &[("nodes", "20000"), ("mode", "rumour"), ("k", "5")], 17 * SECOND, 25 * SECOND);
    allocates_nothing("gossip", &[("nodes", "20000"), ("mode", "push")], 20 * SECOND, 60 * SECOND);
    allocates_nothing("gossip", &[("nodes", "1000"), ("mode", "average")], 2 * SECOND, u64::MAX);
    allocates_nothing("gossip", &[("nodes", "1000"), ("mode", "average"), ("fanout", "5")], 2 * SECOND, u64::MAX);
}

/// With few neighbours or a server alone nothing grows. Where all know all, or word takes time, a row of who waits or was
/// promised still finds its size late in the run: once in a thousand events at most.
#[test]
fn a_distribution_allocates_next_to_nothing() {
    let many = [("peers", "300"), ("chunks", "500")];
    let with = |more: &[(&'static str, &'static str)]| [&many, more].concat();
    let (from, to) = (1_500 * SECOND, 2_500 * SECOND);
    allocates_nothing("distribution", &with(&[("degree", "40")]), from, to);
    allocates_nothing("distribution", &with(&[("mode", "client-server")]), from, to);
    for set in [with(&[]), with(&[("latency", "0.1")])] {
        let (asked, events) = between("distribution", &set, from, to);
        assert!(asked * 1_000 <= events, "{set:?}: {asked} allocations in {events} events");
    }
}

#[test]
fn races_allocate_nothing() {
    allocates_nothing("double-spend", &[("q", "0.4")], SECOND, u64::MAX);
    allocates_nothing("selfish-mining", &[("blocks", "100000")], SECOND, u64::MAX);
}

/// A swarm whose connections stand: a row of requests, or of what waits in turn, still finds its size now and then, and so
/// does the shelf of pieces in progress; once in two thousand events at most.
#[test]
fn a_swarm_allocates_next_to_nothing() {
    let set = [("peers", "100"), ("pieces", "200")];
    let (asked, events) = between("bittorrent", &set, 250 * SECOND, 400 * SECOND);
    assert!(events > 100_000, "{events} events show little");
    assert!(asked * 2_000 <= events, "{asked} allocations in {events} events");
}

/// Blocks that spread need no memory that the ones before them have not taken, but for the chain that grows by them.
#[test]
fn a_chain_allocates_next_to_nothing() {
    let set = [("nodes", "300"), ("blocks", "2000"), ("outbound", "8")];
    let (asked, events) = between("blockchain", &set, 100_000 * SECOND, 500_000 * SECOND);
    assert!(events > 100_000, "{events} events show little");
    assert!(asked * 1_000 <= events, "{asked} allocations in {events} events");
}
