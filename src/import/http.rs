//! Statuses and errors that several HTTP tools write alike.

use super::json::JsonCounts;

/// The sum of the numbers whose keys match.
pub(super) fn sum(numbers: &JsonCounts, matches: impl Fn(&str) -> bool) -> u64 {
    let numbers = numbers.iter().filter(|(key, _)| matches(key)).map(|(_, number)| number.0);
    numbers.fold(0, u64::saturating_add)
}

/// The number of answers with a status of success or of a redirection.
pub(super) fn successes(statuses: &JsonCounts) -> u64 {
    sum(statuses, |status| status.parse().is_ok_and(|status: u16| (200..400).contains(&status)))
}

/// The note for percentiles of all `requests`, if some of those failed.
pub(super) fn failed_among(requests: &str, failed: u64) -> Option<String> {
    let note = || format!("The percentiles cover all {requests}, including {failed} that failed.");
    (failed > 0).then(note)
}
