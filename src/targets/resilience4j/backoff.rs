//! The values that Resilience4j uses instead of those in its configuration.
//!
//! It chooses one of several backoff functions, and most of them ignore a part of the settings.

use super::rows::{
    CORE_THREADS, EXPONENTIAL, FACTOR, LONGEST, MAX_THREADS, MULTIPLIER, RANDOMIZED, WAIT, is_true,
};
use crate::targets::{algebra, values::SettingValues};

/// The random factor without a setting, in millionths.
pub(super) const DEFAULT_FACTOR: u64 = 500_000;
/// The growth of a constant backoff, in hundredths.
const CONSTANT: u64 = 100;

const NEEDS_WAIT: &str = "`wait-duration` must be set";
const NEEDS_EXPONENTIAL: &str = "`enable-exponential-backoff` must be `true`";
const NEEDS_RANDOMIZED: &str = "`enable-randomized-wait` must be `true`";
const NEEDS_MULTIPLIER: &str = "`exponential-backoff-multiplier` must be set";
const NEEDS_FACTOR: &str = "`randomized-wait-factor` must be set";
const NEEDS_THREADS: &str = "it must be at least 1";

/// A value with the condition that failed.
type Replaced = Option<(u64, &'static str)>;

/// Returns the condition that failed for a setting that a switch enables.
fn disabled(values: &SettingValues<'_>, switch: &str, needs: &'static str) -> Option<&'static str> {
    let is_enabled = is_true(values.get(switch));
    let needs = (!is_enabled).then_some(needs);
    needs.or_else(|| (!values.has(WAIT)).then_some(NEEDS_WAIT))
}

/// Returns the growth of backoffs, if it is not the multiplier.
pub(super) fn multiplier(values: &SettingValues<'_>) -> Replaced {
    disabled(values, EXPONENTIAL, NEEDS_EXPONENTIAL).map(|condition| (CONSTANT, condition))
}

/// Returns the random factor, if it is not the setting.
pub(super) fn factor(values: &SettingValues<'_>) -> Replaced {
    if let Some(condition) = disabled(values, RANDOMIZED, NEEDS_RANDOMIZED) {
        return Some((0, condition));
    }
    let ignores_factor = is_true(values.get(EXPONENTIAL)) && !values.has(MULTIPLIER);
    ignores_factor.then_some((DEFAULT_FACTOR, NEEDS_MULTIPLIER))
}

/// Returns the longest backoff, if it is not the setting.
pub(super) fn longest(values: &SettingValues<'_>) -> Replaced {
    if let Some(condition) = disabled(values, EXPONENTIAL, NEEDS_EXPONENTIAL) {
        let longest = algebra::longest_of_random(values.get(WAIT), values.get(FACTOR));
        return Some((longest, condition));
    }
    let is_set = values.has(LONGEST);
    let condition = if !values.has(MULTIPLIER) {
        NEEDS_MULTIPLIER
    } else if is_true(values.get(RANDOMIZED)) && !values.has(FACTOR) {
        NEEDS_FACTOR
    } else {
        return None;
    };
    is_set.then_some((u64::MAX, condition))
}

/// Returns true if there is no first backoff to grow or to vary.
pub(super) fn has_no_wait(values: &SettingValues<'_>) -> bool {
    let is_function = is_true(values.get(EXPONENTIAL)) || is_true(values.get(RANDOMIZED));
    is_function && values.explicit(WAIT) == Some(0)
}

/// Returns true if the longest backoff is 0.
pub(super) fn has_no_longest(values: &SettingValues<'_>) -> bool {
    values.explicit(LONGEST) == Some(0) && longest(values).is_none()
}

/// Returns the number of processors, which is unknown, for a pool without threads.
pub(super) fn max_threads(values: &SettingValues<'_>) -> Replaced {
    (values.explicit(MAX_THREADS) == Some(0)).then_some((u64::MAX, NEEDS_THREADS))
}

/// Returns the number of processors, which is unknown, for a pool without threads.
pub(super) fn core_threads(values: &SettingValues<'_>) -> Replaced {
    (values.explicit(CORE_THREADS) == Some(0)).then_some((u64::MAX, NEEDS_THREADS))
}
