//! The names that OpenTelemetry's semantic conventions define in release 1.44.

use super::Dialect;

/// The namespaces that the conventions reserve: the first components of dotted names.
const RESERVED: &[&str] = &[
    "aws",
    "azure",
    "client",
    "container",
    "cloud",
    "db",
    "dns",
    "dotnet",
    "error",
    "exception",
    "faas",
    "gcp",
    "go",
    "graphql",
    "host",
    "http",
    "hw",
    "jvm",
    "k8s",
    "messaging",
    "network",
    "nodejs",
    "otel",
    "process",
    "rpc",
    "server",
    "service",
    "system",
    "telemetry",
    "url",
    "v8js",
    "vcs",
];

/// The names of metrics that are histograms of durations in seconds.
const DURATIONS: &[&str] = &[
    "db.client.connection.create_time",
    "db.client.connection.use_time",
    "db.client.connection.wait_time",
    "db.client.operation.duration",
    "dns.lookup.duration",
    "http.client.connection.duration",
    "http.client.request.duration",
    "http.server.request.duration",
    "messaging.client.operation.duration",
    "messaging.process.duration",
    "rpc.client.call.duration",
    "rpc.server.call.duration",
];

/// The names of metrics of network calls that are not in [`DURATIONS`].
const OTHERS: &[&str] = &[
    "azure.cosmosdb.client.active_instance.count",
    "azure.cosmosdb.client.operation.request_charge",
    "db.client.connection.count",
    "db.client.connection.idle.max",
    "db.client.connection.idle.min",
    "db.client.connection.max",
    "db.client.connection.pending_requests",
    "db.client.connection.timeouts",
    "db.client.response.returned_rows",
    "http.client.active_requests",
    "http.client.open_connections",
    "http.client.request.body.size",
    "http.client.response.body.size",
    "http.server.active_requests",
    "http.server.request.body.size",
    "http.server.response.body.size",
    "messaging.client.consumed.messages",
    "messaging.client.sent.messages",
];

/// A deprecated name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Deprecated {
    name: &'static str,
    /// The replacement.
    pub(in crate::rules) replacement: &'static str,
    /// Whether the values under the new name are in seconds instead of milliseconds.
    pub(in crate::rules) new_unit: bool,
}

const fn renamed(name: &'static str, replacement: &'static str) -> Deprecated {
    Deprecated { name, replacement, new_unit: false }
}

const fn in_seconds(name: &'static str, replacement: &'static str) -> Deprecated {
    Deprecated { name, replacement, new_unit: true }
}

const DEPRECATED: &[Deprecated] = &[
    in_seconds("db.client.connections.create_time", "db.client.connection.create_time"),
    renamed("db.client.connections.idle.max", "db.client.connection.idle.max"),
    renamed("db.client.connections.idle.min", "db.client.connection.idle.min"),
    renamed("db.client.connections.max", "db.client.connection.max"),
    renamed("db.client.connections.pending_requests", "db.client.connection.pending_requests"),
    renamed("db.client.connections.timeouts", "db.client.connection.timeouts"),
    renamed("db.client.connections.usage", "db.client.connection.count"),
    in_seconds("db.client.connections.use_time", "db.client.connection.use_time"),
    in_seconds("db.client.connections.wait_time", "db.client.connection.wait_time"),
    renamed("messaging.client.published.messages", "messaging.client.sent.messages"),
    renamed("messaging.process.messages", "messaging.client.consumed.messages"),
    renamed("messaging.publish.duration", "messaging.client.operation.duration"),
    renamed("messaging.publish.messages", "messaging.client.sent.messages"),
    renamed("messaging.receive.duration", "messaging.client.operation.duration"),
    renamed("messaging.receive.messages", "messaging.client.consumed.messages"),
];

/// Returns the namespace of a name if the conventions reserve this namespace and do not define the
/// name.
pub(in crate::rules) fn borrowed_namespace(name: &str) -> Option<&str> {
    let (namespace, _) = name.split_once('.')?;
    let theirs = DURATIONS.contains(&name) || OTHERS.contains(&name) || deprecated(name).is_some();
    (RESERVED.contains(&namespace) && !theirs).then_some(namespace)
}

/// Returns true if the conventions define this name for a time in seconds.
pub(in crate::rules) fn is_duration(name: &str) -> bool {
    DURATIONS.contains(&name)
}

/// Returns the replacement of a name that the conventions deprecate.
pub(in crate::rules) fn deprecated(name: &str) -> Option<&'static Deprecated> {
    if Dialect::of(name) == Dialect::Prometheus {
        return None;
    }
    DEPRECATED.iter().find(|deprecated| deprecated.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacement_of_deprecated_name_follows_conventions() {
        for Deprecated { name, replacement, .. } in DEPRECATED {
            assert!(is_duration(replacement) || OTHERS.contains(replacement), "{name}");
            assert_eq!(deprecated(replacement), None, "{name}");
        }
    }

    #[test]
    fn unknown_name_in_reserved_namespace_is_recognised() {
        assert_eq!(borrowed_namespace("db.client.retries"), Some("db"));
        assert_eq!(borrowed_namespace("db.client.connection.timeouts"), None);
        assert_eq!(borrowed_namespace("db.client.connections.timeouts"), None);
        assert_eq!(borrowed_namespace("dbx.client.retries"), None);
        assert_eq!(borrowed_namespace("db_client_retries_total"), None);
    }
}
