//! Provides examples of missing keys for users to paste.

use crate::model::Field;

/// The maximum length of a line with a comment, and of the comment itself, in characters.
const MOST: usize = 48;

/// The placeholder for the driver's name in an example.
const NAME: &str = "{driver}";

/// Example values of keys, in TOML.
const EXAMPLES: [(Field, &str); 49] = [
    (Field::Like, "\"example\""),
    (Field::Class, "\"relational_adapter\""),
    (Field::ProviderModule, "\"sqlx::postgres\""),
    (Field::MaxInFlight, "20"),
    (Field::MaxQueueDepth, "200"),
    (Field::Capabilities, "[\"non_blocking_execute\", \"bounded_concurrency\"]"),
    (Field::SupportTier, "\"tier2\""),
    (Field::TuningGuide, "\"\""),
    (Field::ConnectMs, "3100"),
    (Field::RequestMs, "5000"),
    (Field::IdleMs, "600000"),
    (Field::MaxAttempts, "3"),
    (Field::BaseBackoffMs, "50"),
    (Field::MaxBackoffMs, "1000"),
    (Field::JitterPercent, "100"),
    (Field::TimeoutMetric, "\"{driver}_client_timeouts_total\""),
    (Field::RetryMetric, "\"{driver}_client_retries_total\""),
    (Field::LatencyMetric, "\"{driver}_client_operation_duration_seconds\""),
    (Field::InFlightMetric, "\"{driver}_client_in_flight_requests\""),
    (Field::MaxP95LatencyMs, "3000"),
    (Field::MaxTimeoutRateBps, "20"),
    (Field::MaxRetryRateBps, "100"),
    (Field::MinThroughputOpsPerSec, "400"),
    (Field::Driver, "\"example\""),
    (Field::Profile, "\"heavy_data\""),
    (Field::P50LatencyMs, "19"),
    (Field::P95LatencyMs, "73"),
    (Field::TimeoutRateBps, "1"),
    (Field::RetryRateBps, "10"),
    (Field::ThroughputOpsPerSec, "448"),
    (Field::Rule, "\"retry-attempts-high\""),
    (Field::Reason, "\"why this is needed\""),
    (Field::Owner, "\"a-team\""),
    (Field::Expires, "2027-03-31"),
    (Field::BurstPeriodMs, "10000"),
    (Field::BurstOnMs, "1000"),
    (Field::BurstPercent, "300"),
    (Field::TriggerStartMs, "25000"),
    (Field::TriggerDurationMs, "5000"),
    (Field::Weight, "1"),
    (Field::Service, "{ exponential_us = 10000 }"),
    (Field::RateOpsPerKsec, "450000"),
    (Field::DurationMs, "80000"),
    (Field::WarmupMs, "5000"),
    (Field::AttemptMs, "5000"),
    (Field::CallerAttempts, "3"),
    (Field::From, "\"edge\""),
    (Field::To, "\"example\""),
    (Field::Consumer, "\"billing\""),
];

/// Returns one line per key. If the value is a number, a comment in the line gives the range of the
/// number. `name` is the driver's name, which the names of metrics contain.
pub(crate) fn block(name: Option<&str>, keys: &[(Field, String)]) -> String {
    let is_word = |name: &&str| {
        !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    let name = name.filter(is_word).unwrap_or("example");
    let line = |(field, expected): &(Field, String)| {
        let example = EXAMPLES.iter().find(|(of, _)| of == field);
        let value = example.map_or_else(String::new, |(_, value)| value.replace(NAME, name));
        let line = format!("{} = {value}", field.key());
        if line.len() > MOST || expected.len() > MOST || !expected.starts_with("an integer") {
            return line;
        }
        format!("{line} # {expected}")
    };
    keys.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Returns the example value of a field in [`block`], in TOML. `None` if the value contains the
/// driver's name.
pub(crate) fn of(field: Field) -> Option<&'static str> {
    let (_, value) = EXAMPLES.iter().find(|(of, _)| *of == field)?;
    (!value.contains(NAME)).then_some(*value)
}

/// Returns an example value of a contract key in TOML, or `None` for other keys.
pub(crate) fn of_key(key: &str) -> Option<String> {
    let example = EXAMPLES.iter().find(|(field, _)| field.key() == key);
    example.map(|(_, value)| value.replace(NAME, "example"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_required_key_has_example() {
        let lists = [Field::DRIVER, Field::TIMEOUT_POLICY, Field::RETRY_POLICY, Field::TELEMETRY];
        let tables = [Field::TimeoutPolicy, Field::RetryPolicy, Field::Telemetry];
        let more = [Field::BURST, Field::OPERATION, Field::BENCHMARK.split_at(7).0, Field::WAIVER];
        for field in lists.concat().into_iter().chain(more.concat()) {
            let is_there = EXAMPLES.iter().any(|(of, _)| *of == field);
            let optional = [
                Field::QueueMs,
                Field::DeadlineMs,
                Field::LifetimeMs,
                Field::MultiplierPercent,
                Field::RetryBudgetPercent,
                Field::RetryBudgetMin,
                Field::WaivedField,
            ];
            let is_optional = optional.contains(&field);
            assert!(is_there || is_optional || tables.contains(&field), "{field:?}");
        }
    }
}
