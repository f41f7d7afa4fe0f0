//! Finds the declaration and field at a byte of a document.

use std::collections::BTreeMap;

use super::locate::{Declaration, Index, Locator, keys_of};
use crate::{
    model::{Field, Scope},
    toml::{
        entries::is_table,
        spelling::nearest,
        tree::{NodeId, TableForm, Tree, ValueKind},
    },
};

/// The declaration and field at a byte of a document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct At {
    /// The declaration. `None` outside all declarations.
    pub declaration: Option<Declaration>,
    /// The field whose key or value is at the byte, if there is one.
    pub field: Option<Field>,
    /// The allowed keys of the innermost table. Empty if its keys are names or words.
    pub keys: &'static [Field],
}

impl Locator<'_> {
    /// Returns the declaration and field at a byte. This is the inverse of
    /// [`locate`](Self::locate).
    ///
    /// Between the keys of a table, returns the table whose header is above the byte.
    pub fn at(&self, offset: u32) -> At {
        let tree = &self.tree;
        let mut inside = Vec::new();
        let mut next = Some(node_at(tree, offset));
        while let Some(id) = next {
            if let Some(declaration) = declared_by(&self.index, id) {
                let (field, keys) = field_of(tree, &inside, keys_in(&declaration));
                return At { declaration: Some(declaration), field, keys };
            }
            inside.push(id);
            next = tree.parent(id);
        }
        let is_top = inside.iter().all(|id| *id == tree.root() || !is_table(tree, *id));
        At { declaration: None, field: None, keys: if is_top { Field::DOCUMENT } else { &[] } }
    }
}

/// Returns the smallest key or value at a byte, or else the table whose header is above it.
fn node_at(tree: &Tree<'_>, offset: u32) -> NodeId {
    let spans = tree.nodes().flat_map(|(id, node)| [(id, node.key_span), (id, node.span)]);
    let around = spans.filter(|(_, span)| span.start <= offset && offset <= span.end);
    let smallest = around.min_by_key(|(_, span)| (span.end - span.start, span.end == offset));
    let headers = || {
        let is_header =
            |kind: &ValueKind<'_>| matches!(kind, ValueKind::Table(TableForm::Header, _));
        tree.nodes().filter(move |(_, node)| is_header(&node.kind) && node.span.start <= offset)
    };
    let above = || headers().max_by_key(|(_, node)| node.span.start).map(|(id, _)| id);
    smallest.map(|(id, _)| id).or_else(above).unwrap_or(tree.root())
}

/// Returns the declaration whose table this is.
fn declared_by(index: &Index, id: NodeId) -> Option<Declaration> {
    let number = |tables: &[NodeId]| tables.iter().position(|table| *table == id);
    let driver = key_of(&index.drivers, id).map(Declaration::Driver);
    let budget =
        || key_of(&index.budgets, id).map(|(profile, scope)| Declaration::Budget(profile, scope));
    let workload = || {
        key_of(&index.workloads, id).map(|(profile, scope)| Declaration::Workload(profile, scope))
    };
    driver
        .or_else(budget)
        .or_else(workload)
        .or_else(|| number(&index.benchmarks).map(Declaration::Benchmark))
        .or_else(|| number(&index.waivers).map(Declaration::Waiver))
        .or_else(|| key_of(&index.templates, id).map(Declaration::Template))
        .or_else(|| key_of(&index.servers, id).map(Declaration::Server))
        .or_else(|| key_of(&index.callers, id).map(Declaration::Caller))
        .or_else(|| number(&index.calls).map(Declaration::Call))
        .or_else(|| number(&index.requirements).map(Declaration::Requirement))
}

fn key_of<K: Clone>(tables: &BTreeMap<K, NodeId>, id: NodeId) -> Option<K> {
    tables.iter().find(|(_, table)| **table == id).map(|(key, _)| key.clone())
}

/// Returns the keys of a declaration's own table.
fn keys_in(declaration: &Declaration) -> &'static [Field] {
    match declaration {
        Declaration::Budget(_, Scope::Class(_) | Scope::Driver(_)) => Field::BUDGET_SCOPE,
        Declaration::Workload(_, Scope::Class(_) | Scope::Driver(_)) => Field::WORKLOAD_SCOPE,
        Declaration::Driver(_)
        | Declaration::Budget(..)
        | Declaration::Workload(..)
        | Declaration::Benchmark(_)
        | Declaration::Waiver(_)
        | Declaration::Template(_)
        | Declaration::Server(_)
        | Declaration::Instances(..)
        | Declaration::Caller(_)
        | Declaration::Call(_)
        | Declaration::Requirement(_) => keys_of(declaration),
    }
}

/// Returns the field that contains a node of a declaration, and the keys of the table around the
/// node.
///
/// `inside` lists the nodes from this node up to the declaration's table. `keys` are the keys of
/// the declaration's table.
fn field_of(
    tree: &Tree<'_>,
    inside: &[NodeId],
    mut keys: &'static [Field],
) -> (Option<Field>, &'static [Field]) {
    let mut field = None;
    // Array items have no key.
    for id in inside.iter().rev().filter(|id| !tree.node(**id).key.is_empty()) {
        field = named(&tree.node(*id).key, keys);
        let within = field.map_or(&[][..], keys_inside);
        if !within.is_empty() || is_table(tree, *id) {
            keys = within;
        }
    }
    (field, keys)
}

/// Returns the field with this key. If the key is misspelt, returns the field with the nearest key.
/// Also finds keys of inner tables, because a key can be one level too high.
fn named(key: &str, keys: &'static [Field]) -> Option<Field> {
    let with_key = |key: &str| all_in(keys).find(|field| field.has_key(key));
    with_key(key).or_else(|| with_key(nearest(key, keys.iter().map(|field| field.key()))?))
}

/// Returns the keys of a table, then the keys of its inner tables.
fn all_in(keys: &'static [Field]) -> impl Iterator<Item = Field> {
    let inside = keys.iter().flat_map(|key| keys_inside(*key));
    let innermost = inside.clone().flat_map(|key| keys_inside(*key));
    keys.iter().chain(inside).chain(innermost).copied()
}

/// Returns the keys of a field's table, if the field is a table.
const fn keys_inside(field: Field) -> &'static [Field] {
    #[expect(clippy::wildcard_enum_match_arm, reason = "few fields are tables")]
    match field {
        Field::TimeoutPolicy => Field::TIMEOUT_POLICY,
        Field::RetryPolicy => Field::RETRY_POLICY,
        Field::Telemetry => Field::TELEMETRY,
        Field::Burst => Field::BURST,
        Field::Trigger => Field::TRIGGER,
        Field::Operation => Field::OPERATION,
        Field::Service => Field::SERVICE,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::model::{BenchmarkProfile, ProjectVocabulary};

    /// Returns the result at the `|` in a text.
    fn at(text: &str) -> At {
        let offset = u32::try_from(text.find('|').unwrap()).unwrap();
        Locator::new(&text.replacen('|', "", 1), ProjectVocabulary::empty()).at(offset)
    }

    fn declarations(index: &Index) -> Vec<Declaration> {
        let scopes = |(profile, scope): &(BenchmarkProfile, Scope)| (*profile, scope.clone());
        let budgets = index.budgets.keys().map(scopes).map(|(p, s)| Declaration::Budget(p, s));
        let workloads =
            index.workloads.keys().map(scopes).map(|(p, s)| Declaration::Workload(p, s));
        let benchmarks = (0..index.benchmarks.len()).map(Declaration::Benchmark);
        let waivers = (0..index.waivers.len()).map(Declaration::Waiver);
        let drivers = index.drivers.keys().cloned().map(Declaration::Driver);
        let templates = index.templates.keys().cloned().map(Declaration::Template);
        let all = drivers.chain(budgets).chain(workloads).chain(benchmarks);
        let servers = index.servers.keys().cloned().map(Declaration::Server);
        let callers = index.callers.keys().cloned().map(Declaration::Caller);
        let calls = (0..index.calls.len()).map(Declaration::Call);
        let requirements = (0..index.requirements.len()).map(Declaration::Requirement);
        let own = all.chain(waivers).chain(templates).chain(servers);
        own.chain(callers).chain(calls).chain(requirements).collect()
    }

    #[test]
    fn at_is_inverse_of_locate() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let mut found = 0;
        for folder in ["valid", "invalid"] {
            for file in fs::read_dir(fixtures.join(folder)).unwrap() {
                let path = file.unwrap().path();
                let Ok(text) = fs::read_to_string(&path) else { continue };
                let locator = Locator::new(&text, ProjectVocabulary::empty());
                for declaration in declarations(&locator.index) {
                    let whole = locator.locate(&declaration, None);
                    for field in all_in(keys_in(&declaration)) {
                        let span = locator.locate(&declaration, Some(field));
                        if span == whole {
                            continue;
                        }
                        let at = locator.at(span.start);
                        let shown = format!("{declaration:?} {field:?} in {}", path.display());
                        assert_eq!(at.field, Some(field), "{shown}");
                        assert_eq!(
                            format!("{:?}", at.declaration),
                            format!("{:?}", Some(&declaration)),
                            "{shown}"
                        );
                        found += 1;
                    }
                }
            }
        }
        assert!(found > 1000, "{found}");
    }

    #[test]
    fn position_in_table_gives_keys_of_table() {
        let keys = |text| at(text).keys;
        assert_eq!(keys("|"), Field::DOCUMENT);
        assert_eq!(keys("driv|er = 1"), Field::DOCUMENT);
        assert_eq!(keys("[dri|ver.a]"), &[]);
        assert_eq!(keys("[driver.a]\n|\n"), Field::DRIVER);
        assert_eq!(keys("[driver.a]\nretry_policy = { | }"), Field::RETRY_POLICY);
        assert_eq!(keys("[driver.a.telemetry]\n|"), Field::TELEMETRY);
        assert_eq!(keys("[driver.a]\nother = { | }"), &[]);
        assert_eq!(keys("[budget.heavy_data]\n|"), Field::BUDGET);
        assert_eq!(keys("[budget.heavy_data.driver.a]\n|"), Field::BUDGET_SCOPE);
        assert_eq!(keys("[[waiver]]\n|"), Field::WAIVER);
        assert_eq!(keys("[[workload.heavy_data.operation]]\nwei|ght = 1"), Field::OPERATION);
    }

    #[test]
    fn position_in_key_or_value_gives_its_field() {
        let field = |text| at(text).field;
        assert_eq!(field("[driver.a]\nmax_in|_flight = 1"), Some(Field::MaxInFlight));
        assert_eq!(field("[driver.a]\nmax_in_flihgt = 1|"), Some(Field::MaxInFlight));
        let limit = Some(Field::MaxP95LatencyMs);
        assert_eq!(field("[budget.heavy_data]\nmax_p95_latency_u|s = 1"), limit);
        assert_eq!(field("[budget.heavy_data.driver.a]\nmax_p95_latency_us = 1|"), limit);
        assert_eq!(field("[driver.a]\ncapabilities = ['b|atch_read']"), Some(Field::Capabilities));
        assert_eq!(field("[driver.a]\nretry_policy.max_at|tempts = 1"), Some(Field::MaxAttempts));
        assert_eq!(field("[driver.a]\nother| = 1"), None);
        assert_eq!(field("[driver.a|]"), None);
    }
}
