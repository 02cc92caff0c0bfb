//! How many cases a test with random input tries. Few with every build; as many more as `PEERSCAPE_FUZZ` says by night.

use proptest::prelude::ProptestConfig;

/// So many cases, times `PEERSCAPE_FUZZ` if that is set.
pub fn cases(usual: u32) -> ProptestConfig {
    let times = std::env::var("PEERSCAPE_FUZZ").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    ProptestConfig { cases: usual.saturating_mul(times), failure_persistence: None, ..ProptestConfig::default() }
}
