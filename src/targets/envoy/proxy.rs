//! Envoy itself.

use super::{
    FIRST_BACKOFF, LONGEST_BACKOFF, MILLISECOND, RETRY_ON, SECOND, UINT32_MAX, bootstrap, names,
};
use crate::{
    model::Field,
    targets::{
        Version,
        conversion::{Conversion, PoolNames},
        notation::Notation,
        syntax::{Syntax, units::DurationForm},
        table::{
            Behaviour, DeadSetting, Dialect, Fidelity, Gap, Looseness, RefusedSettings, Setting,
        },
        values::SettingValues,
    },
};

const OLDEST: Version = Version::new(1, 36, 2);
const BREAKERS: &str = "envoyproxy/data-plane-api:envoy/config/cluster/v3/circuit_breaker.proto";
const CLUSTER: &str = "envoyproxy/data-plane-api:envoy/config/cluster/v3/cluster.proto";
const PROTOCOL: &str = "envoyproxy/data-plane-api:envoy/config/core/v3/protocol.proto";
const ROUTE: &str = "envoyproxy/data-plane-api:envoy/config/route/v3/route_components.proto";

const CONNECTIONS: &str = "circuit_breakers.max_connections";
const PENDING: &str = "circuit_breakers.max_pending_requests";
const REQUESTS: &str = "circuit_breakers.max_requests";
const MAX_RETRIES: &str = "circuit_breakers.max_retries";
const BUDGET_OBJECT: &str = "circuit_breakers.retry_budget";
const PERCENT_OBJECT: &str = "circuit_breakers.retry_budget.budget_percent";
const BACKOFF_OBJECT: &str = "retry_policy.retry_back_off";
const BUDGET: &str = "circuit_breakers.retry_budget.budget_percent.value";
const BUDGET_MIN: &str = "circuit_breakers.retry_budget.min_retry_concurrency";
const TIMEOUT: &str = "route.timeout";
const CONDITIONS: &str = "retry_policy.retry_on";
const RETRIES: &str = "retry_policy.num_retries";
const PER_TRY: &str = "retry_policy.per_try_timeout";
const BASE: &str = "retry_policy.retry_back_off.base_interval";
const MAX: &str = "retry_policy.retry_back_off.max_interval";

/// The share of a retry budget that has none, in hundredths.
const DEFAULT_SHARE: u64 = 2_000;

/// The clusters and the routes that `emit` writes.
const TEMPLATE: &str = "\
clusters:
- name: {driver}
  connect_timeout: {connect_timeout}
  circuit_breakers:
    thresholds:
    - max_connections: {circuit_breakers.max_connections}
      max_pending_requests: {circuit_breakers.max_pending_requests}
      max_requests: {circuit_breakers.max_requests}
      max_retries: {circuit_breakers.max_retries}
      retry_budget:
        budget_percent:
          value: {circuit_breakers.retry_budget.budget_percent.value}
        min_retry_concurrency: {circuit_breakers.retry_budget.min_retry_concurrency}
  typed_extension_protocol_options:
    envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
      \"@type\": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
      common_http_protocol_options:
        idle_timeout: {common_http_protocol_options.idle_timeout}
        max_connection_duration: {common_http_protocol_options.max_connection_duration}
      explicit_http_config:
        http_protocol_options: {}
routes:
- match:
    prefix: /
  route:
    cluster: {driver}
    timeout: {route.timeout}
    retry_policy:
      retry_on: {retry_policy.retry_on}
      num_retries: {retry_policy.num_retries}
      per_try_timeout: {retry_policy.per_try_timeout}
      retry_back_off:
        base_interval: {retry_policy.retry_back_off.base_interval}
        max_interval: {retry_policy.retry_back_off.max_interval}
";

pub(super) const DIALECT: Dialect = Dialect {
    name: "envoy",
    product: "Envoy",
    measured: Version::new(1, 40, 0),
    oldest: OLDEST,
    proof: "`.ci/targets/envoy.sh` runs Envoy: it accepts what `emit` writes, refuses what \
            `drift-rejected` reports, runs `max_in_flight` requests at a time, lets \
            `max_queue_depth` wait, refuses one more, and makes `max_attempts` attempts with backoffs \
            within the contract's interval.",
    syntax: Syntax::Yaml { parts: bootstrap::parts, template: TEMPLATE },
    translated: |_, parsed| parsed,
    settings: SETTINGS,
    gaps: GAPS,
    refusals: REFUSALS,
    dead: DEAD,
    others: names::PROXY,
    ignored: &[],
    resets: &[],
    failure: "does not start",
    refuses_unknown: true,
    ignores_text_after_number: false,
};

const SETTINGS: &[Setting] = &[
    Setting::duration("connect_timeout", 1, DurationForm::Proto)
        .of(Field::ConnectMs, Conversion::Micros)
        .defaults(&[(OLDEST, 5 * SECOND)])
        .means("The time to connect.", CLUSTER),
    count(CONNECTIONS)
        .of(Field::MaxInFlight, Conversion::Same)
        .defaults(&[(OLDEST, 1_024)])
        .not_adopted()
        .means("Connections to all servers of the cluster.", BREAKERS),
    count(PENDING)
        .of(Field::MaxQueueDepth, Conversion::Same)
        .defaults(&[(OLDEST, 1_024)])
        .at_least(1)
        .fidelity(Fidelity::Stricter)
        .means("Requests that wait for a connection. Envoy refuses further requests.", BREAKERS),
    count(REQUESTS)
        .of(
            Field::MaxInFlight,
            Conversion::Pool(PoolNames { size: REQUESTS, reserve: "", cap: CONNECTIONS }),
        )
        .defaults(&[(OLDEST, 1_024)])
        .means("Requests in flight.", BREAKERS),
    count(MAX_RETRIES)
        .of(Field::MaxInFlight, Conversion::WithoutRetryBudget)
        .defaults(&[(OLDEST, 3)])
        .not_adopted()
        .with_retries()
        .means(
            "Requests that retry at the same time. Envoy does not retry further requests.",
            BREAKERS,
        ),
    Setting::decimal(BUDGET, 0, 10_000)
        .of(Field::RetryBudgetPercent, Conversion::Hundredths)
        .defaults(&[(OLDEST, u64::MAX)])
        .implied(share_of_budget)
        .with_retries()
        .means("The share of requests that can retry at the same time, in percent.", BREAKERS),
    count(BUDGET_MIN)
        .of(Field::RetryBudgetMin, Conversion::RetryBudgetMin)
        .defaults(&[(OLDEST, 3)])
        .with_retries()
        .means("Requests that can retry whatever the share is.", BREAKERS),
    Setting::duration("common_http_protocol_options.idle_timeout", 0, DurationForm::Proto)
        .of(Field::IdleMs, Conversion::Micros)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 3_600 * SECOND)])
        .means("The time after which an unused connection is closed.", PROTOCOL),
    Setting::duration(
        "common_http_protocol_options.max_connection_duration",
        0,
        DurationForm::Proto,
    )
    .of(Field::LifetimeMs, Conversion::Micros)
    .zero_is_unlimited()
    .defaults(&[(OLDEST, u64::MAX)])
    .means("The age at which a connection takes no further requests.", PROTOCOL),
    Setting::duration(TIMEOUT, 0, DurationForm::Proto)
        .of(Field::DeadlineMs, Conversion::DeadlineMicros)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 15 * SECOND)])
        .means("The time of an operation with all its attempts.", ROUTE),
    Setting::list(CONDITIONS, RETRY_ON)
        .with_retries()
        .means("The conditions for a retry. Without one, Envoy never retries.", ROUTE),
    count(RETRIES)
        .of(Field::MaxAttempts, Conversion::Retries)
        .defaults(&[(OLDEST, 1)])
        .implied(|values| (!has_conditions(values)).then_some(0))
        .with_retries()
        .means("Retries of an operation: attempts without the first.", ROUTE),
    Setting::duration(PER_TRY, 0, DurationForm::Proto)
        .of(Field::RequestMs, Conversion::AttemptMicros)
        .zero_is_unlimited()
        .implied(|values| Some(values.limit(TIMEOUT)))
        .fidelity(Fidelity::Looser(Looseness::WaitNotIncluded(TIMEOUT)))
        .means("The time of an attempt from its connection to its end.", ROUTE),
    Setting::duration(BASE, 1, DurationForm::Proto)
        .of(Field::BaseBackoffMs, Conversion::FirstBackoffMicros)
        .defaults(&[(OLDEST, FIRST_BACKOFF)])
        .at_least(MILLISECOND)
        .with_retries()
        .means("The longest first backoff. Envoy makes it at least 1 ms.", ROUTE),
    Setting::duration(MAX, 1, DurationForm::Proto)
        .of(Field::MaxBackoffMs, Conversion::Micros)
        .defaults(&[(OLDEST, LONGEST_BACKOFF * FIRST_BACKOFF)])
        .implied(|values| Some(values.get(BASE).saturating_mul(LONGEST_BACKOFF)))
        .at_least(MILLISECOND)
        .with_retries()
        .means("The longest backoff. Without it, 10 times the first.", ROUTE),
];

/// Returns a setting whose value is a number.
const fn count(name: &'static str) -> Setting {
    let setting = Setting::integer(name, 0, UINT32_MAX, "");
    Setting { notation: Notation::Proto, ..setting }
}

const GAPS: &[Gap] = &[
    Gap::new(
        Field::JitterPercent,
        Behaviour::Jitter(100),
        "a backoff is random between 0 and its longest",
        ROUTE,
    ),
    Gap::new(
        Field::MultiplierPercent,
        Behaviour::Multiplier(200),
        "each backoff is twice the backoff before it, up to the longest",
        ROUTE,
    ),
    Gap::new(
        Field::QueueMs,
        Behaviour::Nothing,
        "nothing limits the wait for a connection alone",
        ROUTE,
    ),
];

const REFUSALS: &[RefusedSettings] = &[
    RefusedSettings {
        setting: MAX,
        field: Field::MaxBackoffMs,
        is_refused: |values| {
            let floor = |name| values.explicit(name).map(|value| (value / MILLISECOND).max(1));
            floor(MAX).zip(floor(BASE)).is_some_and(|(max, base)| max < base)
        },
        message: "`max_interval` must be at least `base_interval`",
    },
    RefusedSettings {
        setting: BASE,
        field: Field::BaseBackoffMs,
        is_refused: |values| {
            let has_backoff = values.has(MAX) || values.has_other_in(BACKOFF_OBJECT);
            has_backoff && !values.has(BASE)
        },
        message: "`retry_back_off` needs `base_interval`",
    },
];

const DEAD: &[DeadSetting] = &[
    DeadSetting {
        setting: RETRIES,
        is_dead: |values| {
            values.explicit(RETRIES).is_some_and(|it| it > 0) && !has_conditions(values)
        },
        reason: "without conditions in `retry_on`, Envoy never retries",
    },
    DeadSetting {
        setting: PER_TRY,
        is_dead: |values| values.explicit(PER_TRY).is_some_and(|it| it > values.limit(TIMEOUT)),
        reason: "the `timeout` of the route is shorter",
    },
    DeadSetting { setting: MAX_RETRIES, is_dead: has_budget, reason: "`retry_budget` replaces it" },
];

/// Returns true if there are conditions for retries, even if they are unknown.
fn has_conditions(values: &SettingValues<'_>) -> bool {
    values.has(CONDITIONS) && values.explicit(CONDITIONS) != Some(0)
}

/// Returns true if there is a retry budget, even an empty one.
fn has_budget(values: &SettingValues<'_>) -> bool {
    values.has(BUDGET) || values.has(BUDGET_MIN) || values.has_other_in(BUDGET_OBJECT)
}

/// Returns the share of a retry budget without its own, in hundredths.
fn share_of_budget(values: &SettingValues<'_>) -> Option<u64> {
    let default = if values.has_other_in(PERCENT_OBJECT) { 0 } else { DEFAULT_SHARE };
    has_budget(values).then_some(default)
}
