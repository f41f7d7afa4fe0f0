//! Finds failed sends, from the counts of `--print-metrics` or from stack traces.

use super::metric::metric;
use crate::import::{error::ImportRefusal, text::lines, timeout::is_timeout};

const ERRORS: &str = "producer-metrics:record-error-total:";

/// The endings of setting names. A log line that contains a setting name can be about the setting
/// instead of a timeout.
const SETTINGS: [&str; 3] = ["timeout.ms", "timeout.max.ms", "timeout.config"];

/// The texts that mark a log line about an attempt. The client logs the reason for a disconnect at
/// level INFO.
const LOGGED: [&str; 4] = ["WARN", "ERROR", "Exception", "due to "];

/// The start of the line about a request that the client cancels because it disconnects.
const CANCELLED: &str = "Cancelled in-flight ";

/// Failed sends, in records.
#[derive(Debug)]
pub(super) struct Failures {
    /// The number of failed records: the value of the metric, or the number that the stack traces
    /// show if that is higher.
    pub(super) records: u64,
    /// The number of timeouts that are certain, and the reason.
    pub(super) timeouts: Option<(u64, String)>,
}

pub(super) fn read(text: &str) -> Result<Failures, ImportRefusal> {
    let traces: Vec<&str> =
        lines(text).map(|(_, line)| line).filter(|line| is_exception(line)).collect();
    let shown = count(&traces, |_| true);
    let counted = metric(text, ERRORS)?.unwrap_or(0);
    Ok(Failures { records: shown.max(counted), timeouts: timeouts(text, &traces) })
}

fn timeouts(text: &str, traces: &[&str]) -> Option<(u64, String)> {
    let number = count(traces, is_timeout);
    if number > 0 {
        let name = if traces.iter().any(|line| line.contains("TimeoutException")) {
            "it contains a `TimeoutException`".to_owned()
        } else {
            "it contains a timeout exception".to_owned()
        };
        return Some((number, name));
    }
    // A log line reports an attempt, which can have been retried, or a setting.
    let (number, _) = lines(text).find(|(_, line)| logs_timeout(line))?;
    Some((1, format!("line {number} logs a timeout")))
}

fn logs_timeout(line: &str) -> bool {
    if line.contains(CANCELLED) {
        return is_cancelled_late(line);
    }
    let without_settings =
        || SETTINGS.iter().fold(line.to_owned(), |line, setting| line.replace(setting, ""));
    LOGGED.iter().any(|sign| line.contains(sign)) && is_timeout(&without_settings())
}

/// Returns true if a request was cancelled after its timeout. The line always states the elapsed
/// time and the timeout, even if the broker closed the connection first.
fn is_cancelled_late(line: &str) -> bool {
    let ms = |label: &str| {
        let (_, rest) = line.split_once(label)?;
        rest.trim_start().split_once("ms")?.0.parse::<u64>().ok()
    };
    let times = ms("elapsed time since send:").zip(ms("request timeout:"));
    times.map_or_else(|| is_timeout(line), |(elapsed, limit)| elapsed >= limit)
}

/// Returns the minimum number of failed records that these lines show: the number of lines, or the
/// size of the largest expired batch if that is higher.
fn count(traces: &[&str], counts: impl Fn(&str) -> bool) -> u64 {
    let traces = traces.iter().filter(|line| counts(line));
    let lines = traces.clone().count() as u64;
    traces.filter_map(|line| expired(line)).fold(lines, u64::max)
}

/// Returns the size of the batch in `Expiring 3 record(s) for …`. The output has such a line for
/// each record of the batch.
fn expired(line: &str) -> Option<u64> {
    line.split_once("Expiring ")?.1.split_whitespace().next()?.parse().ok()
}

/// Returns true for the first line of a stack trace: a class name, then a colon or the end of the
/// line. A timestamp can precede the class name.
///
/// A line about a cause or a suppressed exception has a colon before the class name, so it does not
/// match. It belongs to the same failed send as the first line.
fn is_exception(line: &str) -> bool {
    let head = line.split_once(": ").map_or(line, |(head, _)| head);
    let name = head.split_whitespace().next_back().unwrap_or_default();
    let is_of_name =
        |character: char| character.is_ascii_alphanumeric() || "._$".contains(character);
    name.contains('.')
        && name.chars().all(is_of_name)
        && (name.ends_with("Exception") || name.ends_with("Error"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stack_traces_count_one_failure_per_send() {
        for line in [
            "org.apache.kafka.common.errors.TimeoutException: Topic orders not present",
            "org.apache.kafka.common.errors.TopicAuthorizationException",
            "java.lang.OutOfMemoryError: Java heap space",
            "2026-10-31T12:00:00Z org.apache.kafka.common.errors.TimeoutException: late",
        ] {
            assert!(is_exception(line), "{line}");
        }
        for line in [
            "Caused by: org.apache.kafka.common.errors.TimeoutException: late",
            "\tat org.apache.kafka.clients.producer.KafkaProducer.send(KafkaProducer.java:1)",
            "[2026-10-31] WARN Got error produce response (org.apache.kafka.clients.producer)",
            "100 records sent, 10.0 records/sec",
            "Exception: none",
        ] {
            assert!(!is_exception(line), "{line}");
        }
    }

    #[test]
    fn expired_batch_counts_one_failure_per_record() {
        let line = "a.b.TimeoutException: Expiring 3 record(s) for t-0:120000 ms has passed";
        assert_eq!(count(&[line], |_| true), 3);
        assert_eq!(count(&[line; 4], |_| true), 4);
        assert_eq!(count(&[], |_| true), 0);
    }

    #[test]
    fn settings_named_after_timeouts_are_not_timeouts() {
        let text = "INFO ProducerConfig values:\n\trequest.timeout.ms = 30000\n";
        assert_eq!(read(text).unwrap().timeouts, None);
        let text = "WARN The configuration 'request.timeout.ms' was supplied but isn't known.\n";
        assert_eq!(read(text).unwrap().timeouts, None);
        let text = "WARN Got error produce response, retrying. Error: REQUEST_TIMED_OUT\n";
        assert_eq!(read(text).unwrap().timeouts.unwrap().0, 1);
    }

    #[test]
    fn timeouts_in_client_log_are_recognised() {
        for line in [
            "INFO Disconnecting from node 1 due to request timeout.",
            "INFO Disconnecting from node 1 due to socket connection setup timeout. The timeout \
             value is 10000 ms.",
            "INFO Cancelled in-flight PRODUCE request with correlation id 5 due to node 1 being \
             disconnected (elapsed time since creation: 30011ms, elapsed time since send: 30001ms, \
             request timeout: 30000ms)",
            "INFO Cancelled in-flight PRODUCE request due to a timeout",
        ] {
            assert!(logs_timeout(line), "{line}");
        }
        for line in [
            "INFO Cancelled in-flight PRODUCE request with correlation id 5 due to node 1 being \
             disconnected (elapsed time since creation: 15ms, elapsed time since send: 5ms, request \
             timeout: 30000ms)",
            "INFO Cancelled in-flight PRODUCE request with correlation id 5 due to node 1 being \
             disconnected",
            "INFO Node 1 disconnected.",
            "INFO Kafka startTimeMs: 1761912000000",
        ] {
            assert!(!logs_timeout(line), "{line}");
        }
    }
}
