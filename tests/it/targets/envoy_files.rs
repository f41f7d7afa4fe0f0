//! Whole files of Envoy and Istio, with several clusters and routes.

use driverc::{
    builtin::clickhouse_async_driver,
    model::Field,
    targets::{Adoption, TargetOptions, adopt, emit, find, verify},
};

use super::adopted;

fn envoy() -> TargetOptions {
    TargetOptions::of(find("envoy").unwrap())
}

fn istio() -> TargetOptions {
    let target = find("envoy").unwrap();
    TargetOptions::with(target, target.dialect("istio").unwrap())
}

fn value(adoption: &Adoption, field: Field) -> Option<u64> {
    adoption.values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

fn messages(options: TargetOptions, text: &str) -> Vec<String> {
    let drifts = verify(&clickhouse_async_driver(), options, text).drifts.into_iter();
    drifts.map(|drift| format!("{}: {}", drift.rule.name, drift.message)).collect()
}

/// A bootstrap as people write it: anchors, a virtual host with a policy, and a cluster without a
/// route.
const BOOTSTRAP: &str = r#"
admin: {address: {socket_address: {address: 127.0.0.1, port_value: 9901}}}
!ignore breakers: &breakers
  thresholds:
  - {priority: HIGH, max_requests: 900}
  - {max_connections: 30, max_requests: 30, max_pending_requests: 70, max_retries: 30}
static_resources:
  listeners:
  - name: front
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              retry_policy: {retry_on: 5xx, num_retries: 4, per_try_timeout: 2s}
              routes:
              - match: {prefix: /orders}
                route: {cluster: orders, timeout: 8s}
              - match: {prefix: /users}
                route:
                  cluster: users
                  retry_policy: {retry_on: reset}
              - match: {prefix: /old}
                redirect: {path_redirect: /}
  clusters:
  - name: orders
    connect_timeout: 0.5s
    circuit_breakers: *breakers
    transport_socket: {name: tls, typed_config: {password: hunter2}}
  - name: users
    connect_timeout: 1s
  - name: xds_cluster
    connect_timeout: 99s
"#;

fn adopted_as(driver: &str, text: &str, options: TargetOptions) -> Adoption {
    adopt(text, options, &driverc::model::DriverName::new(driver).unwrap(), None, "envoy.yaml")
}

#[test]
fn cluster_with_name_of_driver_is_chosen() {
    let orders = adopted_as("orders", BOOTSTRAP, envoy());
    for (field, expected) in [
        (Field::MaxInFlight, 30),
        (Field::MaxQueueDepth, 70),
        (Field::ConnectMs, 500),
        (Field::RequestMs, 2_000),
        (Field::DeadlineMs, 8_000),
        (Field::MaxAttempts, 5),
        (Field::BaseBackoffMs, 25),
        (Field::MaxBackoffMs, 250),
    ] {
        assert_eq!(value(&orders, field), Some(expected), "{field:?}\n{}", orders.text);
    }
    let line = "# driverc read only the lists of settings with the name of the driver: 1 of 2.\n";
    assert!(orders.text.contains(line), "{}", orders.text);
    assert!(orders.text.contains("# line 6: circuit_breakers.max_pending_requests=70\n"));
}

#[test]
fn loosest_of_all_routes_is_adopted_if_no_cluster_has_the_name() {
    let adoption = adopted_as("other", BOOTSTRAP, envoy());
    assert_eq!(value(&adoption, Field::MaxInFlight), Some(1_024), "the default of `users`");
    assert_eq!(value(&adoption, Field::ConnectMs), Some(1_000), "`xds_cluster` has no route");
    assert_eq!(value(&adoption, Field::MaxAttempts), Some(5));
    let line = "# The file has 2 lists of settings; each value is the loosest.\n";
    assert!(adoption.text.contains(line), "{}", adoption.text);
}

#[test]
fn clusters_that_are_not_compared_are_reported() {
    let text = emit(&clickhouse_async_driver(), envoy()).text;
    let other = text.replace("clickhouse_async", "other").replace("10s", "90s");
    let (clusters, routes) = text.split_once("routes:\n").unwrap();
    let (_, other) = other.split_once("clusters:\n").unwrap();
    let (other_clusters, other_routes) = other.split_once("routes:\n").unwrap();
    let both = format!("{clusters}{other_clusters}routes:\n{routes}{other_routes}");
    let expected = "drift-unknown-setting: driverc compares only the lists of settings with the name of \
                    the driver: 1 of 2";
    assert_eq!(messages(envoy(), &both), [expected]);
    let found = messages(envoy(), &both.replace("clickhouse_async", "a"));
    let expected = "drift-looser: `connect_timeout` is 90s, but `connect_ms` (10000) allows at most \
                    10s";
    assert_eq!(found, [expected]);
}

#[test]
fn settings_of_another_file_are_unknown_and_not_defaults() {
    let text = emit(&clickhouse_async_driver(), envoy()).text;
    let (clusters, routes) = text.split_once("routes:\n").unwrap();
    assert_eq!(messages(envoy(), clusters), [""; 0]);
    assert_eq!(messages(envoy(), &format!("routes:\n{routes}")), [""; 0]);
    let adoption = adopted(clusters, envoy());
    assert_eq!(value(&adoption, Field::ConnectMs), Some(10_000));
    assert!(adoption.left_out.contains(&"timeout_policy.request_ms".to_owned()));
    let resource = "resources:\n- \"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster\n";
    let cluster = clusters.split_once("- name").unwrap().1;
    let adoption = adopted(&format!("{resource}  name{cluster}"), envoy());
    assert_eq!(value(&adoption, Field::MaxInFlight), Some(10));
}

#[test]
fn file_without_cluster_and_route_is_rejected() {
    for text in ["", "a: 1\n", "{}", "kind: Service\n", "- 1\n", "text"] {
        for options in [envoy(), istio()] {
            let found = messages(options, text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].starts_with("drift-rejected: "), "{found:?}");
        }
    }
}

#[test]
fn json_and_names_in_camel_case_are_read() {
    let text = r#"{"clusters": [{"name": "a", "connectTimeout": "3s", "circuitBreakers":
        {"thresholds": [{"maxRequests": 7, "maxConnections": "0x9"}]}}]}"#;
    let adoption = adopted(text, envoy());
    assert_eq!(value(&adoption, Field::ConnectMs), Some(3_000));
    assert_eq!(value(&adoption, Field::MaxInFlight), Some(7));
}

#[test]
fn last_of_equal_keys_applies_in_envoy_and_is_refused_by_kubernetes() {
    let text = emit(&clickhouse_async_driver(), envoy()).text;
    let text = text.replace("connect_timeout: 10s", "connect_timeout: 99s\n  connect_timeout: 10s");
    let expected = "drift-dead-setting: the key has no effect: the same key follows below";
    assert_eq!(messages(envoy(), &text), [expected]);
    let text = emit(&clickhouse_async_driver(), istio()).text;
    let text = text.replace("timeout: 90750ms", "timeout: 90750ms\n    timeout: 90750ms");
    assert_eq!(
        messages(istio(), &text),
        ["drift-rejected: Istio 1.27.0 cannot read the file: a key occurs twice"]
    );
}

#[test]
fn merge_keys_are_refused_by_envoy_and_read_by_kubernetes() {
    let text = emit(&clickhouse_async_driver(), envoy()).text;
    let merged = text.replace("connect_timeout: 10s", "<<: {connect_timeout: 10s}");
    assert!(messages(envoy(), &merged)[0].ends_with("Envoy does not know merge keys (`<<`)"));
    let text = emit(&clickhouse_async_driver(), istio()).text;
    let merged = text.replace("timeout: 90750ms", "<<: {timeout: 90750ms}");
    assert_eq!(messages(istio(), &merged), [""; 0]);
}

#[test]
fn http2_shares_connections() {
    let text = emit(&clickhouse_async_driver(), envoy()).text;
    let text = text.replace("    - max_connections: 10\n      max", "    - max");
    let with_http2 =
        text.replace("        http_protocol_options: {}", "        http2_protocol_options: {}");
    assert_eq!(messages(envoy(), &with_http2), [""; 0]);
    assert_eq!(messages(envoy(), &text).len(), 1, "the default of `max_connections`");
}

#[test]
fn misspelled_setting_is_refused() {
    let text = emit(&clickhouse_async_driver(), envoy()).text;
    let text = text.replace("max_requests: 10", "max_request: 10");
    let drifts = verify(&clickhouse_async_driver(), envoy(), &text).drifts;
    let unknown = drifts.iter().find(|it| it.rule.name == "drift-rejected").unwrap();
    let message =
        "Envoy 1.40.0 does not start: `circuit_breakers.max_request` is not one of its settings";
    assert_eq!(unknown.message, message);
    assert_eq!(unknown.help.as_deref(), Some("did you mean `circuit_breakers.max_requests`?"));
    assert_eq!(&text[unknown.span.range()], "max_request");
    let text = text.replace("max_request: 10", "max_requests: 10");
    let text = text.replace("num_retries: 2", "num_retries: 2\n      num_retry: 9");
    let expected = "drift-rejected: Envoy 1.40.0 does not start: `retry_policy.num_retry` is not one of its settings";
    assert_eq!(messages(envoy(), &text), [expected]);
}

#[test]
fn secrets_are_neither_adopted_nor_shown() {
    let adoption = adopted_as("orders", BOOTSTRAP, envoy()).text;
    let verification = verify(&clickhouse_async_driver(), envoy(), BOOTSTRAP);
    let shown = format!("{adoption}{}{:?}", verification.public_text, verification.drifts);
    assert!(!shown.contains("hunter2") && !shown.contains("127.0.0.1"), "{shown}");
    assert!(verification.public_text.contains("connect_timeout: 0.5s"), "{shown}");
    // A comment after a value is not a part of it.
    let text = BOOTSTRAP.replace("0.5s", "\"0.5s\" # hunter3");
    let shown = verify(&clickhouse_async_driver(), envoy(), &text).public_text;
    assert!(shown.contains("\"0.5s\"") && !shown.contains("hunter3"), "{shown}");
}

/// Resources as people write them: a list, subsets, and hosts with and without a namespace.
const RESOURCES: &str = "
apiVersion: v1
kind: List
items:
- apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: orders}
  spec:
    host: orders.shop.svc.cluster.local
    trafficPolicy:
      connectionPool: {tcp: {maxConnections: 20}, http: {http2MaxRequests: 20}}
    subsets:
    - name: v2
      labels: {version: v2}
      trafficPolicy:
        connectionPool: {http: {http2MaxRequests: 50}}
- kind: VirtualService
  spec:
    hosts: [orders]
    http:
    - route:
      - destination: {host: orders, subset: v1}
      - destination: {host: orders, subset: v2}
      timeout: 5s
      retries: {attempts: 3, perTryTimeout: 2s, retryOn: 5xx}
    - route:
      - destination: {host: billing}
      timeout: 60s
---
kind: Deployment
spec: {replicas: 3}
";

#[test]
fn pools_of_subsets_are_compared_with_routes_to_their_host() {
    let orders = adopted_as("orders", RESOURCES, istio());
    assert_eq!(value(&orders, Field::MaxInFlight), Some(50), "the loosest pool");
    assert_eq!(value(&orders, Field::DeadlineMs), Some(5_000));
    assert_eq!(value(&orders, Field::MaxAttempts), Some(4));
    let line = "# driverc read only the lists of settings with the name of the driver: 2 of 3.\n";
    assert!(orders.text.contains(line), "{}", orders.text);
    let billing = adopted_as("billing", RESOURCES, istio());
    assert_eq!(value(&billing, Field::DeadlineMs), Some(60_000));
    assert_eq!(value(&billing, Field::MaxInFlight), None, "its rule is in another file");
}

#[test]
fn placeholder_is_neither_value_nor_absent() {
    let text = emit(&clickhouse_async_driver(), envoy()).text;
    let text = text.replace("max_requests: 10", "max_requests: ${MAX}");
    let verification = verify(&clickhouse_async_driver(), envoy(), &text);
    assert!(verification.drifts.is_empty(), "{:?}", verification.drifts);
    assert_eq!(verification.placeholders, 1);
    assert_eq!(value(&adopted(&text, envoy()), Field::MaxInFlight), None);
}
