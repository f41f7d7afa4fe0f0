//! Tables of drivers, budgets and workloads whose name or profile was left out.

use std::collections::HashSet;

use crate::{
    document::{
        entries::is_table,
        findings::Findings,
        rules::MISSING_KEY,
        stray,
        tree::{ArrayForm, Kind, NodeId, Tree},
    },
    model::{DriverName, Field},
};

/// The most headers that a help line shows.
const SHOWN: usize = 3;

/// The entries of a table of names that belong into one table with a name; they are reported.
///
/// In nearly every document there are none.
pub(super) fn report(
    tree: &Tree<'_>,
    table: NodeId,
    root: Field,
    findings: &mut Findings,
) -> HashSet<NodeId> {
    if !is_table(tree, table) || !tree.children(table).any(|child| is_direct(tree, child, root)) {
        return HashSet::new();
    }
    let is_part = |child: &NodeId| !is_table(tree, *child) || is_direct(tree, *child, root);
    let direct: Vec<_> = tree.children(table).filter(is_part).collect();
    let (message, help) = if root == Field::Driver {
        let name = tree.child(table, "name").and_then(|id| text(tree, id));
        let name = name.filter(|name| DriverName::new(*name).is_ok()).unwrap_or("example");
        let header = format!("[driver.{name}]");
        let part = direct.iter().find(|child| is_table(tree, **child));
        let part = part.map_or_else(String::new, |part| {
            format!(" and `[driver.{name}.{}]`", tree.node(*part).key)
        });
        ("a driver has no name".to_owned(), format!("write `{header}`{part}"))
    } else {
        let root = root.key();
        let scope = direct.iter().find_map(|child| scope_header(tree, *child));
        let scope = scope.unwrap_or_default();
        (format!("a {root} has no profile"), format!("write `[{root}.heavy_data{scope}]`"))
    };
    let place = if tree.table_place(table) == tree.node(table).key_span {
        direct.first().map_or(tree.node(table).key_span, |first| tree.node(*first).key_span)
    } else {
        tree.table_place(table)
    };
    findings.push(MISSING_KEY.finding(place, message).help(help));
    direct.into_iter().collect()
}

/// The header of the first narrower scope in a table of scopes.
fn scope_header(tree: &Tree<'_>, scopes: NodeId) -> Option<String> {
    let first = tree.children(scopes).find(|child| is_table(tree, *child))?;
    let (scopes, first) = (&tree.node(scopes).key, &tree.node(first).key);
    Some(format!(".{scopes}.{first}"))
}

/// Whether an entry stands where a name belongs.
fn is_direct(tree: &Tree<'_>, child: NodeId, root: Field) -> bool {
    let node = tree.node(child);
    let has = |fields: &[Field]| fields.iter().any(|field| field.key() == node.key);
    let is_table = is_table(tree, child);
    if root == Field::Driver {
        let is_part = || stray::is_part_key(&node.key) && is_part(tree, child);
        return if is_table { is_part() } else { has(Field::DRIVER) };
    }
    if root == Field::Budget {
        return has(if is_table { SCOPES } else { Field::BUDGET_SCOPE });
    }
    has(SCOPES) || has(Field::WORKLOAD_SCOPE)
}

const SCOPES: &[Field] = &[Field::Class, Field::Driver];

/// Whether a table has the keys of a driver's part, and none of a driver's own.
fn is_part(tree: &Tree<'_>, table: NodeId) -> bool {
    let is_own = |key: &str| Field::DRIVER.iter().any(|field| field.key() == key);
    let mut keys = tree.children(table).map(|child| tree.node(child).key.as_ref()).peekable();
    keys.peek().is_some() && !keys.any(is_own)
}

fn text<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    if let Kind::String(text) = &tree.node(id).kind { Some(text) } else { None }
}

/// The drivers that double brackets or a key name in place of a header.
pub(super) fn names(tree: &Tree<'_>, table: NodeId) -> Vec<DriverName> {
    let is_array = matches!(tree.node(table).kind, Kind::Array(ArrayForm::OfTables, _));
    let items = is_array.then(|| tree.children(table)).into_iter().flatten();
    let tables = items.chain((!is_array).then_some(table));
    let names = tables.filter_map(|item| text(tree, tree.child(item, "name")?));
    names.filter_map(|name| DriverName::new(name).ok()).collect()
}

/// The headers to write in place of double brackets at the top of a document; none where the
/// array holds something else.
pub(super) fn headers(tree: &Tree<'_>, array: NodeId) -> Option<String> {
    let node = tree.node(array);
    let is_at_top = tree.parent(array) == Some(tree.root());
    if !is_at_top || !matches!(node.kind, Kind::Array(ArrayForm::OfTables, _)) {
        return None;
    }
    let value = |item, key| tree.child(item, key).and_then(|id| text(tree, id));
    let is_name = |name: &&str| DriverName::new(*name).is_ok();
    let header = |item| {
        let root = &node.key;
        if *root == Field::Driver.key() {
            return format!(
                "`[driver.{}]`",
                value(item, "name").filter(is_name).unwrap_or("example")
            );
        }
        let profile = value(item, "profile").filter(is_name).unwrap_or("heavy_data");
        let narrower = ["driver", "class"]
            .iter()
            .find_map(|key| value(item, key).filter(is_name).map(|name| format!(".{key}.{name}")));
        format!("`[{root}.{profile}{}]`", narrower.unwrap_or_default())
    };
    let is_of_names = [Field::Driver, Field::Budget, Field::Workload];
    if !is_of_names.iter().any(|field| field.key() == node.key) {
        return None;
    }
    let mut headers: Vec<_> = tree.children(array).take(SHOWN).map(header).collect();
    headers.dedup();
    Some(headers.join(" and "))
}
