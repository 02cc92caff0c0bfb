//! Closed forms that a swarm is held against.

use super::config::Config;

/// The shortest time in seconds in which all can have the file (Kurose and Ross, chapter 2): what the seeds' lines, the
/// peers' own lines and all uplinks that give together allow. Nothing without a seed.
#[must_use]
pub fn bound_seconds(config: &Config) -> Option<f64> {
    if config.seeds == 0 || config.arrivals.is_some() {
        return None;
    }
    let (file, up) = (config.file_bytes() as f64, config.up as f64);
    let (peers, seeds) = (f64::from(config.peers), f64::from(config.seeds));
    let wanting = peers * (1.0 - config.corrupt);
    let seeding = seeds * config.seed_up as f64;
    let giving = seeding + (wanting - peers * config.free_riders) * up;
    Some((file / seeding).max(file / config.down as f64).max(wanting * file / giving))
}

/// The mean time in seconds that a download takes in the steady state of a stream of peers (Qiu and Srikant 2004, with
/// nobody giving up): T = max(1/c, 1/μ − 1/γ − y₀/λ), where c and μ are files a second down and up, 1/γ is how long a
/// peer stays as a seed, λ how many come a second, and y₀ how many seeds stay for
/// ever (counted in lines as fast as a peer's). Nothing where there is no stream,
/// or where peers stay for ever.
#[must_use]
pub fn fluid_seconds(config: &Config) -> Option<f64> {
    let (rate, stays) = (config.arrivals?, config.seed_time?);
    let file = config.file_bytes() as f64;
    let seeds = f64::from(config.seeds) * config.seed_up as f64 / config.up as f64;
    let limited = file / config.up as f64 - stays - seeds / rate;
    Some(limited.max(file / config.down as f64))
}
