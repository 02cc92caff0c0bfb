//! What stands on the panels: SHA-256 against the standard's own examples and its avalanche, seals against the work that a
//! target takes, and mining against the binomial law.

use crate::{build, figure, finish};
use peerscape::sim::{
    model::Deed,
    vocabulary::{BlockId, PeerId},
};

/// The fingerprint of a text, in hexadecimal.
fn print_of(text: &str) -> String {
    let run = build("one-way", &[("text", text)], 1);
    let lights = run.panel().lights.expect("a fingerprint");
    lights.bits.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// FIPS 180-4, the example of one block; and the empty message, as NIST's test vectors have it.
#[test]
fn sha_256_of_the_standards_examples() {
    assert_eq!(print_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(print_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/// Webster and Tavares 1985, the strict avalanche criterion: each bit turns with chance one half, so that a change of one
/// sign turns 128 of 256 with a deviation of 8. Over 20,000 changes, at 3σ, of texts long enough to be new each time.
#[test]
fn a_change_of_one_sign_turns_half_of_the_bits() {
    for (seed, text) in [(1, "Ben pays Cem 5 coins"), (2, "letters"), (3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")] {
        let changes = 20_000.0_f64;
        let mut run = build("one-way", &[("text", text), ("changes", "20000")], seed);
        finish(&mut *run);
        let (mean, sd) = (figure(&*run, "flips_mean").unwrap(), figure(&*run, "flips_sd").unwrap());
        assert!((mean - 128.0).abs() < 3.0 * 8.0 / changes.sqrt(), "{mean} bits turn on average");
        assert!((sd - 8.0).abs() < 3.0 * 8.0 / (2.0 * changes).sqrt(), "with a deviation of {sd}");
        assert_eq!(figure(&*run, "changes"), Some(changes));
    }
}

/// A target takes 2^256 / (target + 1) tries on average (Bitcoin, `chain.cpp`), and they have no memory: the mean over n
/// seals lies within 3/√n of that. Seals of 400 blocks that differ by their words.
#[test]
fn a_seal_takes_as_many_tries_as_its_target_says() {
    let (mut tries, mut seals) = (0.0, 0.0);
    for n in 0..80 {
        let words = format!("Record number {n}");
        let mut run = build("chain", &[("forge", "1"), ("bits", "11"), ("forged_1", &words)], n);
        finish(&mut *run);
        tries += figure(&*run, "tries_total").unwrap();
        seals += figure(&*run, "remined").unwrap();
        assert_eq!(figure(&*run, "broken"), Some(0.0));
    }
    assert_eq!(seals, 400.0);
    let ratio = tries / seals / 2048.0;
    assert!((ratio - 1.0).abs() < 3.0 / 400.0_f64.sqrt(), "{ratio} of the tries that it should take");
}

/// While a forger seals again, all others find a block each mean time: the gaps are exponential (Nakamoto 2008), so that
/// over a long stretch their number is the stretch over the mean, at 3σ.
#[test]
fn the_others_find_blocks_at_their_own_pace() {
    let mut run = build("chain", &[("others_s", "0.5")], 11);
    let block = BlockId { finder: PeerId(0), count: 1 };
    let deed = Deed { key: "change", target: peerscape::sim::model::Target::Block(block), value: None };
    run.act(&deed).unwrap();
    run.advance(2_000_000_000);
    let found = figure(&*run, "ahead").unwrap();
    assert!((found - 4000.0).abs() < 3.0 * 4000.0_f64.sqrt(), "{found} blocks in 2,000 s");
}

/// A try has at least k dark lights with chance 2^-k.
#[test]
fn what_is_found_follows_the_binomial_law() {
    for (seed, dark) in [(1, 6), (2, 9), (3, 13)] {
        let set = [("rate", "1000000"), ("seconds", "3"), ("dark", &*dark.to_string())];
        let mut run = build("mining", &set, seed);
        finish(&mut *run);
        assert_eq!(figure(&*run, "tries"), Some(3e6));
        let wanted = 3e6 / f64::from(1 << dark);
        let found = figure(&*run, "found").unwrap();
        assert!((found - wanted).abs() < 3.0 * wanted.sqrt(), "{found} found, {wanted} expected with {dark}");
        let expected = figure(&*run, "expected_s").unwrap();
        assert!((expected * 1e6 / f64::from(1 << dark) - 1.0).abs() < 1e-9);
    }
}
