//! The settings of the Java client.

use super::{
    ACKS, ACKS_WORDS, BOOLEAN, CONSUMER, DELIVERY, IDEMPOTENCE, IN_FLIGHT, INT_MAX, LINGER,
    LONG_MAX, MOST_IDEMPOTENT, PRODUCER, REQUEST, RETRIES, STRICTEST, is_transactional,
    names::JAVA_OTHERS,
};
use crate::{
    model::{DriverCapability, Field},
    targets::{
        Version,
        conversion::Conversion,
        syntax::Syntax,
        table::{Behaviour, Dialect, Fidelity, Gap, Looseness, RefusedSettings, Setting},
        values::SettingValues,
    },
};

const OLDEST: Version = Version::new(3, 0, 0);
/// The first version with exponential backoff (KIP-580).
const EXPONENTIAL: Version = Version::new(3, 7, 0);
/// The first version that waits 5 ms for a batch.
const LINGERS: Version = Version::new(4, 0, 0);
/// The first version that does not turn idempotence off because of the requests in flight.
const REFUSES_IN_FLIGHT: Version = Version::new(4, 0, 0);
const PRODUCER_PAGE: &str = "apache/kafka:clients/…/producer/ProducerConfig.java";
const COMMON_PAGE: &str = "apache/kafka:clients/…/CommonClientConfigs.java";
const BACKOFF: &str = "apache/kafka:clients/…/utils/ExponentialBackoff.java";
const BATCH: &str = "batch.size";
const CONNECT: &str = "socket.connection.setup.timeout.ms";
const CONNECT_MAX: &str = "socket.connection.setup.timeout.max.ms";
const BASE: &str = "retry.backoff.ms";
const MAX: &str = "retry.backoff.max.ms";
const FETCH_WAIT: &str = "fetch.max.wait.ms";
/// The default of `delivery.timeout.ms`, in milliseconds.
const DELIVERY_DEFAULT: u64 = 120_000;

pub(super) const JAVA: Dialect = Dialect {
    name: "java",
    product: "kafka-clients",
    measured: Version::new(4, 0, 0),
    oldest: OLDEST,
    proof: "The rows come from the source. Not run against the real consumer: no registry of CI \
            has the Java client.",
    syntax: Syntax::Properties,
    translated: |_, parsed| parsed,
    settings: SETTINGS,
    gaps: GAPS,
    refusals: REFUSALS,
    dead: &[],
    others: JAVA_OTHERS,
    ignored: &[],
    resets: &[],
    failure: "does not start",
    refuses_unknown: false,
    ignores_text_after_number: false,
};

const SETTINGS: &[Setting] = &[
    Setting::words(IDEMPOTENCE, BOOLEAN)
        .of(Field::Capabilities, Conversion::Capability(DriverCapability::IdempotentWrite))
        .defaults(&[(OLDEST, 0)])
        .implied(no_idempotence_with_conflicts)
        .role(PRODUCER)
        .means("The broker drops duplicates of a retried request.", PRODUCER_PAGE),
    Setting::words(ACKS, ACKS_WORDS)
        .of(Field::Capabilities, Conversion::WithCapability(DriverCapability::IdempotentWrite))
        .defaults(&[(OLDEST, 0)])
        .role(PRODUCER)
        .means("The replicas that must acknowledge a request.", PRODUCER_PAGE),
    Setting::integer(IN_FLIGHT, 1, INT_MAX, "")
        .of(Field::MaxInFlight, Conversion::Same)
        .defaults(&[(OLDEST, 5)])
        .role(PRODUCER)
        .means("Requests in flight per broker connection.", PRODUCER_PAGE),
    Setting::integer(BATCH, 0, INT_MAX, " bytes")
        .factor()
        .defaults(&[(OLDEST, 16_384)])
        .role(PRODUCER)
        .means("The size of a batch.", PRODUCER_PAGE),
    Setting::integer("buffer.memory", 0, LONG_MAX, " bytes")
        .of(Field::MaxQueueDepth, Conversion::Batches { batch: BATCH, in_flight: IN_FLIGHT })
        .defaults(&[(OLDEST, 33_554_432)])
        .role(PRODUCER)
        .fidelity(Fidelity::Looser(Looseness::CountsItems("byte")))
        .means(
            "Bytes in the queue and in flight. Then the client blocks for `max.block.ms`.",
            PRODUCER_PAGE,
        ),
    Setting::integer(RETRIES, 0, INT_MAX, "")
        .of(Field::MaxAttempts, Conversion::Retries)
        .defaults(&[(OLDEST, INT_MAX)])
        .role(PRODUCER)
        .means("Retries of a request.", PRODUCER_PAGE),
    Setting::integer(BASE, 0, LONG_MAX, " ms")
        .of(Field::BaseBackoffMs, Conversion::Symmetric20)
        .defaults(&[(OLDEST, 100)])
        .since(EXPONENTIAL)
        .means("The nominal first backoff. The client waits for 80% to 120% of it.", BACKOFF),
    Setting::integer(BASE, 0, LONG_MAX, " ms")
        .of(Field::BaseBackoffMs, Conversion::Same)
        .defaults(&[(OLDEST, 100)])
        .until(EXPONENTIAL)
        .means("Every backoff. It does not grow and has no jitter.", COMMON_PAGE),
    Setting::integer(MAX, 0, LONG_MAX, " ms")
        .of(Field::MaxBackoffMs, Conversion::Same)
        .defaults(&[(OLDEST, 1_000)])
        .since(EXPONENTIAL)
        .means("The longest backoff, applied after jitter.", BACKOFF),
    Setting::integer(REQUEST, 0, INT_MAX, " ms")
        .of(Field::RequestMs, Conversion::Same)
        .defaults(&[(OLDEST, 30_000)])
        .role(PRODUCER)
        .fidelity(Fidelity::Looser(Looseness::WaitNotIncluded(DELIVERY)))
        .means("The time from sending a request to its response.", PRODUCER_PAGE),
    Setting::integer(REQUEST, 0, INT_MAX, " ms")
        .of(Field::RequestMs, Conversion::Same)
        .defaults(&[(OLDEST, 30_000)])
        .role(CONSUMER)
        .fidelity(Fidelity::Exact)
        .means("The time from sending a request to its response.", COMMON_PAGE),
    Setting::integer(DELIVERY, 0, INT_MAX, " ms")
        .of(Field::DeadlineMs, Conversion::Deadline(Some(LINGER)))
        .defaults(&[(OLDEST, DELIVERY_DEFAULT)])
        .implied(raised_delivery)
        .role(PRODUCER)
        .means(
            "The time of a record with all its attempts. It must be at least `linger.ms` + \
             `request.timeout.ms`, and the client raises its default to that.",
            PRODUCER_PAGE,
        ),
    Setting::integer(CONNECT, 0, LONG_MAX, " ms")
        .of(Field::ConnectMs, Conversion::Same)
        .defaults(&[(OLDEST, 10_000)])
        .means("The time to open a connection. It doubles per failure, with ±20%.", COMMON_PAGE),
    Setting::integer(CONNECT_MAX, 0, LONG_MAX, " ms")
        .of(Field::ConnectMs, Conversion::Same)
        .defaults(&[(OLDEST, 30_000)])
        .means("The longest time to open a connection.", COMMON_PAGE),
    Setting::integer("connections.max.idle.ms", 0, LONG_MAX, " ms")
        .of(Field::IdleMs, Conversion::Same)
        .defaults(&[(OLDEST, 540_000)])
        .means("The time after which an unused connection is closed.", COMMON_PAGE),
    Setting::integer(LINGER, 0, LONG_MAX, " ms")
        .defaults(&[(OLDEST, 0), (LINGERS, 5)])
        .role(PRODUCER)
        .means("The wait for more records for a batch.", PRODUCER_PAGE),
    Setting::integer(FETCH_WAIT, 0, INT_MAX, " ms")
        .defaults(&[(OLDEST, 500)])
        .role(CONSUMER)
        .means("The time that the broker waits for more data.", COMMON_PAGE),
];

const GAPS: &[Gap] = &[
    Gap::new(
        Field::JitterPercent,
        Behaviour::Jitter(crate::targets::algebra::SYMMETRIC_20),
        "a backoff is 80% to 120% of its nominal length, before the maximum applies",
        BACKOFF,
    )
    .since(EXPONENTIAL),
    Gap::new(Field::JitterPercent, Behaviour::Jitter(0), "a backoff has no jitter", COMMON_PAGE)
        .until(EXPONENTIAL),
    Gap::new(
        Field::MultiplierPercent,
        Behaviour::Multiplier(200),
        "a backoff doubles per retry",
        BACKOFF,
    )
    .since(EXPONENTIAL),
    Gap::new(
        Field::MultiplierPercent,
        Behaviour::Multiplier(100),
        "a backoff does not grow",
        COMMON_PAGE,
    )
    .until(EXPONENTIAL),
    Gap::new(Field::MaxBackoffMs, Behaviour::Nothing, "a backoff does not grow", COMMON_PAGE)
        .until(EXPONENTIAL),
    Gap::new(
        Field::QueueMs,
        Behaviour::Nothing,
        "`max.block.ms` limits only the wait for room in the queue",
        PRODUCER_PAGE,
    ),
    Gap::new(
        Field::LifetimeMs,
        Behaviour::Nothing,
        "nothing limits the age of a connection",
        COMMON_PAGE,
    ),
    Gap::new(
        Field::RetryBudgetPercent,
        Behaviour::Nothing,
        "nothing limits the share of retrying requests",
        PRODUCER_PAGE,
    ),
    Gap::new(
        Field::MaxInFlight,
        Behaviour::Nothing,
        "a consumer fetches once per broker",
        COMMON_PAGE,
    )
    .role(CONSUMER),
    Gap::new(
        Field::MaxQueueDepth,
        Behaviour::Nothing,
        "a consumer has no queue of requests",
        COMMON_PAGE,
    )
    .role(CONSUMER),
    Gap::new(Field::DeadlineMs, Behaviour::Nothing, "a fetch has no deadline", COMMON_PAGE)
        .role(CONSUMER),
    Gap::new(
        Field::MaxAttempts,
        Behaviour::Nothing,
        "a consumer fetches until it stops",
        COMMON_PAGE,
    )
    .role(CONSUMER),
];

const REFUSALS: &[RefusedSettings] = &[
    RefusedSettings {
        setting: IN_FLIGHT,
        field: Field::MaxInFlight,
        is_refused: |values| {
            let is_default = values.version() >= REFUSES_IN_FLIGHT && !values.has(IDEMPOTENCE);
            (is_idempotent(values) || is_default) && values.get(IN_FLIGHT) > MOST_IDEMPOTENT
        },
        message: "`enable.idempotence`, which is `true` by default, allows at most 5 requests in \
                  flight",
    },
    RefusedSettings {
        setting: RETRIES,
        field: Field::MaxAttempts,
        is_refused: |values| is_idempotent(values) && values.get(RETRIES) == 0,
        message: "`enable.idempotence` needs at least one retry",
    },
    RefusedSettings {
        setting: ACKS,
        field: Field::Capabilities,
        is_refused: |values| is_idempotent(values) && values.get(ACKS) != STRICTEST,
        message: "`enable.idempotence` needs `acks=all`",
    },
    RefusedSettings {
        setting: DELIVERY,
        field: Field::DeadlineMs,
        is_refused: |values| {
            values.explicit(DELIVERY).is_some_and(|delivery| delivery < least_delivery(values))
        },
        message: "`delivery.timeout.ms` must be at least `linger.ms` + `request.timeout.ms`",
    },
    RefusedSettings {
        setting: IDEMPOTENCE,
        field: Field::Capabilities,
        is_refused: |values| {
            let is_off = values.get(IDEMPOTENCE) != STRICTEST;
            is_transactional(values) && !values.is_unknown(IDEMPOTENCE) && is_off
        },
        message: "`transactional.id` needs `enable.idempotence=true`",
    },
];

fn is_idempotent(values: &SettingValues<'_>) -> bool {
    values.explicit(IDEMPOTENCE) == Some(STRICTEST)
}

/// Returns the shortest time of a record with which the client starts.
fn least_delivery(values: &SettingValues<'_>) -> u64 {
    values.get(LINGER).saturating_add(values.get(REQUEST)).min(INT_MAX)
}

/// Returns the time of a record that the client uses if its default is too short.
fn raised_delivery(values: &SettingValues<'_>) -> Option<u64> {
    Some(least_delivery(values)).filter(|least| *least > DELIVERY_DEFAULT)
}

/// Returns the value without idempotence if another setting that is set conflicts with it.
fn no_idempotence_with_conflicts(values: &SettingValues<'_>) -> Option<u64> {
    let has = |name, conflicts: fn(u64) -> bool| values.explicit(name).is_some_and(conflicts);
    let is_off_in_flight = values.version() < REFUSES_IN_FLIGHT;
    let conflicts = is_off_in_flight && has(IN_FLIGHT, |it| it > MOST_IDEMPOTENT)
        || has(RETRIES, |it| it == 0)
        || has(ACKS, |it| it != STRICTEST);
    conflicts.then_some(1)
}
