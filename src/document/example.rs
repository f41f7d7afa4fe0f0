//! Examples of keys to paste, where they are missing.

use crate::model::Field;

/// What stands for a value that nobody has an example of.
const UNKNOWN: &str = "…";

/// The most characters of a line that gets a comment.
const MOST: usize = 48;

/// A line for each key, with what it may be; `name` is that of the table, for names of metrics.
pub(super) fn block(name: Option<&str>, keys: &[(Field, String)]) -> String {
    let is_word = |name: &&str| {
        !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    let name = name.filter(is_word).unwrap_or("example");
    let line = |(field, expected): &(Field, String)| {
        let line = format!("{} = {}", field.key(), value(*field, name));
        if line.len() > MOST || expected.len() > MOST || !expected.starts_with("an integer") {
            return line;
        }
        format!("{line} # {expected}")
    };
    keys.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A plausible value of a key of a contract, in TOML; none of other keys.
pub(super) fn of_key(key: &str) -> Option<String> {
    let lists = [
        Field::DRIVER,
        Field::TIMEOUT_POLICY,
        Field::RETRY_POLICY,
        Field::TELEMETRY,
        Field::BUDGET_SCOPE,
        Field::BENCHMARK,
        Field::WORKLOAD_SCOPE,
        Field::WAIVER,
    ];
    let field = lists.concat().into_iter().find(|field| field.key() == key)?;
    Some(value(field, "example")).filter(|value| value != UNKNOWN)
}

/// A plausible value of a key, in TOML.
fn value(field: Field, name: &str) -> String {
    let value = match field {
        Field::Class => "\"relational_adapter\"",
        Field::ProviderModule => "\"sqlx::postgres\"",
        Field::MaxInFlight => "20",
        Field::MaxQueueDepth => "200",
        Field::Capabilities => "[\"non_blocking_execute\", \"bounded_concurrency\"]",
        Field::SupportTier => "\"tier2\"",
        Field::TuningGuide => "\"\"",
        Field::ConnectMs => "3100",
        Field::RequestMs => "5000",
        Field::IdleMs => "600000",
        Field::MaxAttempts => "3",
        Field::BaseBackoffMs => "50",
        Field::MaxBackoffMs => "1000",
        Field::JitterPercent => "100",
        Field::TimeoutMetric => return format!("\"{name}_client_timeouts_total\""),
        Field::RetryMetric => return format!("\"{name}_client_retries_total\""),
        Field::LatencyMetric => {
            return format!("\"{name}_client_operation_duration_seconds\"");
        }
        Field::InFlightMetric => return format!("\"{name}_client_in_flight_requests\""),
        Field::Driver => "\"example\"",
        Field::Profile => "\"heavy_data\"",
        Field::P50LatencyMs => "19",
        Field::P95LatencyMs => "73",
        Field::TimeoutRateBps => "1",
        Field::RetryRateBps => "10",
        Field::ThroughputOpsPerSec => "448",
        Field::Rule => "\"retry-attempts-high\"",
        Field::Reason => "\"why the finding is accepted\"",
        Field::Owner => "\"a-team\"",
        Field::Expires => "2027-03-31",
        Field::BurstPeriodMs => "10000",
        Field::BurstOnMs => "1000",
        Field::BurstPercent => "300",
        Field::Weight => "1",
        Field::Service => "{ exponential_us = 10000 }",
        Field::MaxP95LatencyMs => "3000",
        Field::MaxTimeoutRateBps => "20",
        Field::MaxRetryRateBps => "100",
        Field::MinThroughputOpsPerSec => "400",
        Field::RateOpsPerKsec => "450000",
        Field::DurationMs => "80000",
        Field::WarmupMs => "5000",
        _ => UNKNOWN,
    };
    value.to_owned()
}
