//! Tests keys of other tools and the conversion of their numbers.

use super::*;

const TIMEOUTS: [&str; 3] = ["connect_ms", "request_ms", "idle_ms"];
const RETRY: [&str; 4] = ["max_attempts", "base_backoff_ms", "max_backoff_ms", "jitter_percent"];
const BUDGET: [&str; 6] = [
    "max_p95_latency_ms",
    "max_timeout_rate_bps",
    "max_retry_rate_bps",
    "min_throughput_ops_per_sec",
    "class",
    "driver",
];
const BENCHMARK: [&str; 6] = [
    "p50_latency_ms",
    "p95_latency_ms",
    "p95_upper_latency_ms",
    "timeout_rate_bps",
    "throughput_ops_per_sec",
    "duration_ms",
];
const WORKLOAD: [&str; 6] =
    ["rate_ops_per_ksec", "error_bps", "error_us", "stall_bps", "stall_us", "duration_ms"];

const PLAIN: [&str; 3] = ["max_in_flight", "max_queue_depth", "class"];

/// Returns the intended key, and the number to which `value` is converted for this key.
fn found(key: &str, keys: &[&'static str], value: u32) -> String {
    let value = ValueKind::Integer(Some(value.into()));
    let wanted = Wanted::new(keys.iter().copied());
    let Some((intended, relation)) = wanted.intended(key, |_| true) else {
        return "nothing".to_owned();
    };
    let number = relation.number(intended, &value).and_then(Exact::decimal);
    match (relation == Relation::Same, number) {
        (true, _) => format!("{intended} as it is"),
        (false, Some(number)) => format!("{intended} = {number}"),
        (false, None) => format!("{intended} = ?"),
    }
}

#[test]
fn time_units_are_converted() {
    for (key, value, becomes) in [
        ("request_s", 5, "request_ms = 5000"),
        ("request_sec", 5, "request_ms = 5000"),
        ("request-timeout-secs", 5, "request_ms = 5000"),
        ("requestTimeoutSeconds", 5, "request_ms = 5000"),
        ("idle_min", 10, "idle_ms = 600000"),
        ("idle_timeout_h", 1, "idle_ms = 3600000"),
        ("connect_us", 500, "connect_ms = 0.5"),
        ("connect_micros", 3_100_000, "connect_ms = 3100"),
        ("connect_ns", 7, "connect_ms = 0.000007"),
        ("requestMs", 5, "request_ms as it is"),
        ("request_millis", 5, "request_ms as it is"),
        ("request_timeout_ms", 5, "request_ms as it is"),
        ("request_timeout", 5, "request_ms = ?"),
        ("request", 5, "request_ms = ?"),
        ("deadline_ms", 5, "nothing"),
    ] {
        assert_eq!(found(key, &TIMEOUTS, value), becomes, "{key}");
    }
}

#[test]
fn retries_are_converted_to_attempts() {
    for (key, becomes) in [
        ("max_retries", "max_attempts = 4"),
        ("maxRetries", "max_attempts = 4"),
        ("retries", "max_attempts = 4"),
        ("retry_count", "max_attempts = 4"),
        ("attempts", "max_attempts as it is"),
        ("max_attempts_ms", "max_attempts = ?"),
        ("jitter", "jitter_percent = ?"),
        ("jitter_ratio", "jitter_percent = 300"),
        ("base_backoff_s", "base_backoff_ms = 3000"),
        ("min_backoff_ms", "base_backoff_ms = ?"),
        ("initial_backoff_ms", "base_backoff_ms = ?"),
        ("initial_backoff_s", "base_backoff_ms = 3000"),
    ] {
        assert_eq!(found(key, &RETRY, 3), becomes, "{key}");
    }
}

#[test]
fn shares_and_rates_are_converted() {
    for (key, value, becomes) in [
        ("max_timeout_rate_percent", 1, "max_timeout_rate_bps = 100"),
        ("max_timeout_pct", 1, "max_timeout_rate_bps = 100"),
        ("max_timeout_ratio", 1, "max_timeout_rate_bps = 10000"),
        ("max_timeout_rate_ppm", 50, "max_timeout_rate_bps = 0.5"),
        ("max_timeout_rate", 1, "max_timeout_rate_bps = ?"),
        ("min_throughput_ops_per_min", 24_000, "min_throughput_ops_per_sec = 400"),
        ("min_throughput_per_sec", 4, "min_throughput_ops_per_sec as it is"),
        ("min_throughput_rps", 4, "min_throughput_ops_per_sec as it is"),
        ("minThroughputOpsPerKsec", 4000, "min_throughput_ops_per_sec = 4"),
        ("min_throughput", 4, "min_throughput_ops_per_sec = ?"),
        ("max_throughput_ops_per_sec", 4, "min_throughput_ops_per_sec = ?"),
    ] {
        assert_eq!(found(key, &BUDGET, value), becomes, "{key}");
    }
    for (key, becomes) in [
        ("rate_ops_per_sec", "rate_ops_per_ksec = 60000"),
        ("rps", "rate_ops_per_ksec = 60000"),
        ("rate", "rate_ops_per_ksec = ?"),
        ("rate_ops_per_min", "rate_ops_per_ksec = 1000"),
        ("rate_ops_per_kmin", "rate_ops_per_ksec = 1"),
        ("error_percent", "error_bps = 6000"),
        ("error_rate_bps", "error_bps as it is"),
        ("error_ms", "error_us = 60000"),
        ("stall_s", "stall_us = 60000000"),
        ("duration_min", "duration_ms = 3600000"),
    ] {
        assert_eq!(found(key, &WORKLOAD, 60), becomes, "{key}");
    }
}

#[test]
fn scales_are_converted_exactly() {
    for (key, keys, becomes) in [
        ("min_throughput_kops_per_sec", &BUDGET[..], "min_throughput_ops_per_sec = 2000"),
        ("min_throughput_k_ops_per_sec", &BUDGET, "min_throughput_ops_per_sec = 2000"),
        ("min_throughput_kilo_ops_per_sec", &BUDGET, "min_throughput_ops_per_sec = 2000"),
        ("min_throughput_kreq_per_s", &BUDGET, "min_throughput_ops_per_sec = 2000"),
        ("min_throughput_krps", &BUDGET, "min_throughput_ops_per_sec = 2000"),
        ("min_throughput_k_per_sec", &BUDGET, "min_throughput_ops_per_sec = 2000"),
        ("minThroughputMopsPerSec", &BUDGET, "min_throughput_ops_per_sec = 2000000"),
        ("min_throughput_million_ops_per_sec", &BUDGET, "min_throughput_ops_per_sec = 2000000"),
        ("min_throughput_ops_per_ms", &BUDGET, "min_throughput_ops_per_sec = 2000"),
        ("throughput_kops_per_sec", &BENCHMARK, "throughput_ops_per_sec = 2000"),
        ("rate_kops_per_sec", &WORKLOAD, "rate_ops_per_ksec = 2000000"),
        ("rate_kops_per_ksec", &WORKLOAD, "rate_ops_per_ksec = 2000"),
        ("max_queue_depth_k", &PLAIN, "max_queue_depth = 2000"),
        ("max_queue_depth_thousands", &PLAIN, "max_queue_depth = 2000"),
        ("max_queue_depth_millions", &PLAIN, "max_queue_depth = 2000000"),
    ] {
        assert_eq!(found(key, keys, 2), becomes, "{key}");
    }
    let wanted = Wanted::new(PLAIN.iter().copied());
    let (intended, relation) = wanted.intended("max_queue_depth_k", |_| true).unwrap();
    let number = |text: &'static str| {
        relation.number(intended, &ValueKind::String(text.into())).and_then(Exact::whole)
    };
    assert_eq!((number("2.5"), number("2k")), (Some(2_500), None));
}

/// Returns the difference between a key and the key that it means or resembles, in the words of a
/// message.
fn difference(key: &str, keys: &[&'static str]) -> String {
    let by_letters = || {
        let intended = nearest(key, keys.iter().copied())?;
        Some((intended, relation(key, intended)))
    };
    let wanted = Wanted::new(keys.iter().copied());
    let Some((intended, relation)) = wanted.intended(key, |_| true).or_else(by_letters) else {
        return "nothing".to_owned();
    };
    let value = ValueKind::Integer(Some(2));
    assert_eq!(relation.number(intended, &value).and_then(Exact::whole), None, "{key}");
    assert!(relation != Relation::Same, "{key} is renamed");
    relation.difference(intended).unwrap_or_else(|| format!("perhaps `{intended}`"))
}

#[test]
fn keys_that_measure_other_quantities_are_never_renamed() {
    let throughput = "`min_throughput_ops_per_sec` counts operations, not";
    let p95 = "`max_p95_latency_ms` is a p95, not";
    for (key, said) in [
        ("min_throughput_bytes_per_sec", format!("{throughput} bytes")),
        ("min_throughput_mb_per_sec", format!("{throughput} megabytes")),
        ("min_throughput_rows_per_sec", format!("{throughput} rows")),
        ("min_throughput_krows_per_sec", "perhaps `min_throughput_ops_per_sec`".to_owned()),
        ("min_throughput_xyz_per_sec", "perhaps `min_throughput_ops_per_sec`".to_owned()),
        ("max_p95_upper_latency_ms", format!("{p95} an upper bound")),
        ("max_p95_upper_latency_s", format!("{p95} an upper bound")),
        ("max_p95_max_latency_ms", format!("{p95} a maximum")),
        ("max_p95_avg_latency_ms", format!("{p95} a mean")),
        ("max_avg_p95_latency_ms", format!("{p95} a mean")),
        ("max_p95_latency_stddev_ms", format!("{p95} a standard deviation")),
        ("max_avg_retry_rate_bps", "`max_retry_rate_bps` is not a mean".to_owned()),
        (
            "max_p95_latency_bps",
            "`max_p95_latency_ms` is in milliseconds, not in basis points".to_owned(),
        ),
    ] {
        assert_eq!(difference(key, &BUDGET), said, "{key}");
    }
    for (key, said) in [
        ("throughput_bytes_per_sec", "`throughput_ops_per_sec` counts operations, not bytes"),
        ("p95_max_latency_ms", "`p95_latency_ms` is a p95, not a maximum"),
        ("p95_lower_latency_ms", "`p95_upper_latency_ms` means the opposite"),
    ] {
        assert_eq!(difference(key, &BENCHMARK), said, "{key}");
    }
    for (key, said) in [
        ("request_bps", "`request_ms` is in milliseconds, not in basis points"),
        ("request_percent", "`request_ms` is in milliseconds, not in percent"),
    ] {
        assert_eq!(difference(key, &TIMEOUTS), said, "{key}");
    }
}

#[test]
fn misspelt_names_keep_their_units() {
    for (key, becomes) in [
        ("iddle_sec", "idle_ms = 10000"),
        ("idel_min", "idle_ms = 600000"),
        ("conect_us", "connect_ms = 0.01"),
        ("reqest", "request_ms = ?"),
    ] {
        assert_eq!(found(key, &TIMEOUTS, 10), becomes, "{key}");
    }
}

#[test]
fn number_for_other_statistic_is_not_converted() {
    for key in [
        "max_p99_latency_ms",
        "max_p50_latency_ms",
        "max_p999_latency_ms",
        "max_mean_latency_ms",
        "max_avg_latency_us",
        "max_latency_ms",
        "max_median_latency_ms",
        "max_99th_percentile_latency_ms",
        "maxP99LatencyMs",
        "min_p95_latency_ms",
    ] {
        assert_eq!(found(key, &BUDGET, 120), "max_p95_latency_ms = ?", "{key}");
    }
    for (key, becomes) in [
        ("p99_latency_ms", "p95_latency_ms = ?"),
        ("mean_latency_ms", "p50_latency_ms = ?"),
        ("median_latency_ms", "p50_latency_ms as it is"),
        ("latency_p95_ms", "p95_latency_ms as it is"),
        ("p95_latency_s", "p95_latency_ms = 120000"),
        ("p95_upper_latency_us", "p95_upper_latency_ms = 0.12"),
    ] {
        assert_eq!(found(key, &BENCHMARK, 120), becomes, "{key}");
    }
}

#[test]
fn keys_with_similar_letters_can_measure_different_quantities() {
    assert_eq!(relation("conect_ms", "connect_ms"), Relation::Same);
    assert_eq!(relation("max_atempts", "max_attempts"), Relation::Same);
    assert_eq!(relation("max_retry_rate_bp", "max_retry_rate_bps"), Relation::Same);
    assert!(matches!(relation("requst_s", "request_ms"), Relation::InUnit(_)));
    assert_eq!(relation("min_througput_ops_per_sec", "min_throughput_ops_per_sec"), Relation::Same);
    assert_eq!(
        relation("min_throughput_opps_per_sec", "min_throughput_ops_per_sec"),
        Relation::Same
    );
    assert_eq!(relation("p95_latncy_ms", "p95_latency_ms"), Relation::Same);
    assert_eq!(relation("maximum_queue_dept", "max_queue_depth"), Relation::Same);
    assert_eq!(relation("request_mss", "request_ms"), Relation::Perhaps);
    assert_eq!(relation("off_ms", "on_ms"), Relation::Opposite);
    assert_eq!(relation("min_bakoff_ms", "max_backoff_ms"), Relation::Opposite);
    assert_eq!(relation("requestms", "request_ms"), Relation::Same);
}

#[test]
fn text_with_unit_is_converted() {
    let milliseconds = unit_of("request_ms").unwrap();
    let measured = |text: &str| milliseconds.measured(text)?.decimal();
    for (text, number) in [
        ("5s", "5000"),
        ("5 s", "5000"),
        ("500us", "0.5"),
        ("500µs", "0.5"),
        ("1m30s", "90000"),
        ("1.5 seconds", "1500"),
        ("2h", "7200000"),
    ] {
        assert_eq!(measured(text).as_deref(), Some(number), "{text}");
    }
    for text in ["", "s", "5", "5 apples", "5%", "-5s", "5s5"] {
        assert_eq!(measured(text), None, "{text}");
    }
}
