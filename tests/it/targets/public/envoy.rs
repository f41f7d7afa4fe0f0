//! Public configurations of Envoy: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // CaravanaCloud/rinha-de-backend-2024-q1-impl:envoy.yaml
    Public {
        name: "contest",
        options: ("envoy", Some("envoy"), None),
        text: r#"static_resources:
  listeners:
  - name: front
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: front
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {prefix: "/"}
                route:
                  cluster: bank
  clusters:
  - name: bank
    connect_timeout: 10s
    type: STRICT_DNS
    circuit_breakers:
      thresholds:
        - priority: DEFAULT
          max_connections: 1000000000
          max_pending_requests: 1000000000
          max_requests: 1000000000
          max_retries: 1000000000
        - priority: HIGH
          max_connections: 1000000000
          max_pending_requests: 1000000000
          max_requests: 1000000000
          max_retries: 1000000000
"#,
        // A contract has at most 1,000,000 slots and a queue of 10,000,000.
        adopted: "connect_ms=10000 request_ms=15000 idle_ms=3600000 max_attempts=1 \
                  base_backoff_ms=25 max_backoff_ms=250",
        left_out: "max_in_flight max_queue_depth",
        is_idempotent: false,
        reported: &[
            ("drift-looser", "circuit_breakers.max_connections"),
            ("drift-looser", "circuit_breakers.max_pending_requests"),
            ("drift-looser", "circuit_breakers.max_requests"),
        ],
        change: ("connect_timeout: 10s", "connect_timeout: 30s"),
        result: ("drift-looser", "connect_timeout"),
    },
    // HeadySystems/Heady-Testing:envoy/envoy.yaml
    Public {
        name: "gateway",
        options: ("envoy", Some("envoy"), None),
        text: r#"static_resources:
  listeners:
  - name: edge
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: edge
          common_http_protocol_options:
            idle_timeout: 4236s
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {prefix: "/api/"}
                route:
                  cluster: example
                  timeout: 4.236s
                  retry_policy:
                    retry_on: "5xx,connect-failure,retriable-4xx"
                    num_retries: 3
                    per_try_timeout: 2.618s
                    retry_back_off:
                      base_interval: 0.1618s
                      max_interval: 1.618s
              - match: {prefix: "/models/"}
                route: {cluster: models, timeout: 11.09s}
  clusters:
  - name: example
    connect_timeout: 1.618s
    type: STRICT_DNS
    circuit_breakers:
      thresholds:
      - priority: DEFAULT
        max_connections: 144
        max_pending_requests: 55
        max_requests: 233
        max_retries: 5
        retry_budget:
          budget_percent:
            value: 38.2
          min_retry_concurrency: 3
      - priority: HIGH
        max_connections: 233
        max_pending_requests: 89
        max_requests: 377
        max_retries: 8
    health_checks:
    - timeout: 2.618s
      interval: 5s
  - name: models
    connect_timeout: 1.618s
    circuit_breakers:
      thresholds:
      - {priority: DEFAULT, max_connections: 89, max_pending_requests: 34, max_requests: 144}
"#,
        adopted: "max_in_flight=144 max_queue_depth=55 connect_ms=1618 request_ms=2618 \
                  idle_ms=3600000 deadline_ms=4236 max_attempts=4 base_backoff_ms=162 \
                  max_backoff_ms=1618 retry_budget_percent=39",
        left_out: "",
        is_idempotent: false,
        // A contract has whole milliseconds and percentages.
        reported: &[
            ("drift-stricter", "retry_policy.retry_back_off.base_interval"),
            ("drift-unknown-setting", ""),
            ("drift-looser", "circuit_breakers.max_requests"),
            ("drift-dead-setting", "circuit_breakers.max_retries"),
            ("drift-stricter", "circuit_breakers.retry_budget.budget_percent.value"),
        ],
        change: ("value: 38.2", "value: 50"),
        result: ("drift-looser", "circuit_breakers.retry_budget.budget_percent.value"),
    },
    // Avi6855/Nexora:envoy/envoy.yaml
    Public {
        name: "payments",
        options: ("envoy", Some("envoy"), None),
        text: r#"static_resources:
  listeners:
  - name: main
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: main
          common_http_protocol_options:
            idle_timeout: 300s
          request_timeout: 30s
          stream_idle_timeout: 300s
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {prefix: /pay}
                route:
                  cluster: payments
                  timeout: 120s
                  retry_policy:
                    retry_on: "503"
                    num_retries: 2
                    per_try_timeout: 30s
  clusters:
  - name: payments
    type: STRICT_DNS
    health_checks:
    - timeout: 5s
      interval: 10s
    circuit_breakers:
      thresholds:
      - max_connections: 512
        max_pending_requests: 256
        max_requests: 512
        max_retries: 3
"#,
        // A status is not a condition, so Envoy never retries.
        adopted: "max_in_flight=512 max_queue_depth=256 connect_ms=5000 request_ms=30000 \
                  idle_ms=3600000 deadline_ms=120000 max_attempts=1 base_backoff_ms=25 \
                  max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[("drift-dead-setting", "retry_policy.num_retries")],
        change: ("\"503\"", "\"5xx\""),
        result: ("drift-looser", "retry_policy.num_retries"),
    },
    // Annita-LLC/Annita-Landing-Page:envoy/envoy.yaml
    Public {
        name: "landing_page",
        options: ("envoy", Some("envoy"), None),
        text: r#"static_resources:
  listeners:
  - name: front
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: front
          route_config:
            virtual_hosts:
            - name: page
              domains: ["*"]
              routes:
              - match: {prefix: /}
                route:
                  cluster: page
                  timeout: 30s
                  retry_policy:
                    retry_on: 5xx,connect-failure,refused-stream
                    num_retries: 3
                    per_try_timeout: 10s
                    retry_remote_localities: true
                  rate_limits:
                  - actions: [{remote_address: {}}]
  clusters:
  - name: page
    connect_timeout: 5s
    type: STRICT_DNS
    http2_protocol_options: {}
    circuit_breakers:
      thresholds:
      - priority: DEFAULT
        max_connections: 10000
        max_pending_requests: 1000
        max_requests: 5000
        max_retries: 3
    outlier_detection: {consecutive_5xx: 5, interval: 30s}
    tls_context: {mode: NONE}
"#,
        adopted: "max_in_flight=5000 max_queue_depth=1000 connect_ms=5000 request_ms=10000 \
                  idle_ms=3600000 deadline_ms=30000 max_attempts=4 base_backoff_ms=25 \
                  max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[
            ("drift-unknown-setting", "line 22 "),
            ("drift-stricter", "circuit_breakers.max_retries"),
            ("drift-unknown-setting", "line 38 "),
        ],
        change: ("max_requests: 5000", "max_requests: 10000"),
        result: ("drift-looser", "circuit_breakers.max_requests"),
    },
    // Czandal/envoy-timeout-gate:envoy.yaml
    Public {
        name: "timeout_gate",
        options: ("envoy", Some("envoy"), None),
        text: r#"static_resources:
  listeners:
  - name: front
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: front
          stream_idle_timeout: 0s
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match:
                  prefix: "/"
                route:
                  cluster: slow
                  timeout: 15s
                  retry_policy:
                    retry_on: ""
                    num_retries: 0
  clusters:
  - name: slow
    type: STRICT_DNS
    connect_timeout: 2s
"#,
        adopted: "max_in_flight=1024 max_queue_depth=1024 connect_ms=2000 request_ms=15000 \
                  idle_ms=3600000 max_attempts=1 base_backoff_ms=25 max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[],
        change: ("timeout: 15s", "timeout: 20s"),
        result: ("drift-looser", "route.timeout"),
    },
    // AdamNolan20091112/hiero-local-node:envoy.yaml
    Public {
        name: "web_gateway",
        options: ("envoy", Some("envoy"), None),
        text: r#"static_resources:
  listeners:
  - name: front
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          codec_type: auto
          stat_prefix: front
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: { prefix: "/" }
                route:
                  cluster: node
                  timeout: 0s
                  max_stream_duration:
                    grpc_timeout_header_max: 0s
  clusters:
  - name: node
    connect_timeout: 0.25s
    type: logical_dns
    http2_protocol_options: {}
    lb_policy: round_robin
"#,
        adopted: "max_in_flight=1024 max_queue_depth=1024 connect_ms=250 idle_ms=3600000 \
                  max_attempts=1 base_backoff_ms=25 max_backoff_ms=250",
        left_out: "request_ms deadline_ms",
        is_idempotent: false,
        reported: &[
            ("drift-looser", "route.timeout"),
            ("drift-default", "retry_policy.per_try_timeout"),
        ],
        change: ("connect_timeout: 0.25s", "connect_timeout: 1s"),
        result: ("drift-looser", "connect_timeout"),
    },
    // tomocy/envoy-cookbook:retry/envoy.yaml
    Public {
        name: "cookbook",
        options: ("envoy", Some("envoy"), None),
        text: r"static_resources:
  listeners:
  - name: front
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: front
          route_config:
            virtual_hosts:
            - name: all
              domains: ['*']
              routes:
              - match:
                  prefix: /
                route:
                  timeout: 1s
                  retry_policy:
                    retry_on: 5xx
                    num_retries: 3
                    per_try_timeout: 0.3s
                  cluster: kitchen
  clusters:
  - name: kitchen
    type: STRICT_DNS
    connect_timeout: 0.25s
",
        adopted: "max_in_flight=1024 max_queue_depth=1024 connect_ms=250 request_ms=300 \
                  idle_ms=3600000 deadline_ms=1000 max_attempts=4 base_backoff_ms=25 \
                  max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[("drift-default", "circuit_breakers.max_retries")],
        change: ("num_retries: 3", "num_retries: 5"),
        result: ("drift-looser", "retry_policy.num_retries"),
    },
    // bwangelme/envoy-fundamentals:circuit-breaker/envoy.yaml
    Public {
        name: "course",
        options: ("envoy", Some("envoy"), None),
        text: r#"static_resources:
  listeners:
  - name: front
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: front
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {prefix: "/"}
                route: {cluster: scripts}
  clusters:
  - name: scripts
    connect_timeout: 5s
    circuit_breakers:
      thresholds:
        max_pending_requests: 20
"#,
        adopted: "max_in_flight=1024 max_queue_depth=20 connect_ms=5000 request_ms=15000 \
                  idle_ms=3600000 max_attempts=1 base_backoff_ms=25 max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[],
        change: ("requests: 20", "requests: 50"),
        result: ("drift-looser", "circuit_breakers.max_pending_requests"),
    },
];
