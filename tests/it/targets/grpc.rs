//! The traps that real service configs of gRPC fall into.

use driverc::{
    builtin::postgres_async_driver,
    model::{Attempts, Field},
    targets::{Drift, TargetOptions, emit, find, verify},
};

use super::adopted;

fn grpc() -> TargetOptions {
    TargetOptions::of(find("grpc").unwrap())
}

/// Returns a service config with the values of the built-in contract, except for one replacement.
fn config(from: &str, to: &str) -> String {
    let text = emit(&postgres_async_driver(), grpc()).text;
    assert!(text.contains(from), "{text}");
    text.replace(from, to)
}

fn drifts(text: &str) -> Vec<Drift> {
    verify(&postgres_async_driver(), grpc(), text).drifts
}

fn rules(text: &str) -> Vec<&'static str> {
    drifts(text).iter().map(|drift| drift.rule.name).collect()
}

fn value(text: &str, field: Field) -> Option<u64> {
    let values = adopted(text, grpc()).values;
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

#[test]
fn attempts_include_the_first() {
    let text = config("\"maxAttempts\": 3", "\"maxAttempts\": 3");
    assert_eq!(value(&text, Field::MaxAttempts), Some(3));
    assert_eq!(rules(&config("\"maxAttempts\": 3", "\"maxAttempts\": 2")), ["drift-stricter"]);
    assert_eq!(value("{}", Field::MaxAttempts), Some(1), "no retries without a policy");
}

#[test]
fn more_than_five_attempts_are_five() {
    let text = config("\"maxAttempts\": 3", "\"maxAttempts\": 7");
    assert_eq!(value(&text, Field::MaxAttempts), Some(5));
    assert_eq!(rules(&text), ["drift-dead-setting", "drift-looser"]);
    let mut contract = postgres_async_driver();
    contract.retry_policy.max_attempts = Attempts::new(6).unwrap();
    let findings = emit(&contract, grpc()).findings;
    assert!(findings.iter().any(|finding| finding.rule.name == "emit-impossible"));
}

#[test]
fn single_attempt_has_no_retry_policy() {
    let mut contract = postgres_async_driver();
    contract.retry_policy.max_attempts = Attempts::new(1).unwrap();
    let text = emit(&contract, grpc()).text;
    assert!(!text.contains("retryPolicy"), "{text}");
    assert!(verify(&contract, grpc(), &text).drifts.is_empty());
    let with_policy = emit(&postgres_async_driver(), grpc()).text;
    let drifts = verify(&contract, grpc(), &with_policy).drifts;
    assert!(drifts.iter().any(|it| it.help.as_deref() == Some("remove `retryPolicy.maxAttempts`")));
}

#[test]
fn timeout_is_total_and_a_request_time_is_only_a_proposal() {
    let adoption = adopted(&config("15.150s", "15.150s"), grpc());
    assert!(adoption.values.iter().all(|it| it.field != Field::RequestMs));
    assert!(adoption.text.contains("# request_ms = 5000  # proposal"), "{}", adoption.text);
    let findings = emit(&postgres_async_driver(), grpc()).findings;
    let looser = findings.iter().find(|it| it.place.field == Some(Field::RequestMs)).unwrap();
    assert!(looser.message.contains("by up to 10150 ms"), "{}", looser.message);
}

#[test]
fn attempt_timeout_is_ignored() {
    let text =
        config("\"maxAttempts\": 3", "\"maxAttempts\": 3, \"perAttemptRecvTimeout\": \"5s\"");
    assert_eq!(rules(&text), ["drift-dead-setting"]);
}

#[test]
fn times_are_seconds_in_text() {
    for time in ["\"15150ms\"", "\"15\"", "15", "\"1.0000000001s\""] {
        let text = config("\"15.150s\"", time);
        assert_eq!(rules(&text), ["drift-rejected"], "{time}");
    }
    assert_eq!(rules(&config("15.150s", "15.15s")), [""; 0]);
    assert_eq!(rules(&config("15.150s", "15.151s")), ["drift-looser"]);
}

#[test]
fn longest_backoff_is_120_percent_of_setting() {
    let text = config("0.041666s", "0.05s");
    assert_eq!(value(&text, Field::BaseBackoffMs), Some(60));
    assert_eq!(rules(&text), ["drift-looser"]);
    assert_eq!(value(&config("0.833333s", "1s"), Field::MaxBackoffMs), Some(1_200));
}

#[test]
fn growth_is_adopted_unless_it_is_the_default() {
    let growth = "\"backoffMultiplier\": 2";
    assert_eq!(value(&config(growth, growth), Field::MultiplierPercent), None);
    assert_eq!(
        value(&config(growth, "\"backoffMultiplier\": 1.3"), Field::MultiplierPercent),
        Some(130)
    );
    assert_eq!(rules(&config(growth, "\"backoffMultiplier\": 3")), ["drift-looser"]);
}

#[test]
fn absent_timeout_is_no_limit() {
    let drifts = drifts(&config("\"timeout\": \"15.150s\",", ""));
    let message = "`timeout` is not set, and its default in gRPC 1.85.3 is no limit, but the worst \
                   case (15150 ms) allows at most 15.150s";
    assert_eq!(drifts.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(), [message]);
    let adoption = adopted("{}", grpc());
    assert!(adoption.left_out.contains(&"timeout_policy.deadline_ms".to_owned()));
}

#[test]
fn each_method_config_is_compared_and_the_loosest_is_adopted() {
    let text = "{\"methodConfig\": [{\"name\": [{}], \"timeout\": \"5s\"},\n\
                {\"name\": [{\"service\": \"a.B\"}], \"timeout\": \"20s\"}]}";
    assert_eq!(value(text, Field::DeadlineMs), Some(20_000));
    let found = rules(text);
    assert_eq!(found.iter().filter(|rule| **rule == "drift-looser").count(), 1, "{found:?}");
    assert_eq!(found.iter().filter(|rule| **rule == "drift-stricter").count(), 1, "{found:?}");
}

#[test]
fn misspelled_setting_is_unknown_and_required_setting_is_missing() {
    let text = config("\"maxBackoff\"", "\"maxBackof\"");
    let drifts = drifts(&text);
    let help = drifts.iter().find(|it| it.rule.name == "drift-unknown-setting").unwrap();
    assert_eq!(help.help.as_deref(), Some("did you mean `retryPolicy.maxBackoff`?"));
    assert!(drifts.iter().any(|it| it.rule.name == "drift-rejected"));
}

#[test]
fn text_that_is_not_json_is_rejected_at_its_place() {
    for (text, place) in [("{\"timeout\": # x\n1}", 12), ("[]", 0), ("{\"a\": 1, \"a\": 2}", 9)] {
        let drifts = drifts(text);
        assert_eq!(drifts[0].rule.name, "drift-rejected", "{text}");
        assert_eq!(drifts[0].span.range().start, place, "{text}");
    }
}

#[test]
fn placeholder_is_neither_a_value_nor_absent() {
    let text = config("\"maxAttempts\": 3", "\"maxAttempts\": \"${ATTEMPTS}\"");
    assert_eq!(rules(&text), [""; 0]);
    let adoption = adopted(&text, grpc());
    assert!(adoption.left_out.contains(&"retry_policy.max_attempts".to_owned()));
    assert!(!adoption.text.contains("ATTEMPTS"));
}

#[test]
fn unknown_values_are_neither_adopted_nor_shown() {
    let text =
        config("\"timeout\":", "\"token\": \"hunter2\", \"key\": [\"hunter2\"], \"timeout\":");
    let verification = verify(&postgres_async_driver(), grpc(), &text);
    assert!(!verification.public_text.contains("hunter2"), "{}", verification.public_text);
    assert!(verification.public_text.contains("\"maxAttempts\": 3,"));
    assert!(!format!("{:?}", verification.drifts).contains("hunter2"));
    assert!(!adopted(&text, grpc()).text.contains("hunter2"));
}

#[test]
fn refused_retry_policy_states_no_attempts() {
    let policy = |text: &str| format!("{{\"methodConfig\": [{{\"name\": [{{}}], {text}}}]}}");
    let misspelled = policy("\"retryPolicy\": {\"MaxAttempts\": 3}");
    let empty = policy("\"retryPolicy\": {}");
    let incomplete = policy("\"retryPolicy\": {\"initialBackoff\": \"1s\"}");
    for text in [&misspelled, &empty, &incomplete] {
        assert!(rules(text).contains(&"drift-rejected"), "{text}");
        assert_eq!(value(text, Field::MaxAttempts), None, "{text}");
    }
    let absent = policy("\"retryPolicy\": null");
    assert!(!rules(&absent).contains(&"drift-rejected"));
    assert_eq!(value(&absent, Field::MaxAttempts), Some(1));
}

#[test]
fn method_config_without_method_has_no_effect() {
    let text = config("\"name\": [{}]", "\"name\": []");
    assert_eq!(rules(&text), ["drift-dead-setting"]);
    assert_eq!(rules(&config("\"name\": [{}],", "")), ["drift-dead-setting"]);
    let adoption = adopted(&text, grpc());
    assert_eq!(adoption.values, []);
    assert!(adoption.text.contains("`timeout_policy.deadline_ms`: `name` lists no method"));
    let other = "{\"name\": [{\"service\": \"a\"}], \"timeout\": \"2s\"}";
    let two = text.replace("\"methodConfig\": [", &format!("\"methodConfig\": [{other}, "));
    assert_eq!(value(&two, Field::DeadlineMs), Some(2_000));
    assert_eq!(value(&two, Field::MaxAttempts), Some(1));
}

#[test]
fn attempt_is_proposed_for_the_method_with_the_longest() {
    let method = |name: &str, time: u64| {
        format!("{{\"name\": [{{\"service\": \"{name}\"}}], \"timeout\": \"{time}s\"}}")
    };
    let text = format!("{{\"methodConfig\": [{}, {}]}}", method("a", 1), method("b", 9));
    let adoption = adopted(&text, grpc()).text;
    assert!(adoption.contains("# request_ms = 9000  # proposal"), "{adoption}");
}

#[test]
fn status_code_that_is_not_a_name_is_rejected() {
    let with = |codes: &str| config("[\"UNAVAILABLE\"]", codes);
    for codes in ["[14]", "[\"14\"]", "[\"BOGUS\"]", "[\"unavailable\"]", "[\"OK\", \"CANCELED\"]"]
    {
        let text = with(codes);
        let drifts = drifts(&text);
        assert_eq!(rules(&text), ["drift-rejected"], "{codes}");
        assert_eq!(&text[drifts[0].span.range()], codes);
    }
    for codes in ["[\"OK\", \"CANCELLED\"]", "[\"UNAVAILABLE\", \"UNAVAILABLE\"]", "\"${CODES}\""] {
        assert_eq!(rules(&with(codes)), [""; 0], "{codes}");
    }
}

#[test]
fn method_without_service_and_repeated_method_are_rejected() {
    let with = |name: &str| config("[{}]", name);
    let message = |name: &str| drifts(&with(name)).remove(0).message;
    let expected = "gRPC 1.85.3 cannot read the file: `method` needs `service`";
    assert_eq!(message("[{\"method\": \"x\"}]"), expected);
    for name in [
        "[{}, {}]",
        "[{\"service\": \"\"}, {}]",
        "[{\"service\": \"a\"}, {\"service\": \"a\", \"method\": \"\"}]",
        "[\"x\"]",
        "[{\"service\": 1}]",
    ] {
        assert_eq!(rules(&with(name)), ["drift-rejected"], "{name}");
    }
    for name in [
        "[{\"service\": \"a\", \"method\": \"x\"}, {\"service\": \"a\"}]",
        "[{\"service\": \"\", \"method\": \"x\"}]",
        "[{\"service\": null}]",
    ] {
        assert_eq!(rules(&with(name)), [""; 0], "{name}");
    }
}

#[test]
fn second_method_config_of_a_method_is_rejected() {
    let two = |name: &str| {
        let own = format!("{{\"name\": [{name}]}}");
        config("\"methodConfig\": [", &format!("\"methodConfig\": [{own}, "))
    };
    let text = two("{}");
    let drifts = drifts(&text);
    let rejected: Vec<_> = drifts.iter().filter(|it| it.rule.name == "drift-rejected").collect();
    assert_eq!(rejected.len(), 1, "{drifts:?}");
    assert_eq!(rejected[0].span.range().start, text.rfind("[{}]").unwrap());
    assert!(!rules(&two("{\"service\": \"a\"}")).contains(&"drift-rejected"));
}

#[test]
fn null_is_as_if_the_setting_were_absent() {
    assert_eq!(rules(&config("[{}]", "null")), ["drift-dead-setting"]);
    assert_eq!(rules(&config("\"15.150s\"", "null")), ["drift-default"]);
    assert_eq!(rules(&config("\"15.150s\"", "\"null\"")), ["drift-rejected"]);
    assert!(rules(&config("\"0.041666s\"", "null")).contains(&"drift-rejected"));
}

#[test]
fn growth_can_have_an_exponent_and_any_size() {
    let growth =
        |text: &str| config("\"backoffMultiplier\": 2", &format!("\"backoffMultiplier\": {text}"));
    for (text, rule) in [
        ("1e1", "drift-looser"),
        ("2e-1", "drift-stricter"),
        ("5000", "drift-looser"),
        ("1e300", "drift-looser"),
    ] {
        assert_eq!(rules(&growth(text)), [rule], "{text}");
    }
    assert_eq!(value(&growth("1e1"), Field::MultiplierPercent), Some(1_000));
    assert_eq!(rules(&growth("0.2E1")), [""; 0]);
    assert_eq!(rules(&growth("0")), ["drift-rejected"]);
}

#[test]
fn character_of_two_escapes_is_read_and_places_after_it_are_exact() {
    let text = config(
        "{\n  \"methodConfig\"",
        "{\n  \"a\\ud83d\\ude00\": \"\\ud83d\\ude00\\\\ud83d\",\n  \"a\\ud83d\\ude01\": 1,\n  \"methodConfig\"",
    );
    let text = text.replacen("15.150s", "16s", 1);
    let drifts = drifts(&text);
    let looser = drifts.iter().find(|it| it.rule.name == "drift-looser").unwrap();
    assert_eq!(&text[looser.span.range()], "\"16s\"");
    assert!(drifts.iter().all(|it| it.rule.name != "drift-rejected"), "{drifts:?}");
    let duplicate = text.replacen("ude01", "ude00", 1);
    let drifts = verify(&postgres_async_driver(), grpc(), &duplicate).drifts;
    assert_eq!(
        drifts[0].message,
        "gRPC 1.85.3 cannot read the file: a key occurs twice in an object"
    );
    assert_eq!(&duplicate[drifts[0].span.range()], "\"a\\ud83d\\ude00\"");
    assert_eq!(drifts[0].span.range().start, duplicate.rfind("\"a\\ud83d").unwrap());
}
