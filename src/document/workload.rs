//! Reads workloads: one table a scope, with its bursts and its operations.

mod values;

use crate::{
    document::{Table, WorkloadDeclaration, scopes::Header},
    model::{Burst, DeclaredWorkload, Field, Operation, OpsPerKsec, ServiceTime},
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
    let seeds = table.optional(Field::Seeds);
    let warmup_ms = table.optional(Field::WarmupMs);
    let duration_ms = table.optional(Field::DurationMs);
    let rate_ops_per_ksec = table.optional(Field::RateOpsPerKsec);
    let arrival = table.optional(Field::Arrival);
    let burst = decode_burst(&mut table);
    let error_bps = table.optional(Field::ErrorBps);
    let error_us = table.optional(Field::ErrorUs);
    let stall_bps = table.optional(Field::StallBps);
    let stall_us = table.optional(Field::StallUs);
    let slot_recovery_us = table.optional(Field::SlotRecoveryUs);
    let operations = decode_operations(&mut table);
    check_burst_rate(&mut table, burst, rate_ops_per_ksec.flatten());
    let whole = !header.misspelt && table.findings.said() == before && !has_misspelt_key(&table);
    let declares = Field::WORKLOAD_SCOPE.iter().any(|field| table.entry(*field).is_some());
    if !declares {
        table.report_empty("sets nothing", Field::WORKLOAD_SCOPE);
    }
    if !declares || table.is_repeated() {
        return None;
    }
    let workload = DeclaredWorkload {
        profile: header.profile?,
        scope: header.scope?,
        seeds: seeds.flatten(),
        warmup_ms: warmup_ms.flatten(),
        duration_ms: duration_ms.flatten(),
        rate_ops_per_ksec: rate_ops_per_ksec.flatten(),
        arrival: arrival.flatten(),
        burst,
        error_bps: error_bps.flatten(),
        error_us: error_us.flatten(),
        stall_bps: stall_bps.flatten(),
        stall_us: stall_us.flatten(),
        slot_recovery_us: slot_recovery_us.flatten(),
        operations,
    };
    Some(WorkloadDeclaration { workload, whole, misspelt: header.misspelt })
}

/// What is set under a misspelt key may mean something else, such as another unit.
fn has_misspelt_key(table: &Table<'_, '_, '_>) -> bool {
    Field::WORKLOAD_SCOPE
        .iter()
        .any(|field| table.entry(*field).is_some_and(|id| table.tree.node(id).key != field.key()))
}

fn decode_burst(scope: &mut Table<'_, '_, '_>) -> Option<Burst> {
    scope.entry(Field::Burst)?;
    let mut table = scope.table(Field::Burst, Field::BURST)?;
    let period_ms = table.required(Field::BurstPeriodMs);
    let on_ms = table.required(Field::BurstOnMs);
    let percent = table.required(Field::BurstPercent);
    table.report_missing();
    let burst = Burst { period_ms: period_ms?, on_ms: on_ms?, percent: percent? };
    if burst.on_ms.get() <= burst.period_ms.get() {
        return Some(burst);
    }
    let place = table.place(Field::BurstOnMs);
    let message = format!("`on_ms` is {}, longer than the period", burst.on_ms);
    let finding = OUT_OF_RANGE
        .finding(place, message)
        .also(table.place(Field::BurstPeriodMs), format!("the period is {}", burst.period_ms))
        .help(format!("write at most {}", burst.period_ms.get()));
    table.findings.push(finding);
    None
}

/// A burst of no operations would be a pause that no arrival ends.
fn check_burst_rate(table: &mut Table<'_, '_, '_>, burst: Option<Burst>, rate: Option<OpsPerKsec>) {
    let Some((burst, rate)) = burst.zip(rate) else { return };
    let Some((message, help)) = burst.vanishes(rate) else { return };
    let percent = table.entry(Field::Burst).and_then(|id| table.tree.child(id, "percent"));
    let place = percent.map_or_else(|| table.place(Field::Burst), |id| table.tree.node(id).span);
    let finding = OUT_OF_RANGE
        .finding(place, message)
        .also(table.place(Field::RateOpsPerKsec), "the rate outside of bursts")
        .help(help);
    table.findings.push(finding);
}

/// The operations of a scope; none where it names none, or one of them is wrong.
fn decode_operations(table: &mut Table<'_, '_, '_>) -> Option<Vec<Operation>> {
    let array = table.entry(Field::Operation)?;
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
    operations.into_iter().collect()
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
