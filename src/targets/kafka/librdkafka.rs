//! The settings of librdkafka.

use super::{
    ACKS, BOOLEAN, CONSUMER, DELIVERY, IDEMPOTENCE, IN_FLIGHT, INT_MAX, LINGER, MOST_IDEMPOTENT,
    PRODUCER, REQUEST, RETRIES, STRICTEST, TRANSACTIONAL, is_transactional,
    names::LIBRDKAFKA_OTHERS,
};
use crate::{
    model::{DriverCapability, Field},
    targets::{
        Version,
        conversion::Conversion,
        notation::Notation,
        syntax::{Parsed, Syntax},
        table::{Behaviour, Dialect, Fidelity, Gap, Looseness, RefusedSettings, Setting},
        values::SettingValues,
    },
};

const OLDEST: Version = Version::new(2, 0, 2);
/// The first version with exponential backoff (KIP-580).
const EXPONENTIAL: Version = Version::new(2, 3, 0);
/// The first version in which the backoffs apply to consumers.
const CONSUMER_BACKOFF: Version = Version::new(2, 5, 0);
const PAGE: &str = "confluentinc/librdkafka:CONFIGURATION.md";
const BACKOFF: &str = "confluentinc/librdkafka:src/rdkafka_broker.c";
const FETCHER: &str = "confluentinc/librdkafka:src/rdkafka_fetcher.c";
const NO_CONSUMER_BACKOFF: &str = "the backoffs are settings of producers";
const BATCH: &str = "batch.num.messages";
const FETCH_WAIT: &str = "fetch.wait.max.ms";
const SOCKET: &str = "socket.timeout.ms";
const ACKS_ALIAS: &str = "request.required.acks";
const TRANSACTION: &str = "transaction.timeout.ms";
const FINALIZE: &str = "confluentinc/librdkafka:src/rdkafka_conf.c";
/// The difference between the longest time of a request and the time of a transaction.
const TRANSACTION_ROOM: u64 = 100;
/// The shortest time of a request that transactions imply.
const LEAST_SOCKET: u64 = 900;
/// The number of replicas that a broker does not support, and the client accepts.
const SEVERAL: &str = "2 to 1000";
/// The strictest first. A broker refuses requests with the last.
const ACKS_WORDS: &[&[&str]] = &[&["all", "-1"], &["1"], &["0"], &[SEVERAL]];

pub(super) const LIBRDKAFKA: Dialect = Dialect {
    name: "librdkafka",
    product: "librdkafka",
    measured: Version::new(2, 16, 0),
    oldest: OLDEST,
    proof: "`.ci/targets/kafka.sh` runs librdkafka: it accepts what `emit` writes, refuses what \
            `drift-rejected` reports, and makes `max_attempts` attempts.",
    syntax: Syntax::Properties,
    translated,
    settings: SETTINGS,
    gaps: GAPS,
    refusals: REFUSALS,
    dead: &[],
    others: LIBRDKAFKA_OTHERS,
    ignored: &[],
    resets: &[],
    failure: "does not start",
    refuses_unknown: true,
    ignores_text_after_number: true,
};

const SETTINGS: &[Setting] = &[
    Setting::words(IDEMPOTENCE, BOOLEAN)
        .of(Field::Capabilities, Conversion::Capability(DriverCapability::IdempotentWrite))
        .defaults(&[(OLDEST, 1)])
        .implied(|values| is_transactional(values).then_some(STRICTEST))
        .role(PRODUCER)
        .means("The broker drops duplicates of a retried request.", PAGE),
    Setting::words(ACKS, ACKS_WORDS)
        .aliases(&[ACKS_ALIAS])
        .of(Field::Capabilities, Conversion::WithCapability(DriverCapability::IdempotentWrite))
        .defaults(&[(OLDEST, 0)])
        .role(PRODUCER)
        .means("The replicas that must acknowledge a request.", PAGE),
    Setting::integer(IN_FLIGHT, 1, 1_000_000, "")
        .aliases(&["max.in.flight"])
        .of(Field::MaxInFlight, Conversion::Same)
        .defaults(&[(OLDEST, 1_000_000)])
        .implied(in_flight_with_idempotence)
        .role(PRODUCER)
        .means("Requests in flight per broker connection.", PAGE),
    Setting::integer(BATCH, 1, 1_000_000, "")
        .factor()
        .defaults(&[(OLDEST, 10_000)])
        .role(PRODUCER)
        .means("The maximum number of messages in a request.", PAGE),
    Setting::integer("queue.buffering.max.messages", 0, INT_MAX, "")
        .of(Field::MaxQueueDepth, Conversion::Batches { batch: BATCH, in_flight: IN_FLIGHT })
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 100_000)])
        .role(PRODUCER)
        .fidelity(Fidelity::Looser(Looseness::CountsItems("message")))
        .means("Messages in the queue and in flight. The client rejects further messages.", PAGE),
    Setting::integer(RETRIES, 0, INT_MAX, "")
        .aliases(&["message.send.max.retries"])
        .of(Field::MaxAttempts, Conversion::Retries)
        .defaults(&[(OLDEST, INT_MAX)])
        .role(PRODUCER)
        .means("Retries of a request.", PAGE),
    Setting::integer("retry.backoff.ms", 1, 300_000, " ms")
        .of(Field::BaseBackoffMs, Conversion::Symmetric20)
        .defaults(&[(OLDEST, 100)])
        .since(EXPONENTIAL)
        .role(PRODUCER)
        .means("The nominal first backoff. The client waits for 80% to 120% of it.", BACKOFF),
    Setting::integer("retry.backoff.ms", 1, 300_000, " ms")
        .of(Field::BaseBackoffMs, Conversion::Same)
        .defaults(&[(OLDEST, 100)])
        .until(EXPONENTIAL)
        .role(PRODUCER)
        .means("Every backoff. It does not grow and has no jitter.", BACKOFF),
    Setting::integer("retry.backoff.max.ms", 1, 300_000, " ms")
        .of(Field::MaxBackoffMs, Conversion::Same)
        .defaults(&[(OLDEST, 1_000)])
        .since(EXPONENTIAL)
        .role(PRODUCER)
        .means("The longest backoff, applied after jitter.", BACKOFF),
    Setting::integer("retry.backoff.ms", 1, 300_000, " ms")
        .of(Field::BaseBackoffMs, Conversion::Symmetric20)
        .defaults(&[(OLDEST, 100)])
        .since(CONSUMER_BACKOFF)
        .role(CONSUMER)
        .means("The nominal first backoff. The client waits for 80% to 120% of it.", BACKOFF),
    Setting::integer("retry.backoff.max.ms", 1, 300_000, " ms")
        .of(Field::MaxBackoffMs, Conversion::Same)
        .defaults(&[(OLDEST, 1_000)])
        .since(CONSUMER_BACKOFF)
        .role(CONSUMER)
        .means("The longest backoff, applied after jitter.", BACKOFF),
    Setting::integer(SOCKET, 10, 300_000, " ms")
        .of(Field::RequestMs, Conversion::Same)
        .defaults(&[(OLDEST, 60_000)])
        .implied(socket_with_transactions)
        .role(PRODUCER)
        .fidelity(Fidelity::Looser(Looseness::WaitNotIncluded(DELIVERY)))
        .means("The time from sending a request to its response.", PAGE),
    Setting::integer(SOCKET, 10, 300_000, " ms")
        .of(Field::RequestMs, Conversion::Without(FETCH_WAIT))
        .defaults(&[(OLDEST, 60_000)])
        .role(CONSUMER)
        .means(
            "The time from sending a request to its response. The client adds `fetch.wait.max.ms` \
             for a fetch.",
            FETCHER,
        ),
    Setting::integer(REQUEST, 1, 900_000, " ms")
        .of(Field::RequestMs, Conversion::Same)
        .defaults(&[(OLDEST, 30_000)])
        .role(PRODUCER)
        .not_adopted()
        .fidelity(Fidelity::Looser(Looseness::WaitNotIncluded(DELIVERY)))
        .means("The time that the broker waits for acknowledgements of replicas.", PAGE),
    Setting::integer(DELIVERY, 0, INT_MAX, " ms")
        .aliases(&["message.timeout.ms"])
        .of(Field::DeadlineMs, Conversion::Deadline(None))
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 300_000)])
        .implied(|values| is_transactional(values).then(|| values.get(TRANSACTION)))
        .role(PRODUCER)
        .means("The time of a message with all its attempts. It must exceed `linger.ms`.", PAGE),
    Setting::integer(TRANSACTION, 1_000, INT_MAX, " ms")
        .defaults(&[(OLDEST, 60_000)])
        .role(PRODUCER)
        .means(
            "The time of a transaction, if `transactional.id` is set. It must be at least \
             `delivery.timeout.ms`.",
            FINALIZE,
        ),
    Setting::integer("socket.connection.setup.timeout.ms", 1_000, INT_MAX, " ms")
        .of(Field::ConnectMs, Conversion::Same)
        .defaults(&[(OLDEST, 30_000)])
        .means("The time to open a connection, including TLS and SASL.", PAGE),
    Setting::integer("connections.max.idle.ms", 0, INT_MAX, " ms")
        .of(Field::IdleMs, Conversion::Same)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .means("The time after which an unused connection is closed: up to 2 s earlier.", PAGE),
    Setting::integer(LINGER, 0, 900_000, " ms")
        .aliases(&["queue.buffering.max.ms"])
        .defaults(&[(OLDEST, 5)])
        .role(PRODUCER)
        .means("The wait for more messages for a batch.", PAGE),
    Setting::integer(FETCH_WAIT, 0, 300_000, " ms")
        .defaults(&[(OLDEST, 500)])
        .role(CONSUMER)
        .means("The time that the broker waits for more data.", PAGE),
];

const GAPS: &[Gap] = &[
    Gap::new(
        Field::JitterPercent,
        Behaviour::Jitter(crate::targets::algebra::SYMMETRIC_20),
        "a backoff is 80% to 120% of its nominal length, before the maximum applies",
        BACKOFF,
    )
    .since(EXPONENTIAL)
    .role(PRODUCER),
    Gap::new(Field::JitterPercent, Behaviour::Jitter(0), "a backoff has no jitter", BACKOFF)
        .until(EXPONENTIAL)
        .role(PRODUCER),
    Gap::new(
        Field::MultiplierPercent,
        Behaviour::Multiplier(200),
        "a backoff doubles per retry",
        BACKOFF,
    )
    .since(EXPONENTIAL)
    .role(PRODUCER),
    Gap::new(
        Field::MultiplierPercent,
        Behaviour::Multiplier(100),
        "a backoff does not grow",
        BACKOFF,
    )
    .until(EXPONENTIAL)
    .role(PRODUCER),
    Gap::new(Field::MaxBackoffMs, Behaviour::Nothing, "a backoff does not grow", BACKOFF)
        .until(EXPONENTIAL)
        .role(PRODUCER),
    Gap::new(
        Field::JitterPercent,
        Behaviour::Jitter(crate::targets::algebra::SYMMETRIC_20),
        "a backoff is 80% to 120% of its nominal length, before the maximum applies",
        BACKOFF,
    )
    .since(CONSUMER_BACKOFF)
    .role(CONSUMER),
    Gap::new(
        Field::MultiplierPercent,
        Behaviour::Multiplier(200),
        "a backoff doubles per retry",
        BACKOFF,
    )
    .since(CONSUMER_BACKOFF)
    .role(CONSUMER),
    Gap::new(Field::BaseBackoffMs, Behaviour::Nothing, NO_CONSUMER_BACKOFF, BACKOFF)
        .until(CONSUMER_BACKOFF)
        .role(CONSUMER),
    Gap::new(Field::MaxBackoffMs, Behaviour::Nothing, NO_CONSUMER_BACKOFF, BACKOFF)
        .until(CONSUMER_BACKOFF)
        .role(CONSUMER),
    Gap::new(Field::QueueMs, Behaviour::Nothing, "nothing limits the wait for a slot", PAGE),
    Gap::new(Field::LifetimeMs, Behaviour::Nothing, "nothing limits the age of a connection", PAGE),
    Gap::new(
        Field::RetryBudgetPercent,
        Behaviour::Nothing,
        "nothing limits the share of retrying requests",
        PAGE,
    ),
    Gap::new(Field::MaxInFlight, Behaviour::Nothing, "a consumer fetches once per broker", PAGE)
        .role(CONSUMER),
    Gap::new(Field::MaxQueueDepth, Behaviour::Nothing, "a consumer has no queue of requests", PAGE)
        .role(CONSUMER),
    Gap::new(Field::DeadlineMs, Behaviour::Nothing, "a fetch has no deadline", PAGE).role(CONSUMER),
    Gap::new(Field::MaxAttempts, Behaviour::Nothing, "a consumer fetches until it stops", PAGE)
        .role(CONSUMER),
];

const REFUSALS: &[RefusedSettings] = &[
    RefusedSettings {
        setting: IN_FLIGHT,
        field: Field::MaxInFlight,
        is_refused: |values| is_idempotent(values) && values.get(IN_FLIGHT) > MOST_IDEMPOTENT,
        message: "`enable.idempotence` allows at most 5 requests in flight",
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
            let (delivery, linger) = (values.explicit(DELIVERY), values.explicit(LINGER));
            delivery.zip(linger).is_some_and(|(delivery, linger)| (1..=linger).contains(&delivery))
        },
        message: "`delivery.timeout.ms` must be above `linger.ms`",
    },
    RefusedSettings {
        setting: DELIVERY,
        field: Field::DeadlineMs,
        is_refused: |values| is_above_transaction(values, DELIVERY, 0),
        message: "`delivery.timeout.ms` must be at most `transaction.timeout.ms` with \
                  `transactional.id`",
    },
    RefusedSettings {
        setting: SOCKET,
        field: Field::RequestMs,
        is_refused: |values| is_above_transaction(values, SOCKET, TRANSACTION_ROOM),
        message: "`socket.timeout.ms` must be at most `transaction.timeout.ms` + 100 with \
                  `transactional.id`",
    },
    RefusedSettings {
        setting: IDEMPOTENCE,
        field: Field::Capabilities,
        is_refused: |values| {
            let is_off = values.explicit(IDEMPOTENCE).is_some_and(|it| it != STRICTEST);
            is_off && is_transactional(values)
        },
        message: "`transactional.id` needs `enable.idempotence=true`",
    },
];

/// Reads a number of replicas as librdkafka does, and leaves out an empty `transactional.id`.
fn translated(_: &str, mut parsed: Parsed) -> Parsed {
    let transactional = parsed.entries.iter().rfind(|entry| entry.key == TRANSACTIONAL);
    let is_transactional = transactional.is_some_and(|entry| !entry.value.is_empty());
    parsed.entries.retain(|entry| entry.key != TRANSACTIONAL || is_transactional);
    for entry in parsed.entries.iter_mut().filter(|it| [ACKS, ACKS_ALIAS].contains(&&*it.key)) {
        let word = match Notation::CInteger.parse(entry.value.trim(), true) {
            Some(-1) => "all",
            Some(0) => "0",
            Some(1) => "1",
            Some(2..=1_000) => SEVERAL,
            _ => continue,
        };
        word.clone_into(&mut entry.value);
    }
    parsed
}

fn is_idempotent(values: &SettingValues<'_>) -> bool {
    let own = values.explicit(IDEMPOTENCE);
    own == Some(STRICTEST) || own.is_none() && is_transactional(values)
}

/// Returns true if a time is longer than a transaction. The time of a transaction must be known.
fn is_above_transaction(values: &SettingValues<'_>, name: &str, room: u64) -> bool {
    let most = values.limit(TRANSACTION).saturating_add(room);
    is_transactional(values) && values.explicit(name).is_some_and(|own| own > most)
}

/// Returns the time of a request that transactions imply: it ends before the transaction.
fn socket_with_transactions(values: &SettingValues<'_>) -> Option<u64> {
    let end = values.get(TRANSACTION).saturating_sub(TRANSACTION_ROOM);
    is_transactional(values).then_some(end.max(LEAST_SOCKET))
}

/// Returns the number of requests in flight that idempotence implies.
fn in_flight_with_idempotence(values: &SettingValues<'_>) -> Option<u64> {
    is_idempotent(values).then_some(MOST_IDEMPOTENT)
}
