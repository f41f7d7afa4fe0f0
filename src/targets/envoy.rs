//! Envoy, the proxy, and Istio, which configures it.

mod bootstrap;
mod istio;
mod members;
mod mesh;
mod names;
mod proxy;

use super::table::TargetTable;

/// The target.
pub(super) static ENVOY: TargetTable = TargetTable {
    name: "envoy",
    title: "Envoy and Istio",
    summary: "YAML for a proxy between the driver and its system. For Envoy, `emit` writes a cluster \
              for `static_resources.clusters`, and a route for the `routes` of a virtual host. For \
              Istio, it writes a `DestinationRule` and a `VirtualService`. Add the addresses and the \
              match yourself. `adopt` and `verify` read such parts, and whole files in YAML or JSON.",
    extension: "yaml",
    dialects: &[proxy::DIALECT, istio::DIALECT],
    roles: &[],
    notes: &[
        "Each route with its cluster is a list of settings. If the cluster has the name of the driver, \
         with `-` or `_`, driverc reads only this list. Otherwise it compares each list, and `adopt` \
         uses the loosest value. With Istio, the first label of the host is the name.",
        "The thresholds for the route's priority apply. A route without a priority has `DEFAULT`. The \
         `retry_policy` of a virtual host applies to its routes without their own.",
        "If a file has only clusters or only routes, driverc does not compare the settings that must \
         be in another file.",
        "`num_retries` and `attempts` count retries, so they are `max_attempts` − 1.",
        "Every proxy has its own limits. With several proxies, each allows `max_in_flight` requests.",
        "The limits of requests in flight are for HTTP/1.1 to the server. With HTTP/2, requests share \
         connections, `max_connections` limits nothing, and no request waits: a request above \
         `max_requests` is refused.",
        "A request also waits while its new connection opens. So a proxy with the queue length 0 \
         refuses requests although it is idle, and `emit` writes at least 1. If more requests than \
         `max_queue_depth` arrive before connections are open, the proxy refuses some of them.",
        "If a proxy has several worker threads, each can open a connection above `max_connections`. \
         `max_requests` still limits the requests in flight.",
        "`emit` retries only requests that the server has not answered. Add other conditions if the \
         requests are idempotent.",
        "For drivers that do not use HTTP, only `max_connections`, `connect_timeout` and the idle time \
         apply.",
    ],
};

/// The largest value of a 32-bit integer without a sign.
const UINT32_MAX: u64 = 4_294_967_295;
/// The largest value of a 32-bit integer.
const INT32_MAX: u64 = 2_147_483_647;
/// The number of microseconds in a millisecond.
const MILLISECOND: u64 = 1_000;
/// The number of microseconds in a second.
const SECOND: u64 = 1_000_000;
/// The first backoff without a setting, in microseconds.
const FIRST_BACKOFF: u64 = 25 * MILLISECOND;
/// The longest backoff without a setting, as a multiple of the first.
const LONGEST_BACKOFF: u64 = 10;
/// The conditions for retries that `emit` writes.
const RETRY_ON: &str = "connect-failure,refused-stream,reset";
