//! Clients of object stores that are built on the crate `object_store`: delta-rs and obstore.

mod delta_rs;
mod obstore;
mod timedelta;

use super::{
    Version,
    conversion::Conversion,
    syntax::units::{self, DurationForm},
    table::{Behaviour, Gap, Setting, TargetTable},
    values::SettingValues,
};
use crate::model::Field;

const MOD: &str = "apache/arrow-rs-object-store:src/client/mod.rs";
const RETRY: &str = "apache/arrow-rs-object-store:src/client/retry.rs";
const BACKOFF: &str = "apache/arrow-rs-object-store:src/client/backoff.rs";

/// The largest number of retries.
const MOST_RETRIES: u64 = 4_294_967_295;
/// The smallest growth of backoffs, in hundredths. The crate panics at a growth of 1.
const LEAST_GROWTH: u64 = 101;
/// The largest growth of backoffs, in hundredths.
const MOST_GROWTH: u64 = 100_000;
/// The verb for files that the crate refuses.
const FAILURE: &str = "does not start or panics at a retry";
const ORDER: &str = "the longest backoff × the growth must be above the first backoff";

/// The target.
pub(super) static OBJECT_STORE: TargetTable = TargetTable {
    name: "object-store",
    title: "Clients of object stores",
    summary: "The options of programs that are built on the Rust crate `object_store`, in JSON. For \
              delta-rs, the file is the object `storage_options`. For obstore, it contains the \
              arguments `client_options` and `retry_config`, in which a time of `retry_config` contains \
              the arguments of Python's `timedelta`, such as `{\"minutes\": 3}`.",
    dialects: &[delta_rs::DELTA_RS, obstore::OBSTORE],
    extension: "json",
    roles: &[],
    notes: &[
        "`max_retries` counts retries. `max_attempts` includes the first attempt.",
        "`timeout` limits a single attempt, from its connection to the end of the response.",
        "`retry_timeout` prevents further attempts, but it does not interrupt one. The crate's \
         documentation advises less than 5 minutes, because credentials of a retried request are not \
         renewed.",
        "The first backoff is exact, and the maximum does not limit it. Each further backoff is \
         random between the first backoff and the previous one × the growth.",
        "The crate panics at a retry if the first backoff is 0, if the growth is at most 1, or if \
         the maximum × the growth is at most the first backoff.",
        "After a timeout, the crate retries only requests that change nothing, such as reads.",
        "delta-rs ignores an option that it does not know, such as a misspelled one. `concurrency_limit` \
         does not limit the requests that read the log of a table: deltalake 1.6.6 sends 30 at \
         once for 30 commits, whatever the limit is.",
    ],
};

const SECOND: u64 = 1_000_000;

/// Creates the setting for the time to open a connection.
const fn connect(name: &'static str, defaults: &'static [(Version, u64)]) -> Setting {
    time(name, Field::ConnectMs, defaults).means("The time to open a connection.", MOD)
}

/// Creates the setting for the time of an attempt.
const fn attempt(name: &'static str, defaults: &'static [(Version, u64)]) -> Setting {
    let meaning = "The time of an attempt, from its connection to the end of the response.";
    time(name, Field::RequestMs, defaults).means(meaning, MOD)
}

/// Creates the setting for the idle time of a connection.
const fn idle(name: &'static str, defaults: &'static [(Version, u64)]) -> Setting {
    let meaning = "The time after which an unused connection is closed.";
    time(name, Field::IdleMs, defaults).means(meaning, MOD)
}

const fn time(name: &'static str, field: Field, defaults: &'static [(Version, u64)]) -> Setting {
    let setting = Setting::duration(name, 0, DurationForm::Human);
    setting.of(field, Conversion::Micros).defaults(defaults)
}

/// Creates the setting for the number of retries.
const fn retries(name: &'static str, defaults: &'static [(Version, u64)]) -> Setting {
    Setting::integer(name, 0, MOST_RETRIES, "")
        .of(Field::MaxAttempts, Conversion::Retries)
        .defaults(defaults)
        .means("Retries of a request.", RETRY)
}

/// Creates the setting for the growth of backoffs.
const fn growth(name: &'static str, defaults: &'static [(Version, u64)]) -> Setting {
    Setting::decimal(name, LEAST_GROWTH, MOST_GROWTH)
        .of(Field::MultiplierPercent, Conversion::Growth)
        .defaults(defaults)
        .means("The largest growth of a backoff per retry.", BACKOFF)
}

const fn gap(
    field: Field,
    behaviour: Behaviour,
    meaning: &'static str,
    source: &'static str,
) -> Gap {
    Gap::new(field, behaviour, meaning, source)
}

const GAPS: &[Gap] = &[
    gap(
        Field::JitterPercent,
        Behaviour::DecorrelatedJitter,
        "a backoff is random, from the first backoff up",
        BACKOFF,
    ),
    gap(Field::MaxInFlight, Behaviour::Nothing, "no option limits all requests", MOD),
    gap(Field::MaxQueueDepth, Behaviour::Nothing, "requests do not wait in a queue", MOD),
    gap(Field::QueueMs, Behaviour::Nothing, "requests do not wait in a queue", MOD),
    gap(Field::LifetimeMs, Behaviour::Nothing, "nothing limits the age of a connection", MOD),
    gap(
        Field::RetryBudgetPercent,
        Behaviour::Nothing,
        "nothing limits the share of retrying requests",
        RETRY,
    ),
];

/// Returns true if the second retry panics: its backoff has an empty range.
fn panics(values: &SettingValues<'_>, [retries, first, longest, growth]: [&str; 4]) -> bool {
    let longest = values.get(longest).saturating_mul(values.get(growth));
    values.get(retries) > 1 && longest <= values.get(first).saturating_mul(units::WHOLE)
}
