//! The nearest neighbour of a misspelt word.

/// The one candidate that a word is most likely a misspelling of.
///
/// That is the candidate at the smallest optimal-string-alignment distance, if no other is as
/// near and the distance is at most a third of the word's length, or 1.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in candidates {
        // The distance is at least the difference of the lengths.
        if candidate.chars().count().abs_diff(length) > limit {
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

#[cfg(test)]
mod tests {
    use super::nearest;

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
}
