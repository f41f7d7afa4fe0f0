//! Reports drivers, budgets and workloads without a name or profile.

use std::collections::HashSet;

use crate::{
    document::stray,
    model::{DriverName, Field},
    toml::{
        entries::is_table,
        findings::DocumentFindings,
        rules::MISSING_KEY,
        tree::{ArrayForm, NodeId, Tree, ValueKind},
    },
};

/// The maximum number of headers in a help line.
const SHOWN: usize = 3;

/// The maximum number of drivers to search for the owner of an entry.
const MOST_NAMED: usize = 1_000;

/// Reports entries that belong in a named table, and returns them.
pub(crate) fn report(
    tree: &Tree<'_>,
    table: NodeId,
    root: Field,
    findings: &mut DocumentFindings,
) -> HashSet<NodeId> {
    if !is_table(tree, table) {
        return HashSet::new();
    }
    if tree.children(table).next().is_none() {
        report_empty(tree, table, root, findings);
        return HashSet::new();
    }
    if !tree.children(table).any(|child| is_direct(tree, child, root)) {
        return HashSet::new();
    }
    let is_part = |child: &NodeId| !is_table(tree, *child) || is_direct(tree, *child, root);
    let direct: Vec<_> = tree.children(table).filter(is_part).collect();
    let help = if root == Field::Driver {
        help_for_driver(tree, table, &direct)
    } else if root == Field::Template {
        "write `[template.example]`".to_owned()
    } else if root == Field::Server {
        "write `[server.example]`".to_owned()
    } else if root == Field::Caller {
        "write `[caller.example]`".to_owned()
    } else {
        let scope = direct.iter().find_map(|child| scope_header(tree, *child));
        format!("write `[{}.heavy_data{}]`", root.key(), scope.unwrap_or_default())
    };
    let place = if tree.table_place(table) == tree.node(table).key_span {
        direct.first().map_or(tree.node(table).key_span, |first| tree.node(*first).key_span)
    } else {
        tree.table_place(table)
    };
    findings.push(MISSING_KEY.finding(place, fault(root)).help(help));
    direct.into_iter().collect()
}

/// Returns true if the tables below this top-level key have their own names. Other tables have the
/// names of profiles.
fn is_named(root: Field) -> bool {
    matches!(root, Field::Driver | Field::Template | Field::Server | Field::Caller)
}

fn fault(root: Field) -> String {
    let lacks = if is_named(root) { "name" } else { "profile" };
    format!("a {} has no {lacks}", root.key())
}

/// Reports a table of names without entries.
#[cold]
fn report_empty(tree: &Tree<'_>, table: NodeId, root: Field, findings: &mut DocumentFindings) {
    let name = if is_named(root) { "example" } else { "heavy_data" };
    let help = format!("write `[{}.{name}]`, or remove the table", root.key());
    findings.push(MISSING_KEY.finding(tree.table_place(table), fault(root)).help(help));
}

/// Returns the headers to write for a driver without a name, or for the parts of a named driver.
fn help_for_driver(tree: &Tree<'_>, table: NodeId, direct: &[NodeId]) -> String {
    let parts = direct.iter().filter(|child| is_table(tree, **child));
    if let Some(owner) = direct.first().and_then(|first| owner(tree, *first)) {
        let path = tree.path(owner);
        let own = (!is_table(tree, direct[0])).then(|| format!("`[{path}]`"));
        let parts = parts.map(|part| format!("`[{path}.{}]`", tree.node(*part).key));
        let headers: Vec<_> = own.into_iter().chain(parts).take(SHOWN).collect();
        return format!("write {}", headers.join(" and "));
    }
    let name = tree.child(table, "name").and_then(|id| text(tree, id));
    let name = name.filter(|name| DriverName::new(*name).is_ok()).unwrap_or("example");
    let header = format!("[driver.{name}]");
    let part = parts.map(|part| format!(" and `[driver.{name}.{}]`", tree.node(*part).key)).next();
    format!("write `{header}`{}", part.unwrap_or_default())
}

/// Returns the named driver to which an entry without a name belongs.
///
/// If the table around the entry has driver keys without a name, returns the first driver that has
/// only parts. Otherwise, returns the driver before the entry, or the first driver if no driver
/// comes before the entry.
#[cold]
pub(crate) fn owner(tree: &Tree<'_>, entry: NodeId) -> Option<NodeId> {
    let table = tree.parent(entry)?;
    let is_named =
        |child: &NodeId| is_table(tree, *child) && !is_direct(tree, *child, Field::Driver);
    let mut named = tree.children(table).filter(is_named).take(MOST_NAMED);
    let is_own =
        |child: NodeId| !is_table(tree, child) && is_key_of(Field::DRIVER, &tree.node(child).key);
    if tree.children(table).any(is_own) {
        return named.find(|driver| has_only_parts(tree, *driver));
    }
    let start = tree.table_place(entry).start;
    let drivers: Vec<_> = named.collect();
    let before = drivers.iter().rfind(|driver| tree.table_place(**driver).start < start);
    before.or(drivers.first()).copied()
}

/// Returns true if a driver's table has only parts of a driver, such as `timeout_policy`.
fn has_only_parts(tree: &Tree<'_>, driver: NodeId) -> bool {
    let mut entries = tree.children(driver).peekable();
    let is_part = |entry| is_table(tree, entry) && stray::is_part_key(&tree.node(entry).key);
    entries.peek().is_some() && entries.all(is_part)
}

/// Returns an entry of a driver from one of the tables without a name.
#[cold]
pub(crate) fn entry(tree: &Tree<'_>, driver: NodeId, field: Field) -> Option<NodeId> {
    let table = tree.parent(driver).filter(|table| tree.parent(*table) == Some(tree.root()))?;
    let found = tree.child(table, field.key()).filter(|entry| !tree.node(*entry).repeated)?;
    let is_here = is_direct(tree, found, Field::Driver) && owner(tree, found) == Some(driver);
    is_here.then_some(found)
}

/// Returns the header of the first narrower scope in a table of scopes.
fn scope_header(tree: &Tree<'_>, scopes: NodeId) -> Option<String> {
    let first = tree.children(scopes).find(|child| is_table(tree, *child))?;
    let (scopes, first) = (&tree.node(scopes).key, &tree.node(first).key);
    Some(format!(".{scopes}.{first}"))
}

/// Returns true if an entry is at the level where a name belongs.
fn is_direct(tree: &Tree<'_>, child: NodeId, root: Field) -> bool {
    let node = tree.node(child);
    let has = |fields: &[Field]| is_key_of(fields, &node.key);
    let is_table = is_table(tree, child);
    if root == Field::Server {
        return has(Field::SERVER) && !(is_table && has_key_of(tree, child, Field::SERVER));
    }
    if root == Field::Caller {
        return !is_table && has(Field::CALLER);
    }
    if is_named(root) {
        let is_part = || stray::is_part_key(&node.key) && is_part(tree, child);
        return if is_table { is_part() } else { has(Field::DRIVER) };
    }
    if root == Field::Budget {
        return has(if is_table { SCOPES } else { Field::BUDGET_SCOPE });
    }
    has(SCOPES) || has(Field::WORKLOAD_SCOPE)
}

const SCOPES: &[Field] = &[Field::Class, Field::Driver];

/// Returns true if a table has keys of a driver's part and no keys of the driver itself.
fn is_part(tree: &Tree<'_>, table: NodeId) -> bool {
    let mut keys = tree.children(table).map(|child| tree.node(child).key.as_ref()).peekable();
    keys.peek().is_some() && !keys.any(|key| is_key_of(Field::DRIVER, key))
}

fn has_key_of(tree: &Tree<'_>, table: NodeId, fields: &[Field]) -> bool {
    tree.children(table).any(|child| is_key_of(fields, &tree.node(child).key))
}

fn is_key_of(fields: &[Field], key: &str) -> bool {
    fields.iter().any(|field| field.has_key(key))
}

fn text<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    if let ValueKind::String(text) = &tree.node(id).kind { Some(text) } else { None }
}

/// Returns the drivers that are named by double brackets or by a key instead of a header.
pub(crate) fn names(tree: &Tree<'_>, table: NodeId) -> Vec<DriverName> {
    let is_array = matches!(tree.node(table).kind, ValueKind::Array(ArrayForm::OfTables, _));
    let items = is_array.then(|| tree.children(table)).into_iter().flatten();
    let tables = items.chain((!is_array).then_some(table));
    let names = tables.filter_map(|item| text(tree, tree.child(item, "name")?));
    names.filter_map(|name| DriverName::new(name).ok()).collect()
}

/// Returns the headers to write instead of top-level double brackets, if the array contains
/// drivers.
pub(crate) fn headers(tree: &Tree<'_>, array: NodeId) -> Option<String> {
    let node = tree.node(array);
    let is_at_top = tree.parent(array) == Some(tree.root());
    if !is_at_top || !matches!(node.kind, ValueKind::Array(ArrayForm::OfTables, _)) {
        return None;
    }
    let value = |item, key| tree.child(item, key).and_then(|id| text(tree, id));
    let is_name = |name: &&str| DriverName::new(*name).is_ok();
    let header = |item| {
        let root = &node.key;
        let named = [Field::Driver, Field::Template, Field::Server, Field::Caller];
        if named.iter().any(|field| field.key() == *root) {
            let name = value(item, "name").filter(is_name).unwrap_or("example");
            return format!("`[{root}.{name}]`");
        }
        let profile = value(item, "profile").filter(is_name).unwrap_or("heavy_data");
        let narrower = ["driver", "class"]
            .iter()
            .find_map(|key| value(item, key).filter(is_name).map(|name| format!(".{key}.{name}")));
        format!("`[{root}.{profile}{}]`", narrower.unwrap_or_default())
    };
    let is_of_names = [
        Field::Driver,
        Field::Template,
        Field::Server,
        Field::Caller,
        Field::Budget,
        Field::Workload,
    ];
    if !is_of_names.iter().any(|field| field.key() == node.key) {
        return None;
    }
    let mut headers: Vec<_> = tree.children(array).take(SHOWN).map(header).collect();
    headers.dedup();
    Some(headers.join(" and "))
}
