//! What several tools of HTTP write alike: statuses, texts of errors.

use std::collections::BTreeMap;

/// The numbers of the keys that count, together.
pub(super) fn sum(numbers: &BTreeMap<String, u64>, counts: impl Fn(&str) -> bool) -> u64 {
    let numbers = numbers.iter().filter(|(key, _)| counts(key)).map(|(_, number)| *number);
    numbers.fold(0, u64::saturating_add)
}

/// How many answers have a status of success or of a redirection.
pub(super) fn successes(statuses: &BTreeMap<String, u64>) -> u64 {
    sum(statuses, |status| status.parse().is_ok_and(|status: u16| (200..400).contains(&status)))
}

/// The first text of an error that tells of a timeout, as a reason to know of one; `key` is where
/// the texts stand.
pub(super) fn certain_timeout<'e>(
    mut errors: impl Iterator<Item = &'e String>,
    key: &str,
) -> Option<(u64, String)> {
    let is_timeout = |text: &&String| {
        let text = text.to_ascii_lowercase();
        ["timeout", "timed out", "deadline exceeded"].iter().any(|sign| text.contains(sign))
    };
    errors.find(is_timeout).map(|text| (1, format!("`{key}` has `{text}`")))
}

/// What is to be said of percentiles of all `requests`, if some of those failed.
pub(super) fn failed_among(requests: &str, failed: u64) -> Option<String> {
    let note =
        || format!("The percentiles are of all {requests}, the {failed} that failed among them.");
    (failed > 0).then(note)
}
