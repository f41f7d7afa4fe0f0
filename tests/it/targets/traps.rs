//! The traps that real configurations of Kafka clients fall into.

use driverc::{
    model::{Attempts, DeadlineMs, Field, RequestMs},
    targets::{TargetOptions, Version, emit, verify},
};

use super::{adopted, kafka, producer};

/// Returns the value of a setting in a text.
fn value(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
    line.map(|value| value.parse().unwrap())
}

/// Returns the rules that `verify` reports for a text, with the settings of the built-in contract
/// for the rest.
fn rules(text: &str) -> Vec<&'static str> {
    let options = kafka("librdkafka");
    let full = emit(&producer(), options).text + text;
    let mut rules: Vec<_> =
        verify(&producer(), options, &full).drifts.iter().map(|drift| drift.rule.name).collect();
    rules.dedup();
    rules
}

#[test]
fn retries_exclude_first_attempt() {
    for dialect in ["librdkafka", "java"] {
        let options = kafka(dialect);
        let text = emit(&producer(), options).text;
        assert_eq!(value(&text, "retries"), Some(4));
        let adoption = adopted("retries=4\n", options);
        let attempts = adoption.values.iter().find(|it| it.field == Field::MaxAttempts);
        assert_eq!(attempts.map(|it| it.value), Some(5));
    }
}

#[test]
fn request_timeout_is_per_attempt_and_delivery_timeout_is_total() {
    let mut contract = producer();
    contract.timeout_policy.deadline_ms = None;
    let worst = contract.retry_policy.worst_case_ms(contract.timeout_policy.request_ms);
    let librdkafka = emit(&contract, kafka("librdkafka")).text;
    assert_eq!(value(&librdkafka, "request.timeout.ms"), Some(30_000));
    assert_eq!(value(&librdkafka, "delivery.timeout.ms"), Some(worst));
    // The Java client needs room for the wait for a batch, which older versions do not have.
    let java = kafka("java");
    assert_eq!(value(&emit(&contract, java).text, "delivery.timeout.ms"), Some(worst + 5));
    let old = driverc::targets::TargetOptions { version: Version::new(3, 9, 0), ..java };
    assert_eq!(value(&emit(&contract, old).text, "delivery.timeout.ms"), Some(worst));
}

#[test]
fn librdkafka_has_two_request_timeouts() {
    let text = emit(&producer(), kafka("librdkafka")).text;
    assert_eq!(value(&text, "socket.timeout.ms"), value(&text, "request.timeout.ms"));
    // Only one of them leaves the other at 60 s.
    let only = "request.timeout.ms=30000\n";
    let drifts = verify(&producer(), kafka("librdkafka"), only).drifts;
    assert!(drifts.iter().any(|drift| drift.message.contains("`socket.timeout.ms` is not set")));
}

#[test]
fn java_connect_timeout_grows_unless_both_settings_are_equal() {
    let text = emit(&producer(), kafka("java")).text;
    let names = ["socket.connection.setup.timeout.ms", "socket.connection.setup.timeout.max.ms"];
    assert_eq!(names.map(|name| value(&text, name)), [Some(10_000); 2]);
    let adoption = adopted(&format!("{}=10000\n", names[0]), kafka("java"));
    let connect = adoption.values.iter().find(|it| it.field == Field::ConnectMs);
    assert_eq!(connect.map(|it| it.value), Some(30_000), "the default of the other setting");
}

#[test]
fn longest_backoff_is_120_percent_of_setting() {
    let text = emit(&producer(), kafka("librdkafka")).text;
    assert_eq!(value(&text, "retry.backoff.ms"), Some(100), "the contract has 120");
    // Before KIP-580, backoffs had no jitter.
    let old =
        driverc::targets::TargetOptions { version: Version::new(2, 2, 0), ..kafka("librdkafka") };
    let text = emit(&producer(), old).text;
    assert_eq!(value(&text, "retry.backoff.ms"), Some(120));
    assert_eq!(value(&text, "retry.backoff.max.ms"), None);
}

#[test]
fn defaults_of_java_cut_fifth_attempt_off() {
    let drifts = verify(&producer(), kafka("java"), "retries=4\n").drifts;
    let message =
        "`delivery.timeout.ms` is not set, and its default in kafka-clients 4.0.0 is 120000";
    assert!(drifts.iter().any(|drift| drift.message.starts_with(message)), "{drifts:?}");
}

#[test]
fn zero_means_no_limit() {
    for name in ["connections.max.idle.ms", "queue.buffering.max.messages", "delivery.timeout.ms"] {
        assert!(rules(&format!("{name}=0\n")).contains(&"drift-looser"), "{name}");
    }
    let adoption = adopted("connections.max.idle.ms=0\n", kafka("librdkafka"));
    assert!(adoption.left_out.contains(&"timeout_policy.idle_ms".to_owned()));
}

#[test]
fn unlimited_retries_become_proposal_that_fits_deadline() {
    let adoption =
        adopted("delivery.timeout.ms=120000\nsocket.timeout.ms=30000\n", kafka("librdkafka"));
    assert!(adoption.values.iter().all(|it| it.field != Field::MaxAttempts));
    assert!(adoption.text.contains("# max_attempts = 4  # proposal"), "{}", adoption.text);
}

#[test]
fn comment_after_value_is_refused_by_java_and_ignored_by_librdkafka_for_numbers() {
    for (dialect, text, rejected) in [
        ("java", "retries=4 # four", true),
        ("librdkafka", "retries=4 # four", false),
        ("java", "acks=all # safe", true),
        ("librdkafka", "acks=all # safe", true),
    ] {
        let drifts = verify(&producer(), kafka(dialect), text).drifts;
        let has = drifts.iter().any(|drift| drift.rule.name == "drift-rejected");
        assert_eq!(has, rejected, "{dialect} {text}");
    }
}

#[test]
fn second_name_of_setting_makes_first_name_dead() {
    assert_eq!(rules("max.in.flight=5\n"), ["drift-dead-setting"]);
    assert_eq!(rules("message.send.max.retries=4\n"), ["drift-dead-setting"]);
}

#[test]
fn settings_of_java_keep_librdkafka_from_starting() {
    assert_eq!(rules("buffer.memory=1\n"), ["drift-rejected"]);
    assert_eq!(rules("bootstrap.servers=a:9092\nsasl.password=x\n"), [""; 0]);
}

#[test]
fn misspelled_setting_keeps_librdkafka_from_starting() {
    assert_eq!(rules("retrys=99\n"), ["drift-rejected"]);
    assert_eq!(rules("schema.registry.url=x\n"), ["drift-unknown-setting"], "near no setting");
    let drifts = verify(&producer(), kafka("java"), "retrys=99\n").drifts;
    assert!(drifts.iter().all(|it| it.rule.name != "drift-rejected"), "Java ignores the setting");
}

#[test]
fn producer_settings_are_dead_in_consumer() {
    let options = driverc::targets::TargetOptions { role: Some("consumer"), ..kafka("librdkafka") };
    let drifts = verify(&producer(), options, "retries=4\n").drifts;
    assert!(drifts.iter().any(|drift| drift.rule.name == "drift-dead-setting"));
}

#[test]
fn idempotence_limits_requests_in_flight_and_needs_retry() {
    let impossible = |contract| {
        let findings = emit(&contract, kafka("librdkafka")).findings;
        findings.iter().any(|finding| finding.rule.name == "emit-impossible")
    };
    let mut contract = producer();
    assert!(!impossible(contract.clone()));
    contract.max_in_flight = driverc::model::MaxInFlight::new(6).unwrap();
    assert!(impossible(contract.clone()));
    contract = producer();
    contract.retry_policy.max_attempts = Attempts::new(1).unwrap();
    assert!(impossible(contract));
}

#[test]
fn java_refuses_deadline_below_request_and_batch_wait() {
    let mut contract = producer();
    let impossible = |contract: &driverc::DriverContract| {
        let findings = emit(contract, kafka("java")).findings;
        findings.iter().any(|finding| finding.rule.name == "emit-impossible")
    };
    contract.timeout_policy.deadline_ms = Some(DeadlineMs::new(30_005).unwrap());
    assert!(!impossible(&contract));
    contract.timeout_policy.deadline_ms = Some(DeadlineMs::new(30_004).unwrap());
    assert!(impossible(&contract));
}

#[test]
fn placeholder_is_neither_value_nor_default() {
    let verification = verify(&producer(), kafka("librdkafka"), "retries=${RETRIES}\n");
    assert_eq!(verification.placeholders, 1);
    assert!(verification.drifts.iter().all(|drift| drift.field != Some(Field::MaxAttempts)));
    let adoption = adopted("retries=${RETRIES}\n", kafka("librdkafka"));
    assert!(adoption.left_out.contains(&"retry_policy.max_attempts".to_owned()));
    assert!(!adoption.text.contains("RETRIES"));
}

#[test]
fn passwords_are_neither_adopted_nor_shown() {
    let text = "sasl.password=hunter2\nsasl.pasword = hunter2\n# old: hunter2\nretries=4\n";
    assert!(!adopted(text, kafka("librdkafka")).text.contains("hunter2"));
    let verification = verify(&producer(), kafka("librdkafka"), text);
    assert!(!verification.public_text.contains("hunter2"));
    assert!(verification.public_text.contains("retries=4"));
    assert!(!format!("{:?}", verification.drifts).contains("hunter2"));
}

#[test]
fn java_raises_default_delivery_timeout_for_long_requests() {
    let deadline = |text: &str| {
        let adoption = adopted(text, kafka("java"));
        let deadline = adoption.values.iter().find(|it| it.field == Field::DeadlineMs);
        deadline.map(|it| it.value)
    };
    assert_eq!(deadline("request.timeout.ms=300000\nlinger.ms=500\n"), Some(300_500));
    assert_eq!(deadline("request.timeout.ms=119000\nlinger.ms=500\n"), Some(120_000));
    let refused = "request.timeout.ms=300000\ndelivery.timeout.ms=120000\n";
    assert_eq!(deadline(refused), None, "the client does not start");
}

#[test]
fn fetch_of_consumer_takes_wait_in_addition() {
    let options = TargetOptions { role: Some("consumer"), ..kafka("librdkafka") };
    let mut contract = producer();
    contract.timeout_policy.request_ms = RequestMs::new(30_000).unwrap();
    let text = emit(&contract, options).text;
    assert_eq!(value(&text, "socket.timeout.ms"), Some(29_500));
    assert!(verify(&contract, options, &text).drifts.is_empty());
    let looser = verify(&contract, options, &(text + "fetch.wait.max.ms=501\n")).drifts;
    assert_eq!(looser[0].rule.name, "drift-looser");
    let message = "`socket.timeout.ms` is 29500, but `request_ms` (30000) without \
                   `fetch.wait.max.ms` (501) allows at most 29499";
    assert_eq!(looser[0].message, message);
}

#[test]
fn byte_order_mark_is_a_part_of_the_first_name() {
    let drifts = |dialect: &str| {
        let text = "\u{feff}retries=4\nacks=all\n";
        let drifts = verify(&producer(), kafka(dialect), text).drifts.into_iter();
        let of_retries = drifts.filter(|it| it.message.contains("`retries`"));
        of_retries.map(|it| (it.rule.name, it.message, it.help)).collect::<Vec<_>>()
    };
    for (dialect, rule) in [("java", "drift-unknown-setting"), ("librdkafka", "drift-rejected")] {
        let found = drifts(dialect);
        assert!(found.iter().any(|it| it.0 == "drift-default"), "{found:?}");
        let unknown = found.iter().find(|it| it.0 == rule).unwrap();
        assert!(unknown.2.as_ref().unwrap().starts_with("save the file without"), "{unknown:?}");
    }
}
