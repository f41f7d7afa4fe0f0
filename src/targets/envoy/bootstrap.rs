//! Finds the clusters and routes in a configuration of Envoy.

use std::collections::BTreeMap;

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

pub(super) const CLUSTER: [&str; 3] =
    ["connect_timeout", "circuit_breakers.", "common_http_protocol_options."];
pub(super) const ROUTE: [&str; 2] = ["route.", "retry_policy."];
const CONNECTIONS: &str = "circuit_breakers.max_connections";
const COMMON: &str = "common_http_protocol_options";
const THRESHOLDS: [&str; 2] =
    ["circuit_breakers.retry_budget", "circuit_breakers.retry_budget.budget_percent"];
const BACKOFF: [&str; 1] = ["retry_policy.retry_back_off"];
const KEYS: Keys = Keys::Snake;

/// Returns a part for each route with its cluster, and for each cluster if there is no route.
pub(super) fn parts(stream: &Stream) -> Vec<Parsed> {
    let mut found = Found::default();
    for document in &stream.documents {
        found.add(document);
    }
    let pairs = found.pairs();
    let faults = stream.merges.iter().map(|span| SyntaxFault { message: MERGE, span: *span });
    let parts = pairs.into_iter().map(|(route, name)| found.part(route, name));
    members::limited(parts, faults.collect(), "it contains no cluster and no route to a cluster")
}

const MERGE: &str = "Envoy does not know merge keys (`<<`)";

/// The clusters, by name, and the routes of a text.
#[derive(Default)]
struct Found<'n> {
    clusters: BTreeMap<&'n str, &'n YamlNode>,
    routes: Vec<Route<'n>>,
}

/// The action of a route, with the virtual host that contains it.
#[derive(Clone, Copy)]
struct Route<'n> {
    action: &'n YamlNode,
    host: Option<&'n YamlNode>,
}

impl<'n> Route<'n> {
    /// Returns the names of the clusters. The name is `None` if a request decides.
    fn clusters(&self) -> impl Iterator<Item = Option<&'n str>> + use<'n> {
        let weighted = KEYS.at(self.action, &["weighted_clusters", "clusters"]);
        let weighted = weighted.map(elements).unwrap_or_default();
        let single = weighted.is_empty().then(|| KEYS.text(self.action, "cluster"));
        weighted.into_iter().map(|it| KEYS.text(it, "name")).chain(single)
    }
}

impl<'n> Found<'n> {
    /// Returns each route with the names of its clusters, or all clusters if there is no route.
    fn pairs(&self) -> Vec<(Option<Route<'n>>, Option<&'n str>)> {
        let mut pairs = Vec::new();
        for route in &self.routes {
            pairs.extend(route.clusters().map(|name| (Some(*route), name)));
        }
        if pairs.is_empty() {
            pairs.extend(self.clusters.keys().map(|name| (None, Some(*name))));
        }
        pairs
    }

    /// Adds what a document contains: a part of a bootstrap, a bootstrap, or resources.
    fn add(&mut self, document: &'n YamlNode) {
        let resources = KEYS.get(document, "resources").map(elements).unwrap_or_default();
        let is_cluster =
            |it: &&YamlNode| KEYS.text(it, "@type").is_some_and(|name| name.ends_with(".Cluster"));
        let clusters = [&["clusters"][..], &["static_resources", "clusters"]];
        let clusters = clusters.into_iter().filter_map(|path| KEYS.at(document, path));
        let clusters = clusters.flat_map(elements).chain(resources.into_iter().filter(is_cluster));
        let named = clusters.filter_map(|it| Some((KEYS.text(it, "name")?, it)));
        self.clusters.extend(named);
        self.add_routes(document, None);
        self.add_hosts(document);
    }

    fn add_routes(&mut self, node: &'n YamlNode, host: Option<&'n YamlNode>) {
        let routes = KEYS.get(node, "routes").map(elements).unwrap_or_default();
        let actions = routes.into_iter().filter_map(|route| KEYS.get(route, "route"));
        self.routes.extend(actions.map(|action| Route { action, host }));
    }

    /// Adds the routes of all virtual hosts in a node, wherever they are.
    fn add_hosts(&mut self, node: &'n YamlNode) {
        for host in KEYS.get(node, "virtual_hosts").map(elements).unwrap_or_default() {
            self.add_routes(host, Some(host));
        }
        for value in node.pairs().iter().map(|(_, value)| value).chain(node.items()) {
            self.add_hosts(value);
        }
    }

    /// Returns the settings of a route and of the cluster with this name.
    fn part(&self, route: Option<Route<'n>>, name: Option<&str>) -> Parsed {
        let mut part = Parsed { name: name.unwrap_or_default().to_owned(), ..Parsed::default() };
        let cluster = name.and_then(|name| self.clusters.get(name).copied());
        match cluster {
            Some(cluster) => add_cluster(&mut part, cluster, route),
            None => part.elsewhere.extend(CLUSTER.map(str::to_owned)),
        }
        match route {
            Some(route) => add_route(&mut part, route),
            None => part.elsewhere.extend(ROUTE.map(str::to_owned)),
        }
        part.entries.sort_by_key(|entry| entry.key_span);
        let first = cluster.or(route.map(|route| route.action));
        let start = first.map_or(0, |node| node.span.start);
        Parsed { start: Span::new(start, start), ..part }
    }
}

fn add_cluster(part: &mut Parsed, cluster: &YamlNode, route: Option<Route<'_>>) {
    KEYS.add(part, "", cluster, &[]);
    let priority = route.and_then(|route| KEYS.text(route.action, "priority"));
    let priority = priority.unwrap_or("DEFAULT");
    let thresholds = KEYS.at(cluster, &["circuit_breakers", "thresholds"]);
    let mut thresholds = thresholds.map(elements).unwrap_or_default().into_iter();
    // The first of several with the same priority applies.
    let is_own = |it: &&YamlNode| KEYS.text(it, "priority").unwrap_or("DEFAULT") == priority;
    if let Some(thresholds) = thresholds.find(is_own) {
        KEYS.add(part, "circuit_breakers.", thresholds, &THRESHOLDS);
    }
    let extensions = KEYS.get(cluster, "typed_extension_protocol_options");
    let mut extensions = extensions.map(YamlNode::pairs).unwrap_or_default().iter();
    let is_http =
        |key: &YamlNode| key.text().is_some_and(|key| key.ends_with(".HttpProtocolOptions"));
    let http = extensions.find(|(key, _)| is_http(key)).map(|(_, value)| value.as_ref());
    // The options of the cluster itself have no effect beside the typed options.
    if let Some(options) = KEYS.get(http.unwrap_or(cluster), COMMON) {
        KEYS.add(part, "common_http_protocol_options.", options, &[]);
    }
    let shares_connections = [
        http.and_then(|it| KEYS.at(it, &["explicit_http_config", "http2_protocol_options"])),
        http.and_then(|it| KEYS.at(it, &["explicit_http_config", "http3_protocol_options"])),
        http.and_then(|it| KEYS.get(it, "auto_config")),
        http.and_then(|it| KEYS.get(it, "use_downstream_protocol_config")),
        KEYS.get(cluster, "http2_protocol_options").filter(|_| http.is_none()),
    ];
    if shares_connections.iter().any(Option::is_some) {
        part.elsewhere.push(CONNECTIONS.to_owned());
    }
}

fn add_route(part: &mut Parsed, route: Route<'_>) {
    KEYS.add(part, "route.", route.action, &[]);
    // The policy of a virtual host applies to routes without their own policy.
    let own = KEYS.get(route.action, "retry_policy");
    let policy = own.or_else(|| route.host.and_then(|host| KEYS.get(host, "retry_policy")));
    if let Some(policy) = policy {
        KEYS.add(part, "retry_policy.", policy, &BACKOFF);
    }
    let conditions = part.entries.iter_mut().filter(|it| it.key == "retry_policy.retry_on");
    for entry in conditions.filter(|it| !is_placeholder(&it.value)) {
        entry.value = known(&entry.value);
    }
}

/// Returns the conditions for retries without those that Envoy does not know and ignores.
fn known(conditions: &str) -> String {
    let words = conditions.split(',').map(str::trim);
    words.filter(|word| CONDITIONS.contains(word)).collect::<Vec<_>>().join(",")
}
