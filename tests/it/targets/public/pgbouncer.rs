//! Public configurations of PgBouncer: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // KNMI/adaguc-server:pgbouncer.ini
    Public {
        name: "map_server",
        options: ("pgbouncer", None, None),
        text: "[databases]
maps = host=maps.example port=5432 dbname=maps

[pgbouncer]
listen_addr = *
listen_port = 5432
auth_type = trust
auth_file = users.txt
logfile = pool.log
pidfile = pool.pid
server_tls_sslmode = require
",
        adopted: "max_in_flight=20 max_queue_depth=80 connect_ms=15000 idle_ms=600000 \
                  queue_ms=120000 lifetime_ms=3600000",
        left_out: "request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "pool_mode"),
            ("drift-default", "max_db_connections"),
            ("drift-default", "query_timeout"),
        ],
        change: ("pidfile = pool.pid", "pidfile = pool.pid\nmax_client_conn = 500"),
        result: ("drift-looser", "max_client_conn"),
    },
    // JelteF/pooler-bench:pgbouncer.ini
    Public {
        name: "pooler_bench",
        options: ("pgbouncer", None, None),
        text: "[databases]
first = host=127.0.0.1 port=9700 dbname=first
second = host=127.0.0.1 port=9700 dbname=second

[pgbouncer]
listen_addr=127.0.0.1
listen_port=5001
auth_type=trust
auth_user = reader
auth_query = select usename, passwd from pg_shadow where usename = $1
pool_mode=transaction
default_pool_size=100
query_wait_timeout=20
max_prepared_statements=100
track_extra_parameters = IntervalStyle, search_path
ignore_startup_parameters = extra_float_digits, synchronous_commit
",
        adopted: "max_in_flight=100 max_queue_depth=0 connect_ms=15000 idle_ms=600000 \
                  queue_ms=20000 lifetime_ms=3600000",
        left_out: "request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[("drift-default", "max_db_connections"), ("drift-default", "query_timeout")],
        change: ("default_pool_size=100", "default_pool_size=120"),
        result: ("drift-looser", "default_pool_size"),
    },
    // TimIsOverpowered/archive:pgbouncer.ini
    Public {
        name: "video_archive",
        options: ("pgbouncer", None, None),
        text: "[databases]
* = host=127.0.0.1 port=5432

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
auth_type = trust
auth_file = /etc/pgbouncer/users.txt
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 20
min_pool_size = 5
reserve_pool_size = 5
reserve_pool_timeout = 3
server_lifetime = 3600
server_idle_timeout = 600
server_connect_timeout = 15
server_login_retry = 15
query_timeout = 120
query_wait_timeout = 120
client_idle_timeout = 0
client_login_timeout = 60
log_connections = 0
log_disconnections = 0
log_pool_errors = 1
",
        adopted: "max_in_flight=25 max_queue_depth=975 connect_ms=15000 request_ms=240000 \
                  queue_ms=120000 lifetime_ms=3600000",
        left_out: "idle_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "max_db_connections"),
            ("drift-looser", "min_pool_size"),
            ("drift-rejected", "log_pool_errors"),
        ],
        change: ("query_timeout = 120", "query_timeout = 60"),
        result: ("drift-stricter", "query_timeout"),
    },
    // FlightGear/SceneryWeb:pgbouncer/pgbouncer.ini
    Public {
        name: "scenery",
        options: ("pgbouncer", None, None),
        text: "[databases]
;custom = pool_size=50 reserve_pool_size=10
land = host=land.example port=5432 dbname=land
models = host=localhost port=5433 dbname=models

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 5432
unix_socket_dir = /var/run/postgresql
auth_type = trust
auth_file = /etc/pgbouncer/users.txt
stats_users = web
pool_mode = session
server_reset_query = DISCARD ALL
#max_client_conn = 100
max_client_conn = 300
default_pool_size = 20
;reserve_pool_size = 5
;query_wait_timeout = 0
client_idle_timeout = 60
client_login_timeout = 20
",
        adopted: "max_in_flight=20 max_queue_depth=280 connect_ms=15000 idle_ms=600000 \
                  queue_ms=120000 lifetime_ms=3600000",
        left_out: "request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "max_db_connections"),
            ("drift-default", "query_timeout"),
            ("drift-looser", "pool_mode"),
        ],
        change: ("max_client_conn = 300", "max_client_conn = 250"),
        result: ("drift-stricter", "max_client_conn"),
    },
    // AI4Bharat/Chat-Arena-Backend:pgbouncer/pgbouncer.ini
    Public {
        name: "chat_backend",
        options: ("pgbouncer", None, None),
        text: "[databases]
arena = host=${DB_HOST} port=${DB_PORT} dbname=${DB_NAME}

[pgbouncer]
pool_mode = transaction
listen_addr = 0.0.0.0
listen_port = 6432
auth_type = md5
auth_file = /etc/pgbouncer/users.txt
admin_users = ${DB_USER}
max_client_conn = 1000
default_pool_size = 25
reserve_pool_size = 5
max_db_connections = 50
max_user_connections = 50
server_idle_timeout = 600
server_lifetime = 3600
server_connect_timeout = 15
query_timeout = 30
query_wait_timeout = 120
client_idle_timeout = 0
dns_max_ttl = 15
dns_zone_check_period = 0
so_reuseport = 1
verbose = 0
server_check_query = SELECT 1
server_check_delay = 30
application_name_add_host = 1
",
        adopted: "max_in_flight=30 max_queue_depth=970 connect_ms=15000 request_ms=150000 \
                  idle_ms=600000 queue_ms=120000 lifetime_ms=3600000",
        left_out: "max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[("drift-looser", "max_db_connections")],
        change: ("reserve_pool_size = 5", "reserve_pool_size = 10"),
        result: ("drift-looser", "reserve_pool_size"),
    },
    // EliteaAI/centry:pgbouncer/pgbouncer.ini
    Public {
        name: "agent_platform",
        options: ("pgbouncer", None, None),
        text: "[databases]
* = host=db.example port=5432

[pgbouncer]
listen_addr = 0.0.0.0
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/users.txt
pool_mode = session
max_client_conn = 200
default_pool_size = 20
reserve_pool_size = 5
max_db_connections = 50
server_idle_timeout = 600
query_wait_timeout = 120
server_reset_query = DISCARD ALL
log_pooler_errors = 1
",
        adopted: "max_in_flight=25 max_queue_depth=175 connect_ms=15000 idle_ms=600000 \
                  queue_ms=120000 lifetime_ms=3600000",
        left_out: "request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "query_timeout"),
            ("drift-looser", "pool_mode"),
            ("drift-looser", "max_db_connections"),
        ],
        change: ("default_pool_size = 20", "default_pool_size = 10"),
        result: ("drift-stricter", "default_pool_size"),
    },
    // GA9BR1/rinha-de-backend-2024-q1:pgbouncer.ini
    Public {
        name: "contest",
        options: ("pgbouncer", None, None),
        text: "[databases]
bank = host=db.example port=5432 dbname=bank

[pgbouncer]
listen_port = 6432
listen_addr = pool.example
auth_type = md5
auth_file = /conf/users.txt
default_pool_size = 15
min_pool_size = 30
reserve_pool_size = 10
reserve_pool_timeout = 0.010
server_round_robin = 0
",
        adopted: "max_in_flight=25 max_queue_depth=75 connect_ms=15000 queue_ms=120000 \
                  lifetime_ms=3600000",
        left_out: "request_ms idle_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "pool_mode"),
            ("drift-default", "max_db_connections"),
            ("drift-default", "query_timeout"),
            ("drift-looser", "min_pool_size"),
        ],
        change: ("reserve_pool_size = 10", "reserve_pool_size = 0"),
        result: ("drift-stricter", "default_pool_size"),
    },
    // CampusVirtual2/moodle-docker:pgbouncer.ini
    Public {
        name: "campus",
        options: ("pgbouncer", None, None),
        text: "[databases]
campus = host=db.example port=5432 dbname=campus pool_size=60 reserve_pool=20

[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
auth_type = md5
auth_file = /etc/pgbouncer/users.txt
pool_mode = transaction
max_client_conn = 2000
default_pool_size = 60
reserve_pool_size = 20
reserve_pool_timeout = 3
idle_transaction_timeout = 0
tcp_keepalive = 1
tcp_keepidle = 20
tcp_keepintvl = 10
tcp_keepcnt = 5
",
        adopted: "max_in_flight=80 max_queue_depth=1920 connect_ms=15000 idle_ms=600000 \
                  queue_ms=120000 lifetime_ms=3600000",
        left_out: "request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[("drift-default", "max_db_connections"), ("drift-default", "query_timeout")],
        change: ("reserve_pool=20", "reserve_pool=40"),
        result: ("drift-looser", "reserve_pool_size"),
    },
    // TomWang22/record-platform:pgbouncer.ini
    Public {
        name: "records",
        options: ("pgbouncer", None, None),
        text: "[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 32
reserve_pool_size = 32
reserve_pool_timeout = 5.0
query_wait_timeout = 30.0
server_login_retry = 3
server_lifetime = 600
server_idle_timeout = 300
server_reset_query =        ; (not needed here)
auth_type = plain
auth_file = /etc/pgbouncer/users.txt

[databases]
records = host=db.example port=5432 dbname=records pool_size=80
",
        adopted: "max_in_flight=112 max_queue_depth=888 connect_ms=15000 idle_ms=300000 \
                  queue_ms=30000 lifetime_ms=600000",
        left_out: "request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[("drift-default", "max_db_connections"), ("drift-default", "query_timeout")],
        change: ("server_lifetime = 600", "server_lifetime = 1200"),
        result: ("drift-looser", "server_lifetime"),
    },
    // Bigbrotr/bigbrotr:pgbouncer.ini
    Public {
        name: "relay_archive",
        options: ("pgbouncer", None, None),
        text: "[databases]
relay = host=db.example port=5432 dbname=relay

[pgbouncer]
pool_mode = transaction
listen_addr = 0.0.0.0
listen_port = 6432
auth_type = md5
auth_file = /etc/pgbouncer/users.txt
max_client_conn = 1000
default_pool_size = 25
min_pool_size = 10
reserve_pool_size = 10
reserve_pool_timeout = 3
server_idle_timeout = 600
server_lifetime = 3600
server_connect_timeout = 15
query_timeout = 0
query_wait_timeout = 120
client_idle_timeout = 0
idle_transaction_timeout = 0
max_db_connections = 100
max_user_connections = 100
",
        adopted: "max_in_flight=35 max_queue_depth=965 connect_ms=15000 queue_ms=120000 \
                  lifetime_ms=3600000",
        left_out: "request_ms idle_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-looser", "min_pool_size"),
            ("drift-looser", "query_timeout"),
            ("drift-looser", "max_db_connections"),
        ],
        change: ("query_wait_timeout = 120", "query_wait_timeout = 300"),
        result: ("drift-looser", "query_wait_timeout"),
    },
];
