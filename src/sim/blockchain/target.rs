//! Targets: what a block's hash must not exceed, how it is written in four bytes, and when it changes. The rules are those
//! of Bitcoin's `pow.cpp` and `arith_uint256.cpp`.

use super::number::Number;

/// The easiest target that Bitcoin allows, as its four bytes: difficulty 1.
pub const EASIEST: u32 = 0x1d00_ffff;
/// Blocks from one change of the target to the next.
pub const WINDOW: u64 = 2016;
/// How long that many blocks should take, in seconds: two weeks.
pub const WINDOW_SECONDS: u64 = 1_209_600;
/// By how much a target may change at once, up or down.
pub const STEP: u64 = 4;

/// The number that may not be passed even by the easiest target: 2^224 - 1.
#[must_use]
pub fn limit() -> Number {
    Number::MAX >> 32
}

/// The target that four bytes stand for: an exponent in bytes and a mantissa of 23 bits. Nothing where the sign is set, or
/// where it stands for zero or more than 256 bits, which no block may claim.
#[must_use]
pub fn expand(bits: u32) -> Option<Number> {
    let (size, mantissa) = (bits >> 24, bits & 0x007f_ffff);
    let target = if size <= 3 {
        Number::small(u64::from(mantissa >> (8 * (3 - size))))
    } else {
        let whole = Number::small(u64::from(mantissa));
        let shift = 8 * (size - 3);
        if whole.bits() + shift > 256 {
            return None;
        }
        whole << shift
    };
    (bits & 0x0080_0000 == 0 && target != Number::ZERO).then_some(target)
}

/// The four bytes that stand for a target: what doesn't fit into the mantissa is cut off.
#[must_use]
pub fn compact(target: Number) -> u32 {
    let mut size = target.bits().div_ceil(8);
    let mut mantissa =
        if size <= 3 { (target.low() as u32) << (8 * (3 - size)) } else { (target >> (8 * (size - 3))).low() as u32 };
    // The mantissa's highest bit is its sign.
    if mantissa & 0x0080_0000 != 0 {
        mantissa >>= 8;
        size += 1;
    }
    mantissa | size << 24
}

/// How many hashes a target takes on average, 2^256 / (target + 1): what a block adds to the work of its chain.
#[must_use]
pub fn work(target: Number) -> Number {
    // 2^256 itself has 257 bits: (2^256 - target - 1) / (target + 1) + 1 is the same.
    target.complement().over(target.plus(Number::small(1))).plus(Number::small(1))
}

/// The target after a window that should have taken `wanted` and took `actual`, both in the same unit: as many times easier
/// as it took longer, [`STEP`] times at most, and never easier than [`limit`].
///
/// `actual` is counted from the window's first block to its last, so that Bitcoin holds 2015 intervals against 2016 times
/// ten minutes.
#[must_use]
pub fn retarget(bits: u32, actual: u64, wanted: u64) -> u32 {
    let old = expand(bits).unwrap_or(Number::ZERO);
    let actual = actual.clamp(wanted / STEP, wanted.saturating_mul(STEP));
    let new = old.times_over(actual, wanted).clamp(Number::small(1), limit());
    compact(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn four_bytes_lose_less_than_a_part_in_two_to_the_fifteenth(a: u64, b: u64, shift in 0_u32..192) {
            let target = ((Number::small(a) << 64).plus(Number::small(b)) << shift).plus(Number::small(1));
            let back = expand(compact(target)).unwrap();
            prop_assert!(back <= target);
            prop_assert!(target.to_f64() - back.to_f64() <= target.to_f64() / 32_768.0);
            prop_assert_eq!(compact(back), compact(target));
        }
    }

    #[test]
    fn nonsense_stands_for_nothing() {
        for bits in [0, 0x0100_0000, 0x0100_3456, 0x0192_3456, 0x0480_0001, 0xff12_3456, 0x2200_ffff + (1 << 24)] {
            assert_eq!(expand(bits), None, "{bits:08x}");
        }
        assert_eq!(expand(0x0112_3456), Some(Number::small(0x12)));
        assert_eq!(compact(Number::small(0x80)), 0x0200_8000);
        assert_eq!(retarget(0, 10, 10), compact(Number::small(1)), "the hardest target is 1");
        assert_eq!(retarget(EASIEST, 0, 0), compact(limit()), "a window of no time at all is no reason to stop");
    }
}
