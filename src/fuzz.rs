//! Tests with random input: how many cases they try, and what each may take. Few with every build; as many more as
//! `PEERSCAPE_FUZZ` says by night.

use cpu_time::ThreadTime;
use proptest::prelude::ProptestConfig;
use std::{env, fs, time::Duration};

/// The most of a processor's time that a case may take: what somebody wrote is read at once.
const AT_ONCE: Duration = Duration::from_millis(100);
/// The most memory that the process may come to, in bytes.
const MOST: u64 = 256 << 20;

fn more() -> Option<u32> {
    env::var("PEERSCAPE_FUZZ").ok()?.parse().ok()
}

/// So many cases, times `PEERSCAPE_FUZZ` if that is set.
pub fn cases(usual: u32) -> ProptestConfig {
    let cases = usual.saturating_mul(more().unwrap_or(1));
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Tries a case, which must be over at once. By night, when such tests have the process to themselves, its memory is looked
/// at as well.
pub fn bounded<T>(case: impl FnOnce() -> T) -> T {
    let began = ThreadTime::now();
    let outcome = case();
    let took = began.elapsed();
    assert!(took < AT_ONCE, "a case took {took:?}");
    if more().is_some() {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        assert!(peak.is_none_or(|peak: u64| peak << 10 < MOST), "memory has been at {peak:?} kB");
    }
    outcome
}
