//! Rules that supersede others: one finding per fault, and the other one if the rule is off.

use std::collections::BTreeSet;

use driverc::{
    finding::Level,
    lint::{self, AcceptedBy, CheckContext, finding_identities},
    rules::ALL,
    source::Source,
};

use super::{BASE, TODAY, check_on, configured, workspace};

/// A document with one fault that two rules can report.
struct Case {
    superseding: &'static str,
    superseded: &'static str,
    text: String,
    configuration: &'static str,
}

fn case(superseding: &'static str, superseded: &'static str, changes: &[(&str, &str)]) -> Case {
    let mut text = BASE.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    Case { superseding, superseded, text, configuration: "" }
}

/// A case with a benchmark that has these latencies.
fn measured(superseding: &'static str, p50: u64, p95: u64) -> Case {
    let benchmark = format!(
        "\n[[benchmark]]\ndriver = \"example\"\nprofile = \"heavy_data\"\np50_latency_ms = {p50}\n\
         p95_latency_ms = {p95}\ntimeout_rate_bps = 1\nretry_rate_bps = 10\n\
         throughput_ops_per_sec = 5000\nduration_ms = 3600000\n"
    );
    let superseded = "sample-littles-law";
    Case { superseding, superseded, text: BASE.to_owned() + &benchmark, configuration: "" }
}

const ATTEMPTS: &str = "max_attempts = 3";
const BACKOFF: &str = "base_backoff_ms = 200";
const IDEMPOTENT: &str = "  \"idempotent_write\",\n";
const CHECKPOINT: &str = "  \"checkpoint_resume\",\n";
const IN_FLIGHT: &str = "max_in_flight = 5";
const JITTER: &str = "jitter_percent = 100";
const OWN_LIMIT: (&str, &str) = (
    "[budget.heavy_data]",
    "[budget.heavy_data.driver.example]\nmax_p95_latency_ms = 5000\n\n[budget.heavy_data]",
);
/// A caller that makes ten attempts.
const CALLED: &str = "[caller.edge]\nattempt_ms = 100000\nmax_attempts = 10\n\n\
                      [[call]]\nfrom = \"edge\"\nto = \"example\"\n\n";
const WRITES_TWICE: [(&str, &str); 2] = [(IDEMPOTENT, ""), (CHECKPOINT, "")];
const KAFKA: [(&str, &str); 2] =
    [("relational_adapter", "stream_adapter"), ("sqlx::postgres", "rdkafka::producer")];
const TIERS: &str = "support_tiers = [\"tier1\"]\n";
/// Requests that hold their slots for three seconds.
const SLOW_HEAVY_DATA: &str = "[workload.heavy_data]\nduration_ms = 600000\n\
                               rate_ops_per_ksec = 1000\n\n[[workload.heavy_data.operation]]\n\
                               weight = 1\nservice = { constant_us = 3000000 }\n\n\
                               [budget.heavy_data]";

/// All cases, in the order of the rules.
fn cases() -> Vec<Case> {
    [budget_and_call_cases(), capacity_cases(), retry_cases(), other_cases()]
        .into_iter()
        .flatten()
        .collect()
}

fn budget_and_call_cases() -> Vec<Case> {
    vec![
        case(
            "budget-retry-loose",
            "budget-retry-dead",
            &[
                (ATTEMPTS, "max_attempts = 1"),
                (
                    "[budget.heavy_data]",
                    "[budget.heavy_data.driver.example]\nmax_retry_rate_bps = 2000\n\n\
                     [budget.heavy_data]",
                ),
            ],
        ),
        case(
            "call-amplification",
            "call-retries-twice",
            &[("[budget.heavy_data]", &format!("{CALLED}[budget.heavy_data]"))],
        ),
        case(
            "call-amplification",
            "retry-attempts-high",
            &[
                (ATTEMPTS, "max_attempts = 4"),
                (
                    "[budget.heavy_data]",
                    &format!("{}[budget.heavy_data]", CALLED.replace("100000", "900000")),
                ),
            ],
        ),
    ]
}

fn capacity_cases() -> Vec<Case> {
    let [stream, rdkafka] = KAFKA;
    let unbounded = (IN_FLIGHT, "max_in_flight = 1000000");
    vec![
        case(
            "capability-required-missing",
            "concurrency-unbounded",
            &[unbounded, ("  \"bounded_concurrency\",\n", "")],
        ),
        case(
            "concurrency-unbounded",
            "concurrency-kafka-idempotence",
            &[unbounded, stream, rdkafka],
        ),
        case("concurrency-unbounded", "concurrency-pool-oversized", &[unbounded]),
        case(
            "deadline-below-request",
            "deadline-cuts-retries",
            &[("idle_ms = 300000", "idle_ms = 300000\ndeadline_ms = 1000")],
        ),
        case(
            "metric-deprecated",
            "metric-unit-suffix",
            &[
                ("example_client_timeouts_total", "example.client.timeouts"),
                ("example_client_retries_total", "example.client.retries"),
                ("example_client_operation_duration_seconds", "messaging.publish.messages"),
                ("example_client_in_flight_requests", "example.client.in_flight_requests"),
            ],
        ),
        case(
            "queue-drain-exceeds-timeout",
            "queue-too-deep",
            &[
                ("max_queue_depth = 50", "max_queue_depth = 55"),
                ("max_p95_latency_ms = 2000", "max_p95_latency_ms = 4000"),
                ("min_throughput_ops_per_sec = 40", "min_throughput_ops_per_sec = 1"),
                ("[budget.heavy_data]", SLOW_HEAVY_DATA),
            ],
        ),
    ]
}

fn retry_cases() -> Vec<Case> {
    let [idempotent, checkpoint] = WRITES_TWICE;
    vec![
        case("retry-amplification", "retry-attempts-high", &[(ATTEMPTS, "max_attempts = 28")]),
        case(
            "retry-backoff-inverted",
            "retry-backoff-shorter-than-latency",
            &[("max_backoff_ms = 1000", "max_backoff_ms = 100"), OWN_LIMIT],
        ),
        case(
            "retry-backoff-zero",
            "retry-backoff-shorter-than-latency",
            &[(BACKOFF, "base_backoff_ms = 0"), OWN_LIMIT],
        ),
        case("retry-no-jitter", "retry-jitter-low", &[(JITTER, "jitter_percent = 0")]),
        case(
            "retry-non-idempotent-write",
            "retry-amplification",
            &[idempotent, checkpoint, (ATTEMPTS, "max_attempts = 28")],
        ),
        case(
            "retry-non-idempotent-write",
            "retry-attempts-high",
            &[idempotent, checkpoint, (ATTEMPTS, "max_attempts = 4")],
        ),
    ]
}

fn other_cases() -> Vec<Case> {
    vec![
        measured("sample-latency-exceeds-policy", 1000, 90_602),
        measured("sample-percentile-inverted", 2001, 2000),
        Case {
            configuration: TIERS,
            ..case(
                "support-tier-without-budget",
                "budget-missing-profile",
                &[("[budget.heavy_data]", "[budget.heavy_data.class.stream_adapter]")],
            )
        },
        case(
            "timeout-connect-exceeds-request",
            "timeout-connect-excessive",
            &[("connect_ms = 3100", "connect_ms = 70000")],
        ),
    ]
}

/// The names of the rules with an open finding.
fn reported(case: &Case, rules: &str) -> BTreeSet<&'static str> {
    let configuration = configured(&format!("{}{rules}", case.configuration));
    let lint::Findings { open, .. } =
        check_on(&workspace(&[("a.toml", &case.text)]), &configuration, TODAY);
    open.iter().map(|finding| finding.rule.name).collect()
}

#[test]
fn superseded_rule_is_reported_only_if_superseding_rule_is_off() {
    for case in cases() {
        let Case { superseding, superseded, .. } = case;
        assert_eq!(reported(&case, ""), BTreeSet::from([superseding]), "before {superseded}");
        for off in [
            format!("[rules]\n{superseding} = \"off\"\n"),
            format!("[per-file-rules.\"a.toml\"]\n{superseding} = \"off\"\n"),
        ] {
            let found = reported(&case, &off);
            assert!(found.contains(superseded), "{superseding} is off: {found:?}");
            assert!(!found.contains(superseding), "{off}");
        }
    }
}

#[test]
fn every_superseding_rule_has_test_case() {
    let pairs = ALL.iter().flat_map(|lint| {
        assert!(lint.rule.supersedes.is_sorted(), "{}", lint.rule.name);
        lint.rule.supersedes.iter().map(|superseded| (lint.rule.name, *superseded))
    });
    let cases = cases().into_iter().map(|case| (case.superseding, case.superseded));
    assert_eq!(cases.collect::<Vec<_>>(), pairs.collect::<Vec<_>>());
}

/// A suppressed finding still supersedes the other rule.
#[test]
fn suppressed_finding_still_supersedes_other_rule() {
    let text =
        BASE.replace(ATTEMPTS, "max_attempts = 28 # driverc: ignore[retry-amplification] why");
    let (open, accepted) = super::reported_in(&text);
    assert_eq!(open, super::NONE);
    assert_eq!(accepted, ["retry-amplification comment: why"]);
}

/// Returns the findings of a case with this baseline.
fn with_baseline<'b>(case: &Case, lines: impl IntoIterator<Item = &'b String>) -> lint::Findings {
    let mut workspace = workspace(&[("a.toml", &case.text)]);
    let text: String = lines.into_iter().flat_map(|line| [line, "\n"]).collect();
    workspace.set_baseline(Source::new("driverc-baseline.txt", text));
    check_on(&workspace, &configured(case.configuration), TODAY)
}

#[test]
fn finding_that_baseline_lists_hides_no_other_finding() {
    for case in cases() {
        let before = workspace(&[("a.toml", &case.text)]);
        let found = check_on(&before, &configured(case.configuration), TODAY);
        let lines: Vec<_> =
            found.open.iter().flat_map(|finding| finding_identities(&before, finding)).collect();
        let found = with_baseline(&case, &lines);
        let open: Vec<_> = found.open.iter().map(|finding| finding.rule.name).collect();
        let Case { superseding, superseded, .. } = case;
        assert!(open.contains(&superseded), "{superseding} is accepted: {open:?}");
        assert!(!open.contains(&superseding), "{open:?}");
    }
}

#[test]
fn written_baseline_lists_superseded_findings() {
    for case in cases() {
        let configuration = configured(case.configuration);
        let context = CheckContext {
            configuration: &configuration,
            guides: None,
            today: TODAY.parse().unwrap(),
        };
        let before = workspace(&[("a.toml", &case.text)]);
        let lines = lint::open_identities(&before, &context, Level::Info, str::to_owned);
        let found = with_baseline(&case, &lines);
        assert_eq!(found.open, [], "{}", case.superseding);
        assert!(found.accepted.iter().all(|it| it.by == AcceptedBy::Baseline));
        // A line of a superseded finding is used, even if the other finding is open again.
        let rule = format!("|rule={}|", case.superseded);
        let found = with_baseline(&case, lines.iter().filter(|line| line.contains(&rule)));
        let open: Vec<_> = found.open.iter().map(|finding| finding.rule.name).collect();
        assert!(open.contains(&case.superseding), "{open:?}");
        assert!(!open.contains(&"baseline-unused"), "{open:?}");
    }
}
