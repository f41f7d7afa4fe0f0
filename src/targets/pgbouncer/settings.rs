//! The settings of PgBouncer.

use crate::{
    model::Field,
    targets::{
        Version,
        conversion::{Conversion, PoolNames},
        table::{Behaviour, Fidelity, Gap, Looseness, Setting},
    },
};

const OLDEST: Version = Version::new(1, 18, 0);
/// The first version that limits the clients of a database.
const LIMITS_CLIENTS: Version = Version::new(1, 24, 0);
/// The first version after 1.25.2, in which the time of a query includes its wait.
const INCLUDES_WAIT: Version = Version::new(1, 26, 0);
const PAGE: &str = "pgbouncer/pgbouncer:doc/config.md";
const JANITOR: &str = "pgbouncer/pgbouncer:src/janitor.c";
/// The largest time in milliseconds: a 64-bit integer counts microseconds.
const TIME_MAX: u64 = 9_223_372_036_854_775;

pub(super) const POOL: &str = "default_pool_size";
pub(super) const RESERVE: &str = "reserve_pool_size";
const CAP: &str = "max_db_connections";
const LEAST: &str = "min_pool_size";
const WAIT: &str = "query_wait_timeout";
const NAMES: PoolNames = PoolNames { size: POOL, reserve: RESERVE, cap: CAP };

/// The settings that have the same name in a connection string.
pub(super) const OF_DATABASES: &[&str] =
    &["max_db_client_connections", CAP, LEAST, "pool_mode", WAIT, "server_lifetime"];

/// The settings that have the same name in the settings of a user.
pub(super) const OF_USERS: &[&str] = &["pool_mode", "query_timeout", WAIT, RESERVE];

/// The strictest first.
const MODES: &[&[&str]] = &[&["statement"], &["transaction"], &["session"]];
const TRANSACTION: u64 = 1;
const SESSION: u64 = 2;

pub(super) const SETTINGS: &[Setting] = &[
    Setting::words("pool_mode", MODES)
        .of(Field::MaxInFlight, Conversion::Fixed(TRANSACTION))
        .defaults(&[(OLDEST, SESSION)])
        .not_adopted()
        .means("The time for which a client occupies a connection.", PAGE),
    Setting::c_integer(POOL)
        .of(Field::MaxInFlight, Conversion::Pool(NAMES))
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 20)])
        .means("Connections per pair of database and user.", PAGE),
    Setting::c_integer(CAP)
        .of(Field::MaxInFlight, Conversion::Same)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .not_adopted()
        .means("Connections per database, for all users.", PAGE),
    Setting::c_integer(RESERVE)
        .of(Field::MaxInFlight, Conversion::Fixed(0))
        .defaults(&[(OLDEST, 0)])
        .not_adopted()
        .means("Connections in addition to the pool, if a client has waited for long.", PAGE),
    Setting::c_integer("max_client_conn")
        .of(Field::MaxQueueDepth, Conversion::Clients(NAMES))
        .defaults(&[(OLDEST, 100)])
        .until(LIMITS_CLIENTS)
        .fidelity(Fidelity::Stricter)
        .means("Clients of all databases. PgBouncer refuses further clients.", PAGE),
    Setting::c_integer("max_db_client_connections")
        .of(Field::MaxQueueDepth, Conversion::Clients(NAMES))
        .zero_is_unlimited()
        .defaults(&[(LIMITS_CLIENTS, 0)])
        .since(LIMITS_CLIENTS)
        .fidelity(Fidelity::Stricter)
        .means("Clients per database. PgBouncer refuses further clients.", PAGE),
    Setting::seconds("server_connect_timeout", TIME_MAX)
        .of(Field::ConnectMs, Conversion::Same)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 15_000)])
        .means("The time to connect and log in.", PAGE),
    Setting::seconds("query_timeout", TIME_MAX)
        .of(Field::RequestMs, Conversion::Run(WAIT))
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .until(INCLUDES_WAIT)
        .fidelity(Fidelity::Looser(Looseness::WaitAdds))
        .means("The time of a query from its connection to its end.", JANITOR),
    Setting::seconds("query_timeout", TIME_MAX)
        .of(Field::RequestMs, Conversion::Same)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 0)])
        .since(INCLUDES_WAIT)
        .means("The time of a query from its arrival to its end.", JANITOR),
    Setting::seconds(WAIT, TIME_MAX)
        .of(Field::QueueMs, Conversion::Wait)
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 120_000)])
        .means("The wait of a query for a connection.", PAGE),
    Setting::seconds("server_idle_timeout", TIME_MAX)
        .of(Field::IdleMs, Conversion::Idle(LEAST))
        .zero_is_unlimited()
        .defaults(&[(OLDEST, 600_000)])
        .means("The time after which an unused connection is closed: up to ⅓ s later.", JANITOR),
    Setting::c_integer(LEAST)
        .of(Field::IdleMs, Conversion::Fixed(0))
        .defaults(&[(OLDEST, 0)])
        .not_adopted()
        .means("Connections that stay open although they are unused.", PAGE),
    Setting::seconds("server_lifetime", TIME_MAX)
        .of(Field::LifetimeMs, Conversion::Same)
        .defaults(&[(OLDEST, 3_600_000)])
        .means("The age at which an unused connection is closed.", PAGE),
];

const NO_RETRY: &str = "PgBouncer never repeats a query";

pub(super) const GAPS: &[Gap] = &[
    Gap::new(Field::MaxAttempts, Behaviour::OneAttempt, NO_RETRY, PAGE),
    Gap::new(Field::BaseBackoffMs, Behaviour::Nothing, NO_RETRY, PAGE),
    Gap::new(Field::MaxBackoffMs, Behaviour::Nothing, NO_RETRY, PAGE),
    Gap::new(Field::JitterPercent, Behaviour::Nothing, NO_RETRY, PAGE),
    Gap::new(Field::MultiplierPercent, Behaviour::Nothing, NO_RETRY, PAGE),
    Gap::new(Field::RetryBudgetPercent, Behaviour::Nothing, NO_RETRY, PAGE),
    Gap::new(
        Field::DeadlineMs,
        Behaviour::Nothing,
        "nothing limits all attempts of an operation together",
        PAGE,
    ),
];

/// The names of settings that concern no contract field, sorted.
pub(super) const OTHERS: &[&str] = &[
    "%include",
    "[pgbouncer]",
    "admin_users",
    "application_name_add_host",
    "auth_dbname",
    "auth_file",
    "auth_hba_file",
    "auth_ident_file",
    "auth_ldap_options",
    "auth_query",
    "auth_type",
    "auth_user",
    "autodb_idle_timeout",
    "cancel_wait_timeout",
    "client_idle_timeout",
    "client_login_timeout",
    "client_tls13_ciphers",
    "client_tls_ca_file",
    "client_tls_cert_file",
    "client_tls_ciphers",
    "client_tls_dheparams",
    "client_tls_ecdhcurve",
    "client_tls_key_file",
    "client_tls_protocols",
    "client_tls_sslmode",
    "conffile",
    "disable_pqexec",
    "dns_max_ttl",
    "dns_nxdomain_ttl",
    "dns_zone_check_period",
    "idle_transaction_timeout",
    "ignore_startup_parameters",
    "job_name",
    "listen_addr",
    "listen_backlog",
    "listen_port",
    "log_connections",
    "log_disconnections",
    "log_pooler_errors",
    "log_stats",
    "logfile",
    "max_client_conn",
    "max_packet_size",
    "max_prepared_statements",
    "max_user_client_connections",
    "max_user_connections",
    "peer_id",
    "pidfile",
    "pkt_buf",
    "query_wait_notify",
    "reserve_pool_timeout",
    "resolv_conf",
    "sbuf_loopcnt",
    "scram_iterations",
    "server_check_delay",
    "server_check_query",
    "server_fast_close",
    "server_login_retry",
    "server_reset_query",
    "server_reset_query_always",
    "server_round_robin",
    "server_tls13_ciphers",
    "server_tls_ca_file",
    "server_tls_cert_file",
    "server_tls_ciphers",
    "server_tls_key_file",
    "server_tls_protocols",
    "server_tls_sslmode",
    "service_name",
    "so_reuseport",
    "stats_period",
    "stats_users",
    "suspend_timeout",
    "syslog",
    "syslog_facility",
    "syslog_ident",
    "tcp_defer_accept",
    "tcp_keepalive",
    "tcp_keepcnt",
    "tcp_keepidle",
    "tcp_keepintvl",
    "tcp_socket_buffer",
    "tcp_user_timeout",
    "track_extra_parameters",
    "transaction_timeout",
    "unix_socket_dir",
    "unix_socket_group",
    "unix_socket_mode",
    "user",
    "verbose",
];
