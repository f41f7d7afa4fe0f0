//! Clients of Apache Kafka: librdkafka and the Java client.

mod java;
mod librdkafka;
mod names;

use super::{table::TargetTable, values::SettingValues};

/// The role of a configuration for producers.
const PRODUCER: &str = "producer";
/// The role of a configuration for consumers.
const CONSUMER: &str = "consumer";

/// The name of the setting that both clients share.
const IN_FLIGHT: &str = "max.in.flight.requests.per.connection";
const IDEMPOTENCE: &str = "enable.idempotence";
const RETRIES: &str = "retries";
const ACKS: &str = "acks";
const LINGER: &str = "linger.ms";
const DELIVERY: &str = "delivery.timeout.ms";
const REQUEST: &str = "request.timeout.ms";

/// The setting that makes a producer transactional, which needs idempotence.
const TRANSACTIONAL: &str = "transactional.id";

/// The largest value of a 32-bit integer.
const INT_MAX: u64 = 2_147_483_647;
/// The largest value of a 64-bit integer.
const LONG_MAX: u64 = 9_223_372_036_854_775_807;
/// The most requests in flight with idempotence.
const MOST_IDEMPOTENT: u64 = 5;

const BOOLEAN: &[&[&str]] = &[&["true"], &["false"]];
const ACKS_WORDS: &[&[&str]] = &[&["all", "-1"], &["1"], &["0"]];

/// The first word: the strictest.
const STRICTEST: u64 = 0;

/// The target.
pub(super) static KAFKA: TargetTable = TargetTable {
    name: "kafka",
    title: "Apache Kafka clients",
    summary: "A `.properties` file for a producer or a consumer. A setting of librdkafka is also an \
              argument of the clients that are built on it: those for Python, Go, .NET, JavaScript \
              and Rust.",
    extension: "properties",
    dialects: &[librdkafka::LIBRDKAFKA, java::JAVA],
    roles: &[PRODUCER, CONSUMER],
    notes: &[
        "`max.in.flight.requests.per.connection` counts requests per broker connection. A client \
         that is connected to several brokers can have that many requests in flight to each.",
        "`retries` counts retries. `max_attempts` includes the first attempt.",
        "If the queue is full, librdkafka rejects a message at once. The Java client blocks the \
         caller for up to `max.block.ms`.",
        "A comment after a value is a part of the value. Write comments on their own lines.",
    ],
};

/// Returns true if the producer uses transactions.
fn is_transactional(values: &SettingValues<'_>) -> bool {
    values.has_other_in(TRANSACTIONAL)
}
