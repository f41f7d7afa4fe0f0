//! Reads statuses and errors that several HTTP tools write in the same way.

use super::json::JsonCounts;

/// Returns the sum of the numbers whose keys match.
pub(super) fn sum(numbers: &JsonCounts, matches: impl Fn(&str) -> bool) -> u64 {
    let numbers = numbers.iter().filter(|(key, _)| matches(key)).map(|(_, number)| number.0);
    numbers.fold(0, u64::saturating_add)
}

/// Returns the number of responses with a status of success or redirection.
pub(super) fn successes(statuses: &JsonCounts) -> u64 {
    sum(statuses, |status| status.parse().is_ok_and(|status: u16| (200..400).contains(&status)))
}

/// Returns the note for percentiles that cover all `requests`, if some of them failed.
pub(super) fn failed_among(requests: &str, failed: u64) -> Option<String> {
    let note = || format!("The percentiles cover all {requests}, including {failed} that failed.");
    (failed > 0).then(note)
}
