//! Headers, roots, proofs and targets against Bitcoin's own blocks and tests (`chainparams.cpp`, `pow_tests.cpp`).

use peerscape::sim::blockchain::{
    header::{Hash, Header, Miner, double_sha256, fits, printed},
    merkle,
    number::Number,
    target,
};

/// A hash as it is printed, turned round.
fn hash(text: &str) -> Hash {
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().rev().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("it is hexadecimal");
    }
    bytes
}

fn text(hash: &Hash) -> String {
    printed(hash).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn genesis() -> Header {
    Header {
        version: 1,
        before: [0; 32],
        merkle_root: hash("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"),
        time: 1_231_006_505,
        bits: 0x1d00_ffff,
        nonce: 2_083_236_893,
    }
}

/// Bitcoin's first block, of 3 January 2009: its bytes, its hash, and that the hash fits the target (`chainparams.cpp`).
#[test]
fn the_first_block_has_its_bytes_and_its_hash() {
    let bytes: String = genesis().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = format!(
        "01000000{}3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c",
        "00".repeat(32),
    );
    assert_eq!(bytes, expected);
    let expected = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
    assert_eq!(text(&genesis().hash()), expected);
    assert_eq!(text(&Miner::new(&genesis()).hashes(2_083_236_890)[3]), expected);
    assert!(genesis().is_sealed());
    // Any other nonce nearby breaks the seal.
    for off in 1..1_000 {
        assert!(!Header { nonce: genesis().nonce + off, ..genesis() }.is_sealed());
    }
    assert!(!fits(&[0xff; 32], 0x1d00_ffff) && fits(&[0; 32], 0x1d00_ffff) && !fits(&[0; 32], 0));
}

/// Bitcoin's block 100,000: the root over its four transactions, and its hash over that root.
#[test]
fn block_100_000_has_its_root_and_its_hash() {
    let records = [
        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
    ]
    .map(hash);
    let root = merkle::root(&records);
    assert_eq!(text(&root), "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766");
    for (i, record) in (0..).zip(&records) {
        assert!(merkle::prove(&records, i).unwrap().holds(record, &root));
    }
    let header = Header {
        version: 1,
        before: hash("000000000002d01c1fccc21636b607dfd930d31d01c3a62104612a1719011250"),
        merkle_root: root,
        time: 1_293_623_863,
        bits: 0x1b04_864c,
        nonce: 274_148_111,
    };
    assert_eq!(text(&header.hash()), "000000000003ba27aa200b1cecaad478d2b00432346c3f1f3986da1afd33e506");
    assert!(header.is_sealed());
}

/// Where a level is odd, its last hash is paired with itself: three records, each the double hash of one byte.
#[test]
fn three_records_have_the_root_of_four_with_the_last_one_twice() {
    let leaves = [0_u8, 1, 2].map(|byte| double_sha256(&[byte]));
    let root = merkle::root(&leaves);
    let hex: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(hex.starts_with("e129dfe0") && hex.ends_with("c1d0"), "{hex}");
    assert_eq!(merkle::root(&[leaves[0], leaves[1], leaves[2], leaves[2]]), root);
}

/// Nakamoto §8: a proof of one record grows with the logarithm of their number; eleven hashes for two thousand.
#[test]
fn proofs_have_the_size_that_the_logarithm_says() {
    for (records, bytes) in [(1_u32, 0), (2, 32), (3, 64), (16, 128), (512, 288), (2_000, 352), (4_000, 384)] {
        let leaves: Vec<Hash> = (0..records).map(|i| double_sha256(&i.to_le_bytes())).collect();
        let root = merkle::root(&leaves);
        for index in [0, records / 2, records - 1] {
            let proof = merkle::prove(&leaves, index).unwrap();
            assert_eq!(proof.bytes(), bytes, "{records} records");
            assert!(proof.holds(&leaves[index as usize], &root));
        }
    }
}

/// The changes of target that Bitcoin's `pow_tests.cpp` prints, and the work of a block of difficulty 1 (`pow.cpp`).
#[test]
fn targets_change_as_bitcoin_prints_it() {
    for (bits, first, last, new) in [
        (0x1d00_ffff, 1_261_130_161, 1_262_152_739, 0x1d00_d86a),
        (0x1d00_ffff, 1_231_006_505, 1_233_061_996, 0x1d00_ffff),
        (0x1c05_a3f4, 1_279_008_237, 1_279_297_671, 0x1c01_68fd),
    ] {
        assert_eq!(target::retarget(bits, last - first, target::WINDOW_SECONDS), new, "{bits:08x}");
    }
    let easiest = target::expand(target::EASIEST).unwrap();
    assert_eq!(target::work(easiest).low(), 4_295_032_833);
    assert_eq!(target::compact(easiest), target::EASIEST);
    assert_eq!(target::retarget(0x1c05_a3f4, u64::MAX, target::WINDOW_SECONDS), target::compact(easiest_times_four()));
}

/// `1c05a3f4` made four times easier, by hand.
fn easiest_times_four() -> Number {
    target::expand(0x1c05_a3f4).expect("it is a target") << 2
}
