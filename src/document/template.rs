//! Reads templates, and drivers that name a template.

use crate::{
    document::{
        ContractFields, DriverDeclaration, OtherDeclarations, Table, TemplateDeclaration,
        TemplatedDriver,
        fields::{self, FieldsOf},
        nameless,
        scalars::read_key_as_template,
        stray,
        tables::tables_in,
    },
    model::{DriverName, Field},
    toml::{
        entries::{body, is_table, read_as},
        findings::DocumentFindings,
        tree::{NodeId, Tree},
    },
};

/// Reads all templates of a document.
pub(super) fn read_all(
    tree: &Tree<'_>,
    findings: &mut DocumentFindings,
    others: &mut OtherDeclarations,
) {
    for table in read_as(tree, tree.root(), Field::DOCUMENT, Field::Template) {
        let direct = nameless::report(tree, table, Field::Template, findings);
        let has_names = is_table(tree, table) && tree.children(table).next().is_some();
        others.nameless_template |= !direct.is_empty() || !has_names;
        let header = || "template.<name>".to_owned();
        for id in tables_in(tree, (table, direct), &header, findings) {
            let template = read_template(tree, id, findings);
            others.nameless_template |= template.is_none();
            others.templates.extend(template);
        }
    }
}

fn read_template(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<TemplateDeclaration> {
    let before = findings.reported();
    let name = read_key_as_template(tree, id, findings);
    let search = must_search(tree, id, before);
    let mut table = Table::open(tree, body(tree, id), Field::TEMPLATE, findings);
    let fields = fields::read(&mut table, FieldsOf { template: true, search });
    let whole = findings.reported() == before && is_table(tree, id);
    let is_repeated = tree.node(id).repeated;
    let name = name.filter(|_| !is_repeated)?;
    Some(TemplateDeclaration { name, fields: ContractFields { whole, ..fields } })
}

/// Reads the table of a driver that names a template. `before` is the number of findings that were
/// reported before this driver was read.
pub(super) fn read_driver(
    table: &mut Table<'_, '_, '_>,
    (id, before): (NodeId, usize),
    name: Option<DriverName>,
) -> Option<DriverDeclaration> {
    let tree = table.tree;
    let like = table.optional(Field::Like).flatten();
    let search = must_search(tree, id, before);
    let fields = fields::read(table, FieldsOf { template: false, search });
    let whole = table.findings.reported() == before && is_table(tree, id);
    let is_repeated = tree.node(id).repeated;
    let name = name.filter(|_| !is_repeated)?;
    let fields = ContractFields { whole, ..fields };
    Some(DriverDeclaration::Like(Box::new(TemplatedDriver { name, like, fields })))
}

/// Returns true if a missing key might be in the wrong table. A key in the wrong table is always a
/// finding, so no search is needed in a document without findings and without unknown keys in this
/// declaration.
fn must_search(tree: &Tree<'_>, declaration: NodeId, findings: usize) -> bool {
    findings > 0 || stray::has_unknown_key(tree, declaration)
}
