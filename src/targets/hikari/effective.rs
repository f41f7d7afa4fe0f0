//! The values that HikariCP uses instead of those in its configuration.

use super::{Version, names::of};
use crate::targets::values::SettingValues;

/// The first version in which `minimumIdle` does not raise the default of `maximumPoolSize`.
const IGNORES_MINIMUM: Version = Version::new(3, 0, 0);
/// The shortest wait, in milliseconds.
pub(super) const LEAST_WAIT: u64 = 250;
/// The shortest lifetime, in milliseconds.
pub(super) const LEAST_LIFETIME: u64 = 30_000;
/// The lifetime without a valid one, in milliseconds.
pub(super) const DEFAULT_LIFETIME: u64 = 1_800_000;
/// The shortest idle time, in milliseconds.
pub(super) const LEAST_IDLE: u64 = 10_000;
/// The idle time without a valid one, in milliseconds.
pub(super) const DEFAULT_IDLE: u64 = 600_000;
/// The least difference between the lifetime and the idle time, in milliseconds.
const NEAR: u64 = 1_000;
/// The number of milliseconds in a second.
const SECOND: u64 = 1_000;
/// The value that means that there is no limit.
const NEVER: u64 = 0;

/// A value with the condition that failed.
type Replaced = Option<(u64, &'static str)>;

/// Returns true if the wait is too short.
pub(super) fn is_wait_refused<const SPRING: bool>(values: &SettingValues<'_>) -> bool {
    let wait = values.explicit(of(SPRING).wait);
    wait.is_some_and(|wait| (1..LEAST_WAIT).contains(&wait))
}

/// Returns the default size of the pool, if `minimumIdle` implies it.
pub(super) fn pool<const SPRING: bool>(values: &SettingValues<'_>) -> Option<u64> {
    let minimum = values.explicit(of(SPRING).minimum_idle).filter(|minimum| *minimum > 0);
    minimum.filter(|_| values.version() < IGNORES_MINIMUM)
}

/// Returns the default of `minimumIdle`, which makes the pool a fixed size.
#[expect(clippy::unnecessary_wraps, reason = "a default that other settings imply can be absent")]
pub(super) fn default_minimum_idle<const SPRING: bool>(values: &SettingValues<'_>) -> Option<u64> {
    Some(values.get(of(SPRING).pool))
}

/// Returns the number of connections that stay open, if it is not `minimumIdle`.
pub(super) fn minimum_idle<const SPRING: bool>(values: &SettingValues<'_>) -> Replaced {
    let names = of(SPRING);
    let pool = values.get(names.pool);
    (values.own(names.minimum_idle) > pool).then_some((pool, names.large_minimum_idle))
}

/// Returns the lifetime, if it is not `maxLifetime`.
pub(super) fn lifetime<const SPRING: bool>(values: &SettingValues<'_>) -> Replaced {
    let names = of(SPRING);
    let own = values.own(names.lifetime);
    let is_short = (1..LEAST_LIFETIME).contains(&own);
    is_short.then_some((DEFAULT_LIFETIME, names.short_lifetime))
}

/// Returns the login timeout of a data source, which HikariCP sets to the wait in whole seconds.
pub(super) fn login<const SPRING: bool>(values: &SettingValues<'_>) -> Replaced {
    let names = of(SPRING);
    let wait = values.get(names.wait);
    let has_class = values.explicit(names.class).is_some_and(|words| words > 0);
    let is_set = has_class && wait != NEVER;
    let seconds = wait.saturating_add(SECOND / 2) / SECOND;
    is_set.then(|| (seconds.max(1).saturating_mul(SECOND), names.has_class))
}

/// Returns the idle time, if it is not `idleTimeout`.
pub(super) fn idle<const SPRING: bool>(values: &SettingValues<'_>) -> Replaced {
    let names = of(SPRING);
    let own = values.own(names.idle);
    if values.get(names.minimum_idle) >= values.get(names.pool) {
        return Some((NEVER, names.fixed_size));
    }
    if own.saturating_add(NEAR) > values.limit(names.lifetime) {
        return Some((NEVER, names.idle_near_lifetime));
    }
    (1..LEAST_IDLE).contains(&own).then_some((DEFAULT_IDLE, names.short_idle))
}
