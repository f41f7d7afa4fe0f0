//! Public configurations of Istio: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // louisnwadocheli/redis-fastapi-k8s-lab:istio/destination-rule.yaml
    // louisnwadocheli/redis-fastapi-k8s-lab:istio/virtual-service.yaml
    Public {
        name: "lab",
        options: ("envoy", Some("istio"), None),
        text: r#"apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: lab-api
spec:
  host: lab-api
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
    connectionPool:
      tcp:
        maxConnections: 100
      http:
        http1MaxPendingRequests: 20
        maxRequestsPerConnection: 10
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 30s
  subsets:
    - name: v1
      labels: {version: v1}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: lab-api
spec:
  hosts: ["*"]
  gateways: [lab-api]
  http:
    - retries:
        attempts: 3
        perTryTimeout: 2s
      timeout: 5s
      route:
        - destination:
            host: lab-api
            port: {number: 80}
"#,
        adopted: "max_in_flight=100 max_queue_depth=20 connect_ms=10000 request_ms=2000 \
                  idle_ms=3600000 deadline_ms=5000 max_attempts=4 base_backoff_ms=25 \
                  max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[
            ("drift-default", "connectionPool.http.http2MaxRequests"),
            ("drift-default", "connectionPool.http.maxRetries"),
        ],
        change: ("attempts: 3", "attempts: 5"),
        result: ("drift-looser", "http.retries.attempts"),
    },
    // boboibuoi/Service-Mesh-Mark:istio/destination-rule.yaml
    // boboibuoi/Service-Mesh-Mark:istio/virtual-service.yaml
    Public {
        name: "shop",
        options: ("envoy", Some("istio"), None),
        text: r#"apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata:
  name: example
spec:
  host: example
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 20
      http:
        http1MaxPendingRequests: 20
        maxRequestsPerConnection: 10
    outlierDetection:
      consecutive5xxErrors: 3
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata:
  name: orders
spec:
  host: orders
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 100
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: shop
spec:
  hosts: ["*"]
  gateways: [shop]
  http:
    - match: [{uri: {prefix: /orders}}]
      timeout: 8s
      retries:
        attempts: 2
        perTryTimeout: 3s
        retryOn: connect-failure,refused-stream,unavailable,5xx
      route:
        - destination: {host: orders, port: {number: 8001}}
    - match: [{uri: {prefix: /products}}]
      route:
        - destination: {host: products, port: {number: 8004}}
    - match: [{uri: {prefix: /payments}}]
      timeout: 3s
      retries:
        attempts: 2
        perTryTimeout: 1s
        retryOn: connect-failure,refused-stream,unavailable,5xx
      route:
        - destination: {host: example, port: {number: 8002}}
    - match: [{uri: {prefix: /payment}}]
      timeout: 3s
      retries:
        attempts: 2
        perTryTimeout: 1s
        retryOn: connect-failure,refused-stream,unavailable,5xx
      route:
        - destination: {host: example, port: {number: 8002}}
"#,
        adopted: "max_in_flight=20 max_queue_depth=20 connect_ms=10000 request_ms=1000 \
                  idle_ms=3600000 deadline_ms=3000 max_attempts=3 base_backoff_ms=25 \
                  max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[
            ("drift-default", "connectionPool.http.http2MaxRequests"),
            ("drift-default", "connectionPool.http.maxRetries"),
            ("drift-unknown-setting", ""),
        ],
        change: ("perTryTimeout: 1s", "perTryTimeout: 2s"),
        result: ("drift-looser", "http.retries.perTryTimeout"),
    },
    // rhargreaves/url-shortener:k8s/istio/destination-rule.yaml
    Public {
        name: "links",
        options: ("envoy", Some("istio"), None),
        text: r"apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata:
  name: links
spec:
  host: example
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 100
      http:
        http1MaxPendingRequests: 50
        http2MaxRequests: 100
        maxRequestsPerConnection: 2
        maxRetries: 3
        consecutiveGatewayErrors: 5
        interval: 30s
        baseEjectionTime: 30s
    loadBalancer:
      simple: LEAST_CONN
    outlierDetection:
      consecutive5xxErrors: 5
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata:
  name: cache
spec:
  host: cache
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 50
        connectTimeout: 10s
        tcpKeepalive:
          time: 7200s
          interval: 75s
",
        adopted: "max_in_flight=100 max_queue_depth=50 connect_ms=10000 idle_ms=3600000",
        left_out: "request_ms deadline_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-unknown-setting", ""),
            ("drift-stricter", "connectionPool.http.maxRetries"),
            ("drift-unknown-setting", "line 16 "),
            ("drift-unknown-setting", "line 17 "),
            ("drift-unknown-setting", "line 18 "),
        ],
        change: ("http2MaxRequests: 100", "http2MaxRequests: 200"),
        result: ("drift-looser", "connectionPool.http.http2MaxRequests"),
    },
    // Kuboxer/kubox-eks:istio/virtual-service.yaml
    Public {
        name: "market",
        options: ("envoy", Some("istio"), None),
        text: r#"apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: market
spec:
  hosts: ["*"]
  gateways: [market]
  http:
  - match:
    - uri: {prefix: /api/auth}
    route:
    - destination:
        host: example.default.svc.cluster.local
        port: {number: 8080}
    timeout: 30s
    retries:
      attempts: 3
      perTryTimeout: 10s
      retryOn: 5xx,reset,connect-failure,refused-stream
    fault:
      delay:
        percentage: {value: 0.1}
        fixedDelay: 5s
  - match:
    - uri: {exact: /}
    route:
    - destination:
        host: example.default.svc.cluster.local
        port: {number: 8080}
    timeout: 10s
"#,
        adopted: "request_ms=10000 deadline_ms=30000 max_attempts=4 base_backoff_ms=25 \
                  max_backoff_ms=250",
        left_out: "max_in_flight max_queue_depth connect_ms idle_ms lifetime_ms",
        is_idempotent: false,
        // The second route has the default of the mesh, two retries.
        reported: &[("drift-default", "http.retries.attempts"), ("drift-stricter", "http.timeout")],
        change: ("perTryTimeout: 10s", "perTryTimeout: 20s"),
        result: ("drift-looser", "http.retries.perTryTimeout"),
    },
    // flowykk/muffin-wallet:istio/resilience.yaml
    Public {
        name: "currency",
        options: ("envoy", Some("istio"), None),
        text: r"apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata:
  name: currency
spec:
  host: currency
  trafficPolicy:
    connectionPool:
      http:
        http1MaxPendingRequests: 100
        http2MaxRequests: 1000
    outlierDetection:
      consecutive5xxErrors: 5
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: currency
spec:
  hosts: [currency]
  http:
    - route:
        - destination:
            host: currency
            port: {number: 8083}
      timeout: 5s
      retries:
        attempts: 3
        perTryTimeout: 2s
        retryOn: 5xx,reset,connect-failure
",
        adopted: "max_in_flight=1000 max_queue_depth=100 connect_ms=10000 request_ms=2000 \
                  idle_ms=3600000 deadline_ms=5000 max_attempts=4 base_backoff_ms=25 \
                  max_backoff_ms=250",
        left_out: "",
        is_idempotent: false,
        reported: &[
            ("drift-default", "connectionPool.tcp.maxConnections"),
            ("drift-default", "connectionPool.http.maxRetries"),
        ],
        change: ("http1MaxPendingRequests: 100", "http1MaxPendingRequests: 50"),
        result: ("drift-stricter", "connectionPool.http.http1MaxPendingRequests"),
    },
];
