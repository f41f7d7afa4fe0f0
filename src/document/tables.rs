//! Reads the inner tables of tables whose keys are names or words.

use std::collections::HashSet;

use crate::{
    model::Field,
    toml::{
        entries::{body, is_table},
        findings::DocumentFindings,
        table::expect_table,
        tree::{NodeId, Tree},
    },
};

/// Returns true if a table is read as a field although its key is a misspelling of the field's key.
pub(super) fn is_misspelt(tree: &Tree<'_>, table: NodeId, field: Field) -> bool {
    tree.node(table).key != field.key()
}

/// Returns the tables inside a table whose keys are names, except entries that were already
/// reported. Reports entries that are not tables or that have double brackets.
pub(super) fn tables_in<'t, 's>(
    tree: &'t Tree<'s>,
    (table, reported): (NodeId, HashSet<NodeId>),
    header: &dyn Fn() -> String,
    findings: &mut DocumentFindings,
) -> impl Iterator<Item = NodeId> + use<'t, 's> {
    let is_readable = expect_table::<Field>(tree, table, header, findings);
    // A repetition in another form is reported only as a repetition.
    let is_read = move |id: NodeId| {
        !reported.contains(&id) && (is_table(tree, id) || !tree.node(id).repeated)
    };
    let all = move || is_readable.then(|| tree.children(table)).into_iter().flatten();
    for child in all().filter(|id| is_read(*id)) {
        expect_table::<Field>(tree, child, header, findings);
    }
    all().filter(move |id| is_read(*id) && is_table(tree, body(tree, *id)))
}
