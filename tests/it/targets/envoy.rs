//! The traps that real configurations of Envoy and Istio fall into.

use driverc::{
    builtin::clickhouse_async_driver,
    model::{Attempts, BackoffMs, DeadlineMs, DriverContract, Field, MaxQueueDepth, Percent},
    targets::{Drift, TargetOptions, emit, find, verify},
};

use super::adopted;

fn envoy() -> TargetOptions {
    TargetOptions::of(find("envoy").unwrap())
}

fn istio() -> TargetOptions {
    let target = find("envoy").unwrap();
    TargetOptions::with(target, target.dialect("istio").unwrap())
}

fn contract() -> DriverContract {
    clickhouse_async_driver()
}

/// Returns a file with the values of the built-in contract, except for one replacement.
fn changed(options: TargetOptions, from: &str, to: &str) -> String {
    let text = emit(&contract(), options).text;
    assert!(text.contains(from), "{text}");
    text.replace(from, to)
}

fn drifts(options: TargetOptions, text: &str) -> Vec<Drift> {
    verify(&contract(), options, text).drifts
}

fn rules(options: TargetOptions, text: &str) -> Vec<&'static str> {
    drifts(options, text).iter().map(|drift| drift.rule.name).collect()
}

/// Returns the rules and messages for a file of Envoy.
fn messages(text: &str) -> Vec<String> {
    let drifts = drifts(envoy(), text).into_iter();
    drifts.map(|drift| format!("{}: {}", drift.rule.name, drift.message)).collect()
}

fn value(options: TargetOptions, text: &str, field: Field) -> Option<u64> {
    let values = adopted(text, options).values;
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

/// Returns the message of a finding of `emit`.
fn finding(contract: &DriverContract, options: TargetOptions, rule: &str, field: Field) -> String {
    let findings = emit(contract, options).findings.into_iter();
    let mut found = findings.filter(|it| it.rule.name == rule && it.place.field == Some(field));
    found.next().map(|it| it.message).unwrap_or_default()
}

#[test]
fn emitted_files_are_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/targets");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for options in [envoy(), istio()] {
            insta::assert_snapshot!(options.dialect.name, emit(&contract(), options).text);
        }
    });
}

#[test]
fn retries_exclude_first_attempt() {
    for (options, line) in [(envoy(), "num_retries: 2"), (istio(), "attempts: 2")] {
        let text = changed(options, line, line);
        assert_eq!(value(options, &text, Field::MaxAttempts), Some(3));
        let text = changed(options, line, &line.replace('2', "3"));
        assert_eq!(value(options, &text, Field::MaxAttempts), Some(4));
        assert_eq!(rules(options, &text), ["drift-looser"]);
    }
}

#[test]
fn retries_without_known_conditions_are_dead() {
    let line = "      retry_on: connect-failure,refused-stream,reset\n";
    for replacement in ["", "      retry_on: \"\"\n", "      retry_on: 503,gateway_error\n"] {
        let text = changed(envoy(), line, replacement);
        let expected = "drift-dead-setting: `retry_policy.num_retries` has no effect: without \
                        conditions in `retry_on`, Envoy never retries";
        assert_eq!(messages(&text), [expected], "{replacement}");
        assert_eq!(value(envoy(), &text, Field::MaxAttempts), Some(1));
    }
    let text = changed(envoy(), line, "      retry_on: 5xx,503\n");
    assert_eq!(messages(&text), [""; 0]);
    let text = changed(envoy(), line, "      retry_on: ${CONDITIONS}\n");
    assert_eq!(value(envoy(), &text, Field::MaxAttempts), Some(3));
}

#[test]
fn attempt_timeout_above_route_timeout_is_dead() {
    let text = changed(envoy(), "per_try_timeout: 30s", "per_try_timeout: 91s");
    let expected = "drift-dead-setting: `retry_policy.per_try_timeout` has no effect: the `timeout` \
                    of the route is shorter";
    assert_eq!(messages(&text), [expected]);
    assert_eq!(value(envoy(), &text, Field::RequestMs), Some(90_750));
    let text = changed(istio(), "perTryTimeout: 30s", "perTryTimeout: 1m31s");
    assert_eq!(rules(istio(), &text), ["drift-dead-setting"]);
}

#[test]
fn absent_route_timeout_cuts_attempts_after_15_seconds() {
    let text = changed(envoy(), "    timeout: 90.750s\n", "");
    let found = messages(&text);
    assert!(found[0].starts_with(
        "drift-default: `route.timeout` is not set, and its default in Envoy 1.40.0 is 15s, but the \
         worst case (90750 ms) allows 90.750s"
    ));
    assert!(found[1].contains("`retry_policy.per_try_timeout` has no effect"), "{found:?}");
    assert_eq!(value(envoy(), &text, Field::RequestMs), Some(15_000));
    // Istio has no default.
    let text = changed(istio(), "    timeout: 90750ms\n", "");
    assert_eq!(rules(istio(), &text), ["drift-default"]);
    assert!(adopted(&text, istio()).left_out.contains(&"timeout_policy.deadline_ms".to_owned()));
}

#[test]
fn queue_of_zero_is_written_as_one_and_reported() {
    let mut contract = contract();
    contract.max_queue_depth = MaxQueueDepth::new(0).unwrap();
    for (options, name) in [
        (envoy(), "circuit_breakers.max_pending_requests"),
        (istio(), "connectionPool.http.http1MaxPendingRequests"),
    ] {
        let program = options.program();
        let expected =
            format!("`{name}` must be at least 1, so {program} exceeds `max_queue_depth` (0) by 1");
        assert_eq!(finding(&contract, options, "emit-looser", Field::MaxQueueDepth), expected);
        let text = emit(&contract, options).text;
        assert!(text.contains("endingRequests: 1\n") || text.contains("ending_requests: 1\n"));
        assert!(verify(&contract, options, &text).drifts.is_empty());
    }
    // Envoy accepts 0, and Istio reads it as no limit.
    let text = changed(envoy(), "max_pending_requests: 40", "max_pending_requests: 0");
    assert_eq!(rules(envoy(), &text), ["drift-stricter"]);
    let text = changed(istio(), "http1MaxPendingRequests: 40", "http1MaxPendingRequests: 0");
    assert_eq!(rules(istio(), &text), ["drift-looser"]);
}

#[test]
fn default_of_concurrent_retries_is_reported() {
    let text = changed(envoy(), "      max_retries: 10\n", "");
    let expected = "drift-default: `circuit_breakers.max_retries` is not set, and its default in \
                    Envoy 1.40.0 is 3, but `max_in_flight` (10) allows 10";
    assert_eq!(messages(&text), [expected]);
}

#[test]
fn retry_budget_replaces_number_of_concurrent_retries() {
    let budget = "max_retries: 10\n      retry_budget:\n        budget_percent: {value: 12.5}";
    let text = changed(envoy(), "max_retries: 10", budget);
    let expected = "drift-dead-setting: `circuit_breakers.max_retries` has no effect: `retry_budget` \
                    replaces it";
    assert_eq!(messages(&text), [expected]);
    assert_eq!(value(envoy(), &text, Field::RetryBudgetPercent), Some(13), "rounded up");
    assert_eq!(value(envoy(), &text, Field::RetryBudgetMin), None, "the default of a contract");
    let mut contract = contract();
    contract.retry_policy.retry_budget_percent = Some(Percent::new(20).unwrap());
    let text = emit(&contract, envoy()).text;
    assert!(text.contains("          value: 20\n        min_retry_concurrency: 3\n"), "{text}");
    assert!(!text.contains("max_retries"), "{text}");
    assert_eq!(value(envoy(), &text, Field::RetryBudgetPercent), Some(20));
    let looser = verify(&contract, envoy(), &text.replace("value: 20", "value: 20.01")).drifts;
    let message = "`circuit_breakers.retry_budget.budget_percent.value` is 20.01, but \
                   `retry_budget_percent` (20) allows at most 20";
    assert_eq!(looser[0].message, message);
    let without = emit(&self::contract(), envoy()).text;
    let found = verify(&contract, envoy(), &without).drifts;
    assert!(found[0].message.contains("its default in Envoy 1.40.0 is no limit"), "{found:?}");
}

#[test]
fn backoffs_that_envoy_refuses_are_rejected() {
    for (from, to) in [
        ("max_interval: 5s", "max_interval: 0.249s"),
        ("max_interval: 5s", "max_interval: 0s"),
        ("base_interval: 0.250s", "base_interval: 0s"),
        ("        base_interval: 0.250s\n", ""),
        ("base_interval: 0.250s", "base_interval: 250ms"),
        ("connect_timeout: 10s", "connect_timeout: 0s"),
    ] {
        let found = rules(envoy(), &changed(envoy(), from, to));
        assert_eq!(found, ["drift-rejected"], "{to}");
    }
    // Without a longest backoff, it is 10 times the first.
    let text = changed(envoy(), "        max_interval: 5s\n", "");
    assert_eq!(value(envoy(), &text, Field::MaxBackoffMs), Some(2_500));
    assert_eq!(rules(envoy(), &text), ["drift-default"]);
}

#[test]
fn backoff_of_zero_is_written_as_one_millisecond_and_reported() {
    let mut contract = contract();
    contract.retry_policy.base_backoff_ms = BackoffMs::new(0).unwrap();
    let text = emit(&contract, envoy()).text;
    assert!(text.contains("base_interval: 0.001s\n"), "{text}");
    let message = "`retry_policy.retry_back_off.base_interval` must be at least 0.001s, so Envoy \
                   1.40.0 exceeds `base_backoff_ms` (0) by 1 ms";
    assert_eq!(finding(&contract, envoy(), "emit-looser", Field::BaseBackoffMs), message);
}

#[test]
fn longest_backoff_of_istio_is_ten_times_the_first() {
    let mut contract = contract();
    contract.retry_policy.max_attempts = Attempts::new(6).unwrap();
    let message = "the longest backoff of Istio 1.27.0 is always 10 times the first, 2500 ms, and \
                   `max_backoff_ms` is 5000";
    assert_eq!(finding(&contract, istio(), "emit-unsupported", Field::MaxBackoffMs), message);
    contract.retry_policy.max_backoff_ms = BackoffMs::new(1_000).unwrap();
    let message = "the longest backoff of Istio 1.27.0 is always 10 times the first, 2500 ms, longer \
                   than `max_backoff_ms` (1000)";
    assert_eq!(finding(&contract, istio(), "emit-looser", Field::MaxBackoffMs), message);
    // Three attempts never wait for the longest.
    assert_eq!(finding(&self::contract(), istio(), "emit-unsupported", Field::MaxBackoffMs), "");
    let adoption = adopted(&emit(&contract, istio()).text, istio());
    let line = "max_backoff_ms = 2500  # Istio 1.27.0 always: 10 times the first backoff\n";
    assert!(adoption.text.contains(line), "{}", adoption.text);
}

#[test]
fn jitter_is_always_full() {
    let mut contract = contract();
    assert_eq!(finding(&contract, envoy(), "emit-looser", Field::JitterPercent), "");
    contract.retry_policy.jitter_percent = Percent::new(20).unwrap();
    for options in [envoy(), istio()] {
        let message = format!(
            "{} always has a jitter of 100%, so a backoff can be 0% of its longest, and \
             `jitter_percent` (20) allows at least 80%",
            options.program()
        );
        assert_eq!(finding(&contract, options, "emit-looser", Field::JitterPercent), message);
        let text = adopted(&emit(&contract, options).text, options).text;
        assert!(text.contains("\n# jitter_percent = 100  # proposal"), "{text}");
    }
}

#[test]
fn single_attempt_has_timeout_and_no_retries() {
    let mut contract = contract();
    contract.retry_policy.max_attempts = Attempts::new(1).unwrap();
    contract.timeout_policy.deadline_ms = Some(DeadlineMs::new(40_000).unwrap());
    let text = emit(&contract, envoy()).text;
    assert!(text.contains("retry_policy:\n      per_try_timeout: 30s\n"), "{text}");
    assert!(!text.contains("num_retries") && !text.contains("back_off"), "{text}");
    let text = emit(&contract, istio()).text;
    assert!(text.ends_with("    timeout: 40s\n    retries:\n      attempts: 0\n"), "{text}");
    let message = "`http.timeout` limits all attempts together, so an attempt can exceed \
                   `request_ms` (30000) by up to 10000 ms";
    assert_eq!(finding(&contract, istio(), "emit-looser", Field::RequestMs), message);
}

#[test]
fn absent_retries_of_istio_are_not_zero() {
    let retries = "    retries:\n      attempts: 2\n      perTryTimeout: 30s\n      retryOn: \
                   connect-failure,refused-stream,reset\n      backoff: 250ms\n";
    let absent = changed(istio(), retries, "");
    assert_eq!(value(istio(), &absent, Field::MaxAttempts), Some(3), "the default of the mesh");
    let off = changed(istio(), retries, "    retries:\n      attempts: 0\n");
    assert_eq!(value(istio(), &off, Field::MaxAttempts), Some(1));
    // A policy without a number has no retries, which Istio refuses.
    let text = changed(istio(), "      attempts: 2\n", "");
    let expected = "Istio 1.27.0 refuses the resource: without retries, `retries` must not have \
                    `perTryTimeout` or `retryOn`";
    assert!(drifts(istio(), &text).iter().any(|it| it.message == expected));
    assert_eq!(value(istio(), &text, Field::MaxAttempts), None, "the resource is refused");
}

#[test]
fn conditions_that_istio_does_not_know_are_refused() {
    let conditions = "connect-failure,refused-stream,reset";
    let text = changed(istio(), conditions, "5xx,503");
    assert_eq!(rules(istio(), &text), [""; 0]);
    let text = changed(istio(), conditions, "5xx,gateway_error");
    assert_eq!(rules(istio(), &text), ["drift-rejected"]);
    assert_eq!(&text[drifts(istio(), &text)[0].span.range()], "5xx,gateway_error");
}

#[test]
fn times_of_istio_are_those_of_go() {
    for (time, expected) in
        [("1m30.75s", Some(90_750)), ("90750ms", Some(90_750)), ("90s", Some(90_000))]
    {
        let text = changed(istio(), "timeout: 90750ms", &format!("timeout: {time}"));
        let text = text.replace("attempts: 2", "attempts: 1");
        assert_eq!(value(istio(), &text, Field::DeadlineMs), expected, "{time}");
    }
    for time in ["90750", "1m 30s", "0s", "0.5ms", "1.5ms", "2d"] {
        let text = changed(istio(), "timeout: 90750ms", &format!("timeout: {time}"));
        assert!(rules(istio(), &text).contains(&"drift-rejected"), "{time}");
    }
}

#[test]
fn idle_time_of_tcp_is_used_without_that_of_http() {
    let text = changed(istio(), "        idleTimeout: 2s\n", "");
    assert_eq!(value(istio(), &text, Field::IdleMs), Some(3_600_000));
    let text = text.replace("      tcp:\n", "      tcp:\n        idleTimeout: 9s\n");
    assert_eq!(value(istio(), &text, Field::IdleMs), Some(9_000));
    let both = changed(istio(), "      tcp:\n", "      tcp:\n        idleTimeout: 9s\n");
    assert_eq!(rules(istio(), &both), ["drift-dead-setting"]);
}

#[test]
fn empty_retry_budget_has_its_defaults() {
    let with = |budget: &str| {
        let line = "      max_retries: 10\n";
        changed(envoy(), line, &format!("{line}      retry_budget: {budget}\n"))
    };
    let expected = "drift-dead-setting: `circuit_breakers.max_retries` has no effect: `retry_budget` \
                    replaces it";
    for budget in ["{}", "{budget_percent: {}}", "{min_retry_concurrency: 3}"] {
        assert!(messages(&with(budget)).contains(&expected.to_owned()), "{budget}");
    }
    let share = |budget: &str| value(envoy(), &with(budget), Field::RetryBudgetPercent);
    assert_eq!(share("{}"), Some(20));
    assert_eq!(share("{min_retry_concurrency: 5}"), Some(20));
    assert_eq!(share("{budget_percent: {}}"), Some(0));
    assert_eq!(share("null"), None);
    assert_eq!(
        value(envoy(), &with("{}"), Field::RetryBudgetMin),
        None,
        "the default of contracts"
    );
}

#[test]
fn empty_backoff_needs_its_first() {
    let text = emit(&contract(), envoy()).text;
    let (before, _) = text.split_once("        base_interval").unwrap();
    let text = before.replace("retry_back_off:\n", "retry_back_off: {}\n");
    assert!(text.ends_with("retry_back_off: {}\n"), "{text}");
    assert!(rules(envoy(), &text).contains(&"drift-rejected"));
}

#[test]
fn whole_number_can_have_decimals_and_an_exponent() {
    let line = "max_requests: 10\n";
    for number in ["10.0", "1e1", "100e-1", "0xa", "\"10\""] {
        let text = changed(envoy(), line, &format!("max_requests: {number}\n"));
        assert_eq!(messages(&text), [""; 0], "{number}");
    }
    for number in ["10.5", "1e-1", "ten", "1e20"] {
        let text = changed(envoy(), line, &format!("max_requests: {number}\n"));
        assert_eq!(rules(envoy(), &text), ["drift-rejected"], "{number}");
    }
}
