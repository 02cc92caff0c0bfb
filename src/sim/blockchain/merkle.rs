//! The tree of a block's records, after Merkle (1979) as Bitcoin builds it: pairs are hashed together, level by level, and
//! where a level is odd its last hash is paired with itself.

use super::header::{Hash, double_sha256};

fn pair(left: &Hash, right: &Hash) -> Hash {
    let mut both = [0; 64];
    both[..32].copy_from_slice(left);
    both[32..].copy_from_slice(right);
    double_sha256(&both)
}

/// The level above one.
fn above(level: &[Hash]) -> Vec<Hash> {
    level.chunks(2).map(|two| pair(&two[0], two.last().unwrap_or(&two[0]))).collect()
}

/// The root over the hashes of some records. All zeros if there are none.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = above(&level);
    }
    level.first().copied().unwrap_or_default()
}

/// What shows that a record is under a root: the hashes beside its way up, ⌈log₂ n⌉ of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which record it is, from 0.
    pub index: u32,
    /// The hashes beside the way, from the record up.
    pub beside: Vec<Hash>,
}

/// The proof for one of some records; nothing if there is no such record.
#[must_use]
pub fn prove(leaves: &[Hash], index: u32) -> Option<Proof> {
    let mut at = index as usize;
    leaves.get(at)?;
    let mut level = leaves.to_vec();
    let mut beside = Vec::new();
    while level.len() > 1 {
        beside.push(*level.get(at ^ 1).unwrap_or(&level[at]));
        level = above(&level);
        at /= 2;
    }
    Some(Proof { index, beside })
}

impl Proof {
    /// Where it leads from a record.
    #[must_use]
    pub fn leads_to(&self, leaf: &Hash) -> Hash {
        let ways = self.beside.iter().zip(0..);
        let side = |level: u32| self.index.checked_shr(level).unwrap_or(0) & 1;
        ways.fold(
            *leaf,
            |hash, (beside, level)| if side(level) == 0 { pair(&hash, beside) } else { pair(beside, &hash) },
        )
    }

    /// Whether it leads from a record to a root.
    #[must_use]
    pub fn holds(&self, leaf: &Hash, root: &Hash) -> bool {
        let beyond = self.index.checked_shr(self.beside.len() as u32).unwrap_or(0);
        beyond == 0 && self.leads_to(leaf) == *root
    }

    /// How many bytes of hashes it has.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.beside.len() * 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_proof_holds_for_its_record_and_no_other(n in 1_u32..200, which: u32, other: u32, bit in 0_usize..256) {
            let leaves: Vec<Hash> = (0..n).map(|i| double_sha256(&i.to_le_bytes())).collect();
            let (index, wrong) = (which % n, other % n);
            let top = root(&leaves);
            let proof = prove(&leaves, index).unwrap();
            prop_assert_eq!(proof.beside.len() as u32, n.next_power_of_two().trailing_zeros());
            prop_assert!(proof.holds(&leaves[index as usize], &top));
            prop_assert!(wrong == index || !proof.holds(&leaves[wrong as usize], &top));
            let mut forged = leaves[index as usize];
            forged[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!proof.holds(&forged, &top));
            let beyond = Proof { index: index + n.next_power_of_two(), ..proof };
            prop_assert!(!beyond.holds(&leaves[index as usize], &top));
        }
    }

    #[test]
    fn no_record_has_no_proof() {
        assert_eq!((root(&[]), prove(&[], 0)), ([0; 32], None));
        let one = [double_sha256(b"one")];
        assert_eq!(root(&one), one[0]);
        assert_eq!(prove(&one, 0).unwrap().bytes(), 0);
    }
}
