//! Finds the right table for misplaced keys and tables.

use crate::{
    document::stray,
    model::{BenchmarkProfile, DriverClass, DriverName, Field, Vocabulary},
    toml::{
        entries::{body, is_table, read_as, word_of_key},
        quantity::{self, Exact, Wanted},
        tree::{NodeId, Tree},
    },
};

/// Returns the help for an unknown key, if the table where it belongs is known.
#[cold]
pub(crate) fn help(
    tree: &Tree<'_>,
    table: NodeId,
    keys: &[Field],
    child: NodeId,
    of_driver: &Wanted<'_>,
) -> Option<String> {
    let key = &tree.node(child).key;
    if keys == Field::DOCUMENT {
        return at_top(tree, child);
    }
    if keys == Field::BUDGET || keys == Field::WORKLOAD {
        let is_scope = is_table(tree, body(tree, child));
        return if is_scope { scope(tree, table, key) } else { None };
    }
    if keys == Field::SERVER && key == "name" {
        return Some("remove it: the header names the server".to_owned());
    }
    let driver = stray::driver_of(tree, table, keys)?;
    if keys == Field::DRIVER && key == "name" {
        return Some("remove it: the header names the driver".to_owned());
    }
    if keys == Field::TEMPLATE && key == "name" {
        return Some("remove it: the header names the template".to_owned());
    }
    if keys == Field::TEMPLATE && key == Field::Like.key() {
        return Some("remove it: a template cannot name another template".to_owned());
    }
    in_another_part(tree, driver, child, of_driver)
}

/// Returns true if a table of a driver is at the top level, without the driver's name.
#[cold]
pub(crate) fn is_at_top(tree: &Tree<'_>, driver: NodeId, part: Field) -> bool {
    let stands = tree.child(tree.root(), part.key()).filter(|id| is_table(tree, *id));
    stands.is_some_and(|id| owner(tree, id) == Some(driver))
}

/// Returns the table of the same driver to which a key belongs.
fn in_another_part(
    tree: &Tree<'_>,
    driver: NodeId,
    child: NodeId,
    of_driver: &Wanted<'_>,
) -> Option<String> {
    let node = tree.node(child);
    let (home, field, relation) = stray::home(tree.path(driver), &node.key, of_driver)?;
    if field.key() == node.key {
        return Some(format!("move it into `{home}`"));
    }
    let number = relation.number(field.key(), &node.kind).and_then(Exact::whole);
    Some(match (number, quantity::unit_of(field.key())) {
        (Some(number), _) => format!("write `{} = {number}` in `{home}`", field.key()),
        (None, Some(unit)) => format!("write `{}`, in {}, in `{home}`", field.key(), unit.noun),
        (None, None) => format!("write `{}` in `{home}`", field.key()),
    })
}

/// Returns the header of a top-level table, or of the table to which a top-level key belongs.
fn at_top(tree: &Tree<'_>, child: NodeId) -> Option<String> {
    let key = &tree.node(child).key;
    let is_key = |fields: &[Field], key: &str| fields.iter().any(|field| field.has_key(key));
    if stray::is_part_key(key) {
        return Some(format!("write `[{}.{key}]`", owner_path(tree, child)));
    }
    let has = |fields: &[Field]| {
        let mut keys = tree.children(body(tree, child)).map(|id| tree.node(id).key.as_ref());
        keys.any(|key| is_key(fields, key))
    };
    let scoped = |root: Field| match word_of_key::<BenchmarkProfile>(key, tree.vocabulary) {
        Some(profile) => format!("write `[{}.{}]`", root.key(), profile.word()),
        None => format!("write `[{}.heavy_data.{}]`", root.key(), scope_of(tree, key)),
    };
    if has(&[Field::Consumer]) {
        return Some("write `[[requirement]]`".to_owned());
    }
    if has(Field::BUDGET_SCOPE) {
        return Some(scoped(Field::Budget));
    }
    if has(Field::WORKLOAD_SCOPE) && !has(Field::BENCHMARK) {
        return Some(scoped(Field::Workload));
    }
    let name = DriverName::new(key).ok()?;
    if has(&[Field::AttemptMs]) {
        return Some(format!("write `[caller.{name}]`"));
    }
    has(Field::DRIVER).then(|| format!("write `[driver.{name}]`"))
}

/// Returns true if a top-level key is a driver key and not a table.
pub(crate) fn is_outside(tree: &Tree<'_>, child: NodeId) -> bool {
    let key = &tree.node(child).key;
    !is_table(tree, body(tree, child)) && stray::is_known(key) && !stray::is_part_key(key)
}

/// Returns the header to add above a driver key that comes before the first header.
pub(crate) fn header_above(tree: &Tree<'_>, child: NodeId) -> String {
    let path = owner_path(tree, child);
    match stray::home(path, &tree.node(child).key, &stray::wanted()) {
        Some((home, ..)) => format!("write `[{home}]` above it"),
        None => "remove it".to_owned(),
    }
}

/// Returns the path of the driver to which a top-level entry belongs.
fn owner_path(tree: &Tree<'_>, child: NodeId) -> String {
    owner(tree, child).map_or_else(|| "driver.example".to_owned(), |driver| tree.path(driver))
}

/// Returns the driver to which a top-level table belongs: the driver before the table, or else the
/// first driver.
fn owner(tree: &Tree<'_>, table: NodeId) -> Option<NodeId> {
    let tables = read_as(tree, tree.root(), Field::DOCUMENT, Field::Driver);
    let drivers: Vec<_> = tables.flat_map(|drivers| tree.children(drivers)).collect();
    let start = tree.table_place(table).start;
    let before = drivers.iter().rfind(|driver| tree.table_place(**driver).start < start);
    before.or(drivers.first()).copied()
}

/// Returns the header of a scope that has a class or a declared driver in the position of the
/// profile.
#[cold]
pub(crate) fn scope_without_profile(tree: &Tree<'_>, id: NodeId, root: Field) -> Option<String> {
    let key = &tree.node(id).key;
    let mut drivers = read_as(tree, tree.root(), Field::DOCUMENT, Field::Driver);
    let is_driver = drivers.any(|drivers| tree.child(drivers, key).is_some());
    let is_class = word_of_key::<DriverClass>(key, tree.vocabulary).is_some();
    (is_driver || is_class)
        .then(|| format!("write `[{}.heavy_data.{}]`", root.key(), scope_of(tree, key)))
}

/// Returns the header of a narrower scope that omits `class` or `driver`.
fn scope(tree: &Tree<'_>, profile: NodeId, key: &str) -> Option<String> {
    let is_name = DriverName::new(key).is_ok();
    is_name.then(|| format!("write `[{}.{}]`", tree.path(profile), scope_of(tree, key)))
}

fn scope_of(tree: &Tree<'_>, key: &str) -> String {
    match word_of_key::<DriverClass>(key, tree.vocabulary) {
        Some(class) => format!("class.{}", class.word()),
        None => format!("driver.{key}"),
    }
}
