//! `double-spend` against Rosenfeld, *Analysis of hashrate-based double-spending* (2014), and Grunspan and Pérez-Marco,
//! *Double spend races* (2018), whose chances are exact; and Nakamoto's own formula against Nakamoto's own table (2008,
//! section 11).

use crate::{build, figure, finish};
use peerscape::sim::{
    double_spend::odds::{exact, hopeless, nakamoto, wilson},
    model::{Deed, Model, Settings, Target, Value},
    registry,
    vocabulary::{BlockId, Camp, Happening},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn run(q: f64, z: u32, trials: u64, seed: u64) -> Box<dyn Model> {
    let (q, z, trials) = (q.to_string(), z.to_string(), trials.to_string());
    let mut model = build("double-spend", &[("q", &q), ("z", &z), ("trials", &trials)], seed);
    finish(&mut *model);
    model
}

fn deed(key: &'static str, value: Value) -> Deed {
    Deed { key, target: Target::None, value: Some(value) }
}

/// 1 - Σ C(k+z-1, k) (p^z q^k - q^z p^k) over k < z, term by term as it is printed.
fn as_printed(q: f64, z: u32) -> f64 {
    let p = 1.0 - q;
    let (mut choose, mut sum) = (1.0, 0.0);
    for k in 0..z {
        sum += choose * (p.powi(z as i32) * q.powi(k as i32) - q.powi(z as i32) * p.powi(k as i32));
        choose *= f64::from(k + z) / f64::from(k + 1);
    }
    1.0 - sum
}

/// Exact chances worked out by hand, and 200,000 races that give the formula's within 3σ.
#[test]
fn races_succeed_as_often_as_the_exact_formula_says() {
    for (q, z, published) in
        [(0.1, 1, 0.2000), (0.1, 2, 0.0560), (0.1, 6, 0.000_591), (0.3, 5, 0.19762), (0.02, 1, 0.04), (0.2, 3, 0.11584)]
    {
        assert!(
            (exact(q, z) - published).abs() <= published * 1e-3,
            "q={q}, z={z}: {} printed {published}",
            exact(q, z)
        );
    }
    for (q, z) in [
        (0.1, 0),
        (0.1, 1),
        (0.1, 2),
        (0.1, 6),
        (0.3, 1),
        (0.3, 5),
        (0.3, 20),
        (0.45, 6),
        (0.45, 100),
        (0.49, 3),
        (0.017, 1),
        (0.25, 12),
        (0.0, 4),
    ] {
        let model = run(q, z, 200_000, 7);
        let (got, chance) = (figure(&*model, "success").unwrap(), exact(q, z));
        let slack = 3.0 * (chance * (1.0 - chance) / 200_000.0).sqrt();
        assert!((got - chance).abs() <= slack, "q={q}, z={z}: {got}, exact {chance} ± {slack}");
        assert_eq!(figure(&*model, "success_exact"), Some(chance));
        assert_eq!(figure(&*model, "open"), Some(0.0), "q={q}, z={z}");
    }
}

/// All seeds together are no luckier than one: 40 × 50,000 races.
#[test]
fn seeds_together_keep_to_the_formula_as_well() {
    for (q, z) in [(0.2, 4), (0.35, 2), (0.4, 30)] {
        let mean = (1..=40).map(|seed| figure(&*run(q, z, 50_000, seed), "success").unwrap()).sum::<f64>() / 40.0;
        let chance = exact(q, z);
        let slack = 3.0 * (chance * (1.0 - chance) / 2e6).sqrt();
        assert!((mean - chance).abs() <= slack, "q={q}, z={z}: {mean}, exact {chance} ± {slack}");
    }
}

/// From one half on the attack always succeeds in the end. Above it, a million blocks are as good as all of them; at one
/// half itself, a walk from d behind is still out after n blocks with chance d √(2/πn), which is what stays open.
#[test]
fn a_majority_always_succeeds() {
    for (q, z) in [(0.51, 6), (0.6, 1), (0.6, 100), (0.9, 6), (1.0, 6), (1.0, 1000), (0.5, 0)] {
        let model = run(q, z, 5_000, 3);
        assert_eq!(figure(&*model, "success"), Some(1.0), "q={q}, z={z}");
        assert_eq!(figure(&*model, "success_exact"), Some(1.0));
        assert_eq!(model.states(), ["majority", "raced"]);
    }
    let even = run(0.5, 6, 100_000, 4);
    let (success, open) = (figure(&*even, "success").unwrap(), figure(&*even, "open").unwrap());
    // 6 C(12, 6) / 2^12 behind on average once six confirm.
    let expected = 6.0 * 924.0 / 4096.0 * (2.0 / std::f64::consts::PI / 1e6).sqrt();
    assert!((open - expected).abs() < 3.0 * (expected / 100_000.0).sqrt(), "{open} open, {expected} expected");
    assert!((success + open - 1.0).abs() < 1e-12);
}

/// What is computed without a difference is what is printed with one, wherever the printed form keeps its digits.
#[test]
fn the_exact_formula_is_the_printed_one() {
    for z in 1..=60 {
        for i in 1..50 {
            let q = f64::from(i) / 100.0;
            assert!(
                (exact(q, z) - as_printed(q, z)).abs() < 1e-12,
                "q={q}, z={z}: {} {}",
                exact(q, z),
                as_printed(q, z)
            );
        }
    }
    // One confirmation: twice the share.
    for q in [1e-9, 0.01, 0.123, 0.4999] {
        assert!((exact(q, 1) / (2.0 * q) - 1.0).abs() < 1e-14);
    }
}

/// It holds its digits up to a thousand confirmations: ln P falls by nearly ln(4pq) a confirmation (Grunspan and
/// Pérez-Marco: P ~ s^z/√(π(1-s)z), s = 4pq).
#[test]
fn the_exact_formula_keeps_its_digits_at_a_thousand_confirmations() {
    for q in [0.3, 0.4, 0.45, 0.49] {
        let (s, z) = (4.0 * q * (1.0 - q), 1000.0);
        let asymptote = z * f64::ln(s) - 0.5 * f64::ln(std::f64::consts::PI * (1.0 - s) * z);
        let got = exact(q, 1000).ln();
        let slack = 0.7 / ((1.0 - s) * z);
        assert!((got - asymptote).abs() <= slack, "q={q}: ln P {got}, asymptote {asymptote} ± {slack}");
    }
    assert!((0.0..1e-300).contains(&exact(0.1, 1000)));
    for (q, z) in [(0.0, 1), (0.0, 1000), (f64::MIN_POSITIVE, 1000), (0.5 - 1e-16, 1000), (0.5, 1000), (1.0, 1000)] {
        for chance in [exact(q, z), nakamoto(q, z)] {
            assert!((0.0..=1.0).contains(&chance), "q={q}, z={z}: {chance}");
        }
    }
}

/// Nakamoto's tables, all rows, to the digits printed.
#[test]
fn nakamotos_formula_gives_his_own_tables() {
    let tenth = [
        1.0,
        0.204_587_3,
        0.050_977_9,
        0.013_172_2,
        0.003_455_2,
        0.000_913_7,
        0.000_242_8,
        0.000_064_7,
        0.000_017_3,
        0.000_004_6,
        0.000_001_2,
    ];
    for (z, published) in tenth.into_iter().enumerate() {
        assert!((nakamoto(0.1, z as u32) - published).abs() < 1e-7, "q=.1, z={z}: {}", nakamoto(0.1, z as u32));
    }
    let third = [
        1.0,
        0.177_352_3,
        0.041_660_5,
        0.010_100_8,
        0.002_480_4,
        0.000_613_2,
        0.000_152_2,
        0.000_037_9,
        0.000_009_5,
        0.000_002_4,
        0.000_000_6,
    ];
    for (i, published) in third.into_iter().enumerate() {
        let z = 5 * i as u32;
        assert!((nakamoto(0.3, z) - published).abs() < 1e-7, "q=.3, z={z}: {}", nakamoto(0.3, z));
    }
    for (q, published) in
        [(0.10, 5), (0.15, 8), (0.20, 11), (0.25, 15), (0.30, 24), (0.35, 41), (0.40, 89), (0.45, 340)]
    {
        let z = (0..).find(|z| nakamoto(q, *z) < 0.001).unwrap();
        assert_eq!(z, published, "q={q}");
    }
    // His estimate is 2.4 times too small where he prints it: q=.1, six confirmations.
    let ratio = exact(0.1, 6) / nakamoto(0.1, 6);
    assert!((2.4..2.45).contains(&ratio), "{ratio}");
}

/// Giving up costs less than it may: at its deficit there is less than one chance in 10⁹, one block nearer there is not.
#[test]
fn races_are_given_up_where_they_are_hopeless() {
    for i in 1..500 {
        let q = f64::from(i) / 1000.0;
        let (odds, deficit) = (q / (1.0 - q), hopeless(q, 1e-9).unwrap() as f64);
        assert!(odds.powf(deficit) < 1e-9 && odds.powf(deficit - 1.0) >= 0.999_999e-9, "q={q}: {deficit}");
    }
    assert_eq!((hopeless(0.0, 1e-9), hopeless(0.1, 1e-9), hopeless(0.5, 1e-9)), (Some(1), Some(10), None));
}

/// Wilson's interval, recomputed: 0 of 10 and 5 of 10 (.2366 to .7634), none of none.
#[test]
fn the_interval_is_wilsons() {
    assert_eq!(wilson(0, 0), None);
    let close = |got: Option<(f64, f64)>, low: f64, high: f64| {
        let (l, h) = got.unwrap();
        assert!((l - low).abs() < 5e-5 && (h - high).abs() < 5e-5, "{l} to {h}");
    };
    close(wilson(5, 10), 0.2366, 0.7634);
    close(wilson(0, 10), 0.0, 0.2775);
    close(wilson(10, 10), 0.7225, 1.0);
    // The exact chance lies in it about 19 times in 20.
    let inside = (1..=200).filter(|seed| {
        let model = run(0.3, 3, 1_000, *seed);
        let at = |key| figure(&*model, key).unwrap();
        (at("success_low")..=at("success_high")).contains(&at("success_exact"))
    });
    let inside = inside.count();
    assert!((181..=199).contains(&inside), "{inside} of 200");
}

/// A race that is shown is the one that would be run: block by block, each on its own chain's tip, until one side has it.
#[test]
fn a_shown_race_is_told_block_by_block() {
    let mut outcomes = BTreeMap::new();
    let mut model = build("double-spend", &[("q", "0.35"), ("z", "2"), ("trials", "0")], 5);
    assert!(model.finished() && model.states().is_empty() && figure(&*model, "success").is_none());
    model.watch();
    let mut seen: BTreeMap<BlockId, u32> = BTreeMap::new();
    for race in 1..=200_u32 {
        model.act(&deed("race", Value::Whole(1))).unwrap();
        assert_eq!(model.act(&deed("race", Value::Whole(1))).unwrap_err().0, "racing");
        finish(&mut *model);
        let mut told = Vec::new();
        model.take_happenings(&mut told);
        let (mut public, mut secret) = (0_u32, 0_u32);
        for what in told {
            let Happening::Block(block) = what else { continue };
            let below = block.before.map_or(0, |id| seen[&id] + 1);
            assert_eq!(block.height, below, "{block:?}");
            assert!(seen.insert(block.id, block.height).is_none(), "{block:?} again");
            match block.camp {
                Camp::A => public += 1,
                _ => secret += 1,
            }
        }
        let state = model.states()[0];
        assert_eq!(state == "overtaken", secret >= public.max(2), "{public} public, {secret} secret: {state}");
        *outcomes.entry(state).or_insert(0_u32) += 1;
        assert_eq!(figure(&*model, "races"), Some(f64::from(race)));
    }
    let (won, chance) = (f64::from(outcomes["overtaken"]) / 200.0, exact(0.35, 2));
    assert!((won - chance).abs() < 3.0 * (chance * (1.0 - chance) / 200.0).sqrt(), "{outcomes:?}, exact {chance}");
}

/// A new share or number of confirmations starts anew, with luck of its own; a bet stands until then.
#[test]
fn a_new_stake_starts_anew() {
    let mut model = build("double-spend", &[("trials", "0")], 5);
    model.act(&deed("bet", Value::Real(0.25))).unwrap();
    assert_eq!(model.states(), ["bet"]);
    model.act(&deed("race", Value::Whole(10_000))).unwrap();
    // Half of the time that all of them take.
    model.advance(model.now() + 2_000_000);
    assert_eq!(figure(&*model, "races"), Some(5_000.0));
    model.act(&deed("share", Value::Real(0.6))).unwrap();
    assert_eq!((figure(&*model, "races"), model.states()), (Some(0.0), vec!["majority"]));
    model.act(&deed("confirmations", Value::Whole(3))).unwrap();
    model.act(&deed("race", Value::Whole(100))).unwrap();
    finish(&mut *model);
    assert_eq!((figure(&*model, "races"), figure(&*model, "success")), (Some(100.0), Some(1.0)));
    for wrong in [
        deed("share", Value::Real(1.1)),
        deed("share", Value::Real(f64::NAN)),
        deed("bet", Value::Whole(1)),
        deed("race", Value::Whole(0)),
        deed("confirmations", Value::Whole(1_001)),
    ] {
        assert_eq!(model.act(&wrong).unwrap_err().0, "no_value", "{wrong:?}");
    }
    assert_eq!(model.act(&crate::on("race", 0)).unwrap_err().0, "not_here");
}

#[test]
fn nonsense_is_refused() {
    let specs = (registry::find("double-spend").unwrap().settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in
        [("q", "NaN"), ("q", "inf"), ("q", "-0.1"), ("q", "1.0001"), ("z", "1001"), ("z", "-1"), ("trials", "1e12")]
    {
        assert!(settings.set(&specs, key, value).is_err(), "{key}={value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_copy_runs_on_alike_and_neither_watcher_nor_steps_change_anything(
        q in 0.0..=1.0_f64, z in 0_u32..20, trials in 0_u64..50, seed: u64, at in 0_u64..10_000_000,
    ) {
        let (q, z, trials) = (q.to_string(), z.to_string(), trials.to_string());
        let mut plain = build("double-spend", &[("q", &q), ("z", &z), ("trials", &trials)], seed);
        plain.advance(at);
        let (mut copy, mut watched) = (plain.copy(), plain.copy());
        watched.watch();
        for model in [&mut plain, &mut copy, &mut watched] {
            finish(&mut **model);
            model.act(&deed("share", Value::Real(0.3))).unwrap();
            model.act(&deed("race", Value::Whole(1))).unwrap();
            finish(&mut **model);
        }
        for other in [&copy, &watched] {
            prop_assert_eq!(plain.figures(), other.figures());
            prop_assert_eq!(plain.events(), other.events());
            prop_assert_eq!(plain.states(), other.states());
        }
    }

    #[test]
    fn more_confirmations_and_a_smaller_share_never_help_an_attacker(q in 0.001..0.499_f64, z in 1_u32..300) {
        for chance in [exact, nakamoto] {
            prop_assert!(chance(q, z + 1) <= chance(q, z) && chance(q * 0.99, z) <= chance(q, z));
        }
        prop_assert!(exact(q, z) <= 1.0);
    }
}
