//! Reads the operations of a workload and their service times.

use crate::{
    document::Table,
    model::{Field, Operation, Operations, ServiceTime},
    toml::{
        entries::items,
        findings::DocumentFindings,
        rules::{DUPLICATE_DECLARATION, MISSING_KEY},
        table::{expect_items, quoted},
        tree::{NodeId, Tree},
    },
};

/// Reads the operations of a scope. Returns `Some(None)` if the key is absent, and `None` if an
/// operation is invalid or the array is empty.
#[expect(clippy::option_option, reason = "absent and wrong are two different things")]
pub(in crate::document) fn read_operations(
    table: &mut Table<'_, '_, '_>,
) -> Option<Option<Operations>> {
    let Some(array) = table.entry(Field::Operation) else { return Some(None) };
    let tree = table.tree;
    expect_items(tree, array, table.findings);
    if tree.is_empty_array(array) {
        let message = format!("`{}` has no operations", tree.path(array));
        let help = format!("add `[[{}]]` with {}", tree.path(array), quoted(Field::OPERATION));
        table.findings.push(MISSING_KEY.finding(tree.node(array).span, message).help(help));
        return None;
    }
    let operations: Vec<_> =
        items(tree, array).map(|id| decode_operation(tree, id, table.findings)).collect();
    let operations: Option<Vec<_>> = operations.into_iter().collect();
    operations?.try_into().ok().map(Some)
}

fn decode_operation(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<Operation> {
    let mut table = Table::open_item(tree, id, Field::OPERATION, findings);
    let weight = table.required(Field::Weight);
    if table.entry(Field::Service).is_none() {
        table.miss(Field::Service, "such as `{ exponential_us = 10000 }`".to_owned());
    }
    table.report_missing();
    table.entry(Field::Service)?;
    let service = table.table(Field::Service, Field::SERVICE).and_then(decode_service);
    Some(Operation { weight: weight?, service: service? })
}

/// Reads the service time, which must have exactly one of its possible forms.
fn decode_service(mut table: Table<'_, '_, '_>) -> Option<ServiceTime> {
    let quantiles = table.optional(Field::QuantilesUs).flatten().map(ServiceTime::Quantiles);
    let exponential = table.optional(Field::ExponentialUs).flatten().map(ServiceTime::Exponential);
    let constant = table.optional(Field::ConstantUs).flatten().map(ServiceTime::Constant);
    let written = Field::SERVICE.iter().filter(|field| table.entry(**field).is_some());
    match written.copied().collect::<Vec<_>>()[..] {
        [] if table.is_empty() => report_no_form(&mut table),
        // Unknown keys are already reported.
        [] => {}
        [_] => return quantiles.or(exponential).or(constant),
        [first, second, ..] => report_second_form(&mut table, first, second),
    }
    None
}

#[cold]
fn report_no_form(table: &mut Table<'_, '_, '_>) {
    let message = format!("{} defines no time", table.title());
    let help = format!("add one of {}", quoted(Field::SERVICE));
    let place = table.header();
    table.findings.push(MISSING_KEY.finding(place, message).help(help));
}

#[cold]
fn report_second_form(table: &mut Table<'_, '_, '_>, first: Field, second: Field) {
    let mut places = [table.place(first), table.place(second)];
    places.sort_unstable();
    let message = format!("{} defines its time in two ways", table.title());
    let finding = DUPLICATE_DECLARATION
        .finding(places[1], message)
        .also(places[0], "first time")
        .help(format!("keep one of {}", quoted(Field::SERVICE)));
    table.findings.push(finding);
}
