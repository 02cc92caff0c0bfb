//! The chances of a double spend in closed form: the exact ones, and Nakamoto's.

use crate::sim::kernel::mathematics::{exp, ln, sqrt};

/// The chance that a secret chain of a share `q` of all hash power, which starts level, draws level again once the public
/// one has `z` confirmations: 1 - Σ C(k+z-1, k) (p^z q^k - q^z p^k) over k < z (Rosenfeld 2014; Grunspan and Pérez-Marco
/// 2018); 1 from one half on.
///
/// Computed as the same sum without a difference, 2 q^z Σ C(k+z-1, k) p^k, from its greatest term down: that the attacker
/// finds `z` blocks before the others do, and as much again for all that is caught up later. It keeps its digits where the
/// chance is tiny.
#[must_use]
pub fn exact(q: f64, z: u32) -> f64 {
    let p = 1.0 - q;
    if z == 0 || q >= 0.5 {
        return 1.0;
    }
    if q <= 0.0 {
        return 0.0;
    }
    let (whole, last) = (f64::from(z), z - 1);
    // The logarithm of the term of k = z - 1, the greatest.
    let choose: f64 = (1..=last).map(|i| ln(f64::from(last + i) / f64::from(i))).sum();
    let greatest = whole * ln(q) + choose + f64::from(last) * ln(p);
    let (mut term, mut sum) = (1.0, 1.0);
    for k in (0..last).rev() {
        term *= f64::from(k + 1) / (f64::from(k + z) * p);
        sum += term;
    }
    (2.0 * exp(greatest) * sum).min(1.0)
}

/// Nakamoto's own estimate (*Bitcoin: a peer-to-peer electronic cash system*, 2008, section 11). It lets the public chain
/// take its mean time, so that the attacker's blocks are a Poisson number of mean z q/p, and comes out too small.
#[must_use]
pub fn nakamoto(q: f64, z: u32) -> f64 {
    let p = 1.0 - q;
    if z == 0 || q >= p {
        return 1.0;
    }
    if q <= 0.0 {
        return 0.0;
    }
    let (mean, odds) = (f64::from(z) * q / p, ln(q / p));
    let (mut sum, mut factorial, mut k) = (0.0, 0.0, 0_u32);
    loop {
        let poisson = f64::from(k) * ln(mean) - mean - factorial;
        let behind = f64::from(z.saturating_sub(k));
        let term = exp(poisson + behind * odds);
        sum += term;
        // Beyond its mean a Poisson number dies away faster than any power.
        if k > z && f64::from(k) > 2.0 * mean + 1.0 && term <= sum * 1e-17 {
            return f64::min(sum, 1.0);
        }
        k += 1;
        factorial += ln(f64::from(k));
    }
}

/// The least deficit from which the chance ever to draw level again, (q/p)^d, is below `negligible`; nothing from one half
/// on, where every deficit is made good in the end.
#[must_use]
pub fn hopeless(q: f64, negligible: f64) -> Option<u64> {
    let odds = q / (1.0 - q);
    if q >= 0.5 {
        return None;
    }
    if odds <= 0.0 {
        return Some(1);
    }
    Some(libm::floor(ln(negligible) / ln(odds)) as u64 + 1)
}

/// Wilson's interval for a share of which so many of so many were seen: where it lies with a confidence of 95 % (Wilson
/// 1927). It is sensible at none and at all.
#[must_use]
pub fn wilson(seen: u64, of: u64) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    if of == 0 {
        return None;
    }
    let (n, share) = (of as f64, seen as f64 / of as f64);
    let (centre, scale) = (share + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    let half = Z * sqrt(share * (1.0 - share) / n + Z * Z / (4.0 * n * n));
    Some((((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0)))
}
