//! The arguments of obstore's stores.

use super::{
    BACKOFF, FAILURE, GAPS, LEAST_GROWTH, MOD, MOST_GROWTH, MOST_RETRIES, ORDER, RETRY, panics,
};
use crate::{
    model::Field,
    targets::{
        Version,
        conversion::Conversion,
        syntax::{Syntax, units::DurationForm},
        table::{Dialect, Fidelity, Looseness, RefusedSettings, Setting},
    },
};

/// The only version that was measured.
const OLDEST: Version = Version::new(0, 12, 1);
const RETRIES: &str = "retry_config.max_retries";
const FIRST: &str = "retry_config.backoff.init_backoff.milliseconds";
const LONGEST: &str = "retry_config.backoff.max_backoff.milliseconds";
const GROWTH: &str = "retry_config.backoff.base";
const SECOND: u64 = 1_000_000;
/// The longest `timedelta`, in milliseconds.
const LONGEST_DELTA: u64 = 86_399_999_913_600_000;

pub(super) const OBSTORE: Dialect = Dialect {
    name: "obstore",
    product: "obstore",
    measured: OLDEST,
    oldest: OLDEST,
    proof: "`.ci/targets/object-store.sh` runs obstore: it accepts what `emit` writes, refuses what \
            `drift-rejected` reports, and makes `max_attempts` attempts with backoffs within the \
            contract's interval.",
    syntax: Syntax::Json { list: None, is_nested: true, quotes_numbers: false },
    translated: |_, parsed| parsed,
    settings: SETTINGS,
    gaps: GAPS,
    refusals: &[RefusedSettings {
        setting: LONGEST,
        field: Field::MaxBackoffMs,
        is_refused: |values| panics(values, [RETRIES, FIRST, LONGEST, GROWTH]),
        message: ORDER,
    }],
    others: &[
        "client_options.allow_http",
        "client_options.allow_invalid_certificates",
        "client_options.default_content_type",
        "client_options.default_headers.",
        "client_options.http1_only",
        "client_options.http2_keep_alive_interval",
        "client_options.http2_keep_alive_timeout",
        "client_options.http2_keep_alive_while_idle",
        "client_options.http2_only",
        "client_options.pool_max_idle_per_host",
        "client_options.proxy_ca_certificate",
        "client_options.proxy_excludes",
        "client_options.proxy_url",
        "client_options.randomize_addresses",
        "client_options.user_agent",
    ],
    ignored: &[],
    failure: FAILURE,
    refuses_unknown: false,
    ignores_text_after_number: false,
};

const SETTINGS: &[Setting] = &[
    Setting::duration("client_options.connect_timeout", 0, DurationForm::Human)
        .of(Field::ConnectMs, Conversion::Micros)
        .defaults(&[(OLDEST, 5 * SECOND)])
        .means("The time to open a connection.", MOD),
    Setting::duration("client_options.timeout", 0, DurationForm::Human)
        .of(Field::RequestMs, Conversion::Micros)
        .defaults(&[(OLDEST, 30 * SECOND)])
        .means("The time of an attempt, from its connection to the end of the response.", MOD),
    Setting::duration("client_options.pool_idle_timeout", 0, DurationForm::Human)
        .of(Field::IdleMs, Conversion::Micros)
        .defaults(&[(OLDEST, 90 * SECOND)])
        .means("The time after which an unused connection is closed.", MOD),
    Setting::integer(RETRIES, 0, MOST_RETRIES, "")
        .of(Field::MaxAttempts, Conversion::Retries)
        .defaults(&[(OLDEST, 10)])
        .means("Retries of a request.", RETRY),
    Setting::integer("retry_config.retry_timeout.milliseconds", 0, LONGEST_DELTA, " ms")
        .of(Field::DeadlineMs, Conversion::Deadline(None))
        .defaults(&[(OLDEST, 180_000)])
        .fidelity(Fidelity::Looser(Looseness::EndsAfterAttempt))
        .means("The time after which no further attempt starts.", RETRY),
    Setting::integer(FIRST, 1, LONGEST_DELTA, " ms")
        .of(Field::BaseBackoffMs, Conversion::FirstBackoff)
        .defaults(&[(OLDEST, 100)])
        .means("The first backoff, which is exact.", BACKOFF),
    Setting::integer(FIRST, 1, LONGEST_DELTA, " ms")
        .of(Field::MaxBackoffMs, Conversion::AtLeastFirst)
        .defaults(&[(OLDEST, 100)])
        .means("The maximum does not limit the first backoff.", BACKOFF),
    Setting::integer(LONGEST, 1, LONGEST_DELTA, " ms")
        .of(Field::MaxBackoffMs, Conversion::Same)
        .defaults(&[(OLDEST, 15_000)])
        .means("The longest backoff after the first.", BACKOFF),
    Setting::decimal(GROWTH, LEAST_GROWTH, MOST_GROWTH)
        .of(Field::MultiplierPercent, Conversion::Growth)
        .defaults(&[(OLDEST, 200)])
        .means("The largest growth of a backoff per retry.", BACKOFF),
];
