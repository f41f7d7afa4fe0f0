//! Public options of object store clients: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // dynamical-org/reformatters:src/reformatters/common/download.py
    Public {
        name: "weather_http",
        options: ("object-store", Some("obstore"), None),
        text: r#"{
  "client_options": {"connect_timeout": "4 seconds", "timeout": "16 seconds"},
  "retry_config": {
    "max_retries": 16,
    "backoff": {"base": 2, "init_backoff": {"seconds": 1}, "max_backoff": {"seconds": 16}},
    "retry_timeout": {"minutes": 5}
  }
}
"#,
        adopted: "connect_ms=4000 request_ms=16000 idle_ms=90000 deadline_ms=332000 \
                  max_attempts=17 base_backoff_ms=1000 max_backoff_ms=16000",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: (r#""max_retries": 16"#, r#""max_retries": 20"#),
        result: ("drift-looser", "retry_config.max_retries"),
    },
    // dynamical-org/reformatters:src/reformatters/common/download.py
    Public {
        name: "weather_s3",
        options: ("object-store", Some("obstore"), None),
        text: r#"{
  "client_options": {"connect_timeout": "4 seconds", "timeout": "120 seconds"},
  "retry_config": {
    "max_retries": 16,
    "backoff": {"base": 2, "init_backoff": {"seconds": 1}, "max_backoff": {"seconds": 16}},
    "retry_timeout": {"minutes": 5}
  }
}
"#,
        adopted: "connect_ms=4000 request_ms=120000 idle_ms=90000 deadline_ms=436000 \
                  max_attempts=17 base_backoff_ms=1000 max_backoff_ms=16000",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: ("120 seconds", "60 seconds"),
        result: ("drift-stricter", "client_options.timeout"),
    },
    // englacial/zagg:src/zagg/store.py
    Public {
        name: "paced_writes",
        options: ("object-store", Some("obstore"), None),
        text: r#"{
  "retry_config": {
    "max_retries": 12,
    "retry_timeout": {"seconds": 180},
    "backoff": {"init_backoff": {"seconds": 1}, "max_backoff": {"seconds": 30}, "base": 2}
  }
}
"#,
        adopted: "connect_ms=5000 request_ms=30000 idle_ms=90000 deadline_ms=240000 \
                  max_attempts=13 base_backoff_ms=1000 max_backoff_ms=30000",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: (r#"{"seconds": 180}"#, r#"{"minutes": 6}"#),
        result: ("drift-looser", "retry_config.retry_timeout.milliseconds"),
    },
    // englacial/zagg:src/zagg/store.py
    Public {
        name: "paced_reads",
        options: ("object-store", Some("obstore"), None),
        text: r#"{
  "retry_config": {
    "max_retries": 4,
    "retry_timeout": {"seconds": 30},
    "backoff": {"init_backoff": {"seconds": 1}, "max_backoff": {"seconds": 8}, "base": 2}
  }
}
"#,
        adopted: "connect_ms=5000 request_ms=30000 idle_ms=90000 deadline_ms=68000 \
                  max_attempts=5 base_backoff_ms=1000 max_backoff_ms=8000",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: (r#"{"seconds": 8}"#, r#"{"seconds": 4}"#),
        result: ("drift-stricter", "retry_config.backoff.max_backoff.milliseconds"),
    },
    // unionai-oss/obstore:tests/store/test_http.py
    Public {
        name: "http_store",
        options: ("object-store", Some("obstore"), None),
        text: r#"{"client_options": {"timeout": "10s"}}
"#,
        adopted: "connect_ms=5000 request_ms=10000 idle_ms=90000 max_attempts=11 \
                  base_backoff_ms=100 max_backoff_ms=15000",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: (r#""10s""#, r#"{"seconds": 20}"#),
        result: ("drift-looser", "client_options.timeout"),
    },
    // developmentseed/obstore#162
    Public {
        name: "azure_upload",
        options: ("object-store", Some("obstore"), None),
        text: r#"{
  "client_options": {"timeout": "60s"},
  "retry_config": {
    "max_retries": 10,
    "retry_timeout": {"seconds": 5},
    "backoff": {"init_backoff": {"seconds": 5}, "max_backoff": {"seconds": 30}, "base": 1.2}
  }
}
"#,
        adopted: "connect_ms=5000 request_ms=60000 idle_ms=90000 deadline_ms=95000 \
                  max_attempts=11 base_backoff_ms=5000 max_backoff_ms=30000 \
                  multiplier_percent=120",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: ("1.2", "1.5"),
        result: ("drift-looser", "retry_config.backoff.base"),
    },
    // delta-io/delta-rs:crates/core/src/logstore/config.rs
    Public {
        name: "retry_test",
        options: ("object-store", Some("delta-rs"), None),
        text: r#"{
  "max_retries": "100",
  "retry_timeout": "300s",
  "backoff_config.init_backoff": "20s",
  "backoff_config.max_backoff": "1h",
  "backoff_config.base": "50.0"
}
"#,
        adopted: "connect_ms=5000 request_ms=30000 idle_ms=90000 deadline_ms=3930000 \
                  base_backoff_ms=20000 max_backoff_ms=3600000",
        left_out: "max_in_flight max_queue_depth max_attempts multiplier_percent",
        is_idempotent: false,
        reported: &[("drift-looser", "max_retries"), ("drift-looser", "backoff_config.base")],
        change: ("1h", "2h"),
        result: ("drift-looser", "backoff_config.max_backoff"),
    },
    // delta-io/delta-rs#2537
    Public {
        name: "large_reads",
        options: ("object-store", Some("delta-rs"), None),
        text: r#"{"timeout": "100s"}
"#,
        adopted: "connect_ms=5000 request_ms=100000 idle_ms=90000 deadline_ms=295000 \
                  max_attempts=11 base_backoff_ms=100 max_backoff_ms=15000",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: ("100s", "200s"),
        result: ("drift-looser", "timeout"),
    },
    // duckdb/duckdb-delta#162
    Public {
        name: "long_history",
        options: ("object-store", Some("delta-rs"), None),
        text: r#"{"azure_storage_account_name": "history", "timeout": "180s"}
"#,
        adopted: "connect_ms=5000 request_ms=180000 idle_ms=90000 deadline_ms=375000 \
                  max_attempts=11 base_backoff_ms=100 max_backoff_ms=15000",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[],
        change: ("180s", "30s"),
        result: ("drift-stricter", "timeout"),
    },
    // pola-rs/polars#18966
    Public {
        name: "no_time",
        options: ("object-store", Some("delta-rs"), None),
        text: r#"{"timeout": "0s"}
"#,
        adopted: "connect_ms=5000 idle_ms=90000 max_attempts=11 base_backoff_ms=100 \
                  max_backoff_ms=15000",
        left_out: "max_in_flight max_queue_depth request_ms",
        is_idempotent: false,
        reported: &[("drift-stricter", "timeout")],
        change: (r#""0s""#, r#""0s", "max_retries": "20""#),
        result: ("drift-looser", "max_retries"),
    },
];
