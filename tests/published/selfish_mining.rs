//! `selfish-mining` against Eyal and Sirer, *Majority is not enough: Bitcoin mining is vulnerable* (2013).

use crate::{build, figure, finish};
use peerscape::sim::{
    kernel::measure::Measure,
    model::{Deed, Model, Settings, Target, Value},
    registry,
    selfish_mining::{lost, revenue, threshold},
    vocabulary::{BlockId, Happening},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn run(alpha: f64, gamma: f64, blocks: u64, seed: u64) -> Box<dyn Model> {
    let (alpha, gamma, blocks) = (alpha.to_string(), gamma.to_string(), blocks.to_string());
    let mut model = build("selfish-mining", &[("alpha", &alpha), ("gamma", &gamma), ("blocks", &blocks)], seed);
    finish(&mut *model);
    model
}

fn over_seeds(alpha: f64, gamma: f64, blocks: u64, key: &str) -> (f64, f64) {
    let row: Measure = (101..=140).filter_map(|seed| figure(&*run(alpha, gamma, blocks, seed), key)).collect();
    assert_eq!(row.count(), 40);
    let (mean, sd) = row.mean().zip(row.sd()).expect("there are runs");
    (mean, 3.0 * sd / 40.0_f64.sqrt())
}

/// Equation 8, at 40 × 300,000 blocks and 3σ; at γ = 0 it is .2731 for α = .3, and one third for one third.
#[test]
fn the_pool_earns_what_the_closed_form_says() {
    assert!((revenue(0.3, 0.0) - 0.2731).abs() < 5e-5 && (revenue(1.0 / 3.0, 0.0) - 1.0 / 3.0).abs() < 1e-12);
    for alpha in [0.0, 0.05, 0.1, 0.2, 0.25, 0.3, 1.0 / 3.0, 0.4, 0.45] {
        for gamma in [0.0, 0.3, 0.5, 1.0] {
            let ((got, slack), law) = (over_seeds(alpha, gamma, 300_000, "revenue_share"), revenue(alpha, gamma));
            // What is hidden at the end is counted at once: about one block.
            assert!((got - law).abs() <= slack + 2e-5, "α={alpha}, γ={gamma}: {got} ± {slack}, closed form {law}");
            let ((got, slack), law) = (over_seeds(alpha, gamma, 300_000, "stale_share"), lost(alpha));
            assert!((got - law).abs() <= slack + 2e-5, "α={alpha}, γ={gamma}: lost {got} ± {slack}, closed form {law}");
        }
    }
}

/// Hiding pays exactly from (1-γ)/(3-2γ) on: one third, one quarter, nothing at all.
#[test]
fn hiding_pays_from_the_threshold_on() {
    assert!((threshold(0.0) - 1.0 / 3.0).abs() < 1e-15 && threshold(0.5) == 0.25 && threshold(1.0) == 0.0);
    for i in 0..=20 {
        let gamma = f64::from(i) / 20.0;
        let at = threshold(gamma);
        assert!((revenue(at, gamma) - at).abs() < 1e-12, "γ={gamma}");
        assert!(revenue(at + 0.01, gamma) > at + 0.01, "γ={gamma}");
        assert!(at < 0.01 || revenue(at - 0.01, gamma) < at - 0.01, "γ={gamma}");
        assert_eq!(figure(&*run(0.3, gamma, 1, 1), "threshold"), Some(at));
    }
    assert_eq!(run(0.4, 0.0, 200_000, 1).states(), ["selfish"]);
    assert!(run(0.25, 0.0, 200_000, 1).states().is_empty());
    assert_eq!(run(0.28, 0.5, 200_000, 1).states(), ["selfish"]);
}

/// A pool of more than half gets everything: nothing that the others find counts once it is ahead for good.
#[test]
fn a_majority_takes_all() {
    for alpha in [0.55, 0.7, 0.99, 1.0] {
        let model = run(alpha, 0.0, 200_000, 2);
        assert!(figure(&*model, "revenue_share").unwrap() > 0.999, "α={alpha}");
        let lost = figure(&*model, "stale_share").unwrap();
        assert!((lost - (1.0 - alpha)).abs() < 0.005, "α={alpha}: {lost}");
    }
}

/// What a single run says it should give is what it gives, at many settings.
#[test]
fn runs_keep_to_what_they_expect() {
    for alpha in [0.01, 0.15, 0.33, 0.42, 0.48, 0.5, 0.6] {
        for gamma in [0.0, 0.5, 1.0] {
            for blocks in [100, 3_000, 100_000] {
                for seed in 1..=20 {
                    for figure in run(alpha, gamma, blocks, seed).figures() {
                        let (Some(expected), Some(value)) = (figure.expected, figure.value) else { continue };
                        let limit = expected.value * expected.tolerance;
                        let what = format!("α={alpha}, γ={gamma}, {blocks} blocks, seed {seed}: {figure:?}");
                        assert!((value - expected.value).abs() <= limit, "{what}");
                    }
                }
            }
        }
    }
}

/// A pool that shows every block earns its share, and nothing is lost.
#[test]
fn a_pool_that_hides_nothing_earns_its_share() {
    let mut model = build("selfish-mining", &[("alpha", "0.4"), ("blocks", "300000")], 3);
    let plain = |key| Deed { key, target: Target::None, value: None };
    assert_eq!(model.act(&plain("hide")).unwrap_err().0, "hides_already");
    model.act(&plain("show")).unwrap();
    finish(&mut *model);
    let share = figure(&*model, "revenue_share").unwrap();
    assert!((share - 0.4).abs() < 3.0 * (0.24 / 3e5_f64).sqrt(), "{share}");
    assert_eq!(figure(&*model, "stale_share"), Some(0.0));
    // And again, hidden, with half the power.
    model.act(&plain("hide")).unwrap();
    model.act(&Deed { key: "share", target: Target::None, value: Some(Value::Real(0.2)) }).unwrap();
    finish(&mut *model);
    let (share, law) = (figure(&*model, "revenue_share").unwrap(), revenue(0.2, 0.0));
    assert!((share - law).abs() < 0.004, "{share}, closed form {law}");
    let wrong = Deed { key: "share", target: Target::None, value: Some(Value::Real(-1.0)) };
    assert_eq!(model.act(&wrong).unwrap_err().0, "no_value");
}

#[test]
fn nonsense_is_refused() {
    let specs = (registry::find("selfish-mining").unwrap().settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in
        [("alpha", "NaN"), ("alpha", "1.1"), ("gamma", "-1"), ("gamma", "inf"), ("blocks", "0"), ("blocks", "1e9")]
    {
        assert!(settings.set(&specs, key, value).is_err(), "{key}={value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Every block counts, is lost, or races when the run ends; and what is told is two chains that grow from their tips,
    /// with as many blocks on the longest as count.
    #[test]
    fn every_block_is_accounted_for(alpha in 0.0..=1.0_f64, gamma in 0.0..=1.0_f64, blocks in 1_u64..400, seed: u64) {
        let (a, g, n) = (alpha.to_string(), gamma.to_string(), blocks.to_string());
        let mut model = build("selfish-mining", &[("alpha", &a), ("gamma", &g), ("blocks", &n)], seed);
        let mut plain = model.copy();
        model.watch();
        finish(&mut *model);
        finish(&mut *plain);
        prop_assert_eq!(model.figures(), plain.figures());
        let mut told = Vec::new();
        model.take_happenings(&mut told);
        let mut seen: BTreeMap<BlockId, u32> = BTreeMap::new();
        let mut counted = 0;
        for what in told {
            match what {
                Happening::Block(block) => {
                    prop_assert_eq!(block.height, block.before.map_or(0, |id| seen[&id] + 1));
                    prop_assert!(seen.insert(block.id, block.height).is_none());
                }
                Happening::Units(units) if units.tint == peerscape::sim::vocabulary::Tint::Sky => counted = units.count,
                Happening::Units(units) => counted += units.count,
                _ => {}
            }
        }
        prop_assert_eq!(seen.len() as u64, blocks);
        let tallest = u64::from(*seen.values().max().unwrap()) + 1;
        prop_assert!(tallest == counted || tallest == counted + 1, "{tallest} high, {counted} count");
        let lost = figure(&*model, "stale_share").unwrap_or(0.0);
        let settled = (counted as f64 / (1.0 - lost)).round() as u64;
        prop_assert!(settled == blocks || settled + 2 == blocks, "{settled} of {blocks} are decided");
    }
}
