//! The traps that real options of delta-rs and obstore fall into.

use driverc::{
    builtin::object_store_async_driver,
    model::{BackoffMs, DeadlineMs, DriverContract, Field},
    targets::{Drift, TargetOptions, emit, find, verify},
};

use super::adopted;

const DIALECTS: [&str; 2] = ["delta-rs", "obstore"];

fn options(dialect: &str) -> TargetOptions {
    let target = find("object-store").unwrap();
    TargetOptions::with(target, target.dialect(dialect).unwrap())
}

fn delta() -> TargetOptions {
    options("delta-rs")
}

/// Returns options of delta-rs with the values of the built-in contract, except for one replacement.
fn text(from: &str, to: &str) -> String {
    let text = emit(&object_store_async_driver(), delta()).text;
    assert!(text.contains(from), "{text}");
    text.replace(from, to)
}

fn drifts(text: &str) -> Vec<Drift> {
    verify(&object_store_async_driver(), delta(), text).drifts
}

fn rules(text: &str) -> Vec<&'static str> {
    drifts(text).iter().map(|drift| drift.rule.name).collect()
}

fn value(text: &str, options: TargetOptions, field: Field) -> Option<u64> {
    let values = adopted(text, options).values;
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

fn contract(base: u64, max: u64) -> DriverContract {
    let mut contract = object_store_async_driver();
    contract.retry_policy.base_backoff_ms = BackoffMs::new(base).unwrap();
    contract.retry_policy.max_backoff_ms = BackoffMs::new(max).unwrap();
    contract
}

#[test]
fn retries_exclude_first_attempt() {
    for dialect in DIALECTS {
        let text = emit(&object_store_async_driver(), options(dialect)).text;
        assert_eq!(value(&text, options(dialect), Field::MaxAttempts), Some(3), "{text}");
    }
    assert!(text("\"max_retries\": \"2\"", "").starts_with('{'));
    assert_eq!(value("{\"max_retries\": \"3\"}", delta(), Field::MaxAttempts), Some(4));
    assert_eq!(value("{}", delta(), Field::MaxAttempts), Some(11), "the default has 10 retries");
}

#[test]
fn times_have_units() {
    for time in ["3.1", "100", "5 Sec", ".5s", ""] {
        assert_eq!(rules(&text("3100ms", time)), ["drift-rejected"], "{time}");
    }
    for time in ["3.1s", "3s 100ms", "3100000us"] {
        assert_eq!(rules(&text("3100ms", time)), [""; 0], "{time}");
    }
    assert_eq!(rules(&text("3100ms", "3101ms")), ["drift-looser"]);
    assert_eq!(rules(&text("3100ms", "3s")), ["drift-stricter"]);
}

#[test]
fn timeout_is_per_attempt_and_retry_timeout_does_not_end_an_attempt() {
    let mut contract = object_store_async_driver();
    contract.timeout_policy.deadline_ms = Some(DeadlineMs::new(30_000).unwrap());
    let emission = emit(&contract, delta());
    let looser = emission.findings.iter().find(|it| it.place.field == Some(Field::DeadlineMs));
    let message = &looser.unwrap().message;
    assert!(message.contains("by up to 22000 ms: a backoff and an attempt"), "{message}");
    assert_eq!(value(&emission.text, delta(), Field::RequestMs), Some(20_000));
    assert_eq!(value(&emission.text, delta(), Field::DeadlineMs), Some(52_000));
}

#[test]
fn retry_timeout_beyond_worst_case_limits_nothing() {
    let emission = emit(&object_store_async_driver(), delta());
    assert!(emission.findings.iter().all(|it| it.place.field != Some(Field::DeadlineMs)));
    assert_eq!(value(&emission.text, delta(), Field::DeadlineMs), None);
}

#[test]
fn first_backoff_is_written_within_the_longest() {
    for dialect in DIALECTS {
        let text = emit(&contract(500, 200), options(dialect)).text;
        assert_eq!(value(&text, options(dialect), Field::BaseBackoffMs), Some(200), "{text}");
    }
    let text =
        "{\"backoff_config.init_backoff\": \"500ms\", \"backoff_config.max_backoff\": \"300ms\"}";
    assert_eq!(value(text, delta(), Field::MaxBackoffMs), Some(500), "it is not limited");
}

#[test]
fn backoffs_with_an_empty_range_panic() {
    for (from, to) in [
        ("\"100ms\"", "\"0s\""),
        ("\"backoff_config.base\": \"2\"", "\"backoff_config.base\": \"1\""),
        ("\"backoff_config.max_backoff\": \"2s\"", "\"backoff_config.max_backoff\": \"50ms\""),
    ] {
        assert_eq!(rules(&text(from, to)), ["drift-rejected"], "{to}");
    }
    let emission = emit(&contract(0, 0), delta());
    assert!(
        emission.text.contains("\"backoff_config.init_backoff\": \"1us\""),
        "{}",
        emission.text
    );
    let looser = emission.findings.iter().any(|it| it.place.field == Some(Field::BaseBackoffMs));
    assert!(looser);
}

#[test]
fn random_backoffs_have_the_jitter_of_their_spread() {
    let findings = emit(&contract(100, 2_000), delta()).findings;
    let is_jitter = |it: &&driverc::finding::Finding| it.place.field == Some(Field::JitterPercent);
    let jitter = object_store_async_driver().retry_policy.jitter_percent.get();
    assert_eq!(findings.iter().find(is_jitter).is_some(), jitter < 50, "{findings:?}");
    let text = adopted("{\"max_retries\": \"2\"}", delta()).text;
    assert!(text.contains("# jitter_percent = 50  # proposal"), "{text}");
}

#[test]
fn limit_of_requests_is_dead_and_not_adopted() {
    let limit = "\"OBJECT_STORE_CONCURRENCY_LIMIT\": \"32\", \"timeout\"";
    assert_eq!(rules(&text("\"timeout\"", limit)), ["drift-dead-setting"]);
    let adoption = adopted("{\"OBJECT_STORE_CONCURRENCY_LIMIT\": \"32\"}", delta());
    assert!(adoption.left_out.contains(&"max_in_flight".to_owned()));
}

#[test]
fn misspelled_option_is_unknown_and_its_default_applies() {
    let drifts = drifts(&text("\"max_retries\"", "\"max_retrys\""));
    let rules: Vec<_> = drifts.iter().map(|it| it.rule.name).collect();
    assert_eq!(rules, ["drift-default", "drift-unknown-setting"]);
    assert_eq!(drifts[1].help.as_deref(), Some("did you mean `max_retries`?"));
}

#[test]
fn comment_after_number_is_a_part_of_the_value() {
    assert_eq!(rules(&text("\"2\",\n  \"retry", "\"2 # two\",\n  \"retry")), ["drift-rejected"]);
}

#[test]
fn placeholder_is_neither_a_value_nor_a_default() {
    let text = text("\"max_retries\": \"2\"", "\"max_retries\": \"${RETRIES}\"");
    assert_eq!(rules(&text), [""; 0]);
    let adoption = adopted(&text, delta());
    assert!(adoption.left_out.contains(&"retry_policy.max_attempts".to_owned()));
    assert!(!adoption.text.contains("RETRIES"));
}

#[test]
fn keys_of_accounts_are_neither_adopted_nor_shown() {
    let text = text("\"timeout\"", "\"aws_secret_access_key\": \"hunter2\", \"timeout\"");
    assert!(!adopted(&text, delta()).text.contains("hunter2"));
    let verification = verify(&object_store_async_driver(), delta(), &text);
    assert!(verification.drifts.is_empty(), "{:?}", verification.drifts);
    let text = text.replace("\"max_retries\": \"2\"", "\"max_retries\": \"3\"");
    let verification = verify(&object_store_async_driver(), delta(), &text);
    assert!(!verification.public_text.contains("hunter2"));
    assert!(verification.public_text.contains("\"max_retries\": \"3\""));
}

#[test]
fn arguments_of_timedelta_are_added() {
    for (arguments, request, base) in [
        ("{\"seconds\": 2}", Some(2_000), Some(2_000)),
        ("{\"minutes\": 1, \"seconds\": 1.5}", Some(61_500), Some(61_500)),
        ("{\"hours\": 0.5, \"microseconds\": 1}", Some(1_800_001), Some(1_800_001)),
        ("{\"weeks\": 1}", None, None),
        ("{\"seconds\": -1}", None, None),
        ("{\"seconds\": \"${TIME}\"}", None, None),
    ] {
        let text = format!(
            "{{\"client_options\": {{\"timeout\": {arguments}}}, \
             \"retry_config\": {{\"backoff\": {{\"init_backoff\": {arguments}}}}}}}"
        );
        assert_eq!(value(&text, options("obstore"), Field::RequestMs), request, "{text}");
        assert_eq!(value(&text, options("obstore"), Field::BaseBackoffMs), base, "{text}");
    }
}

#[test]
fn unknown_argument_of_timedelta_is_reported() {
    let text = "{\"retry_config\": {\"retry_timeout\": {\"second\": 1}}}";
    let drifts = verify(&object_store_async_driver(), options("obstore"), text).drifts;
    assert!(drifts.iter().any(|it| it.rule.name == "drift-unknown-setting"), "{drifts:?}");
}

#[test]
fn last_attempt_can_follow_retry_timeout() {
    let mut contract = object_store_async_driver();
    contract.timeout_policy.deadline_ms = Some(DeadlineMs::new(30_000).unwrap());
    for dialect in DIALECTS {
        let text = emit(&contract, options(dialect)).text;
        let adoption = adopted(&text, options(dialect)).values;
        let deadline = adoption.iter().find(|it| it.field == Field::DeadlineMs).unwrap();
        let mut kept = contract.clone();
        kept.timeout_policy.deadline_ms = Some(DeadlineMs::new(deadline.value).unwrap());
        assert!(verify(&kept, options(dialect), &text).drifts.is_empty(), "{text}");
        kept.timeout_policy.deadline_ms = Some(DeadlineMs::new(deadline.value + 1).unwrap());
        let drifts = verify(&kept, options(dialect), &text).drifts;
        let rules: Vec<_> = drifts.iter().map(|it| it.rule.name).collect();
        assert_eq!(rules, ["drift-stricter"], "{text}");
    }
}

#[test]
fn other_names_of_delta_rs_are_read() {
    for (text, field, expected) in [
        ("{\"init_backoff\": \"5s\"}", Field::BaseBackoffMs, 5_000),
        ("{\"backoff.init_backoff\": \"5s\"}", Field::BaseBackoffMs, 5_000),
        ("{\"max_backoff\": \"9s\"}", Field::MaxBackoffMs, 9_000),
        ("{\"base\": \"3\"}", Field::MultiplierPercent, 300),
        ("{\"TIMEOUT\": \"9s\"}", Field::RequestMs, 9_000),
    ] {
        assert_eq!(value(text, delta(), field), Some(expected), "{text}");
    }
}
