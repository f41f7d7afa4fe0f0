//! Checks the names in `[[emit]]` and `[[verify]]` of `driverc.toml`.

use super::{choice::TargetChoice, find};
use crate::{
    finding::{EditAction, Finding},
    source::Span,
    toml::{
        quote::quoted,
        rules::{INVALID_TEXT, UNKNOWN_WORD},
        spelling::truncated,
        tree::{NodeId, Tree, ValueKind},
    },
};

/// Returns a finding for each table of `[[emit]]` or `[[verify]]` with an unknown target, dialect
/// or role, with a version that is not in the target's table, or with a path that names no single
/// file. Reports the first such value of a table.
pub(crate) fn check_declared(text: &str) -> Vec<Finding<Span>> {
    let tree = Tree::parse(text);
    let arrays = ["emit", "verify"].into_iter().filter_map(|key| tree.child(tree.root(), key));
    let tables = arrays.flat_map(|array| tree.children(array));
    tables.filter_map(|table| check(&tree, table)).collect()
}

fn check(tree: &Tree<'_>, table: NodeId) -> Option<Finding<Span>> {
    let value = |key| text(tree, tree.child(table, key)?);
    let (dialect, role, version) = (value("dialect"), value("role"), value("version"));
    let choice = TargetChoice { target: value("target")?, dialect, role, version };
    let Some(fault) = choice.options().err() else {
        return folder(tree, table).or_else(|| glob(tree, table));
    };
    let place = tree.node(tree.child(table, fault.key)?).span;
    let fault_kind = if fault.key == "version" { &INVALID_TEXT } else { &UNKNOWN_WORD };
    let finding = fault_kind.finding(place, fault.message).help(fault.help);
    Some(match fault.intended {
        Some(intended) => finding.suggest(place, EditAction::Text(intended.to_owned())),
        None => finding,
    })
}

/// Reports a folder as the file to write.
fn folder(tree: &Tree<'_>, table: NodeId) -> Option<Finding<Span>> {
    let out = tree.child(table, "out")?;
    let path = text(tree, out).filter(|path| path.ends_with(['/', '\\']))?;
    let value = |key| text(tree, tree.child(table, key)?);
    let (target, driver) = (find(value("target")?)?, value("driver").unwrap_or("driver"));
    let message = format!("`out` must name a file, but `{}` is a folder", truncated(path));
    let help = format!("write `out = {}`", quoted(&format!("{path}{driver}.{}", target.extension)));
    Some(INVALID_TEXT.finding(tree.node(out).span, message).help(help))
}

/// Reports a glob in the files to compare.
fn glob(tree: &Tree<'_>, table: NodeId) -> Option<Finding<Span>> {
    let files = tree.child(table, "files")?;
    let mut paths = tree.children(files).filter_map(|file| Some((file, text(tree, file)?)));
    let (file, path) = paths.find(|(_, path)| path.contains(['*', '?']))?;
    let message = format!("`{}` is a glob, which `files` does not allow", truncated(path));
    Some(INVALID_TEXT.finding(tree.node(file).span, message).help("name each file"))
}

fn text<'t>(tree: &'t Tree<'_>, value: NodeId) -> Option<&'t str> {
    if let ValueKind::String(text) = &tree.node(value).kind { Some(text) } else { None }
}
