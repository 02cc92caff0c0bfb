//! The header of a block, 80 bytes, and its hash.

use super::{number::Number, target};
use sha2::{Digest as _, Sha256, block_api::compress256};

/// A hash as it is counted with: the byte that is printed last stands first.
pub type Hash = [u8; 32];

/// How SHA-256 begins (FIPS 180-4, 5.3.3).
const BEGIN: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// SHA-256 of SHA-256.
#[must_use]
pub fn double_sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(Sha256::digest(bytes)).into()
}

/// What a block says about itself: whoever changes a bit of it changes its hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Which rules it follows.
    pub version: u32,
    /// The hash of the header before it.
    pub before: Hash,
    /// The root of the tree of its records.
    pub merkle_root: Hash,
    /// When it was made, in seconds since 1970.
    pub time: u32,
    /// Its target, in four bytes.
    pub bits: u32,
    /// What miners try.
    pub nonce: u32,
}

impl Header {
    /// Its 80 bytes; numbers have their least byte first.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 80] {
        let mut bytes = [0; 80];
        bytes[..4].copy_from_slice(&self.version.to_le_bytes());
        bytes[4..36].copy_from_slice(&self.before);
        bytes[36..68].copy_from_slice(&self.merkle_root);
        bytes[68..72].copy_from_slice(&self.time.to_le_bytes());
        bytes[72..76].copy_from_slice(&self.bits.to_le_bytes());
        bytes[76..].copy_from_slice(&self.nonce.to_le_bytes());
        bytes
    }

    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        double_sha256(&self.to_bytes())
    }

    /// Whether its hash fits the target that it claims.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        fits(&self.hash(), self.bits)
    }
}

/// Whether a hash doesn't exceed a target.
#[must_use]
pub fn fits(hash: &Hash, bits: u32) -> bool {
    target::expand(bits).is_some_and(|target| Number::from_le_bytes(hash) <= target)
}

/// A hash as it is printed: its bytes turned round, so that zeros lead.
#[must_use]
pub fn printed(hash: &Hash) -> [u8; 32] {
    let mut bytes = *hash;
    bytes.reverse();
    bytes
}

/// How many nonces a [`Miner`] tries at a time. One alone would wait for its own bytes to be written before they can be
/// read as words; among several that time is used.
pub const LANES: usize = 8;

/// Tries nonces on one header. The first 64 bytes of a header don't hold its nonce: their part of the work is done once
/// (the *midstate*), and each try then costs two calls of the compression function.
#[derive(Clone, Debug)]
pub struct Miner {
    midstate: [u32; 8],
    /// The header's last 16 bytes, with the padding of a message of 80 bytes; one for each lane.
    tails: [[u8; 64]; LANES],
    /// A first hash, with the padding of a message of 32 bytes; one for each lane.
    outers: [[u8; 64]; LANES],
}

impl Miner {
    /// A miner at a header.
    #[must_use]
    pub fn new(header: &Header) -> Self {
        let bytes = header.to_bytes();
        let (mut first, mut tail, mut outer) = ([0; 64], [0; 64], [0; 64]);
        first.copy_from_slice(&bytes[..64]);
        let mut midstate = BEGIN;
        compress256(&mut midstate, &[first]);
        tail[..16].copy_from_slice(&bytes[64..]);
        tail[16] = 0x80;
        tail[56..].copy_from_slice(&(80_u64 * 8).to_be_bytes());
        outer[32] = 0x80;
        outer[56..].copy_from_slice(&(32_u64 * 8).to_be_bytes());
        Self { midstate, tails: [tail; LANES], outers: [outer; LANES] }
    }

    /// The hashes of the header with this nonce and those after it.
    #[must_use]
    pub fn hashes(&mut self, first: u32) -> [Hash; LANES] {
        for (tail, nonce) in self.tails.iter_mut().zip(0..) {
            tail[12..16].copy_from_slice(&first.wrapping_add(nonce).to_le_bytes());
        }
        for (tail, outer) in self.tails.iter().zip(&mut self.outers) {
            let mut state = self.midstate;
            compress256(&mut state, std::slice::from_ref(tail));
            outer[..32].copy_from_slice(&bytes(&state));
        }
        let mut hashes = [[0; 32]; LANES];
        for (outer, hash) in self.outers.iter().zip(&mut hashes) {
            let mut state = BEGIN;
            compress256(&mut state, std::slice::from_ref(outer));
            *hash = bytes(&state);
        }
        hashes
    }
}

fn bytes(state: &[u32; 8]) -> Hash {
    let mut bytes = [0; 32];
    for (four, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *four = word.to_be_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_miner_finds_the_hash_of_the_header(
            version: u32, before: [u8; 32], merkle_root: [u8; 32], time: u32, bits: u32, first: u32,
        ) {
            let mut header = Header { version, before, merkle_root, time, bits, nonce: 0 };
            let mut miner = Miner::new(&header);
            for _ in 0..2 {
                for (hash, nonce) in miner.hashes(first).iter().zip(0..) {
                    header.nonce = first.wrapping_add(nonce);
                    prop_assert_eq!(*hash, header.hash());
                }
            }
        }
    }
}
