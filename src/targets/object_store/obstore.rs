//! The arguments of obstore's stores.

use super::{
    BACKOFF, FAILURE, GAPS, ORDER, RETRY, SECOND, attempt, connect, growth, idle, panics, retries,
    timedelta,
};
use crate::{
    model::Field,
    targets::{
        Version,
        conversion::Conversion,
        syntax::Syntax,
        table::{Dialect, Fidelity, Looseness, RefusedSettings, Setting},
    },
};

/// The only version that was measured.
const OLDEST: Version = Version::new(0, 12, 1);
const RETRIES: &str = "retry_config.max_retries";
const FIRST: &str = "retry_config.backoff.init_backoff.milliseconds";
const LONGEST: &str = "retry_config.backoff.max_backoff.milliseconds";
const GROWTH: &str = "retry_config.backoff.base";
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
    syntax: Syntax::Json { list: None, checked: |_| (), is_nested: true, quotes_numbers: false },
    translated: timedelta::summed,
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
        "client_options.allow_http",
        "client_options.allow_invalid_certificates",
        "client_options.default_content_type",
        "client_options.default_headers.",
        "client_options.http1_only",
        "client_options.http2_keep_alive_interval",
        "client_options.http2_keep_alive_timeout",
        "client_options.http2_keep_alive_while_idle",
        "client_options.http2_max_frame_size",
        "client_options.http2_only",
        "client_options.pool_max_idle_per_host",
        "client_options.proxy_ca_certificate",
        "client_options.proxy_excludes",
        "client_options.proxy_url",
        "client_options.randomize_addresses",
        "client_options.root_certificate",
        "client_options.user_agent",
    ],
    ignored: &[],
    resets: &[],
    failure: FAILURE,
    refuses_unknown: false,
    ignores_text_after_number: false,
};

const SETTINGS: &[Setting] = &[
    connect("client_options.connect_timeout", &[(OLDEST, 5 * SECOND)]),
    attempt("client_options.timeout", &[(OLDEST, 30 * SECOND)]),
    idle("client_options.pool_idle_timeout", &[(OLDEST, 90 * SECOND)]),
    retries(RETRIES, &[(OLDEST, 10)]),
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
    growth(GROWTH, &[(OLDEST, 200)]),
];
