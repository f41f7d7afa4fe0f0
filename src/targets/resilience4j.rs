//! Resilience4j in Spring Boot: retries, time limits and bulkheads of Java methods.

mod backoff;
mod rows;
mod text;

use super::{
    Version,
    syntax::Syntax,
    table::{Behaviour, Dialect, Gap, RefusedSettings, Setting, TargetTable},
    values::SettingValues,
};
use crate::model::Field;

/// The version whose source was read.
const MEASURED: Version = Version::new(2, 4, 0);
/// The first version for which the table applies: `queue-capacity` can be 0.
const OLDEST: Version = Version::new(2, 0, 0);

/// The target.
pub(super) static RESILIENCE4J: TargetTable = TargetTable {
    name: "resilience4j",
    title: "Resilience4j with Spring Boot",
    summary: "A part of `application.properties` for methods with the annotations `@Retry`, \
              `@TimeLimiter` and `@Bulkhead`. `{driver}` is the name in the annotations, and `emit` \
              writes the name of the driver. If a file has an instance with the name of the driver, \
              `adopt` and `verify` read only this instance. Otherwise, they compare the loosest value of all \
              instances. Settings of `configs.default`, and of the `base-config` of an instance, apply to \
              instances without their own.",
    dialects: &[THREAD_POOL, SEMAPHORE],
    extension: "properties",
    roles: &[],
    notes: &[
        "Each process has its own limits.",
        "`max-attempts` includes the first attempt, like `max_attempts`. The setting \
         `max-retry-attempts` no longer exists, and Spring Boot ignores it.",
        "By default, `@Retry` is outside `@TimeLimiter`, and `@TimeLimiter` is outside `@Bulkhead`. So \
         `timeout-duration` limits a single attempt, and nothing limits all attempts together.",
        "`exponential-backoff-multiplier` needs `enable-exponential-backoff=true`, and \
         `randomized-wait-factor` needs `enable-randomized-wait=true`. Without `wait-duration`, none of \
         them has an effect, and each backoff is 500 ms.",
        "An instance without `wait-duration` has the backoffs of its configuration, and its own backoff \
         settings have no effect. An instance with `wait-duration` does not inherit \
         `randomized-wait-factor`.",
        "A backoff is its nominal length, times a random number from 1 − `randomized-wait-factor` to 1 + \
         `randomized-wait-factor`. `emit` therefore writes a shorter `wait-duration`, so that the \
         longest backoff equals the longest backoff of the contract. \
         `exponential-max-wait-duration` limits the result.",
        "A factor of 1 is refused. For a `jitter_percent` of 100, `emit` writes 0.999999.",
        "With `thread-pool-bulkhead`, the time in the queue is a part of `timeout-duration`. With \
         `bulkhead`, the caller waits for up to `max-wait-duration` before this time starts.",
        "A thread pool adds threads above `core-thread-pool-size` only if the queue is full. So `emit` \
         writes the same number for both sizes.",
        "The default of `core-thread-pool-size` is the number of processors − 1. If \
         `max-thread-pool-size` is smaller, the application does not start.",
        "After a timeout, a call still occupies its thread or its permission until it ends.",
        "`interval-bi-function`, customizers and fallback methods can change backoffs in code, which \
         driverc does not read.",
        "driverc does not read `application.yml`. It reads all parts of a file with several documents \
         (`#---`) as one.",
    ],
};

const PROOF: &str = "The rows come from the source. Not run against the real consumer: no registry of CI \
                     has Resilience4j.";

const THREAD_POOL: Dialect = Dialect {
    name: "thread-pool-bulkhead",
    product: "Resilience4j",
    measured: MEASURED,
    oldest: OLDEST,
    proof: PROOF,
    syntax: Syntax::Properties,
    translated: text::translated,
    settings: THREAD_POOL_SETTINGS,
    gaps: THREAD_POOL_GAPS,
    dead: &[],
    refusals: &[
        NO_WAIT,
        NO_LONGEST,
        RefusedSettings {
            setting: rows::CORE_THREADS,
            field: Field::MaxInFlight,
            is_refused: has_more_core_threads,
            message: "`core-thread-pool-size` must be at most `max-thread-pool-size`",
        },
    ],
    others: text::THREAD_POOL_OTHERS,
    ignored: text::IGNORED,
    resets: &[],
    failure: "does not start or fails at a retry",
    refuses_unknown: false,
    ignores_text_after_number: false,
};

const SEMAPHORE: Dialect = Dialect {
    name: "bulkhead",
    settings: SEMAPHORE_SETTINGS,
    gaps: SEMAPHORE_GAPS,
    refusals: &[NO_WAIT, NO_LONGEST],
    others: text::SEMAPHORE_OTHERS,
    ..THREAD_POOL
};

const THREAD_POOL_SETTINGS: &[Setting] = &[
    rows::ATTEMPTS,
    rows::WAIT_ROW,
    rows::EXPONENTIAL_ROW,
    rows::MULTIPLIER_ROW,
    rows::LONGEST_ROW,
    rows::RANDOMIZED_ROW,
    rows::FACTOR_ROW,
    rows::TIMEOUT_WITH_QUEUE,
    rows::MAX_THREADS_ROW,
    rows::CORE_THREADS_ROW,
    rows::QUEUE,
];

const SEMAPHORE_SETTINGS: &[Setting] = &[
    rows::ATTEMPTS,
    rows::WAIT_ROW,
    rows::EXPONENTIAL_ROW,
    rows::MULTIPLIER_ROW,
    rows::LONGEST_ROW,
    rows::RANDOMIZED_ROW,
    rows::FACTOR_ROW,
    rows::TIMEOUT_AFTER_WAIT,
    rows::CALLS,
    rows::MAX_WAIT_ROW,
];

const NO_WAIT: RefusedSettings = RefusedSettings {
    setting: rows::WAIT,
    field: Field::BaseBackoffMs,
    is_refused: backoff::has_no_wait,
    message: "`wait-duration` must be at least 1 ms if backoffs grow or are random",
};
const NO_LONGEST: RefusedSettings = RefusedSettings {
    setting: rows::LONGEST,
    field: Field::MaxBackoffMs,
    is_refused: backoff::has_no_longest,
    message: "`exponential-max-wait-duration` must be at least 1 ms",
};

/// Returns true if the pool always has more threads than it can have.
fn has_more_core_threads(values: &SettingValues<'_>) -> bool {
    let explicit = |name| values.explicit(name).filter(|threads| *threads > 0);
    let sizes = explicit(rows::CORE_THREADS).zip(explicit(rows::MAX_THREADS));
    sizes.is_some_and(|(core, max)| core > max)
}

const CONNECTIONS: &str = "Resilience4j has no connections";
const NO_DEADLINE: Gap = Gap::new(
    Field::DeadlineMs,
    Behaviour::Nothing,
    "`@TimeLimiter` is inside `@Retry`, so nothing limits all attempts together",
    rows::ORDER,
);
const NO_BUDGET: Gap = Gap::new(
    Field::RetryBudgetPercent,
    Behaviour::Nothing,
    "nothing limits the share of retrying requests",
    rows::RETRY,
);
const NO_CONNECT: Gap = Gap::new(Field::ConnectMs, Behaviour::Nothing, CONNECTIONS, rows::RETRY);
const NO_IDLE: Gap = Gap::new(Field::IdleMs, Behaviour::Nothing, CONNECTIONS, rows::RETRY);
const NO_LIFETIME: Gap = Gap::new(Field::LifetimeMs, Behaviour::Nothing, CONNECTIONS, rows::RETRY);

const THREAD_POOL_GAPS: &[Gap] = &[
    NO_DEADLINE,
    NO_CONNECT,
    NO_IDLE,
    NO_LIFETIME,
    NO_BUDGET,
    Gap::new(
        Field::QueueMs,
        Behaviour::Nothing,
        "nothing limits the wait in the queue alone",
        rows::THREAD_POOL,
    ),
];

const SEMAPHORE_GAPS: &[Gap] = &[
    NO_DEADLINE,
    NO_CONNECT,
    NO_IDLE,
    NO_LIFETIME,
    NO_BUDGET,
    Gap::new(
        Field::MaxQueueDepth,
        Behaviour::Nothing,
        "any number of callers can wait for a permission",
        rows::BULKHEAD,
    ),
];
