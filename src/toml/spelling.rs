//! Corrects misspelt words and truncates long words for messages.

use std::borrow::Cow;

use crate::model::{ProjectVocabulary, Vocabulary};

/// The maximum number of characters of a word in a message. The longest driver name has 63.
const SHOWN: usize = 64;

/// Returns a word on one line, for a message. Truncates the word if it is longer than any valid
/// word.
pub(crate) fn truncated(word: &str) -> Cow<'_, str> {
    if word.contains(['\n', '\r']) {
        return Cow::Owned(truncated(&word.replace('\n', "\\n").replace('\r', "\\r")).into_owned());
    }
    match word.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &word[..end])),
        None => Cow::Borrowed(word),
    }
}

/// Words that people use instead of the words of a vocabulary, such as product names instead of
/// classes.
const ALIASES: [(&str, &[&str]); 8] = [
    (
        "relational_adapter",
        &[
            "postgres",
            "postgresql",
            "pg",
            "mysql",
            "mariadb",
            "sqlite",
            "oracle",
            "mssql",
            "sqlserver",
            "sql_server",
            "cockroachdb",
            "sql",
            "rdbms",
        ],
    ),
    (
        "columnar_adapter",
        &["clickhouse", "bigquery", "snowflake", "duckdb", "redshift", "druid", "column_store"],
    ),
    ("stream_adapter", &["kafka", "redpanda", "pulsar", "kinesis", "streaming"]),
    (
        "object_store_adapter",
        &["s3", "gcs", "minio", "azure_blob", "blob_store", "object_storage", "objectstore"],
    ),
    ("warn", &["warning", "warnings"]),
    ("info", &["information", "notice", "note", "hint", "informational"]),
    ("error", &["err", "fatal", "critical", "deny"]),
    ("off", &["none", "disabled", "disable", "false", "ignore", "allow", "never"]),
];

/// Returns the word of a vocabulary that an unknown word probably means: the nearest word, the only
/// word with the same start or end, or the word that means the same as the unknown word in other
/// tools.
pub(crate) fn intended_word<V: Vocabulary>(
    word: &str,
    vocabulary: &ProjectVocabulary,
) -> Option<V> {
    let words = vocabulary.all::<V>();
    let all = || words.iter().map(Vocabulary::word);
    let lower = word.to_lowercase().replace(['-', ' '], "_");
    let alias = || {
        let is_it = |(_, aliases): &&(&str, &[&str])| aliases.contains(&lower.as_str());
        ALIASES.iter().filter(is_it).map(|(word, _)| *word).find(|word| all().any(|it| it == *word))
    };
    // The last key of a path.
    let is_end = |path: &&str| path.rsplit_once('.').is_some_and(|(_, key)| key == word);
    let near = all().find(is_end).or_else(|| nearest(word, all()));
    let intended = near.or_else(|| only_part(&lower, all())).or_else(alias)?;
    vocabulary.find(intended)
}

/// Returns the only candidate that starts or ends with a word. The rest of the candidate must be
/// empty, start with `_` or end with `_`.
fn only_part<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let is_part = |candidate: &&str| {
        let rest = candidate.strip_prefix(word).or_else(|| candidate.strip_suffix(word));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_') || rest.ends_with('_'))
    };
    let mut parts = candidates.filter(is_part);
    let only = parts.next()?;
    parts.next().is_none().then_some(only)
}

/// Returns the candidate of which a word is most likely a misspelling.
///
/// This is the only candidate at the smallest optimal-string-alignment distance. The distance must
/// be at most 1, or at most a third of the word's length.
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

/// Returns the only candidate that equals the word or differs from it only in letter case, or else
/// the [`nearest`] candidate.
pub(crate) fn nearest_word<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str> + Clone,
) -> Option<&'c str> {
    let folded = word.to_lowercase();
    let mut alike =
        candidates.clone().into_iter().filter(|candidate| candidate.to_lowercase() == folded);
    match (alike.next(), alike.next()) {
        (Some(candidate), None) => Some(candidate),
        _ => nearest(word, candidates),
    }
}

/// A summary of the letters of a word.
#[derive(Clone, Copy)]
struct Letters {
    count: usize,
    /// A bit for each letter in the word. Some letters share a bit.
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

    /// Returns a lower bound for the distance between two words.
    ///
    /// An edit changes the length by at most one. An edit also accounts for at most one of the
    /// letters that occur in only one of the words.
    fn least_distance(self, other: Self) -> usize {
        let missing =
            (self.set & !other.set).count_ones().max((other.set & !self.set).count_ones());
        self.count.abs_diff(other.count).max(missing as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Letters, intended_word, nearest, nearest_word, truncated};
    use crate::model::{
        BenchmarkProfile, DriverCapability, DriverClass, ProjectVocabulary, Vocabulary,
    };

    proptest! {
        #[test]
        fn distance_is_never_below_its_lower_bound(
            left in "[a-eA-E_é]{0,8}",
            right in "[a-eA-E_é]{0,8}",
        ) {
            let least = Letters::of(&left).least_distance(Letters::of(&right));
            prop_assert!(least <= strsim::osa_distance(&left, &right));
        }
    }

    #[test]
    fn nearest_word_is_unique_and_differs_in_at_most_third_of_letters() {
        let keys = ["base_backoff_ms", "max_backoff_ms", "max_attempts"];
        assert_eq!(nearest("max_attemps", keys), Some("max_attempts"));
        assert_eq!(nearest("max_atempst", keys), Some("max_attempts"));
        assert_eq!(nearest("backoff", keys), None, "too far from all");
        assert_eq!(nearest("ab", ["a", "b"]), None, "as near to one as to the other");
        assert_eq!(nearest("max_attempts", keys), Some("max_attempts"));
        assert_eq!(nearest(&"x".repeat(1_000_000), keys), None);
    }

    fn meant<V: Vocabulary>(word: &str) -> Option<String> {
        let intended = intended_word::<V>(word, ProjectVocabulary::empty());
        intended.map(|word| word.word().to_owned())
    }

    #[test]
    fn words_of_other_tools_map_to_vocabulary() {
        for (word, class) in [
            ("relational", Some("relational_adapter")),
            ("object-store", Some("object_store_adapter")),
            ("Postgres", Some("relational_adapter")),
            ("kafka", Some("stream_adapter")),
            ("adapter", None),
            ("redis", None),
            ("", None),
        ] {
            assert_eq!(meant::<DriverClass>(word).as_deref(), class, "{word}");
        }
        assert_eq!(meant::<BenchmarkProfile>("heavy").as_deref(), Some("heavy_data"));
        assert_eq!(meant::<BenchmarkProfile>("latency").as_deref(), Some("mixed_latency"));
        assert_eq!(meant::<DriverCapability>("batch"), None, "two begin so");
        assert_eq!(meant::<DriverCapability>("kafka"), None, "of another vocabulary");
    }

    #[test]
    fn word_is_found_in_any_letter_case() {
        assert_eq!(nearest_word("TIER1", ["tier1", "tier2"]), Some("tier1"));
        assert_eq!(nearest_word("Tier-One", ["tier-one", "tier-two"]), Some("tier-one"));
        assert_eq!(nearest_word("tier3", ["tier1", "tier2"]), None);
    }

    #[test]
    fn long_words_are_cropped() {
        assert_eq!(truncated(&"é".repeat(64)), "é".repeat(64));
        assert_eq!(truncated(&"é".repeat(65)), format!("{}…", "é".repeat(64)));
    }
}
