//! The storage options of delta-rs.

use super::{
    BACKOFF, FAILURE, GAPS, ORDER, RETRY, SECOND, attempt, connect, growth, idle, panics, retries,
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
const OLDEST: Version = Version::new(1, 6, 6);
const RETRIES: &str = "max_retries";
const FIRST: &str = "backoff_config.init_backoff";
const LONGEST: &str = "backoff_config.max_backoff";
const GROWTH: &str = "backoff_config.base";
const FIRST_ALIASES: &[&str] = &["init_backoff", "backoff.init_backoff"];

pub(super) const DELTA_RS: Dialect = Dialect {
    name: "delta-rs",
    product: "deltalake",
    measured: OLDEST,
    oldest: OLDEST,
    proof: "`.ci/targets/object-store.sh` runs deltalake: it accepts what `emit` writes, refuses what \
            `drift-rejected` reports, and makes `max_attempts` attempts with backoffs within the \
            contract's interval.",
    syntax: Syntax::Json { list: None, checked: |_| (), is_nested: false, quotes_numbers: true },
    translated: |_, parsed| parsed,
    settings: SETTINGS,
    gaps: GAPS,
    dead: &[],
    refusals: &[RefusedSettings {
        setting: LONGEST,
        field: Field::MaxBackoffMs,
        is_refused: |values| panics(values, [RETRIES, FIRST, LONGEST, GROWTH]),
        message: ORDER,
    }],
    others: &[
        "AWS_",
        "AZURE_",
        "GOOGLE_",
        "MOUNT_ALLOW_UNSAFE_RENAME",
        "allow_http",
        "allow_invalid_certificates",
        "aws_",
        "azure_",
        "concurrency_limit",
        "default_content_type",
        "google_",
        "http1_only",
        "http2_keep_alive_interval",
        "http2_keep_alive_timeout",
        "http2_keep_alive_while_idle",
        "http2_max_frame_size",
        "http2_only",
        "max_concurrency",
        "pool_max_idle_per_host",
        "proxy_ca_certificate",
        "proxy_excludes",
        "proxy_url",
        "randomize_addresses",
        "user_agent",
    ],
    ignored: &[("OBJECT_STORE_CONCURRENCY_LIMIT", "it limits no requests, whatever its value is")],
    resets: &[],
    failure: FAILURE,
    refuses_unknown: false,
    ignores_text_after_number: false,
};

const SETTINGS: &[Setting] = &[
    connect("connect_timeout", &[(OLDEST, 5 * SECOND)]).aliases(&["CONNECT_TIMEOUT"]),
    attempt("timeout", &[(OLDEST, 30 * SECOND)]).aliases(&["TIMEOUT"]),
    idle("pool_idle_timeout", &[(OLDEST, 90 * SECOND)]).aliases(&["POOL_IDLE_TIMEOUT"]),
    retries(RETRIES, &[(OLDEST, 10)]),
    Setting::duration("retry_timeout", 0, DurationForm::Human)
        .of(Field::DeadlineMs, Conversion::DeadlineMicros)
        .defaults(&[(OLDEST, 180 * SECOND)])
        .fidelity(Fidelity::Looser(Looseness::EndsAfterAttempt))
        .means("The time after which no further attempt starts.", RETRY),
    Setting::duration(FIRST, 1, DurationForm::Human)
        .aliases(FIRST_ALIASES)
        .of(Field::BaseBackoffMs, Conversion::FirstBackoffMicros)
        .defaults(&[(OLDEST, SECOND / 10)])
        .means("The first backoff, which is exact.", BACKOFF),
    Setting::duration(FIRST, 1, DurationForm::Human)
        .aliases(FIRST_ALIASES)
        .of(Field::MaxBackoffMs, Conversion::AtLeastFirstMicros)
        .defaults(&[(OLDEST, SECOND / 10)])
        .means("The maximum does not limit the first backoff.", BACKOFF),
    Setting::duration(LONGEST, 1, DurationForm::Human)
        .aliases(&["max_backoff", "backoff.max_backoff"])
        .of(Field::MaxBackoffMs, Conversion::Micros)
        .defaults(&[(OLDEST, 15 * SECOND)])
        .means("The longest backoff after the first.", BACKOFF),
    growth(GROWTH, &[(OLDEST, 200)]).aliases(&["base", "backoff.base"]),
];
