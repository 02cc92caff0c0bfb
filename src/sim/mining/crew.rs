//! Who hashes: one header's numbers after another, and threads that do it on all cores but one.
//!
//! The threads are at the lowest priority that the system has, and work on a lease: each look at what they have done lets
//! each of them go on for a little. Nobody looks, and within a fraction of a second all of them wait, at no cost. They end
//! with the last who looks.

use crate::sim::{
    blockchain::header::{Hash, Header, LANES, Miner},
    kernel::chance::{Chance, Purpose},
    vocabulary::Micros,
};
use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Draws that make a run's headers its own.
const HEADERS: Purpose = Purpose(1);
/// Numbers that a thread tries before it looks up.
const CHUNK: u64 = 1 << 14;
/// Chunks for which a lease lets a thread go on: about a tenth of a second on a slow core.
const LEASE: u64 = 32;
/// Bits of a fingerprint, and none: how many may be dark.
const COUNTS: usize = 257;

/// What has been tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many hashes.
    pub tries: u64,
    /// Of each number of dark lights how many had exactly that.
    exactly: Box<[u64; COUNTS]>,
    /// The hash with the most dark lights, and how many those are.
    pub best: Option<(u16, Hash)>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { tries: 0, exactly: Box::new([0; COUNTS]), best: None }
    }
}

/// How many bits of a hash are 0 before the first 1, as it is printed: its last byte first.
fn dark(hash: &Hash) -> u16 {
    let words = hash.as_chunks::<8>().0.iter().rev();
    let mut dark = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        dark += word.leading_zeros() as u16;
        if word != 0 {
            break;
        }
    }
    dark
}

impl Tally {
    /// Takes up the first so many of some hashes.
    pub fn take(&mut self, hashes: [Hash; LANES], many: usize) {
        for hash in hashes.iter().take(many) {
            let dark = dark(hash);
            self.tries += 1;
            self.exactly[usize::from(dark)] += 1;
            if self.best.is_none_or(|(best, _)| dark > best) {
                self.best = Some((dark, *hash));
            }
        }
    }

    /// How many had at least so many dark lights.
    #[must_use]
    pub fn at_least(&self, dark: u64) -> u64 {
        self.exactly.iter().skip(dark as usize).sum()
    }

    /// Takes up another's.
    fn add(&mut self, other: &Self) {
        self.tries += other.tries;
        for (mine, theirs) in self.exactly.iter_mut().zip(other.exactly.iter()) {
            *mine += theirs;
        }
        if let Some((dark, hash)) = other.best.filter(|(dark, _)| self.best.is_none_or(|(best, _)| *dark > best)) {
            self.best = Some((dark, hash));
        }
    }
}

/// A header and the next number to try in it.
#[derive(Clone, Debug)]
pub struct Work {
    header: Header,
    miner: Miner,
    next: u64,
}

impl Work {
    /// Headers that belong to a run's seed.
    #[must_use]
    pub fn of_seed(chance: Chance) -> Self {
        let mut merkle_root = [0; 32];
        let mut draws = chance.draws(HEADERS, 0);
        for four in merkle_root.as_chunks_mut::<4>().0 {
            *four = draws.word().to_le_bytes();
        }
        Self::of(merkle_root, 0)
    }

    /// The headers of one chunk of work: no two chunks share a header's numbers.
    fn of(merkle_root: Hash, chunk: u64) -> Self {
        // Blocks of 2016 chunks' worth of numbers share a time; the time says which.
        let per_time = (1_u64 << 32) / CHUNK;
        let header = Header {
            version: 1,
            merkle_root,
            time: (chunk / per_time) as u32,
            bits: crate::sim::blockchain::target::EASIEST,
            ..Header::default()
        };
        let miner = Miner::new(&header);
        Self { header, miner, next: chunk % per_time * CHUNK }
    }

    /// The next few hashes.
    pub fn hash_next(&mut self) -> [Hash; LANES] {
        let hashes = self.miner.hashes(self.next as u32);
        self.next += LANES as u64;
        // The numbers of a header are used up: its time moves on.
        if self.next > u64::from(u32::MAX) {
            self.header.time = self.header.time.wrapping_add(1);
            (self.miner, self.next) = (Miner::new(&self.header), 0);
        }
        hashes
    }
}

/// How many cores the machine has for us.
#[must_use]
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The most threads that a crew of this process may have; a place may spare fewer than its machine has.
static AT_MOST: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Crews that are hired from now on have so many threads at most; with none, nothing is tried.
pub fn limit(threads: usize) {
    AT_MOST.store(threads, Ordering::Relaxed);
}

/// How many hashes a second of its own time a run makes in this process where it would ask the machine; 0 if it asks.
static STEADY: AtomicU64 = AtomicU64::new(0);

/// Runs that begin from now on make so many hashes a second of their own time, whatever the machine can: a run that is to be
/// the same once more.
pub fn hold(rate: u64) {
    STEADY.store(rate, Ordering::Relaxed);
}

/// That rate, if one is held.
#[must_use]
pub fn steady() -> Option<u64> {
    Some(STEADY.load(Ordering::Relaxed)).filter(|rate| *rate > 0)
}

/// The next chunk that nobody of this process has tried.
static CHUNKS: AtomicU64 = AtomicU64::new(0);

/// Until when work is leased.
#[derive(Debug, Default)]
struct Lease {
    /// Grows with every renewal.
    number: u64,
    ended: bool,
}

/// What threads and those who look share.
#[derive(Debug, Default)]
struct Shared {
    lease: Mutex<Lease>,
    renewed: Condvar,
    done: Mutex<Tally>,
}

/// A lock whose holder panicked still guards numbers that are whole: they are written in one go.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads that hash while somebody looks.
#[derive(Debug)]
pub struct Crew {
    shared: Arc<Shared>,
    hands: usize,
    began: Instant,
}

impl Crew {
    /// Threads on all cores but one, and on one at least, unless fewer are allowed. They wait for the first lease.
    #[must_use]
    pub fn hire() -> Self {
        let (shared, wanted) = (Arc::new(Shared::default()), cores().saturating_sub(1).max(1));
        let wanted = wanted.min(AT_MOST.load(Ordering::Relaxed));
        let hands = (0..wanted)
            .filter(|_| {
                let shared = Arc::clone(&shared);
                let hired = thread::Builder::new().name("miner".into()).spawn(move || work(&shared));
                hired.is_ok()
            })
            .count();
        Self { shared, hands, began: Instant::now() }
    }

    /// How many threads there are.
    #[must_use]
    pub fn hands(&self) -> usize {
        self.hands
    }

    /// Lets every thread go on for a little.
    pub fn renew(&self) {
        lock(&self.shared.lease).number += 1;
        self.shared.renewed.notify_all();
    }

    /// What has been done by a moment of the run, in real time: waits where that is still to come, and renews the lease
    /// meanwhile.
    #[must_use]
    pub fn tally(&self, now: Micros) -> Tally {
        const NAP: Duration = Duration::from_millis(20);
        let at = self.began + Duration::from_micros(now);
        loop {
            self.renew();
            let left = at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return lock(&self.shared.done).clone();
            }
            thread::sleep(left.min(NAP));
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        lock(&self.shared.lease).ended = true;
        self.shared.renewed.notify_all();
    }
}

/// What a thread does until the last who looks is gone.
fn work(shared: &Shared) {
    // Whoever draws the wall comes first. Where the system says no, the work is done all the same.
    #[cfg(unix)]
    let _refused = rustix::process::nice(19);
    let merkle_root = [0x5e; 32];
    let (mut seen, mut left) = (0, 0);
    loop {
        if left == 0 {
            let lease = shared
                .renewed
                .wait_while(lock(&shared.lease), |lease| lease.number == seen && !lease.ended)
                .unwrap_or_else(PoisonError::into_inner);
            if lease.ended {
                return;
            }
            (seen, left) = (lease.number, LEASE);
        }
        left -= 1;
        let mut work = Work::of(merkle_root, CHUNKS.fetch_add(1, Ordering::Relaxed));
        let mut tally = Tally::default();
        for _ in 0..CHUNK / LANES as u64 {
            tally.take(work.hash_next(), LANES);
        }
        lock(&shared.done).add(&tally);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::blockchain::header::printed;

    #[test]
    fn dark_lights_are_counted_as_they_are_printed() {
        let mut hash = [0xff; 32];
        assert_eq!(dark(&hash), 0);
        hash[31] = 0;
        hash[30] = 0x1f;
        assert_eq!((dark(&hash), printed(&hash)[1]), (11, 0x1f));
        assert_eq!(dark(&[0; 32]), 256);
        let mut low = [0; 32];
        low[0] = 1;
        assert_eq!(dark(&low), 255);
    }

    #[test]
    fn no_two_chunks_try_the_same() {
        let root = [3; 32];
        let mut first = Work::of(root, 0);
        for _ in 0..CHUNK / LANES as u64 {
            let _hashes = first.hash_next();
        }
        assert_eq!(first.hash_next(), Work::of(root, 1).hash_next(), "one goes on where the one before ends");
        let per_time = (1_u64 << 32) / CHUNK;
        assert_eq!(Work::of(root, per_time).header.time, 1);
        assert_ne!(Work::of(root, per_time).hash_next(), Work::of(root, 0).hash_next());
    }

    #[test]
    fn who_is_not_looked_at_rests_and_who_is_goes_on() {
        let crew = Crew::hire();
        let tries = || lock(&crew.shared.done).tries;
        assert_eq!(tries(), 0, "nothing before the first look");
        let until = |what: &str, is_so: &dyn Fn() -> bool| {
            let began = Instant::now();
            while !is_so() {
                assert!(began.elapsed() < Duration::from_secs(60), "{what}");
                thread::sleep(Duration::from_millis(5));
            }
        };
        crew.renew();
        // One lease is so many chunks for each thread, and not one more.
        let most = crew.hands() as u64 * LEASE * CHUNK;
        until("the lease is used up", &|| tries() == most);
        thread::sleep(Duration::from_millis(100));
        assert_eq!(tries(), most, "and then all of them rest");
        crew.renew();
        until("they go on", &|| tries() > most);
        let shared = Arc::downgrade(&crew.shared);
        drop(crew);
        until("they end with the last who looks", &|| shared.strong_count() == 0);
    }
}
