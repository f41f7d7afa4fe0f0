//! Finds the destination rules and virtual services in documents of Kubernetes.

use super::{
    members::{self, Keys, elements},
    names::CONDITIONS,
};
use crate::{
    source::Span,
    targets::syntax::{
        Parsed, SyntaxFault, is_placeholder,
        yaml::{Stream, YamlNode},
    },
};

const POOL: &str = "connectionPool.";
const HTTP: &str = "http.";
const POOLS: [&str; 2] = ["connectionPool.http", "connectionPool.tcp"];
const RETRIES: [&str; 1] = ["http.retries"];
const KEYS: Keys = Keys::Camel;

/// Returns a part for each HTTP route with each connection pool of its host, and for each connection
/// pool if there is no route.
pub(super) fn parts(stream: &Stream) -> Vec<Parsed> {
    let mut found = Found::default();
    for document in &stream.documents {
        found.add(document);
    }
    let mut pairs: Vec<(Option<&Route<'_>>, Option<&Pool<'_>>)> = Vec::new();
    for route in &found.routes {
        let mut pools =
            found.pools.iter().filter(|pool| is_same_host(pool.host, route.host)).peekable();
        if pools.peek().is_none() {
            pairs.push((Some(route), None));
        }
        pairs.extend(pools.map(|pool| (Some(route), Some(pool))));
    }
    if pairs.is_empty() {
        pairs.extend(found.pools.iter().map(|pool| (None, Some(pool))));
    }
    let parts = pairs.into_iter().map(|(route, pool)| part(route, pool));
    members::limited(parts, Vec::new(), "it contains no `DestinationRule` and no `VirtualService`")
}

/// The connection pools and routes of a text.
#[derive(Default)]
struct Found<'n> {
    pools: Vec<Pool<'n>>,
    routes: Vec<Route<'n>>,
}

/// A connection pool of a destination rule. Without one, the defaults apply.
struct Pool<'n> {
    host: &'n str,
    rule: &'n YamlNode,
    settings: Option<&'n YamlNode>,
}

/// An HTTP route of a virtual service.
struct Route<'n> {
    host: &'n str,
    route: &'n YamlNode,
}

impl<'n> Found<'n> {
    /// Adds what a document contains: a resource, or a list of resources.
    fn add(&mut self, document: &'n YamlNode) {
        for item in KEYS.get(document, "items").map(elements).unwrap_or_default() {
            self.add(item);
        }
        let Some(spec) = KEYS.get(document, "spec") else { return };
        match KEYS.text(document, "kind") {
            Some("DestinationRule") => self.add_rule(spec),
            Some("VirtualService") => self.add_service(spec),
            _ => {}
        }
    }

    /// Adds the pools of a rule. The pool of a subset or port replaces the pool of the host.
    fn add_rule(&mut self, spec: &'n YamlNode) {
        let host = KEYS.text(spec, "host").unwrap_or_default();
        let general = KEYS.get(spec, "trafficPolicy");
        let subsets = KEYS.get(spec, "subsets").map(elements).unwrap_or_default();
        let policies = subsets.into_iter().filter_map(|it| KEYS.get(it, "trafficPolicy"));
        let policies: Vec<_> = general.into_iter().chain(policies).collect();
        let ports = policies.iter().filter_map(|it| KEYS.get(it, "portLevelSettings"));
        let ports = ports.flat_map(elements);
        let pools = policies.iter().copied().chain(ports);
        let mut pools: Vec<_> =
            pools.filter_map(|it| KEYS.get(it, "connectionPool")).map(Some).collect();
        if pools.is_empty() {
            pools.push(None);
        }
        self.pools.extend(pools.into_iter().map(|settings| Pool { host, rule: spec, settings }));
    }

    fn add_service(&mut self, spec: &'n YamlNode) {
        for route in KEYS.get(spec, "http").map(elements).unwrap_or_default() {
            let destinations = KEYS.get(route, "route").map(elements).unwrap_or_default();
            let hosts = destinations.into_iter().map(|it| KEYS.at(it, &["destination", "host"]));
            let mut hosts: Vec<_> =
                hosts.map(|it| it.and_then(YamlNode::text).unwrap_or_default()).collect();
            hosts.sort_unstable();
            hosts.dedup();
            self.routes.extend(hosts.into_iter().map(|host| Route { host, route }));
        }
    }
}

/// Returns true if two names are the same host: `a` is `a.b.svc.cluster.local` in the namespace `b`.
fn is_same_host(left: &str, right: &str) -> bool {
    let is_start = |short: &str, long: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    is_start(left, right) || is_start(right, left)
}

fn part(route: Option<&Route<'_>>, pool: Option<&Pool<'_>>) -> Parsed {
    let name = route.map(|route| route.host).or(pool.map(|pool| pool.host));
    let mut part = Parsed { name: name.unwrap_or_default().to_owned(), ..Parsed::default() };
    match pool {
        Some(Pool { settings: Some(pool), .. }) => KEYS.add(&mut part, POOL, pool, &POOLS),
        Some(Pool { settings: None, .. }) => {}
        None => part.elsewhere.push(POOL.to_owned()),
    }
    match route {
        Some(route) => KEYS.add(&mut part, HTTP, route.route, &RETRIES),
        None => part.elsewhere.push(HTTP.to_owned()),
    }
    // Kubernetes refuses a key that occurs twice.
    let twice = part.dead.drain(..).map(|(_, dead)| SyntaxFault { message: TWICE, ..dead });
    part.faults = twice.collect();
    let conditions = part.entries.iter().filter(|it| it.key == "http.retries.retryOn");
    let unknown = conditions.filter(|it| !is_placeholder(&it.value) && !are_known(&it.value));
    part.faults
        .extend(unknown.map(|entry| SyntaxFault { message: UNKNOWN, span: entry.value_span }));
    part.entries.sort_by_key(|entry| entry.key_span);
    let first = pool.map(|pool| pool.rule).or(route.map(|route| route.route));
    let start = first.map_or(0, |node| node.span.start);
    Parsed { start: Span::new(start, start), ..part }
}

/// Returns true if Istio knows all conditions for retries. A status of HTTP is a condition, too.
fn are_known(conditions: &str) -> bool {
    let is_status = |word: &str| word.parse::<u16>().is_ok_and(|it| (100..600).contains(&it));
    conditions.split(',').all(|word| CONDITIONS.contains(&word) || is_status(word))
}

const TWICE: &str = "a key occurs twice";
const UNKNOWN: &str = "a condition for retries is unknown";
