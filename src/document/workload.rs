//! Reads workloads: one table a scope, with its bursts and its operations.

mod values;

use crate::{
    document::{
        Table, WorkloadDeclaration,
        record::{self, ReadRecord},
        scopes::Header,
    },
    model::{
        Burst, DeclaredWorkload, Field, InvalidBurst, Operation, Operations, OpsPerKsec,
        ServiceTime,
    },
    toml::{
        entries::items,
        findings::Findings,
        rules::{DUPLICATE_DECLARATION, MISSING_KEY, OUT_OF_RANGE},
        table::{expect_items, quoted},
        tree::{NodeId, Tree},
    },
};

/// The values of one scope; none if it sets nothing, or nothing can be said to have it.
pub(super) fn decode(mut table: Table<'_, '_, '_>, header: Header) -> Option<WorkloadDeclaration> {
    let before = table.findings.said();
    let declares = Field::WORKLOAD_SCOPE.iter().any(|field| table.entry(*field).is_some());
    if !declares {
        table.report_empty("sets nothing", Field::WORKLOAD_SCOPE);
    }
    let is_void = !declares || table.is_repeated() || !header.is_known();
    let misspelt = header.misspelt;
    let ReadRecord { record, .. } = record::read::<DeclaredWorkload>(&mut table, header);
    if let Some(workload) = &record {
        check_burst_rate(&mut table, workload);
    }
    let whole = !misspelt && table.findings.said() == before && !has_misspelt_key(&table);
    let workload = record.filter(|_| !is_void)?;
    Some(WorkloadDeclaration { workload, whole, misspelt })
}

/// What is set under a misspelt key may mean something else, such as another unit.
fn has_misspelt_key(table: &Table<'_, '_, '_>) -> bool {
    Field::WORKLOAD_SCOPE
        .iter()
        .any(|field| table.entry(*field).is_some_and(|id| table.tree.node(id).key != field.key()))
}

/// The burst of a scope; the outer option is none if it is wrong.
#[expect(clippy::option_option, reason = "absent and wrong are two different things")]
pub(super) fn read_burst(scope: &mut Table<'_, '_, '_>) -> Option<Option<Burst>> {
    if scope.entry(Field::Burst).is_none() {
        return Some(None);
    }
    let mut table = scope.table(Field::Burst, Field::BURST)?;
    let period_ms = table.required(Field::BurstPeriodMs);
    let on_ms = table.required(Field::BurstOnMs);
    let percent = table.required(Field::BurstPercent);
    table.report_missing();
    let report = |invalid: &InvalidBurst| report_long_burst(&mut table, *invalid);
    Burst::new(period_ms?, on_ms?, percent?).inspect_err(report).ok().map(Some)
}

#[cold]
fn report_long_burst(table: &mut Table<'_, '_, '_>, invalid: InvalidBurst) {
    let InvalidBurst { on_ms, period_ms } = invalid;
    let message = format!("`on_ms` is {on_ms}, longer than the period");
    let finding = OUT_OF_RANGE
        .finding(table.place(Field::BurstOnMs), message)
        .also(table.place(Field::BurstPeriodMs), format!("the period is {period_ms}"))
        .help(format!("write at most {}", period_ms.get()));
    table.findings.push(finding);
}

/// What to say of a burst without any operation at this rate, and what to write.
pub(crate) fn vanishing(burst: Burst, rate: OpsPerKsec) -> Option<(String, String)> {
    let least = burst.vanishes_below(rate)?;
    let (percent, rate) = (burst.percent().get(), rate.get());
    let message = format!("{percent} % of {rate} operations in 1000 s are none at all");
    Some((message, format!("write at least {least}")))
}

/// A burst of no operations would be a pause that no arrival ends.
fn check_burst_rate(table: &mut Table<'_, '_, '_>, workload: &DeclaredWorkload) {
    let Some((burst, rate)) = workload.burst.zip(workload.rate_ops_per_ksec) else { return };
    let Some((message, help)) = vanishing(burst, rate) else { return };
    let percent = table.entry(Field::Burst).and_then(|id| table.tree.child(id, "percent"));
    let place = percent.map_or_else(|| table.place(Field::Burst), |id| table.tree.node(id).span);
    let finding = OUT_OF_RANGE
        .finding(place, message)
        .also(table.place(Field::RateOpsPerKsec), "the rate outside of bursts")
        .help(help);
    table.findings.push(finding);
}

/// The operations of a scope; the outer option is none if one of them is wrong, or none is there.
#[expect(clippy::option_option, reason = "absent and wrong are two different things")]
pub(super) fn read_operations(table: &mut Table<'_, '_, '_>) -> Option<Option<Operations>> {
    let Some(array) = table.entry(Field::Operation) else { return Some(None) };
    let tree = table.tree;
    expect_items(tree, array, table.findings);
    if tree.is_empty_array(array) {
        let message = format!("`{}` has no operation", tree.path(array));
        let help = format!("add `[[{}]]` with {}", tree.path(array), quoted(Field::OPERATION));
        table.findings.push(MISSING_KEY.finding(tree.node(array).span, message).help(help));
        return None;
    }
    let operations: Vec<_> =
        items(tree, array).map(|id| decode_operation(tree, id, table.findings)).collect();
    let operations: Option<Vec<_>> = operations.into_iter().collect();
    operations?.try_into().ok().map(Some)
}

fn decode_operation(tree: &Tree<'_>, id: NodeId, findings: &mut Findings) -> Option<Operation> {
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

/// The service time, in exactly one of its forms.
fn decode_service(mut table: Table<'_, '_, '_>) -> Option<ServiceTime> {
    let quantiles = table.optional(Field::QuantilesUs).flatten().map(ServiceTime::Quantiles);
    let exponential = table.optional(Field::ExponentialUs).flatten().map(ServiceTime::Exponential);
    let constant = table.optional(Field::ConstantUs).flatten().map(ServiceTime::Constant);
    let written = Field::SERVICE.iter().filter(|field| table.entry(**field).is_some());
    match written.copied().collect::<Vec<_>>()[..] {
        [] if table.is_empty() => report_no_form(&mut table),
        // What stands there instead is reported as an unknown key.
        [] => {}
        [_] => return quantiles.or(exponential).or(constant),
        [first, second, ..] => report_second_form(&mut table, first, second),
    }
    None
}

#[cold]
fn report_no_form(table: &mut Table<'_, '_, '_>) {
    let message = format!("{} says no time", table.title());
    let help = format!("add one of {}", quoted(Field::SERVICE));
    let place = table.header();
    table.findings.push(MISSING_KEY.finding(place, message).help(help));
}

#[cold]
fn report_second_form(table: &mut Table<'_, '_, '_>, first: Field, second: Field) {
    let mut places = [table.place(first), table.place(second)];
    places.sort_unstable();
    let message = format!("{} says its time twice", table.title());
    let finding = DUPLICATE_DECLARATION
        .finding(places[1], message)
        .also(places[0], "first said here")
        .help(format!("keep one of {}", quoted(Field::SERVICE)));
    table.findings.push(finding);
}
