//! A module of Rust constants, for programs that configure their clients in code.

use super::{
    Version,
    notation::Notation,
    syntax::Syntax,
    table::{Dialect, Setting, TargetTable},
};
use crate::{
    model::{Field, RetryPolicy},
    targets::conversion::Conversion,
};

/// The first version with the edition 2024.
const OLDEST: Version = Version::new(1, 85, 0);
/// The source of all facts.
const PAGE: &str = "docs/contract.md";

/// The target.
pub(super) static RUST: TargetTable = TargetTable {
    name: "rust",
    title: "Rust constants",
    summary: "A module of constants, for clients that read no file, such as sqlx and the crate \
              `clickhouse`. It has no dependencies, needs no `std`, and compiles without warnings \
              with clippy's `pedantic` lints. `Duration::from_millis` accepts its times.",
    extension: "rs",
    dialects: &[Dialect {
        name: "constants",
        product: "Rust",
        measured: Version::new(1, 95, 0),
        oldest: OLDEST,
        proof: "`.ci/targets/rust.sh` compiles what `emit` writes, without warnings, in a crate without \
                `std`, and compares each constant with its contract. rustfmt does not change the file.",
        syntax: Syntax::Rust,
        translated: |_, parsed| parsed,
        settings: SETTINGS,
        gaps: &[],
        dead: &[],
        refusals: &[],
        others: &[],
        ignored: &[],
        resets: &[],
        failure: "does not compile",
        refuses_unknown: false,
        ignores_text_after_number: false,
    }],
    roles: &[],
    notes: &[
        "The keys that a contract can leave out are constants only if the contract has them.",
        "`verify` and `adopt` read constants whose value is a literal. They report an expression, a \
         constant with `#[cfg]` and any other item as unknown.",
        "Texts are ASCII: other characters are escaped.",
        "The folder [`examples/`](../../examples/README.md) has programs \
         that read contracts at run time instead.",
    ],
};

const SETTINGS: &[Setting] = &[
    Setting::text("CLASS", Field::Class)
        .means("The kind of system that the driver talks to.", PAGE),
    Setting::text("PROVIDER_MODULE", Field::ProviderModule)
        .means("The path of the module that implements the driver.", PAGE),
    count("MAX_IN_FLIGHT", Field::MaxInFlight)
        .means("The maximum number of operations in flight. For a pool, its size.", PAGE),
    count("MAX_QUEUE_DEPTH", Field::MaxQueueDepth)
        .means("The maximum number of requests that wait for a slot.", PAGE),
    time("CONNECT_MS", Field::ConnectMs).means("The maximum time to open a connection.", PAGE),
    time("REQUEST_MS", Field::RequestMs)
        .means("The maximum time of one attempt, including its wait in the queue.", PAGE),
    time("IDLE_MS", Field::IdleMs)
        .means("The time after which the driver closes an unused connection.", PAGE),
    time("QUEUE_MS", Field::QueueMs).optional().means("The maximum wait for a slot.", PAGE),
    time("DEADLINE_MS", Field::DeadlineMs)
        .optional()
        .means("The maximum time of one operation, including all attempts and backoffs.", PAGE),
    time("LIFETIME_MS", Field::LifetimeMs)
        .optional()
        .means("The maximum age of a pooled connection.", PAGE),
    count("MAX_ATTEMPTS", Field::MaxAttempts)
        .means("The maximum number of attempts of one operation, including the first.", PAGE),
    time("BASE_BACKOFF_MS", Field::BaseBackoffMs)
        .means("The nominal backoff before the first retry.", PAGE),
    time("MAX_BACKOFF_MS", Field::MaxBackoffMs).means("The maximum nominal backoff.", PAGE),
    count("JITTER_PERCENT", Field::JitterPercent)
        .means("The random share of each backoff, in percent.", PAGE),
    count("MULTIPLIER_PERCENT", Field::MultiplierPercent)
        .optional()
        .defaults(&[(OLDEST, RetryPolicy::DEFAULT_MULTIPLIER)])
        .means("The growth of the nominal backoff per retry, in percent.", PAGE),
    count("RETRY_BUDGET_PERCENT", Field::RetryBudgetPercent)
        .optional()
        .means("The maximum share of unfinished requests that can be retrying, in percent.", PAGE),
    count("RETRY_BUDGET_MIN", Field::RetryBudgetMin)
        .optional()
        .defaults(&[(OLDEST, RetryPolicy::DEFAULT_RETRY_BUDGET_MIN)])
        .means("The number of requests that can always retry.", PAGE),
    Setting::text("TIMEOUT_METRIC", Field::TimeoutMetric)
        .means("The name of the counter of timed-out attempts.", PAGE),
    Setting::text("RETRY_METRIC", Field::RetryMetric)
        .means("The name of the counter of retries.", PAGE),
    Setting::text("LATENCY_METRIC", Field::LatencyMetric)
        .means("The name of the histogram of operation latencies.", PAGE),
    Setting::text("IN_FLIGHT_METRIC", Field::InFlightMetric)
        .means("The name of the gauge of operations in flight.", PAGE),
    Setting::text("CAPABILITIES", Field::Capabilities).means("The driver's capabilities.", PAGE),
    Setting::text("SUPPORT_TIER", Field::SupportTier).means("The support tier.", PAGE),
    Setting::text("TUNING_GUIDE", Field::TuningGuide)
        .means("The document that explains the values.", PAGE),
];

/// Creates the setting for a time in milliseconds.
const fn time(name: &'static str, field: Field) -> Setting {
    constant(name, field, u64::MAX, " ms")
}

/// Creates the setting for a number without a unit.
const fn count(name: &'static str, field: Field) -> Setting {
    constant(name, field, u32::MAX as u64, "")
}

/// Creates a setting. A constant that a module does not have limits nothing.
const fn constant(name: &'static str, field: Field, max: u64, unit: &'static str) -> Setting {
    Setting::integer(name, 0, max, unit)
        .of(field, Conversion::Same)
        .notation(Notation::Rust)
        .defaults(&[(OLDEST, u64::MAX)])
}
