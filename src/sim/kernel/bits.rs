//! Sets of small numbers as rows of 64-bit words, the least significant bit first.

/// Whether a number is in a set.
#[must_use]
pub fn has(row: &[u64], at: u32) -> bool {
    row[at as usize / 64] >> (at % 64) & 1 == 1
}

/// Puts a number into a set, or takes it out.
pub fn set(row: &mut [u64], at: u32, there: bool) {
    let bit = 1 << (at % 64);
    if there {
        row[at as usize / 64] |= bit;
    } else {
        row[at as usize / 64] &= !bit;
    }
}

/// The numbers of a row of words, in order.
pub fn each(words: impl Iterator<Item = u64>) -> impl Iterator<Item = u32> {
    words.enumerate().flat_map(|(i, mut word)| {
        std::iter::from_fn(move || {
            let bit = (word != 0).then(|| word.trailing_zeros())?;
            word &= word - 1;
            Some(i as u32 * 64 + bit)
        })
    })
}

/// How many numbers two sets share.
#[must_use]
pub fn shared(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
}

/// Fills a set with all numbers below `end`.
pub fn fill(row: &mut [u64], end: u32) {
    for at in 0..end {
        set(row, at, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut row = [0; 2];
        for at in [0, 63, 64, 100] {
            set(&mut row, at, true);
        }
        set(&mut row, 63, false);
        assert_eq!(each(row.iter().copied()).collect::<Vec<_>>(), [0, 64, 100]);
        assert!(has(&row, 100) && !has(&row, 63));
        let mut all = [0; 2];
        fill(&mut all, 70);
        assert_eq!((shared(&row, &all), shared(&all, &all)), (2, 70));
    }
}
