//! Words of a document in messages: the nearest neighbour of a misspelt one, and long ones cropped.

use std::borrow::Cow;

/// The most characters of a word that a message shows; the longest name of a driver has 63.
const SHOWN: usize = 64;

/// A word for a message, cropped where it is longer than any that is right.
pub(crate) fn brief(word: &str) -> Cow<'_, str> {
    match word.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &word[..end])),
        None => Cow::Borrowed(word),
    }
}

/// The one candidate that a word is most likely a misspelling of.
///
/// That is the candidate at the smallest optimal-string-alignment distance, if no other is as
/// near and the distance is at most a third of the word's length, or 1.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let sought = Letters::of(word);
    let limit = (sought.count / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in candidates {
        if sought.least_distance(Letters::of(candidate)) > limit {
            continue;
        }
        let distance = strsim::osa_distance(word, candidate);
        match best {
            Some((smallest, _)) if distance > smallest => {}
            Some((smallest, _)) if distance == smallest => tied = true,
            _ => (best, tied) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|(distance, _)| *distance <= limit && !tied).map(|(_, candidate)| candidate)
}

/// What is quickly known of the letters of a word.
#[derive(Clone, Copy)]
struct Letters {
    count: usize,
    /// A bit for each letter that it has; some letters share one.
    set: u64,
}

impl Letters {
    fn of(word: &str) -> Self {
        let letters = word.chars().map(|letter| 1 << (u32::from(letter) % u64::BITS));
        letters.fold(Self { count: 0, set: 0 }, |Self { count, set }, letter| Self {
            count: count + 1,
            set: set | letter,
        })
    }

    /// What the distance of two words is at least: an edit changes the length by one at most, and
    /// makes up for one letter that only one of them has.
    fn least_distance(self, other: Self) -> usize {
        let missing =
            (self.set & !other.set).count_ones().max((other.set & !self.set).count_ones());
        self.count.abs_diff(other.count).max(missing as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Letters, brief, nearest};

    proptest! {
        #[test]
        fn no_distance_is_less_than_the_least(
            left in "[a-eA-E_é]{0,8}",
            right in "[a-eA-E_é]{0,8}",
        ) {
            let least = Letters::of(&left).least_distance(Letters::of(&right));
            prop_assert!(least <= strsim::osa_distance(&left, &right));
        }
    }

    #[test]
    fn one_nearest_within_a_third_of_the_length() {
        let keys = ["base_backoff_ms", "max_backoff_ms", "max_attempts"];
        assert_eq!(nearest("max_attemps", keys), Some("max_attempts"));
        assert_eq!(nearest("max_atempst", keys), Some("max_attempts"));
        assert_eq!(nearest("backoff", keys), None, "too far from all");
        assert_eq!(nearest("ab", ["a", "b"]), None, "as near to one as to the other");
        assert_eq!(nearest("max_attempts", keys), Some("max_attempts"));
        assert_eq!(nearest(&"x".repeat(1_000_000), keys), None);
    }

    #[test]
    fn long_words_are_cropped() {
        assert_eq!(brief(&"é".repeat(64)), "é".repeat(64));
        assert_eq!(brief(&"é".repeat(65)), format!("{}…", "é".repeat(64)));
    }
}
