"""Rules of Istio's resource definitions and validation, and Istio's translation to Envoy.

From istio/api:networking/v1alpha3/{destination_rule,virtual_service}.proto and
istio/istio:pkg/config/validation. There is no Istio to run here.
"""

import json
import re

import yaml

DURATION = re.compile(r"(\d+(\.\d+)?(ns|us|ms|s|m|h))+")
UNITS_MS = {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}


def milliseconds(text):
    """Returns a duration of Go. It must have whole milliseconds, and at least one."""
    assert isinstance(text, str) and DURATION.fullmatch(text), text
    parts = re.findall(r"([\d.]+)([a-z]+)", text)
    total = sum(float(number) * UNITS_MS[unit] for number, unit in parts)
    assert total >= 1 and total == int(total), text
    return total


def count(value):
    """A 32-bit integer that is not negative."""
    assert type(value) is int and 0 <= value < 2**31, value


POOL = {
    "tcp": {"maxConnections": count, "connectTimeout": milliseconds, "maxConnectionDuration": milliseconds},
    "http": {
        "http1MaxPendingRequests": count,
        "http2MaxRequests": count,
        "maxRetries": count,
        "idleTimeout": milliseconds,
    },
}
RETRIES = {"attempts": count, "perTryTimeout": milliseconds, "backoff": milliseconds, "retryOn": str}
RETRY_ON = {"connect-failure", "refused-stream", "reset"}
# A label of a host name.
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def check_members(node, rules):
    for key, value in node.items():
        rules[key](value)


def parts(text):
    rule, service = yaml.safe_load_all(text)
    return rule["spec"]["trafficPolicy"]["connectionPool"], service["spec"]["http"][0]


def check(text, host):
    """Fails if Istio would refuse the resources."""
    rule, service = yaml.safe_load_all(text)
    for resource, kind in [(rule, "DestinationRule"), (service, "VirtualService")]:
        assert resource["apiVersion"] == "networking.istio.io/v1" and resource["kind"] == kind, resource
        assert resource["metadata"] == {"name": host} and NAME.fullmatch(host), resource
    assert rule["spec"]["host"] == host and service["spec"]["hosts"] == [host]
    pool, route = parts(text)
    for name, settings in pool.items():
        check_members(settings, POOL[name])
    assert route["route"] == [{"destination": {"host": host}}], route
    assert set(route) <= {"route", "timeout", "retries"}, route
    milliseconds(route["timeout"])
    retries = route["retries"]
    check_members(retries, RETRIES)
    assert set(filter(None, retries.get("retryOn", "").split(","))) <= RETRY_ON, retries
    # Retries that are off must not have a policy.
    assert retries["attempts"] > 0 or set(retries) == {"attempts"}, retries


def translated(text):
    """Returns the cluster and the route that Istio makes of the resources."""
    pool, route = parts(text)
    time = lambda value: f"{milliseconds(value) / 1000:.3f}s"
    tcp, http, retries = pool["tcp"], pool["http"], route["retries"]
    thresholds = {
        "max_connections": tcp["maxConnections"],
        "max_pending_requests": http["http1MaxPendingRequests"],
        "max_requests": http["http2MaxRequests"],
        "max_retries": http.get("maxRetries", 2**32 - 1),
    }
    common = {"idle_timeout": time(http["idleTimeout"])}
    if "maxConnectionDuration" in tcp:
        common["max_connection_duration"] = time(tcp["maxConnectionDuration"])
    kind = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    options = {
        "@type": f"type.googleapis.com/{kind}",
        "common_http_protocol_options": common,
        "explicit_http_config": {"http_protocol_options": {}},
    }
    name = route["route"][0]["destination"]["host"]
    cluster = {
        "connect_timeout": time(tcp["connectTimeout"]),
        "circuit_breakers": {"thresholds": [thresholds]},
        "typed_extension_protocol_options": {kind: options},
    }
    action = {"cluster": name, "timeout": time(route["timeout"])}
    if retries["attempts"] > 0:
        action["retry_policy"] = {
            "retry_on": retries["retryOn"],
            "num_retries": retries["attempts"],
            "per_try_timeout": time(retries["perTryTimeout"]),
            "retry_back_off": {"base_interval": time(retries["backoff"])},
        }
    lines = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in cluster.items())
    match = json.dumps({"prefix": "/"})
    return f"clusters:\n- name: {name}\n{lines}routes:\n- match: {match}\n  route: {json.dumps(action)}\n"
