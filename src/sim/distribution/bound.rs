//! The shortest time that any scheme could need: Kurose and Ross, *Computer Networking*, chapter 2, "Scalability of P2P
//! architectures".

use super::{Config, Mode};
use crate::sim::kernel::mathematics::log2;

/// The bound in seconds for `peers` peers: the server must send (every copy, or at least one), the slowest peer must
/// receive one, and all lines together must send all copies.
#[must_use]
pub fn bound_seconds(config: &Config, peers: u32) -> f64 {
    let file = config.file_bytes as f64;
    let n = f64::from(peers);
    let (server, up, down) = (config.server_up as f64, config.peer_up as f64, config.peer_down as f64);
    match config.mode {
        Mode::ClientServer => (n * file / server).max(file / down),
        Mode::PeerToPeer => (file / server).max(file / down).max(n * file / (server + n * up)),
    }
}

/// The makespan that a run must keep to: a twentieth above the bound, and log₂ N rounds of one chunk for its spread, as
/// Mundinger, Weber and Weiss (2008) count them at equal lines.
#[must_use]
pub fn limit_seconds(config: &Config, peers: u32) -> f64 {
    let chunk = config.file_bytes as f64 / f64::from(config.chunks);
    1.05 * bound_seconds(config, peers) + log2(f64::from(peers.max(1))) * chunk / config.peer_up as f64
}
