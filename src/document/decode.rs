//! Converts the tree of a document to its declarations.

use std::collections::{BTreeSet, HashSet};

use crate::{
    document::{
        BenchmarkDeclaration, BudgetDeclaration, Declarations, DriverDeclaration,
        OtherDeclarations, PartialContract, Table, WaiverDeclaration, calls, nameless,
        record::{self, ReadRecord},
        requirement,
        scalars::read_key_as_name,
        scopes::{BUDGETS, Header, WORKLOADS, read_scopes},
        server,
        tables::{is_misspelt, tables_in},
        template, workload,
    },
    model::{Benchmark, DriverContract, DriverName, Field, Waiver, record::Record},
    toml::{
        entries::{body, is_table, items, read_as},
        findings::DocumentFindings,
        table::expect_items,
        tree::{NodeId, Tree},
    },
};

/// Returns the declarations of a document, and reports everything that cannot be read.
pub(super) fn decode(tree: &Tree<'_>, findings: &mut DocumentFindings) -> Declarations {
    let root = tree.root();
    Table::open(tree, root, Field::DOCUMENT, findings);
    let mut declarations = decode_drivers(tree, findings);
    // Most documents contain nothing but drivers. There can be many such documents.
    let has_others = tree.children(root).any(|child| tree.node(child).key != Field::Driver.key());
    if has_others {
        declarations = declarations.with_others(decode_others(tree, findings));
    }
    findings.fold_repeated("named here");
    declarations
}

fn decode_drivers(tree: &Tree<'_>, findings: &mut DocumentFindings) -> Declarations {
    let mut declarations = Declarations::default();
    let mut names = None;
    for table in read_as(tree, tree.root(), Field::DOCUMENT, Field::Driver) {
        let direct = nameless::report(tree, table, Field::Driver, findings);
        declare_nameless(tree, table, &direct, &mut declarations);
        let tables = tables_in(tree, (table, direct), &|| "driver.<name>".to_owned(), findings);
        // Without this, a document with one driver reserves room for four. There can be many such
        // documents.
        declarations.drivers.reserve_exact(tree.children(table).count());
        for id in tables {
            let driver = decode_driver(tree, id, findings);
            let drivers = &mut declarations.drivers;
            let Some(driver) = driver else { continue };
            if is_misspelt(tree, table, Field::Driver) {
                // The table with the correctly spelt key comes first, and names in it are unique.
                let names = names.get_or_insert_with(|| names_of(drivers));
                if !names.insert(driver.name().clone()) {
                    continue;
                }
            }
            drivers.push(driver);
        }
    }
    declarations
}

fn decode_others(tree: &Tree<'_>, findings: &mut DocumentFindings) -> OtherDeclarations {
    let tables = |field| read_as(tree, tree.root(), Field::DOCUMENT, field);
    let mut others = OtherDeclarations::default();
    template::read_all(tree, findings, &mut others);
    server::read_all(tree, findings, &mut others);
    read_scopes(tree, BUDGETS, findings, |table, header| {
        others.budgets.extend(decode_budget(table, header));
    });
    read_scopes(tree, WORKLOADS, findings, |table, header| {
        others.workloads.extend(workload::decode(table, header));
    });
    for table in tables(Field::Benchmark) {
        expect_items(tree, table, findings);
        for id in items(tree, table) {
            // The remaining items can name any driver, so one invalid item represents them.
            if findings.is_too_many() {
                others.benchmarks.push(BenchmarkDeclaration::Invalid { driver: None });
                break;
            }
            others.benchmarks.push(decode_benchmark(tree, id, findings));
        }
    }
    for table in tables(Field::Waiver) {
        expect_items(tree, table, findings);
        for id in items(tree, table) {
            if findings.is_too_many() {
                others.waivers.push(WaiverDeclaration::Invalid { driver: None });
                break;
            }
            others.waivers.push(decode_waiver(tree, id, findings));
        }
    }
    calls::read_all(tree, findings, &mut others);
    requirement::read_all(tree, findings, &mut others);
    others
}

/// Declares drivers whose headers lack the name, if the name appears elsewhere.
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
    let broken = |name| DriverDeclaration::Invalid { name, class: None, partial: None };
    declarations.drivers.extend(names.into_iter().map(broken));
}

#[cold]
fn names_of(drivers: &[DriverDeclaration]) -> BTreeSet<DriverName> {
    drivers.iter().map(|driver| driver.name().clone()).collect()
}

fn decode_driver(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<DriverDeclaration> {
    let before = findings.reported();
    let name = read_key_as_name(tree, id, findings);
    if name.is_none() {
        findings.repeat_last();
    }
    let is_named = name.is_some();
    let mut table = Table::open(tree, body(tree, id), Field::DRIVER, findings);
    if table.entry(Field::Like).is_some() {
        return template::read_driver(&mut table, (id, before), name);
    }
    let ReadRecord { record, unread, guessed } = record::read_named(&mut table, name);
    let whole = findings.reported() == before && is_table(tree, id);
    let contract: DriverContract = record.filter(|_| is_named)?;
    if tree.node(id).repeated {
        return None;
    }
    if whole && unread.is_empty() && guessed.is_empty() {
        return Some(DriverDeclaration::Complete(contract));
    }
    let class = (!unread.contains(&Field::Class)).then_some(contract.class);
    let name = contract.name.clone();
    let partial = Some(Box::new(PartialContract::new(contract, unread, guessed)));
    Some(DriverDeclaration::Invalid { name, class, partial })
}

impl PartialContract {
    /// Creates a partial contract. Its list of unread fields starts with the unread fields of the
    /// driver itself, then has the unread fields of the driver's tables, then the guessed fields.
    #[cold]
    pub(crate) fn new(
        contract: DriverContract,
        mut unread: Vec<Field>,
        mut guessed: Vec<Field>,
    ) -> Self {
        let is_in_table = |field: &Field| field.path().contains('.');
        unread.sort_by_key(is_in_table);
        guessed.sort_by_key(|field| !is_in_table(field));
        for field in guessed {
            match parts_of(field) {
                [] => unread.push(field),
                parts => unread.extend_from_slice(parts),
            }
        }
        Self { contract, unread }
    }
}

/// Returns the fields of a table of a driver.
#[expect(clippy::wildcard_enum_match_arm, reason = "three of many fields are tables of a driver")]
pub(crate) fn parts_of(field: Field) -> &'static [Field] {
    match field {
        Field::TimeoutPolicy => Field::TIMEOUT_POLICY,
        Field::RetryPolicy => Field::RETRY_POLICY,
        Field::Telemetry => Field::TELEMETRY,
        _ => &[],
    }
}

/// Returns the limits of one scope. Returns `None` if the table sets no limit, repeats another
/// table, or has an unknown profile or scope.
fn decode_budget(mut table: Table<'_, '_, '_>, header: Header) -> Option<BudgetDeclaration> {
    let declares = Field::BUDGET_SCOPE.iter().any(|limit| table.entry(*limit).is_some());
    if !declares {
        table.report_empty("sets no limit", Field::BUDGET_SCOPE);
    }
    let (misspelt, is_known) = (header.misspelt, header.is_known());
    let is_void = !declares || table.is_repeated() || !is_known;
    let ReadRecord { record, unread, .. } = record::read(&mut table, header);
    let budget = record.filter(|_| !is_void)?;
    Some(BudgetDeclaration { budget, whole: !misspelt && unread.is_empty(), misspelt })
}

fn decode_benchmark(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> BenchmarkDeclaration {
    match decode_item::<Benchmark>(tree, id, findings) {
        Ok(benchmark) => BenchmarkDeclaration::Complete(benchmark),
        Err(ReadRecord { record, unread, .. }) => {
            let record = record.filter(|_| !unread.contains(&Field::Driver));
            BenchmarkDeclaration::Invalid { driver: record.map(|benchmark| benchmark.driver) }
        }
    }
}

fn decode_waiver(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> WaiverDeclaration {
    match decode_item::<Waiver>(tree, id, findings) {
        Ok(waiver) => WaiverDeclaration::Complete(waiver),
        Err(ReadRecord { record, .. }) => {
            WaiverDeclaration::Invalid { driver: record.and_then(|waiver| waiver.driver) }
        }
    }
}

/// Returns the record in a table of an array, or the parts that could be read.
pub(super) fn decode_item<T: Record>(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Result<T, ReadRecord<T>> {
    let before = findings.reported();
    let mut table = Table::open_item(tree, id, T::FIELDS, findings);
    let mut read = record::read(&mut table, Header::default());
    let whole = findings.reported() == before && read.unread.is_empty();
    match read.record.take() {
        Some(record) if whole => Ok(record),
        record => Err(ReadRecord { record, ..read }),
    }
}

/// Returns the driver names of a document with syntax errors.
pub(super) fn driver_names(tree: &Tree<'_>) -> Vec<DriverDeclaration> {
    let tables = read_as(tree, tree.root(), Field::DOCUMENT, Field::Driver);
    let drivers = tables.flat_map(|table| tree.children(table));
    let drivers = drivers.filter(|id| is_table(tree, body(tree, *id)));
    let names = drivers.filter_map(|id| DriverName::new(&tree.node(id).key).ok());
    let names: BTreeSet<_> = names.collect();
    let broken = |name| DriverDeclaration::Invalid { name, class: None, partial: None };
    names.into_iter().map(broken).collect()
}
