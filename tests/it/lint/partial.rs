//! The findings of rules about a driver with unreadable fields.

use std::fmt::Write;

use driverc::{finding::Finding, model::Name, rules, workspace::Configuration};
use proptest::{collection::vec, prelude::*, sample::select};

use super::{BASE, NONE, reported_in, workspace};

#[test]
fn rules_about_readable_fields_run_despite_read_errors() {
    let text = BASE
        .replace("max_attempts = 3", "max_attempts = 0")
        .replace("connect_ms = 3100", "connect_ms = 30001")
        .replace("max_queue_depth = 50", "max_queue_depth = 51")
        .replace("example_client_timeouts_total", "example_client_timeouts")
        .replace("\"sqlx::postgres\"", "\"sqlx (postgres)\"");
    let (open, _) = reported_in(&text);
    assert_eq!(
        open,
        [
            "error provider-module-invalid: \"sqlx (postgres)\"",
            "warn queue-too-deep: 51",
            "warn timeout-connect-exceeds-request: 30001",
            "error out-of-range: 0",
            "warn metric-counter-suffix: \"example_client_timeouts\"",
        ]
    );
}

#[test]
fn rule_that_needs_unreadable_field_reports_nothing() {
    let high = BASE.replace("max_queue_depth = 50", "max_queue_depth = 5000");
    for unread in ["max_in_flight = 0", "max_in_flight = \"5\"", ""] {
        let text = high.replace("max_in_flight = 5\n", &format!("{unread}\n"));
        let (open, _) = reported_in(&text);
        assert_eq!(open.len(), 1, "{open:?}");
    }
    let misspelt = high.replace("max_in_flight", "max_in_fligth");
    let (open, _) = reported_in(&misspelt);
    assert_eq!(open, ["error unknown-key: max_in_fligth"], "the intended key is unknown");
}

#[test]
fn high_attempts_are_not_reported_if_capabilities_are_unreadable() {
    let high = BASE.replace("max_attempts = 3", "max_attempts = 6");
    let text = high.replace("capabilities = [", "capabilities = [ true,");
    let (open, _) = reported_in(&text);
    assert_eq!(open, ["error wrong-type: true"]);
}

/// `idle_ms` is above the limits for Kafka and S3, but within the limit of the class.
#[test]
fn driver_name_does_not_select_idle_limit_of_client() {
    for (class, name) in
        [("stream", "orders_kafka"), ("object_store", "s3"), ("columnar", "clickhouse")]
    {
        let text = BASE
            .replace("relational_adapter", &format!("{class}_adapter"))
            .replace("driver.example", &format!("driver.{name}"))
            .replace("idle_ms = 300000", "idle_ms = 600000")
            .replace("\"sqlx::postgres\"", "1");
        let (open, _) = reported_in(&text);
        assert!(!open.iter().any(|finding| finding.contains("timeout-idle")), "{name}: {open:?}");
    }
}

#[test]
fn names_and_metrics_are_compared_with_drivers_that_have_errors() {
    let start = BASE.find("\n[driver.example]\n").unwrap();
    let contract = &BASE[start..BASE.find("[budget").unwrap()];
    let other = contract
        .replace("driver.example", "driver.exampel")
        .replace("max_in_flight = 5", "max_in_flight = 0")
        .replace("sqlx::postgres", "sqlx::mysql")
        .replace("example_client_in_flight_requests", "example_client_retries_total");
    let (open, _) = reported_in(&format!("{BASE}\n{other}"));
    assert!(open.contains(&"warn name-near-duplicate: [driver.example]".to_owned()), "{open:?}");
    let collision = "error metric-role-collision: \"example_client_retries_total\"".to_owned();
    assert!(open.contains(&collision), "{open:?}");
}

#[test]
fn invalid_toml_has_only_syntax_findings() {
    let (open, _) = reported_in(&BASE.replace("max_queue_depth = 50", "max_queue_depth = 5000 ="));
    assert!(open.iter().all(|finding| finding.contains(" syntax: ")), "{open:?}");
    assert_ne!(open, NONE);
}

/// The fields of a driver, with values for which rules have findings.
const FIELDS: [(&str, &str, &[&str]); 18] = [
    (
        "",
        "class",
        &[
            "\"relational_adapter\"",
            "\"columnar_adapter\"",
            "\"stream_adapter\"",
            "\"object_store_adapter\"",
        ],
    ),
    (
        "",
        "provider_module",
        &[
            "\"sqlx::postgres\"",
            "\"rdkafka\"",
            "\"clickhouse\"",
            "\"a b\"",
            "\"object_store::aws\"",
        ],
    ),
    ("", "max_in_flight", &["1", "5", "6", "101", "10001"]),
    ("", "max_queue_depth", &["0", "5", "51", "600"]),
    (
        "",
        "capabilities",
        &[
            "[]",
            "[\"batch_write\"]",
            "[\"batch_write\", \"idempotent_write\"]",
            "[\"batch_read\", \"batch_write\", \"checkpoint_resume\", \"mixed_latency_tolerance\"]",
        ],
    ),
    ("", "support_tier", &["\"tier1\"", "\"tier2\"", "\"TIER1\""]),
    ("", "tuning_guide", &["\"\"", "\"docs/x.md\""]),
    ("timeout_policy.", "connect_ms", &["1", "1100", "3100", "70000"]),
    ("timeout_policy.", "request_ms", &["1", "5000", "30000", "90000"]),
    ("timeout_policy.", "idle_ms", &["2000", "20000", "600000"]),
    ("retry_policy.", "max_attempts", &["1", "2", "3", "6", "28"]),
    ("retry_policy.", "base_backoff_ms", &["0", "50", "1001"]),
    ("retry_policy.", "max_backoff_ms", &["0", "50", "1000", "60000"]),
    ("retry_policy.", "jitter_percent", &["0", "10", "100"]),
    ("telemetry.", "timeout_metric", METRICS),
    ("telemetry.", "retry_metric", METRICS),
    ("telemetry.", "latency_metric", METRICS),
    ("telemetry.", "in_flight_metric", METRICS),
];

const METRICS: &[&str] = &[
    "\"x_total\"",
    "\"x\"",
    "\"x.timeouts\"",
    "\"db.client.y\"",
    "\"x_ms\"",
    "\"2x\"",
    "\"y_seconds\"",
    "\"y.duration\"",
    "\"y_count\"",
];

const BUDGETS: &str = "
[budget.heavy_data]
max_p95_latency_ms = 20
max_timeout_rate_bps = 90
max_retry_rate_bps = 50
min_throughput_ops_per_sec = 200

[budget.heavy_data.driver.orders_db]
max_p95_latency_ms = 4000
max_retry_rate_bps = 40

[budget.mixed_latency.class.relational_adapter]
max_p95_latency_ms = 9000

[workload.heavy_data]
duration_ms = 60000
rate_ops_per_ksec = 1000

[[workload.heavy_data.operation]]
weight = 1
service = { constant_us = 900000 }
";

/// A driver with one value per field. The fields in `unread` have an invalid value instead.
fn driver(name: &str, values: &[prop::sample::Index], unread: u32) -> String {
    let mut text = format!("[driver.{name}]\n");
    for (number, ((table, key, all), value)) in FIELDS.iter().zip(values).enumerate() {
        let value = if unread >> number & 1 == 1 { "true" } else { all[value.index(all.len())] };
        writeln!(text, "{table}{key} = {value}").unwrap();
    }
    text
}

fn findings(drivers: &[String]) -> Vec<Finding> {
    let text = drivers.concat() + BUDGETS;
    let tiers = ["tier1", "tier2"].map(|tier| Name::new(tier).unwrap());
    let configuration = Configuration { support_tiers: tiers.to_vec(), ..Configuration::default() };
    rules::check(&workspace(&[("a.toml", &text)]), None, &configuration)
}

/// A few unreadable fields, in one driver or both.
fn unread() -> impl Strategy<Value = u32> {
    let field = || (0..18_u32).prop_map(|number| 1 << number);
    prop_oneof![
        4 => field(),
        2 => vec(field(), 2..4).prop_map(|fields| fields.into_iter().fold(0, |all, one| all | one)),
        1 => Just(0),
        1 => 0..(1_u32 << 18),
    ]
}

/// If three metrics share a name, the message names the first one, which can be unreadable.
fn has_three_roles(finding: &Finding) -> bool {
    finding.rule.name == "metric-role-collision"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The complete driver has every finding that the partial driver has, whatever the unreadable
    /// fields contain.
    #[test]
    fn every_finding_of_driver_with_errors_occurs_in_valid_driver(
        values in vec(any::<prop::sample::Index>(), 36),
        other in select(vec!["orders_da", "orders_ledger"]),
        first in unread(),
        second in unread(),
    ) {
        let (left, right) = values.split_at(18);
        let of = |first, second| {
            // Metrics that both drivers share are reported at one of them, depending on both.
            let other = driver(other, right, second)
                .replace("\"x", "\"z")
                .replace("\"y", "\"w")
                .replace("\"db.", "\"cache.");
            findings(&[driver("orders_db", left, first), other])
        };
        let whole = of(0, 0);
        for finding in of(first, second) {
            // The help can depend on the other fields.
            let same = |other: &Finding| {
                other.rule == finding.rule
                    && other.place == finding.place
                    && (other.message == finding.message || has_three_roles(&finding))
            };
            prop_assert!(whole.iter().any(same), "{finding:#?}");
        }
    }
}
