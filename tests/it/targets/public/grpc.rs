//! Public service configs of gRPC: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // grpc/grpc-java:examples/src/main/resources/io/grpc/examples/retrying/retrying_service_config.json
    Public {
        name: "java_example",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "Say"}],
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.5s", "maxBackoff": "30s",
    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}
]}
"#,
        adopted: "max_attempts=5 base_backoff_ms=600 max_backoff_ms=36000",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms deadline_ms",
        is_idempotent: false,
        reported: &[("drift-default", "timeout")],
        change: (r#""maxAttempts": 5"#, r#""maxAttempts": 4"#),
        result: ("drift-stricter", "retryPolicy.maxAttempts"),
    },
    // grpc/grpc:examples/python/retry/retry_client.py
    Public {
        name: "python_example",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "Say"}],
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.1s", "maxBackoff": "1s",
    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}
]}
"#,
        adopted: "max_attempts=5 base_backoff_ms=120 max_backoff_ms=1200",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms deadline_ms",
        is_idempotent: false,
        reported: &[("drift-default", "timeout")],
        change: (r#""1s""#, r#""2s""#),
        result: ("drift-looser", "retryPolicy.maxBackoff"),
    },
    // grpc/grpc-go:examples/features/retry/client/main.go
    Public {
        name: "go_example",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [{
  "name": [{"service": "example.Echo"}],
  "waitForReady": true,
  "retryPolicy": {
    "MaxAttempts": 4,
    "InitialBackoff": ".01s",
    "MaxBackoff": ".01s",
    "BackoffMultiplier": 1.0,
    "RetryableStatusCodes": ["UNAVAILABLE"]
  }
}]}
"#,
        adopted: "",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms deadline_ms \
                  max_attempts base_backoff_ms max_backoff_ms multiplier_percent",
        is_idempotent: false,
        reported: &[
            ("drift-rejected", "maxAttempts"),
            ("drift-rejected", "initialBackoff"),
            ("drift-rejected", "maxBackoff"),
            ("drift-rejected", "backoffMultiplier"),
            ("drift-rejected", "retryableStatusCodes"),
            ("drift-default", "timeout"),
            ("drift-unknown-setting", "retryPolicy.MaxAttempts"),
            ("drift-unknown-setting", "retryPolicy.InitialBackoff"),
            ("drift-unknown-setting", "retryPolicy.MaxBackoff"),
            ("drift-unknown-setting", "retryPolicy.BackoffMultiplier"),
            ("drift-unknown-setting", "retryPolicy.RetryableStatusCodes"),
        ],
        change: ("true", r#"true, "timeout": "1s""#),
        result: ("drift-stricter", "timeout"),
    },
    // googleapis/googleapis:google/pubsub/v1/pubsub_grpc_service_config.json
    Public {
        name: "messages",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "CreateTopic"}], "timeout": "60s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.100s", "maxBackoff": "60s",
    "backoffMultiplier": 1.3, "retryableStatusCodes": ["UNAVAILABLE"]}},
  {"name": [{"service": "example.Service", "method": "Publish"}], "timeout": "60s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.100s", "maxBackoff": "60s",
    "backoffMultiplier": 1.3, "retryableStatusCodes": ["ABORTED", "CANCELLED", "INTERNAL",
    "RESOURCE_EXHAUSTED", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED"]}},
  {"name": [{"service": "example.Service", "method": "StreamingPull"}], "timeout": "900s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.100s", "maxBackoff": "60s",
    "backoffMultiplier": 1.3, "retryableStatusCodes": ["DEADLINE_EXCEEDED",
    "RESOURCE_EXHAUSTED", "ABORTED", "INTERNAL", "UNAVAILABLE"]}}
]}
"#,
        adopted: "deadline_ms=900000 max_attempts=5 base_backoff_ms=120 max_backoff_ms=72000 \
                  multiplier_percent=130",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms",
        is_idempotent: false,
        reported: &[("drift-stricter", "timeout"), ("drift-stricter", "timeout")],
        change: (r#""900s""#, r#""1200s""#),
        result: ("drift-looser", "timeout"),
    },
    // googleapis/googleapis:google/spanner/v1/spanner_grpc_service_config.json
    Public {
        name: "database",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "StreamingRead"}], "timeout": "3600s"},
  {"name": [{"service": "example.Service", "method": "Commit"}], "timeout": "3600s",
   "retryPolicy": {"initialBackoff": "0.250s", "maxBackoff": "32s", "backoffMultiplier": 1.3,
    "retryableStatusCodes": ["UNAVAILABLE"]}},
  {"name": [{"service": "example.Service", "method": "CreateSession"}], "timeout": "30s",
   "retryPolicy": {"initialBackoff": "0.250s", "maxBackoff": "32s", "backoffMultiplier": 1.3,
    "retryableStatusCodes": ["UNAVAILABLE"]}}
]}
"#,
        adopted: "deadline_ms=3600000 base_backoff_ms=300 max_backoff_ms=38400 \
                  multiplier_percent=130",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms max_attempts",
        is_idempotent: false,
        reported: &[
            ("drift-default", "retryPolicy.maxAttempts"),
            ("drift-rejected", "maxAttempts"),
            ("drift-rejected", "maxAttempts"),
            ("drift-stricter", "timeout"),
        ],
        change: (r#""3600s""#, r#""7200s""#),
        result: ("drift-looser", "timeout"),
    },
    // googleapis/googleapis:google/firestore/v1/firestore_grpc_service_config.json
    Public {
        name: "documents",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "Commit"}], "timeout": "60s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.100s", "maxBackoff": "60s",
    "backoffMultiplier": 1.3, "retryableStatusCodes": ["UNAVAILABLE"]}},
  {"name": [{"service": "example.Service", "method": "RunQuery"}], "timeout": "300s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.100s", "maxBackoff": "60s",
    "backoffMultiplier": 1.3, "retryableStatusCodes": ["UNAVAILABLE", "INTERNAL",
    "DEADLINE_EXCEEDED"]}},
  {"name": [{"service": "example.Service", "method": "Listen"}], "timeout": "86400s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.100s", "maxBackoff": "60s",
    "backoffMultiplier": 1.3, "retryableStatusCodes": ["UNAVAILABLE"]}},
  {"name": [{"service": "example.Service", "method": "Write"}], "timeout": "86400s"}
]}
"#,
        adopted: "deadline_ms=86400000 max_attempts=5 base_backoff_ms=120 max_backoff_ms=72000 \
                  multiplier_percent=130",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms",
        is_idempotent: false,
        reported: &[
            ("drift-stricter", "timeout"),
            ("drift-stricter", "timeout"),
            ("drift-default", "retryPolicy.maxAttempts"),
        ],
        change: (r#""86400s""#, r#""90000s""#),
        result: ("drift-looser", "timeout"),
    },
    // googleapis/googleapis:google/cloud/tasks/v2/cloudtasks_grpc_service_config.json
    Public {
        name: "task_queue",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "GetTask"}], "timeout": "20s",
   "retryPolicy": {"initialBackoff": "0.100s", "maxBackoff": "10s", "backoffMultiplier": 1.3,
    "retryableStatusCodes": ["DEADLINE_EXCEEDED", "UNAVAILABLE"]}},
  {"name": [{"service": "example.Service", "method": "CreateTask"}], "timeout": "20s"}
]}
"#,
        adopted: "deadline_ms=20000 base_backoff_ms=120 max_backoff_ms=12000 \
                  multiplier_percent=130",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms max_attempts",
        is_idempotent: false,
        reported: &[
            ("drift-rejected", "maxAttempts"),
            ("drift-default", "retryPolicy.maxAttempts"),
        ],
        change: (r#""timeout": "20s""#, r#""timeout": "30s""#),
        result: ("drift-looser", "timeout"),
    },
    // googleapis/googleapis:google/cloud/secretmanager/v1/secretmanager_grpc_service_config.json
    Public {
        name: "secrets",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "ListSecrets"}], "timeout": "60s"},
  {"name": [{"service": "example.Service", "method": "AccessSecret"}], "timeout": "60s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "2s", "maxBackoff": "60s",
    "backoffMultiplier": 2.0, "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"]}}
]}
"#,
        adopted: "deadline_ms=60000 max_attempts=5 base_backoff_ms=2400 max_backoff_ms=72000",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms",
        is_idempotent: false,
        reported: &[("drift-default", "retryPolicy.maxAttempts")],
        change: (r#""maxAttempts": 5"#, r#""maxAttempts": 3"#),
        result: ("drift-stricter", "retryPolicy.maxAttempts"),
    },
    // googleapis/googleapis:google/bigtable/v2/bigtable_grpc_service_config.json
    Public {
        name: "wide_rows",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "CheckRow"}], "timeout": "20s"},
  {"name": [{"service": "example.Service", "method": "ReadRows"}], "timeout": "43200s"},
  {"name": [{"service": "example.Service", "method": "MutateRow"}], "timeout": "60s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.010s", "maxBackoff": "60s",
    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE", "DEADLINE_EXCEEDED"]}}
]}
"#,
        adopted: "deadline_ms=43200000 max_attempts=5 base_backoff_ms=12 max_backoff_ms=72000",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "retryPolicy.maxAttempts"),
            ("drift-stricter", "timeout"),
            ("drift-default", "retryPolicy.maxAttempts"),
            ("drift-stricter", "timeout"),
        ],
        change: (r#""43200s""#, r#""50000s""#),
        result: ("drift-looser", "timeout"),
    },
    // googleapis/gapic-generator-python:tests/unit/generator/test_options.py
    Public {
        name: "generator",
        options: ("grpc", None, None),
        text: r#"{"methodConfig": [
  {"name": [{"service": "example.Service", "method": "Identify"}], "timeout": "5s",
   "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.2s", "maxBackoff": "3s",
    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE", "UNKNOWN"]}}
]}
"#,
        adopted: "deadline_ms=5000 max_attempts=5 base_backoff_ms=240 max_backoff_ms=3600",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms",
        is_idempotent: false,
        reported: &[],
        change: (r#""5s""#, r#""6s""#),
        result: ("drift-looser", "timeout"),
    },
];
