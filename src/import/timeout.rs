//! Recognises timeouts in the error texts and HTTP statuses of other tools.

use super::json::{JsonCount, JsonCounts};

/// HTTP statuses by which a server, gateway or proxy reports a timeout.
const STATUSES: [&str; 4] = ["408", "504", "522", "524"];

/// Parts of error texts, in lower case, with blanks instead of `_` and `-`.
const SIGNS: [&str; 15] = [
    "timeout",
    "time out",
    "timed out",
    "timedout",
    "time limit",
    // `DeadlineExceeded`, `deadline has elapsed`, `request deadline reached`, `context deadline`.
    "deadline",
    // The name of Tokio's error.
    "elapsed(",
    "no response within",
    "not respond within",
    "not respond in time",
    "period of time",
    "took too long",
    "took longer than",
    "code(4)",
    "has passed since batch creation",
];

/// oha's text for a request that the end of the run cut off. This is not a timeout.
pub(super) const CUT_OFF: &str = "aborted due to deadline";

/// The error numbers of a timeout on Linux, macOS and Windows.
const OS_ERRORS: [&str; 3] = ["os error 110", "os error 60", "os error 10060"];

/// Returns true if an error text reports a timeout of any kind: of a name server, a connection, a
/// request or a gateway.
pub(super) fn is_timeout(text: &str) -> bool {
    let text = text.to_ascii_lowercase().replace(['_', '-'], " ").replace(CUT_OFF, "");
    let has_number =
        |sign: &&str| text.split_once(*sign).is_some_and(|(_, rest)| !starts_with_digit(rest));
    SIGNS.iter().any(|sign| text.contains(sign))
        || OS_ERRORS.iter().chain(&["code = 4"]).any(has_number)
        || words(&text).any(is_timeout_status)
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_digit())
}

/// Returns the words of a text. An address with its port is one word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let separates =
        |character: char| !character.is_ascii_alphanumeric() && !":.".contains(character);
    text.split(separates).map(|word| word.trim_matches([':', '.']))
}

/// Returns true if an HTTP status reports a timeout.
pub(super) fn is_timeout_status(status: &str) -> bool {
    STATUSES.contains(&status)
}

/// Returns the number of responses whose status reports a timeout.
pub(super) fn timed_out_answers(statuses: &JsonCounts) -> u64 {
    super::http::sum(statuses, is_timeout_status)
}

/// Returns the first text that reports a timeout, with its key, as evidence of timeouts.
pub(super) fn first_timeout<'e>(
    mut texts: impl Iterator<Item = &'e String>,
    key: &str,
) -> Option<String> {
    texts.find(|text| is_timeout(text)).map(|text| format!("`{key}` has `{text}`"))
}

/// Returns the evidence of timeouts in texts and statuses with counts.
pub(super) fn reason(texts: (&JsonCounts, &str), statuses: (&JsonCounts, &str)) -> Option<String> {
    first_timeout(texts.0.iter().filter(counts).map(|(text, _)| text), texts.1).or_else(|| {
        let mut statuses_of = statuses.0.iter().filter(counts);
        let (status, number) = statuses_of.find(|(status, _)| is_timeout_status(status))?;
        Some(format!("`{}` has status {status} {} times", statuses.1, number.0))
    })
}

/// Returns the message for a known number of timeouts.
pub(super) fn counted(number: u64, reason: &str) -> String {
    format!("it reports {number} timeouts ({reason})")
}

fn counts((_, number): &(&String, &JsonCount)) -> bool {
    number.0 > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeout_messages_of_many_tools_are_recognised() {
        for text in [
            "timeout",
            "request timed out",
            "QUIC connection: timed out",
            "Connection timed out (os error 110)",
            "connection error (os error 60)",
            "deadline has elapsed",
            "Deadline Exceeded",
            "DEADLINE_EXCEEDED",
            "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
            "rpc error: code = 4 desc = too late",
            "rpc error: code = Code(4) desc = too late",
            "dial tcp 192.0.2.1:50051: i/o timeout",
            "lookup db on 192.0.2.2:53: read udp 192.0.2.1:4711: i/o timeout",
            "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
            "connect ETIMEDOUT 192.0.2.1:443",
            "504 Gateway Time-out",
            "unexpected status 504",
            "HTTP 408",
            "status=524",
            "Got error produce response, retrying. Error: REQUEST_TIMED_OUT",
            "org.apache.kafka.common.errors.TimeoutException: Topic orders not present",
            "Code: 159. DB::Exception: TIMEOUT_EXCEEDED",
            "Elapsed(())",
            "no response within 5s",
            "request deadline reached",
            "os error 10060",
            "the connected party did not properly respond after a period of time",
            "the server did not respond within 5 s",
            "the request took longer than 5s",
        ] {
            assert!(is_timeout(text), "{text}");
        }
    }

    #[test]
    fn other_errors_are_not_timeouts() {
        for text in [
            "",
            "aborted due to deadline",
            "Connection refused (os error 111)",
            "os error 1100",
            "keep-alive expired",
            "Cancelled request (elapsed time since creation: 5 ms)",
            "connection closed before message completed",
            "rpc error: code = 40 desc = x",
            "rpc error: code = Unavailable desc = connection refused",
            "dial tcp 192.0.2.1:504: connect: connection refused",
            "500 Internal Server Error",
            "1504 bytes were lost",
            "context canceled",
        ] {
            assert!(!is_timeout(text), "{text}");
        }
    }
}
