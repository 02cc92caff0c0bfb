//! The staff's PIN: kept as an Argon2id hash (RFC 9106), so that who reads the settings does not know it, and tried three
//! times at most before the pad is locked, each time for longer.
//!
//! A PIN of few digits falls to whoever has its hash and a day; what the hash buys is that nobody reads it off a screen.

use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};

/// How few digits a PIN may have, and how many.
pub const DIGITS: std::ops::RangeInclusive<usize> = 4..=12;

/// After so many wrong tries the pad is locked.
pub const TRIES: u32 = 3;

/// For so many seconds at first; each further lock lasts twice as long as the one before.
const FIRST_LOCK: u64 = 60;

/// No lock is longer: an hour.
const LONGEST_LOCK: u64 = 3_600;

/// What is wrong with a PIN that somebody wants to set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Something else than digits, too few or too many.
    #[error("a PIN is 4 to 12 digits")]
    NotDigits,
    /// What should be a hash isn't one that `peerscape pin` made.
    #[error("this is no hash of a PIN")]
    NotAHash,
    /// The system gave no luck for the salt.
    #[error("the PIN can't be hashed: {0}")]
    NoHash(String),
}

/// The hash of a PIN, as the settings keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinHash(String);

impl PinHash {
    /// Hashes a PIN with a salt of its own.
    ///
    /// # Errors
    /// It is no PIN, or the system has no luck to give.
    pub fn of(pin: &str) -> Result<Self, PinError> {
        if !DIGITS.contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PinError::NotDigits);
        }
        // 19 MiB and two passes (OWASP's least): a twentieth of a second, and nothing that a wall's machine lacks.
        let hash: PasswordHash =
            Argon2::default().hash_password(pin.as_bytes()).map_err(|error| PinError::NoHash(error.to_string()))?;
        Ok(Self(hash.to_string()))
    }

    /// A hash that `peerscape pin` has printed.
    ///
    /// # Errors
    /// It isn't one, or one that would take the wall's memory.
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let hash = PasswordHash::new(text).map_err(|_| PinError::NotAHash)?;
        let cheap = Params::try_from(&hash).is_ok_and(|p| p.m_cost() <= 1 << 16 && p.t_cost() <= 8 && p.p_cost() <= 4);
        let whole = hash.algorithm.as_str() == "argon2id" && hash.salt.is_some() && hash.hash.is_some();
        if cheap && whole { Ok(Self(text.to_owned())) } else { Err(PinError::NotAHash) }
    }

    /// Whether this is the PIN. It takes as long as the hash is slow.
    #[must_use]
    pub fn is_of(&self, pin: &str) -> bool {
        PasswordHash::new(&self.0).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
    }

    /// As the settings keep it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How often the pad was wrong, and until when it is locked. Times are seconds of the monotonic clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    wrong: u32,
    locks: u32,
    until: u64,
}

impl Lock {
    /// The seconds that the pad is still locked; 0 if it isn't.
    #[must_use]
    pub fn left(&self, now: u64) -> u64 {
        self.until.saturating_sub(now)
    }

    /// A try that may be made; tells whether it was right. While the pad is locked no try is looked at.
    pub fn try_pin(&mut self, hash: &PinHash, pin: &str, now: u64) -> bool {
        if self.left(now) > 0 {
            return false;
        }
        if hash.is_of(pin) {
            *self = Self::default();
            return true;
        }
        self.wrong += 1;
        if self.wrong >= TRIES {
            self.wrong = 0;
            self.until = now + (FIRST_LOCK << self.locks.min(6)).min(LONGEST_LOCK);
            self.locks += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_pin_and_does_not_show_it() {
        let (hash, again) = (PinHash::of("2468").expect("hashed"), PinHash::of("2468").expect("hashed"));
        assert!(hash.is_of("2468") && again.is_of("2468"));
        assert!(!hash.is_of("2469") && !hash.is_of("") && !hash.is_of("24680"));
        assert_ne!(hash, again, "each has a salt of its own");
        assert!(hash.as_str().starts_with("$argon2id$") && !hash.as_str().contains("2468"));
        assert_eq!(PinHash::parse(hash.as_str()), Ok(hash));
    }

    #[test]
    fn what_is_no_pin_or_hash_is_refused() {
        for pin in ["", "123", "1234567890123", "12a4", "１２３４"] {
            assert_eq!(PinHash::of(pin), Err(PinError::NotDigits), "{pin}");
        }
        let dear =
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$TQAs2/pFTK/vuRR1vAhQtVFCqFcxZ2UVvAWSAZKiDXo";
        let other = "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$TQAs2/pFTK/vuRR1vAhQtVFCqFcxZ2UVvAWSAZKiDXo";
        for text in ["2468", "", "$argon2id$v=19$m=19456,t=2,p=1", dear, other] {
            assert_eq!(PinHash::parse(text), Err(PinError::NotAHash), "{text}");
        }
    }

    #[test]
    fn three_wrong_tries_lock_the_pad_and_each_lock_is_longer() {
        let hash = PinHash::of("2468").expect("hashed");
        let mut lock = Lock::default();
        let mut now = 1_000;
        let mut lasted = Vec::new();
        for _ in 0..8 {
            for _ in 0..TRIES {
                assert_eq!(lock.left(now), 0);
                assert!(!lock.try_pin(&hash, "1111", now));
            }
            lasted.push(lock.left(now));
            assert!(!lock.try_pin(&hash, "2468", now), "locked, the right one is not looked at");
            now += lock.left(now);
        }
        assert_eq!(lasted, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert!(lock.try_pin(&hash, "2468", now));
        assert_eq!(lock, Lock::default());
    }
}
