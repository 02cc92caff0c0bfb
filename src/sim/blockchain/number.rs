//! Whole numbers of 256 bits: targets and work.

use std::{
    cmp::Ordering,
    ops::{Shl, Shr},
};

/// A whole number below 2^256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Number {
    /// 64 bits a limb, the least first.
    limbs: [u64; 4],
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self { limbs: [0; 4] };
    /// The greatest: 2^256 - 1.
    pub const MAX: Self = Self { limbs: [u64::MAX; 4] };

    /// A small number.
    #[must_use]
    pub const fn small(n: u64) -> Self {
        Self { limbs: [n, 0, 0, 0] }
    }

    /// From 32 bytes, the least first, as a hash is read that is held against a target.
    #[must_use]
    pub fn from_le_bytes(bytes: &[u8; 32]) -> Self {
        let mut limbs = [0; 4];
        for (limb, eight) in limbs.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *limb = u64::from_le_bytes(*eight);
        }
        Self { limbs }
    }

    /// To 32 bytes, the greatest first, as numbers are printed.
    #[must_use]
    pub fn to_be_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (eight, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.limbs.iter().rev()) {
            *eight = limb.to_be_bytes();
        }
        bytes
    }

    /// The lowest 64 bits.
    #[must_use]
    pub fn low(self) -> u64 {
        self.limbs[0]
    }

    /// How many bits it takes; none for zero.
    #[must_use]
    pub fn bits(self) -> u32 {
        let top = self.limbs.iter().rposition(|limb| *limb != 0);
        top.map_or(0, |i| 64 * (i as u32 + 1) - self.limbs[i].leading_zeros())
    }

    /// As a number with a fraction; 53 bits of it hold.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.limbs.iter().rev().fold(0.0, |sum, limb| sum * 18_446_744_073_709_551_616.0 + *limb as f64)
    }

    /// The sum; the greatest number if it would be greater.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let mut limbs = [0; 4];
        let mut carry = 0;
        for (i, limb) in limbs.iter_mut().enumerate() {
            let sum = u128::from(self.limbs[i]) + u128::from(other.limbs[i]) + carry;
            *limb = sum as u64;
            carry = sum >> 64;
        }
        if carry > 0 { Self::MAX } else { Self { limbs } }
    }

    /// The difference, modulo 2^256.
    #[must_use]
    fn minus(self, other: Self) -> Self {
        let mut limbs = [0; 4];
        let mut borrow = false;
        for (i, limb) in limbs.iter_mut().enumerate() {
            let (first, under) = self.limbs[i].overflowing_sub(other.limbs[i]);
            let (second, under_again) = first.overflowing_sub(u64::from(borrow));
            *limb = second;
            borrow = under || under_again;
        }
        Self { limbs }
    }

    /// Times one number, through another one, rounded down; the greatest number if it would be greater or `by` is zero.
    #[must_use]
    pub fn times_over(self, times: u64, by: u64) -> Self {
        if by == 0 {
            return Self::MAX;
        }
        // The product has 320 bits.
        let mut product = [0; 5];
        let mut carry = 0;
        for (limb, wide) in self.limbs.iter().zip(&mut product) {
            let sum = u128::from(*limb) * u128::from(times) + carry;
            *wide = sum as u64;
            carry = sum >> 64;
        }
        product[4] = carry as u64;
        let mut rest = 0;
        for limb in product.iter_mut().rev() {
            let wide = rest << 64 | u128::from(*limb);
            *limb = (wide / u128::from(by)) as u64;
            rest = wide % u128::from(by);
        }
        if product[4] > 0 { Self::MAX } else { Self { limbs: [product[0], product[1], product[2], product[3]] } }
    }

    /// How often another number fits into it; the greatest number if the other is zero.
    #[must_use]
    pub fn over(self, by: Self) -> Self {
        if by == Self::ZERO {
            return Self::MAX;
        }
        if by > self {
            return Self::ZERO;
        }
        // Bit by bit, as on paper.
        let (mut rest, mut times) = (self, Self::ZERO);
        for shift in (0..=self.bits() - by.bits()).rev() {
            let part = by << shift;
            if part <= rest {
                rest = rest.minus(part);
                times.limbs[shift as usize / 64] |= 1 << (shift % 64);
            }
        }
        times
    }

    /// All bits turned round: 2^256 - 1 less it.
    #[must_use]
    pub fn complement(self) -> Self {
        Self { limbs: self.limbs.map(|limb| !limb) }
    }
}

/// What goes beyond 256 bits is lost.
impl Shl<u32> for Number {
    type Output = Self;

    fn shl(self, by: u32) -> Self {
        let (whole, part) = ((by / 64) as usize, by % 64);
        let limb = |i: usize| i.checked_sub(whole).and_then(|i| self.limbs.get(i)).copied().unwrap_or(0);
        let below = |i: usize| if part > 0 && i > 0 { limb(i - 1) >> (64 - part) } else { 0 };
        Self { limbs: std::array::from_fn(|i| limb(i) << part | below(i)) }
    }
}

impl Shr<u32> for Number {
    type Output = Self;

    fn shr(self, by: u32) -> Self {
        let (whole, part) = ((by / 64) as usize, by % 64);
        let limb = |i: usize| self.limbs.get(i + whole).copied().unwrap_or(0);
        let above = |i: usize| if part > 0 { limb(i + 1) << (64 - part) } else { 0 };
        Self { limbs: std::array::from_fn(|i| limb(i) >> part | above(i)) }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.limbs.iter().rev().cmp(other.limbs.iter().rev())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(high: u128, low: u128) -> Number {
        Number { limbs: [low as u64, (low >> 64) as u64, high as u64, (high >> 64) as u64] }
    }

    proptest! {
        #[test]
        fn small_ones_agree_with_the_processor(a: u128, b: u128, n: u64, m in 1_u64.., by in 0_u32..256) {
            let (x, y) = (number(0, a), number(0, b));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            if let Some(sum) = a.checked_add(b) {
                prop_assert_eq!(x.plus(y), number(0, sum));
            }
            if let Some(quotient) = a.checked_div(b) {
                prop_assert_eq!(x.over(y), number(0, quotient));
            }
            if let Some(product) = a.checked_mul(u128::from(n)) {
                prop_assert_eq!(x.times_over(n, m), number(0, product / u128::from(m)));
            }
            if by < 128 {
                prop_assert_eq!(x >> by, number(0, a >> by));
                prop_assert_eq!(number(a, 0) << by, number(a << by, 0));
            }
            prop_assert_eq!(x.bits(), 128 - a.leading_zeros());
        }

        #[test]
        fn what_goes_left_comes_back(high: u128, low: u128, by in 0_u32..257) {
            let x = number(high, low);
            let bits = x.bits();
            let back = x << by >> by;
            if bits + by <= 256 {
                prop_assert_eq!(back, x);
            }
            prop_assert!(back <= x);
        }

        #[test]
        fn a_quotient_times_its_divisor_leaves_less_than_the_divisor(high: u128, low: u128, by in 1_u64..) {
            let x = number(high, low);
            let quotient = x.over(Number::small(by));
            prop_assert_eq!(quotient, x.times_over(1, by));
            let rest = x.minus(quotient.times_over(by, 1));
            prop_assert!(rest < Number::small(by));
        }
    }

    #[test]
    fn the_ends_are_safe() {
        assert_eq!(Number::MAX.plus(Number::small(1)), Number::MAX);
        assert_eq!(Number::MAX.over(Number::ZERO), Number::MAX);
        assert_eq!(Number::MAX.times_over(2, 1), Number::MAX);
        assert_eq!(Number::MAX.times_over(1, 0), Number::MAX);
        assert_eq!(Number::ZERO.over(Number::MAX), Number::ZERO);
        assert_eq!(Number::MAX.complement(), Number::ZERO);
        assert!((Number::MAX.to_f64() / 2.0_f64.powi(256) - 1.0).abs() < 1e-15);
    }
}
