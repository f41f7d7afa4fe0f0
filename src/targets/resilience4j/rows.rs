//! The rows of the table of Resilience4j.

use super::{OLDEST, backoff};
use crate::{
    model::Field,
    targets::{
        conversion::Conversion,
        notation::Notation,
        table::{Fidelity, Looseness, Setting},
    },
};

pub(super) const RETRY: &str =
    "resilience4j/resilience4j:…/CommonRetryConfigurationProperties.java";
pub(super) const THREAD_POOL: &str = "resilience4j/resilience4j:…/ThreadPoolBulkheadConfig.java";
pub(super) const BULKHEAD: &str = "resilience4j/resilience4j:…/BulkheadConfig.java";
pub(super) const ORDER: &str = "resilience4j/resilience4j:…/RetryConfigurationProperties.java";
const INTERVAL: &str = "resilience4j/resilience4j:…/core/IntervalFunction.java";
const LIMITER: &str = "resilience4j/resilience4j:…/timelimiter/internal/TimeLimiterImpl.java";

pub(super) const WAIT: &str = "resilience4j.retry.instances.{driver}.wait-duration";
pub(super) const EXPONENTIAL: &str =
    "resilience4j.retry.instances.{driver}.enable-exponential-backoff";
pub(super) const MULTIPLIER: &str =
    "resilience4j.retry.instances.{driver}.exponential-backoff-multiplier";
pub(super) const LONGEST: &str =
    "resilience4j.retry.instances.{driver}.exponential-max-wait-duration";
pub(super) const RANDOMIZED: &str = "resilience4j.retry.instances.{driver}.enable-randomized-wait";
pub(super) const FACTOR: &str = "resilience4j.retry.instances.{driver}.randomized-wait-factor";
pub(super) const MAX_THREADS: &str =
    "resilience4j.thread-pool-bulkhead.instances.{driver}.max-thread-pool-size";
pub(super) const CORE_THREADS: &str =
    "resilience4j.thread-pool-bulkhead.instances.{driver}.core-thread-pool-size";
const TIMEOUT: &str = "resilience4j.timelimiter.instances.{driver}.timeout-duration";
const MAX_WAIT: &str = "resilience4j.bulkhead.instances.{driver}.max-wait-duration";

/// The largest value of a 32-bit integer.
const INT_MAX: u64 = 2_147_483_647;
/// The longest time, in milliseconds.
const LONG_MAX: u64 = 9_223_372_036_854_775_807;
/// The largest growth, in hundredths.
const MOST_GROWTH: u64 = 100_000;
/// The words that Spring Boot reads as a boolean.
const BOOLEAN: &[&[&str]] = &[&["true", "yes", "on", "1"], &["false", "no", "off", "0"]];
/// The position of `true`.
const TRUE: u64 = 0;
/// The position of `false`.
const FALSE: u64 = 1;

pub(super) const ATTEMPTS: Setting =
    Setting::integer("resilience4j.retry.instances.{driver}.max-attempts", 1, INT_MAX, "")
        .of(Field::MaxAttempts, Conversion::Same)
        .defaults(&[(OLDEST, 3)])
        .means("Attempts of a call, including the first.", RETRY);

pub(super) const WAIT_ROW: Setting = time(WAIT)
    .of(Field::BaseBackoffMs, Conversion::RandomFirst(FACTOR))
    .defaults(&[(OLDEST, 500)])
    .at_least(1)
    .with_retries()
    .means("The nominal first backoff.", INTERVAL);

pub(super) const EXPONENTIAL_ROW: Setting = switch(EXPONENTIAL)
    .means("Whether backoffs grow. Without it, all have the same nominal length.", RETRY);

pub(super) const MULTIPLIER_ROW: Setting = Setting::decimal(MULTIPLIER, 1, MOST_GROWTH)
    .of(Field::MultiplierPercent, Conversion::Growth)
    .defaults(&[(OLDEST, 150)])
    .with_retries()
    .replaced(backoff::multiplier, &[WAIT, EXPONENTIAL])
    .means("The growth of the nominal backoff per retry.", INTERVAL);

pub(super) const LONGEST_ROW: Setting = time(LONGEST)
    .of(Field::MaxBackoffMs, Conversion::Same)
    .defaults(&[(OLDEST, u64::MAX)])
    .at_least(1)
    .with_retries()
    .replaced(backoff::longest, &[WAIT, EXPONENTIAL, MULTIPLIER, RANDOMIZED, FACTOR])
    .means("The longest backoff, applied after the random factor.", INTERVAL);

pub(super) const RANDOMIZED_ROW: Setting =
    switch(RANDOMIZED).means("Whether backoffs are random.", RETRY);

pub(super) const FACTOR_ROW: Setting = Setting::integer(FACTOR, 0, 999_999, "")
    .notation(Notation::Millionths)
    .of(Field::JitterPercent, Conversion::RandomFactor)
    .defaults(&[(OLDEST, backoff::DEFAULT_FACTOR)])
    .with_retries()
    .replaced(backoff::factor, &[WAIT, EXPONENTIAL, MULTIPLIER, RANDOMIZED])
    .means("The random share of a backoff, below and above its nominal length.", INTERVAL);

pub(super) const TIMEOUT_WITH_QUEUE: Setting = time(TIMEOUT)
    .of(Field::RequestMs, Conversion::Same)
    .defaults(&[(OLDEST, 1_000)])
    .means("The time of an attempt, including its wait in the queue.", LIMITER);

pub(super) const TIMEOUT_AFTER_WAIT: Setting = time(TIMEOUT)
    .of(Field::RequestMs, Conversion::Run(MAX_WAIT))
    .defaults(&[(OLDEST, 1_000)])
    .fidelity(Fidelity::Looser(Looseness::WaitAdds))
    .means("The time of an attempt after its wait for a permission.", LIMITER);

pub(super) const MAX_THREADS_ROW: Setting = Setting::integer(MAX_THREADS, 0, INT_MAX, "")
    .of(Field::MaxInFlight, Conversion::Same)
    .defaults(&[(OLDEST, u64::MAX)])
    .default_text("the number of processors")
    .replaced(backoff::max_threads, &[])
    .means("The most threads.", THREAD_POOL);

pub(super) const CORE_THREADS_ROW: Setting = Setting::integer(CORE_THREADS, 0, INT_MAX, "")
    .of(Field::MaxInFlight, Conversion::Same)
    .not_adopted()
    .defaults(&[(OLDEST, u64::MAX)])
    .default_text("the number of processors − 1, at least 1")
    .replaced(backoff::core_threads, &[])
    .means("The threads that the pool creates before it uses the queue.", THREAD_POOL);

pub(super) const QUEUE: Setting = Setting::integer(
    "resilience4j.thread-pool-bulkhead.instances.{driver}.queue-capacity",
    0,
    INT_MAX,
    "",
)
.of(Field::MaxQueueDepth, Conversion::Same)
.defaults(&[(OLDEST, 100)])
.means("Calls that wait for a thread. Resilience4j rejects further calls.", THREAD_POOL);

pub(super) const CALLS: Setting = Setting::integer(
    "resilience4j.bulkhead.instances.{driver}.max-concurrent-calls",
    1,
    INT_MAX,
    "",
)
.of(Field::MaxInFlight, Conversion::Same)
.defaults(&[(OLDEST, 25)])
.means("Calls at the same time.", BULKHEAD);

pub(super) const MAX_WAIT_ROW: Setting = time(MAX_WAIT)
    .of(Field::QueueMs, Conversion::Wait)
    .defaults(&[(OLDEST, 0)])
    .means("The wait for a permission. With 0, Resilience4j rejects the call at once.", BULKHEAD);

const fn time(name: &'static str) -> Setting {
    Setting::integer(name, 0, LONG_MAX, " ms").notation(Notation::Spring)
}

/// Creates the setting that enables others. It has no field of its own, because the effective values of
/// the others include it.
const fn switch(name: &'static str) -> Setting {
    let words = Setting::words(name, BOOLEAN);
    Setting { conversion: Conversion::Fixed(TRUE), ..words }
        .defaults(&[(OLDEST, FALSE)])
        .with_retries()
}

/// Returns true if this is the value `true`.
pub(super) const fn is_true(value: u64) -> bool {
    value == TRUE
}
