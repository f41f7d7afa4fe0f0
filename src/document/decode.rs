//! From the tree of a document to its declarations.

use std::collections::{BTreeSet, HashSet};

use crate::{
    document::{
        BenchmarkDeclaration, BudgetDeclaration, Declarations, DriverDeclaration, Table,
        WaiverDeclaration, nameless,
        parts::Parts,
        scopes::{BUDGETS, Header, WORKLOADS, read_scopes},
        workload,
    },
    model::{Benchmark, DeclaredBudget, DriverName, Field, Waiver},
    toml::{
        entries::{body, is_table, items, read_as},
        findings::Findings,
        table::{expect_items, expect_table},
        tree::{NodeId, Tree},
        value::read_key_as_name,
    },
};

/// Everything that a document declares; what cannot be read is in the findings.
pub(super) fn decode(tree: &Tree<'_>, findings: &mut Findings) -> Declarations {
    let root = tree.root();
    Table::open(tree, root, Field::DOCUMENT, findings);
    let mut declarations = Declarations::default();
    let mut names = None;
    let tables = |field| read_as(tree, root, Field::DOCUMENT, field);
    for table in tables(Field::Driver) {
        let direct = nameless::report(tree, table, Field::Driver, findings);
        declare_nameless(tree, table, &direct, &mut declarations);
        let tables = tables_in(tree, (table, direct), &|| "driver.<name>".to_owned(), findings);
        // Otherwise a document of one driver has room for four, and there may be many of those.
        declarations.drivers.reserve_exact(tree.children(table).count());
        for id in tables {
            let driver = decode_driver(tree, id, findings);
            let drivers = &mut declarations.drivers;
            let Some(driver) = driver else { continue };
            if is_misspelt(tree, table, Field::Driver) {
                // The table with the right key comes first, and has each name once.
                let names = names.get_or_insert_with(|| names_of(drivers));
                if !names.insert(driver.name().clone()) {
                    continue;
                }
            }
            drivers.push(driver);
        }
    }
    read_scopes(tree, BUDGETS, findings, |table, header| {
        declarations.budgets.extend(decode_budget(table, header));
    });
    read_scopes(tree, WORKLOADS, findings, |table, header| {
        declarations.workloads.extend(workload::decode(table, header));
    });
    for table in tables(Field::Benchmark) {
        expect_items(tree, table, findings);
        for id in items(tree, table) {
            // Of the rest nobody knows which drivers it names, and one like that says it.
            if findings.is_too_many() {
                declarations.benchmarks.push(BenchmarkDeclaration::Broken { driver: None });
                break;
            }
            declarations.benchmarks.push(decode_benchmark(tree, id, findings));
        }
    }
    for table in tables(Field::Waiver) {
        expect_items(tree, table, findings);
        for id in items(tree, table) {
            if findings.is_too_many() {
                declarations.waivers.push(WaiverDeclaration::Broken { driver: None });
                break;
            }
            declarations.waivers.push(decode_waiver(tree, id, findings));
        }
    }
    findings.fold_repeated("named here");
    declarations
}

/// Declares the drivers whose headers have no name but that give it in another place.
fn declare_nameless(
    tree: &Tree<'_>,
    table: NodeId,
    direct: &HashSet<NodeId>,
    declarations: &mut Declarations,
) {
    if direct.is_empty() && is_table(tree, table) {
        declarations.nameless_driver |= tree.children(table).next().is_none();
        return;
    }
    let names = nameless::names(tree, table);
    let owner = direct.iter().next().and_then(|entry| nameless::owner(tree, *entry));
    declarations.nameless_driver |= names.is_empty() && owner.is_none();
    let broken = |name| DriverDeclaration::Broken { name, class: None, partial: None };
    declarations.drivers.extend(names.into_iter().map(broken));
}

#[cold]
fn names_of(drivers: &[DriverDeclaration]) -> BTreeSet<DriverName> {
    drivers.iter().map(|driver| driver.name().clone()).collect()
}

/// Whether a table is not written with the key that it is read as.
pub(super) fn is_misspelt(tree: &Tree<'_>, table: NodeId, field: Field) -> bool {
    tree.node(table).key != field.key()
}

/// The tables inside a table whose keys are names, but for entries that are reported already; in
/// double brackets they are reported, too.
pub(super) fn tables_in<'t, 's>(
    tree: &'t Tree<'s>,
    (table, reported): (NodeId, HashSet<NodeId>),
    header: &dyn Fn() -> String,
    findings: &mut Findings,
) -> impl Iterator<Item = NodeId> + use<'t, 's> {
    let is_readable = expect_table::<Field>(tree, table, header, findings);
    // What is repeated in another form is reported as a repetition only.
    let is_read = move |id: NodeId| {
        !reported.contains(&id) && (is_table(tree, id) || !tree.node(id).repeated)
    };
    let all = move || is_readable.then(|| tree.children(table)).into_iter().flatten();
    for child in all().filter(|id| is_read(*id)) {
        expect_table::<Field>(tree, child, header, findings);
    }
    all().filter(move |id| is_read(*id) && is_table(tree, body(tree, *id)))
}

fn decode_driver(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut Findings,
) -> Option<DriverDeclaration> {
    let before = findings.said();
    let name = read_key_as_name(tree, id, findings);
    if name.is_none() {
        findings.repeat_last();
    }
    let parts = Parts::read(Table::open(tree, body(tree, id), Field::DRIVER, findings));
    let whole = findings.said() == before && is_table(tree, id) && parts.is_certain();
    let name = name?;
    if tree.node(id).repeated {
        return None;
    }
    if whole {
        return parts.contract(name).map(DriverDeclaration::Whole);
    }
    let class = parts.class;
    let partial = Some(Box::new(parts.partial(name.clone())));
    Some(DriverDeclaration::Broken { name, class, partial })
}

/// The limits of one scope; none if it sets no limit, or nothing can be said to have it.
fn decode_budget(mut table: Table<'_, '_, '_>, header: Header) -> Option<BudgetDeclaration> {
    let Header { profile, scope, misspelt } = header;
    let max_p95_latency_ms = table.optional(Field::MaxP95LatencyMs);
    let max_timeout_rate_bps = table.optional(Field::MaxTimeoutRateBps);
    let max_retry_rate_bps = table.optional(Field::MaxRetryRateBps);
    let min_throughput_ops_per_sec = table.optional(Field::MinThroughputOpsPerSec);
    let whole = !misspelt
        && max_p95_latency_ms.is_some()
        && max_timeout_rate_bps.is_some()
        && max_retry_rate_bps.is_some()
        && min_throughput_ops_per_sec.is_some();
    let declares = Field::BUDGET_SCOPE.iter().any(|limit| table.entry(*limit).is_some());
    if !declares {
        table.report_empty("sets no limit", Field::BUDGET_SCOPE);
    }
    if !declares || table.is_repeated() {
        return None;
    }
    let budget = DeclaredBudget {
        max_p95_latency_ms: max_p95_latency_ms.flatten(),
        max_timeout_rate_bps: max_timeout_rate_bps.flatten(),
        max_retry_rate_bps: max_retry_rate_bps.flatten(),
        min_throughput_ops_per_sec: min_throughput_ops_per_sec.flatten(),
        ..DeclaredBudget::new(profile?, scope?)
    };
    Some(BudgetDeclaration { budget, whole, misspelt })
}

fn decode_benchmark(tree: &Tree<'_>, id: NodeId, findings: &mut Findings) -> BenchmarkDeclaration {
    let before = findings.said();
    let mut table = Table::open_item(tree, id, Field::BENCHMARK, findings);
    let driver: Option<DriverName> = table.required(Field::Driver);
    let name = driver.clone();
    let benchmark = decode_figures(&mut table, driver);
    match benchmark {
        Some(benchmark) if findings.said() == before => BenchmarkDeclaration::Whole(benchmark),
        _ => BenchmarkDeclaration::Broken { driver: name },
    }
}

fn decode_figures(table: &mut Table<'_, '_, '_>, driver: Option<DriverName>) -> Option<Benchmark> {
    let profile = table.required(Field::Profile);
    let p50_latency_ms = table.required(Field::P50LatencyMs);
    let p95_latency_ms = table.required(Field::P95LatencyMs);
    let timeout_rate_bps = table.required(Field::TimeoutRateBps);
    let retry_rate_bps = table.required(Field::RetryRateBps);
    let throughput_ops_per_sec = table.required(Field::ThroughputOpsPerSec);
    table.report_missing();
    let attempts = table.optional(Field::Attempts);
    let requests = table.optional(Field::Requests);
    let p95_upper_latency_ms = table.optional(Field::P95UpperLatencyMs);
    let reject_rate_bps = table.optional(Field::RejectRateBps);
    let failure_rate_bps = table.optional(Field::FailureRateBps);
    let duration_ms = table.optional(Field::DurationMs);
    let load_loop = table.optional(Field::Loop);
    let source = table.optional(Field::Source);
    let measured_on = table.optional(Field::MeasuredOn);
    let contract = table.optional(Field::Contract);
    Some(Benchmark {
        driver: driver?,
        profile: profile?,
        p50_latency_ms: p50_latency_ms?,
        p95_latency_ms: p95_latency_ms?,
        timeout_rate_bps: timeout_rate_bps?,
        retry_rate_bps: retry_rate_bps?,
        throughput_ops_per_sec: throughput_ops_per_sec?,
        attempts: attempts?,
        requests: requests?,
        p95_upper_latency_ms: p95_upper_latency_ms?,
        reject_rate_bps: reject_rate_bps?,
        failure_rate_bps: failure_rate_bps?,
        duration_ms: duration_ms?,
        load_loop: load_loop?,
        source: source?,
        measured_on: measured_on?,
        contract: contract?,
    })
}

fn decode_waiver(tree: &Tree<'_>, id: NodeId, findings: &mut Findings) -> WaiverDeclaration {
    let before = findings.said();
    let mut table = Table::open_item(tree, id, Field::WAIVER, findings);
    let rule = table.required(Field::Rule);
    let driver: Option<Option<DriverName>> = table.optional(Field::Driver);
    let field = table.optional(Field::WaivedField);
    let reason = table.required(Field::Reason);
    let owner = table.required(Field::Owner);
    let expires = table.required(Field::Expires);
    table.report_missing();
    let name = driver.clone().flatten();
    let waiver = || {
        Some(Waiver {
            rule: rule?,
            driver: driver?,
            field: field?,
            reason: reason?,
            owner: owner?,
            expires: expires?,
        })
    };
    match waiver() {
        Some(waiver) if findings.said() == before => WaiverDeclaration::Whole(waiver),
        _ => WaiverDeclaration::Broken { driver: name },
    }
}

/// The names of the drivers of a document whose text is broken.
pub(super) fn driver_names(tree: &Tree<'_>) -> Vec<DriverDeclaration> {
    let tables = read_as(tree, tree.root(), Field::DOCUMENT, Field::Driver);
    let drivers = tables.flat_map(|table| tree.children(table));
    let drivers = drivers.filter(|id| is_table(tree, body(tree, *id)));
    let names = drivers.filter_map(|id| DriverName::new(&tree.node(id).key).ok());
    let names: BTreeSet<_> = names.collect();
    let broken = |name| DriverDeclaration::Broken { name, class: None, partial: None };
    names.into_iter().map(broken).collect()
}
