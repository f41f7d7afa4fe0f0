//! Istio, which configures Envoy.

use super::{
    FIRST_BACKOFF, INT32_MAX, LONGEST_BACKOFF, MILLISECOND, RETRY_ON, SECOND, mesh, names,
};
use crate::{
    model::Field,
    targets::{
        Version,
        conversion::{Conversion, PoolNames},
        syntax::{Syntax, units::DurationForm},
        table::{
            Behaviour, DeadSetting, Dialect, Fidelity, Gap, Looseness, RefusedSettings, Setting,
        },
    },
};

/// A version in which virtual services have `backoff`.
const OLDEST: Version = Version::new(1, 27, 0);
const RULE: &str = "istio/api:networking/v1alpha3/destination_rule.proto";
const POLICY: &str = "istio/istio:pilot/pkg/networking/core/cluster_traffic_policy.go";
const SERVICE: &str = "istio/api:networking/v1alpha3/virtual_service.proto";
const RETRY: &str = "istio/istio:pilot/pkg/networking/core/route/retry/retry.go";

const CONNECTIONS: &str = "connectionPool.tcp.maxConnections";
const REQUESTS: &str = "connectionPool.http.http2MaxRequests";
const IDLE: &str = "connectionPool.http.idleTimeout";
const IDLE_TCP: &str = "connectionPool.tcp.idleTimeout";
const TIMEOUT: &str = "http.timeout";
const ATTEMPTS: &str = "http.retries.attempts";
const PER_TRY: &str = "http.retries.perTryTimeout";
const CONDITIONS: &str = "http.retries.retryOn";
const BASE: &str = "http.retries.backoff";

/// The documents that `emit` writes.
const TEMPLATE: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {host}
spec:
  host: {host}
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: {connectionPool.tcp.maxConnections}
        connectTimeout: {connectionPool.tcp.connectTimeout}
        maxConnectionDuration: {connectionPool.tcp.maxConnectionDuration}
      http:
        http1MaxPendingRequests: {connectionPool.http.http1MaxPendingRequests}
        http2MaxRequests: {connectionPool.http.http2MaxRequests}
        maxRetries: {connectionPool.http.maxRetries}
        idleTimeout: {connectionPool.http.idleTimeout}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {host}
spec:
  hosts:
  - {host}
  http:
  - route:
    - destination:
        host: {host}
    timeout: {http.timeout}
    retries:
      attempts: {http.retries.attempts}
      perTryTimeout: {http.retries.perTryTimeout}
      retryOn: {http.retries.retryOn}
      backoff: {http.retries.backoff}
";

pub(super) const DIALECT: Dialect = Dialect {
    name: "istio",
    product: "Istio",
    measured: OLDEST,
    oldest: OLDEST,
    proof: "The table comes from Istio's source. It was not run against the real consumer: \
            `.ci/targets/envoy.sh` checks what `emit` writes against the rules of Istio's resource \
            definitions, and translates it to a configuration that Envoy accepts.",
    syntax: Syntax::Yaml { parts: mesh::parts, template: TEMPLATE },
    translated: |_, parsed| parsed,
    settings: SETTINGS,
    gaps: GAPS,
    refusals: REFUSALS,
    dead: DEAD,
    others: names::MESH,
    ignored: &[],
    resets: &[],
    failure: "refuses the resource",
    refuses_unknown: true,
    ignores_text_after_number: false,
};

const SETTINGS: &[Setting] = &[
    count(CONNECTIONS)
        .of(Field::MaxInFlight, Conversion::Same)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .not_adopted()
        .means("Connections to all servers of the host.", RULE),
    time("connectionPool.tcp.connectTimeout")
        .of(Field::ConnectMs, Conversion::Micros)
        .defaults(&[(OLDEST, 10 * SECOND)])
        .means("The time to connect. The mesh can have another default.", RULE),
    time("connectionPool.tcp.maxConnectionDuration")
        .of(Field::LifetimeMs, Conversion::Micros)
        .defaults(&[(OLDEST, u64::MAX)])
        .means("The age at which a connection takes no further requests.", POLICY),
    count("connectionPool.http.http1MaxPendingRequests")
        .of(Field::MaxQueueDepth, Conversion::Same)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .at_least(1)
        .fidelity(Fidelity::Stricter)
        .means("Requests that wait for a connection. Envoy refuses further requests.", RULE),
    count(REQUESTS)
        .of(
            Field::MaxInFlight,
            Conversion::Pool(PoolNames { size: REQUESTS, reserve: "", cap: CONNECTIONS }),
        )
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .means("Requests in flight, with HTTP/1.1 too.", POLICY),
    count("connectionPool.http.maxRetries")
        .of(Field::MaxInFlight, Conversion::Same)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .not_adopted()
        .with_retries()
        .means(
            "Requests that retry at the same time. Envoy does not retry further requests.",
            POLICY,
        ),
    time(IDLE)
        .of(Field::IdleMs, Conversion::Micros)
        .implied(|values| Some(values.explicit(IDLE_TCP).unwrap_or(3_600 * SECOND)))
        .means("The time after which an unused connection is closed.", POLICY),
    time(IDLE_TCP).means("The idle time without the setting for HTTP.", POLICY),
    time(TIMEOUT)
        .of(Field::DeadlineMs, Conversion::DeadlineMicros)
        .defaults(&[(OLDEST, u64::MAX)])
        .means("The time of an operation with all its attempts.", SERVICE),
    Setting::integer(ATTEMPTS, 0, INT32_MAX, "")
        .of(Field::MaxAttempts, Conversion::Retries)
        .defaults(&[(OLDEST, 2)])
        .implied(|values| [PER_TRY, CONDITIONS, BASE].iter().any(|it| values.has(it)).then_some(0))
        .means(
            "Retries of an operation. Without `retries`, the default of the mesh applies.",
            RETRY,
        ),
    time(PER_TRY)
        .of(Field::RequestMs, Conversion::AttemptMicros)
        .implied(|values| Some(values.limit(TIMEOUT)))
        .fidelity(Fidelity::Looser(Looseness::WaitNotIncluded(TIMEOUT)))
        .with_retries()
        .means("The time of an attempt from its connection to its end.", RETRY),
    Setting::list(CONDITIONS, RETRY_ON)
        .with_retries()
        .means("The conditions for a retry. Without it, the conditions of the mesh.", RETRY),
    time(BASE)
        .of(Field::BaseBackoffMs, Conversion::FirstBackoffMicros)
        .defaults(&[(OLDEST, FIRST_BACKOFF)])
        .with_retries()
        .means("The longest first backoff.", RETRY),
];

/// Returns a setting whose value is a number.
const fn count(name: &'static str) -> Setting {
    Setting::integer(name, 0, INT32_MAX, "")
}

/// Returns a setting whose value is a time.
const fn time(name: &'static str) -> Setting {
    Setting::duration(name, MILLISECOND, DurationForm::Go)
}

const GAPS: &[Gap] = &[
    Gap::new(
        Field::RequestMs,
        Behaviour::OnlyTotalOfOneAttempt(TIMEOUT),
        "without retries, only `timeout` limits the attempt",
        RETRY,
    ),
    Gap::new(
        Field::MaxBackoffMs,
        Behaviour::TimesFirst(LONGEST_BACKOFF),
        "10 times the first backoff",
        RETRY,
    ),
    Gap::new(
        Field::JitterPercent,
        Behaviour::Jitter(100),
        "a backoff is random between 0 and its longest",
        RETRY,
    ),
    Gap::new(
        Field::MultiplierPercent,
        Behaviour::Multiplier(200),
        "each backoff is twice the backoff before it, up to the longest",
        RETRY,
    ),
    Gap::new(
        Field::RetryBudgetPercent,
        Behaviour::Nothing,
        "`maxRetries` limits the requests that retry at the same time to a number, not to a share",
        RULE,
    ),
    Gap::new(
        Field::QueueMs,
        Behaviour::Nothing,
        "nothing limits the wait for a connection alone",
        RULE,
    ),
];

const REFUSALS: &[RefusedSettings] = &[RefusedSettings {
    setting: ATTEMPTS,
    field: Field::MaxAttempts,
    is_refused: |values| {
        values.get(ATTEMPTS) == 0
            && [PER_TRY, CONDITIONS].iter().any(|it| values.has(it))
            && (values.explicit(ATTEMPTS).is_some() || !values.has(ATTEMPTS))
    },
    message: "without retries, `retries` must not have `perTryTimeout` or `retryOn`",
}];

const DEAD: &[DeadSetting] = &[
    DeadSetting {
        setting: PER_TRY,
        is_dead: |values| values.explicit(PER_TRY).is_some_and(|it| it > values.limit(TIMEOUT)),
        reason: "the `timeout` of the route is shorter",
    },
    DeadSetting {
        setting: IDLE_TCP,
        is_dead: |values| values.has(IDLE_TCP) && values.has(IDLE),
        reason: "`http.idleTimeout` replaces it",
    },
];
