//! Short numbers that stand for bytes: equal bytes have equal ones, different bytes mostly not.
//!
//! The same on every run and platform; nothing that withstands who means to deceive.

/// The fingerprint of bytes.
#[inline]
pub(crate) fn fingerprint(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let length = bytes.len() as u64;
    let hash = words.iter().fold(length, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(hash, u64::from_le_bytes(last))
}

/// The high bits of the result depend on all that went in, the low ones less.
fn mix(hash: u64, word: u64) -> u64 {
    /// The golden ratio as a fraction of 2^64, as in multiplicative hashing (Knuth, volume 3).
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (hash.rotate_left(26) ^ word).wrapping_mul(FACTOR)
}

/// Sorts out, of very many keys, those that may occur more than once.
///
/// A key that does is never missed. Of the others about one in twenty stays, for fingerprints share
/// places; so what it lets through is compared as before.
pub(crate) struct Sieve {
    /// Two bits a place: whether a key was noted there, and whether another one was after it.
    places: Vec<u64>,
    shift: u32,
}

/// How many places there are for one key.
const PLACES_A_KEY: usize = 16;
/// How many places there are in a word: two bits each, or one.
const PAIRS: u64 = 32;
const BITS: u64 = 64;

impl Sieve {
    /// A sieve for about so many keys.
    pub(crate) fn new(keys: usize) -> Self {
        let places = (keys * PLACES_A_KEY).next_power_of_two().max(64);
        Self { places: vec![0; places / 32], shift: 64 - places.ilog2() }
    }

    /// Notes the fingerprint of a key.
    pub(crate) fn note(&mut self, fingerprint: u64) {
        let (word, bit) = self.place(fingerprint);
        let places = &mut self.places[word];
        *places |= bit | (*places & bit) << 1;
    }

    /// Whether a key with this fingerprint may have been noted more than once.
    pub(crate) fn may_repeat(&self, fingerprint: u64) -> bool {
        let (word, bit) = self.place(fingerprint);
        self.places[word] & bit << 1 != 0
    }

    fn place(&self, fingerprint: u64) -> (usize, u64) {
        let place = fingerprint >> self.shift;
        (index(place / PAIRS), 1 << (place % PAIRS * 2))
    }
}

/// Tells most keys that are not in a set without a look into the set.
///
/// A key that is in it is never missed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    keys: Vec<u64>,
    places: Vec<u64>,
}

impl Filter {
    /// Adds the fingerprint of a key.
    pub(crate) fn add(&mut self, fingerprint: u64) {
        self.keys.push(fingerprint);
        if self.keys.len() * PLACES_A_KEY <= self.places.len() * 64 {
            let (word, bit) = self.place(fingerprint);
            self.places[word] |= bit;
            return;
        }
        self.places = vec![0; (2 * self.places.len()).max(1)];
        for key in std::mem::take(&mut self.keys) {
            self.add(key);
        }
    }

    /// Whether a key with this fingerprint may be in the set.
    pub(crate) fn may_contain(&self, fingerprint: u64) -> bool {
        if self.places.is_empty() {
            return false;
        }
        let (word, bit) = self.place(fingerprint);
        self.places[word] & bit != 0
    }

    fn place(&self, fingerprint: u64) -> (usize, u64) {
        let place = fingerprint >> (64 - (64 * self.places.len()).ilog2());
        (index(place / BITS), 1 << (place % BITS))
    }
}

/// The place of a word in a list that is as long as the place says.
fn index(word: u64) -> usize {
    usize::try_from(word).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_changed_byte_changes_it() {
        let text = b"max_in_flight = 20\nmax_queue_depth = 200\n";
        for place in 0..text.len() {
            let mut other = *text;
            other[place] ^= 1;
            assert_ne!(fingerprint(text), fingerprint(&other), "{place}");
            assert_ne!(fingerprint(text), fingerprint(&text[..place]), "{place}");
        }
    }

    #[test]
    fn trailing_zeros_count() {
        assert_ne!(fingerprint(b"a"), fingerprint(b"a\0"));
        assert_ne!(fingerprint(b""), fingerprint(b"\0"));
    }

    proptest! {
        #[test]
        fn what_repeats_stays(keys in prop::collection::vec(0..200_u16, 0..300)) {
            let key = |key: &u16| fingerprint(&key.to_le_bytes());
            let mut sieve = Sieve::new(keys.len());
            for noted in &keys {
                sieve.note(key(noted));
            }
            for noted in &keys {
                let count = keys.iter().filter(|other| *other == noted).count();
                prop_assert!(count == 1 || sieve.may_repeat(key(noted)));
            }
        }
    }

    #[test]
    fn a_filter_knows_what_was_added_and_little_else() {
        let name = |number: u32| fingerprint(format!("kafka_{number:06}").as_bytes());
        let mut filter = Filter::default();
        assert!(!filter.may_contain(name(0)));
        (0..5000).for_each(|number| filter.add(name(number)));
        assert!((0..5000).all(|number| filter.may_contain(name(number))));
        let others = (5000..10_000).filter(|number| filter.may_contain(name(*number))).count();
        assert!(others < 400, "{others}: at most one place in sixteen is taken");
    }

    #[test]
    fn most_of_what_does_not_repeat_goes() {
        let name = |number: u32| fingerprint(format!("postgres_{number:06}_timeouts").as_bytes());
        let mut sieve = Sieve::new(100_000);
        (0..100_000).for_each(|number| sieve.note(name(number)));
        let left = (0..100_000).filter(|number| sieve.may_repeat(name(*number))).count();
        // At most one place in sixteen is taken, so at most one key in sixteen shares its place.
        assert!(left < 7000, "{left}");
    }
}
