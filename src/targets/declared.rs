//! Checks the names in `[[emit]]` and `[[verify]]` of `driverc.toml`.

use super::choice::TargetChoice;
use crate::{
    finding::{EditAction, Finding},
    source::Span,
    toml::{
        rules::{INVALID_TEXT, UNKNOWN_WORD},
        tree::{NodeId, Tree, ValueKind},
    },
};

/// Returns a finding for each table of `[[emit]]` or `[[verify]]` with an unknown target, dialect
/// or role, or with a version that is not in the target's table. Reports the first such value of a
/// table.
pub(crate) fn check_declared(text: &str) -> Vec<Finding<Span>> {
    let tree = Tree::parse(text);
    let arrays = ["emit", "verify"].into_iter().filter_map(|key| tree.child(tree.root(), key));
    let tables = arrays.flat_map(|array| tree.children(array));
    tables.filter_map(|table| check(&tree, table)).collect()
}

fn check(tree: &Tree<'_>, table: NodeId) -> Option<Finding<Span>> {
    let text = |key| {
        let value = tree.child(table, key)?;
        if let ValueKind::String(text) = &tree.node(value).kind { Some(&**text) } else { None }
    };
    let (dialect, role, version) = (text("dialect"), text("role"), text("version"));
    let choice = TargetChoice { target: text("target")?, dialect, role, version };
    let fault = choice.options().err()?;
    let place = tree.node(tree.child(table, fault.key)?).span;
    let fault_kind = if fault.key == "version" { &INVALID_TEXT } else { &UNKNOWN_WORD };
    let finding = fault_kind.finding(place, fault.message).help(fault.help);
    Some(match fault.intended {
        Some(intended) => finding.suggest(place, EditAction::Text(intended.to_owned())),
        None => finding,
    })
}
