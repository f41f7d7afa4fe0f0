//! The settings of Kafka producers that depend on idempotence and transactions.

use driverc::{
    model::{DriverCapability, DriverContract, Field, MaxInFlight},
    targets::{Drift, TargetOptions, Version, emit, verify},
};

use super::{adopted, kafka, producer};

/// Returns the messages of `drift-rejected` for a text.
fn rejected(options: TargetOptions, text: &str) -> Vec<String> {
    let drifts = verify(&producer(), options, text).drifts.into_iter();
    let rejected = drifts.filter(|drift| drift.rule.name == "drift-rejected");
    rejected.map(|drift| drift.message).collect()
}

fn drifts(contract: &DriverContract, options: TargetOptions, text: &str) -> Vec<Drift> {
    verify(contract, options, text).drifts
}

/// Returns the rules for a field.
fn rules(drifts: &[Drift], field: Field) -> Vec<&'static str> {
    let own = drifts.iter().filter(|drift| drift.field == Some(field));
    own.map(|drift| drift.rule.name).collect()
}

fn value(options: TargetOptions, text: &str, field: Field) -> Option<u64> {
    let values = adopted(text, options).values;
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

/// Returns the built-in contract with 6 slots and without idempotence.
fn six_slots() -> DriverContract {
    let mut contract = producer();
    contract.max_in_flight = MaxInFlight::new(6).unwrap();
    let kept = contract.capabilities.iter().filter(|it| *it != DriverCapability::IdempotentWrite);
    contract.capabilities = kept.collect();
    contract
}

#[test]
fn transactions_imply_idempotence() {
    for dialect in ["librdkafka", "java"] {
        let options = kafka(dialect);
        let text = adopted("transactional.id=orders\n", options).text;
        assert!(text.contains("proposal: `enable.idempotence`"), "{dialect}: {text}");
        assert_eq!(value(options, "transactional.id=orders\n", Field::MaxInFlight), Some(5));
        let expected = format!(
            "{} does not start: `transactional.id` needs `enable.idempotence=true`",
            options.program()
        );
        let text = "transactional.id=orders\nenable.idempotence=false\n";
        assert_eq!(rejected(options, text), [expected], "{dialect}");
        for refused in ["max.in.flight.requests.per.connection=6", "acks=1", "retries=0"] {
            let text = format!("transactional.id=orders\n{refused}\n");
            assert_eq!(rejected(options, &text).len(), 1, "{dialect}: {refused}");
        }
    }
    let drifts = drifts(&producer(), kafka("librdkafka"), "transactional.id=\n");
    assert!(
        rules(&drifts, Field::Capabilities).contains(&"drift-default"),
        "an empty name counts as absent"
    );
}

#[test]
fn delivery_of_librdkafka_ends_with_transaction() {
    let options = kafka("librdkafka");
    let at = |delivery: &str, transaction: &str| {
        rejected(options, &format!("transactional.id=orders\n{delivery}\n{transaction}\n"))
    };
    let expected = "librdkafka 2.16.0 does not start: `delivery.timeout.ms` must be at most \
                    `transaction.timeout.ms` with `transactional.id`";
    assert_eq!(at("message.timeout.ms=60001", ""), [expected]);
    assert_eq!(at("delivery.timeout.ms=60000", ""), [""; 0]);
    assert_eq!(at("delivery.timeout.ms=60001", "transaction.timeout.ms=60001"), [""; 0]);
    assert_eq!(at("delivery.timeout.ms=60001", "transaction.timeout.ms=${T}"), [""; 0]);
    assert_eq!(rejected(options, "delivery.timeout.ms=60001\n"), [""; 0], "no transactions");
    assert_eq!(at("", "transaction.timeout.ms=999").len(), 1);
    assert_eq!(at("socket.timeout.ms=60100", ""), [""; 0]);
    assert_eq!(at("socket.timeout.ms=60101", "").len(), 1);
    let text = "transactional.id=orders\nretries=1\n";
    assert_eq!(value(options, text, Field::RequestMs), Some(59_900));
    // The Java client does not compare the two times.
    let text = "transactional.id=orders\ndelivery.timeout.ms=120000\n";
    assert_eq!(rejected(kafka("java"), text), [""; 0]);
}

#[test]
fn java_refuses_six_requests_in_flight_since_4_0_unless_idempotence_is_off() {
    let text = "max.in.flight.requests.per.connection=6\n";
    let new = kafka("java");
    let old = TargetOptions { version: Version::new(3, 9, 0), ..new };
    let found = drifts(&six_slots(), new, text);
    assert_eq!(rules(&found, Field::MaxInFlight), ["drift-rejected"]);
    assert_eq!(value(new, text, Field::MaxInFlight), None);
    let found = drifts(&six_slots(), old, text);
    assert_eq!(rules(&found, Field::MaxInFlight), [""; 0]);
    assert_eq!(rules(&found, Field::Capabilities), [""; 0], "turned off");
    assert_eq!(value(old, text, Field::MaxInFlight), Some(6));
    for idempotence in ["enable.idempotence=false", "enable.idempotence=${IDEMPOTENCE}"] {
        assert_eq!(rejected(new, &format!("{text}{idempotence}\n")), [""; 0], "{idempotence}");
    }
    let emission = emit(&six_slots(), new);
    assert!(emission.text.contains("enable.idempotence=false\n"), "{}", emission.text);
    assert_eq!(rejected(new, &emission.text), [""; 0]);
}

#[test]
fn default_delivery_time_of_java_is_raised_to_request_and_wait() {
    let text = "request.timeout.ms=200000\n";
    assert_eq!(value(kafka("java"), text, Field::DeadlineMs), Some(200_005));
    let found = drifts(&producer(), kafka("java"), text);
    let message =
        "`delivery.timeout.ms` is not set, and its default in kafka-clients 4.0.0 is 200005";
    assert!(found.iter().any(|it| it.message.starts_with(message)), "{found:?}");
    assert_eq!(rejected(kafka("java"), text), [""; 0]);
}

#[test]
fn librdkafka_accepts_number_of_replicas_up_to_1000() {
    let options = kafka("librdkafka");
    for accepted in ["-1", "all", "ALL", "0", "1", "2", "1000", "0x2", "1 # leader"] {
        assert_eq!(rejected(options, &format!("acks={accepted}\n")), [""; 0], "{accepted}");
    }
    for refused in ["-2", "1001", "all # safe", "some"] {
        assert_eq!(rejected(options, &format!("acks={refused}\n")).len(), 1, "{refused}");
    }
    assert_eq!(rejected(options, "acks=2\nenable.idempotence=true\n").len(), 1);
    let found = drifts(&producer(), options, "acks=2\nenable.idempotence=false\n");
    assert_eq!(rules(&found, Field::Capabilities), ["drift-looser"; 2]);
    assert_eq!(rejected(kafka("java"), "acks=2\n").len(), 1);
}
