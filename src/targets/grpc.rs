//! Clients of gRPC: the service config.

mod methods;

use super::{
    Version,
    conversion::Conversion,
    syntax::{Syntax, units::DurationForm},
    table::{Behaviour, Dialect, Gap, RefusedSettings, Setting, TargetTable},
    values::SettingValues,
};
use crate::model::Field;

const TIMEOUT: &str = "timeout";
const POLICY: &str = "retryPolicy";
const ATTEMPTS: &str = "retryPolicy.maxAttempts";
const INITIAL: &str = "retryPolicy.initialBackoff";
const LONGEST: &str = "retryPolicy.maxBackoff";
const GROWTH: &str = "retryPolicy.backoffMultiplier";
const CODES: &str = "retryPolicy.retryableStatusCodes";

/// The only version that was measured.
const OLDEST: Version = Version::new(1, 85, 3);
const RETRIES: &str = "grpc/proposal:A6-client-retries.md";
const SERVICE_CONFIG: &str = "grpc/grpc-proto:grpc/service_config/service_config.proto";
/// The most attempts, whatever the service config says.
const MOST_ATTEMPTS: u64 = 5;
/// The shortest backoff, in microseconds: gRPC's C core cuts times off after the millisecond.
const SHORTEST: u64 = 1_000;
/// The largest growth that driverc reads, in hundredths. gRPC allows any.
const MOST_GROWTH: u64 = u64::MAX / 2;
const NO_POOL: &str = "the service config has no settings for connections";

/// The target.
pub(super) static GRPC: TargetTable = TargetTable {
    name: "grpc",
    title: "gRPC clients",
    summary: "A service config in JSON, which a name resolver or the option `grpc.service_config` of a \
              channel gives to the client. `emit` writes one method config for all methods. `adopt` \
              and `verify` read each method config: a contract is as loose as the loosest.",
    dialects: &[Dialect {
        name: "service-config",
        product: "gRPC",
        measured: OLDEST,
        oldest: OLDEST,
        proof: "`.ci/targets/grpc.sh` runs gRPC's C core with Python: it accepts what `emit` writes, \
                refuses what `drift-rejected` reports, and makes `max_attempts` attempts with backoffs \
                within the contract's interval.",
        syntax: Syntax::Json {
            list: Some("methodConfig"),
            checked: methods::checked,
            is_nested: true,
            quotes_numbers: false,
        },
        translated: |_, parsed| parsed,
        settings: SETTINGS,
        gaps: GAPS,
        refusals: REFUSALS,
        dead: &[],
        others: OTHERS,
        ignored: &[(
            "retryPolicy.perAttemptRecvTimeout",
            "no client applies it unless hedging is enabled",
        )],
        resets: &[],
        failure: "refuses the file",
        refuses_unknown: false,
        ignores_text_after_number: false,
    }],
    extension: "json",
    roles: &[],
    notes: &[
        "`maxAttempts` counts attempts, like `max_attempts`. Most other clients count retries.",
        "`timeout` limits all attempts of an operation together. Nothing limits a single attempt.",
        "The client waits for 80% to 120% of a backoff, also of `maxBackoff`. So `emit` writes both \
         backoffs divided by 1.2.",
        "`emit` retries only the status `UNAVAILABLE`. Add other codes that the server never returns \
         after it has executed a request.",
        "A client of gRPC's C core ignores unknown settings, so a misspelled name changes nothing. gRPC \
         for Go also accepts other letter cases, such as `MaxAttempts`. Write all names as in the table.",
        "A method config without a method in `name` has no effect. gRPC refuses a method that occurs \
         twice, and a method without a service.",
        "A server can replace a backoff with `grpc-retry-pushback-ms`, and the client can repeat a \
         request that never left it. Such attempts do not count.",
    ],
};

const SETTINGS: &[Setting] = &[
    Setting::list("name", "[{}]")
        .selector()
        .means("The methods. `{}` stands for all.", SERVICE_CONFIG),
    Setting::duration(TIMEOUT, 0, DurationForm::Proto)
        .of(Field::DeadlineMs, Conversion::DeadlineMicros)
        .defaults(&[(OLDEST, u64::MAX)])
        .means("The time of an operation with all its attempts.", SERVICE_CONFIG),
    Setting::integer(ATTEMPTS, 1, MOST_ATTEMPTS, "")
        .of(Field::MaxAttempts, Conversion::Same)
        .defaults(&[(OLDEST, 1)])
        .lowered()
        .with_retries()
        .means("Attempts of an operation, including the first.", RETRIES),
    Setting::duration(INITIAL, SHORTEST, DurationForm::Proto)
        .of(Field::BaseBackoffMs, Conversion::Symmetric20Micros)
        .with_retries()
        .means("The nominal first backoff. The client waits for 80% to 120% of it.", RETRIES),
    Setting::duration(LONGEST, SHORTEST, DurationForm::Proto)
        .of(Field::MaxBackoffMs, Conversion::Symmetric20Micros)
        .with_retries()
        .means("The longest nominal backoff. The client waits for 80% to 120% of it.", RETRIES),
    Setting::decimal(GROWTH, 1, MOST_GROWTH)
        .of(Field::MultiplierPercent, Conversion::Growth)
        .with_retries()
        .means("The growth of the nominal backoff per retry.", RETRIES),
    Setting::list(CODES, "[\"UNAVAILABLE\"]")
        .with_retries()
        .means("The status codes after which the client retries.", RETRIES),
];

const GAPS: &[Gap] = &[
    Gap::new(
        Field::RequestMs,
        Behaviour::OnlyTotal(TIMEOUT),
        "an equal share of `timeout`, which limits all attempts together",
        SERVICE_CONFIG,
    ),
    Gap::new(
        Field::JitterPercent,
        Behaviour::Jitter(crate::targets::algebra::SYMMETRIC_20),
        "a backoff is 80% to 120% of its nominal length, after the maximum applies",
        RETRIES,
    ),
    Gap::new(
        Field::MaxInFlight,
        Behaviour::Nothing,
        "the service config does not limit calls",
        SERVICE_CONFIG,
    ),
    Gap::new(
        Field::MaxQueueDepth,
        Behaviour::Nothing,
        "the service config does not limit waiting calls",
        SERVICE_CONFIG,
    ),
    Gap::new(Field::ConnectMs, Behaviour::Nothing, NO_POOL, SERVICE_CONFIG),
    Gap::new(Field::IdleMs, Behaviour::Nothing, NO_POOL, SERVICE_CONFIG),
    Gap::new(Field::LifetimeMs, Behaviour::Nothing, NO_POOL, SERVICE_CONFIG),
    Gap::new(
        Field::QueueMs,
        Behaviour::Nothing,
        "nothing limits the wait for a connection alone",
        SERVICE_CONFIG,
    ),
    Gap::new(
        Field::RetryBudgetPercent,
        Behaviour::Nothing,
        "`retryThrottling` counts failures, not requests that retry at the same time",
        RETRIES,
    ),
];

const REFUSALS: &[RefusedSettings] = &[
    RefusedSettings {
        setting: ATTEMPTS,
        field: Field::MaxAttempts,
        is_refused: |values| values.explicit(ATTEMPTS) == Some(1),
        message: "`retryPolicy.maxAttempts` must be at least 2",
    },
    RefusedSettings {
        setting: ATTEMPTS,
        field: Field::MaxAttempts,
        is_refused: |values| lacks(values, ATTEMPTS),
        message: "`retryPolicy` needs `maxAttempts`",
    },
    RefusedSettings {
        setting: INITIAL,
        field: Field::BaseBackoffMs,
        is_refused: |values| lacks(values, INITIAL),
        message: "`retryPolicy` needs `initialBackoff`",
    },
    RefusedSettings {
        setting: LONGEST,
        field: Field::MaxBackoffMs,
        is_refused: |values| lacks(values, LONGEST),
        message: "`retryPolicy` needs `maxBackoff`",
    },
    RefusedSettings {
        setting: GROWTH,
        field: Field::MultiplierPercent,
        is_refused: |values| lacks(values, GROWTH),
        message: "`retryPolicy` needs `backoffMultiplier`",
    },
    RefusedSettings {
        setting: CODES,
        field: Field::MaxAttempts,
        is_refused: |values| lacks(values, CODES) || values.explicit(CODES) == Some(0),
        message: "`retryPolicy` needs `retryableStatusCodes`, with at least one code",
    },
];

/// Returns true if there is a retry policy without this setting.
fn lacks(values: &SettingValues<'_>, name: &str) -> bool {
    let policy = [ATTEMPTS, INITIAL, LONGEST, GROWTH, CODES];
    let has_policy = policy.iter().any(|other| values.has(other)) || values.has_other_in(POLICY);
    has_policy && !values.has(name)
}

const OTHERS: &[&str] = &[
    "healthCheckConfig.",
    "hedgingPolicy.",
    "loadBalancingConfig",
    "loadBalancingPolicy",
    "maxRequestMessageBytes",
    "maxResponseMessageBytes",
    POLICY,
    "retryThrottling.",
    "waitForReady",
];
