//! Reads workloads, with one table per scope.

pub(super) mod burst;
pub(super) mod operations;
pub(super) mod trigger;
mod values;

use self::burst::check_burst_rate;
pub(crate) use self::burst::vanishing;
use crate::{
    document::{
        Table, WorkloadDeclaration,
        record::{self, ReadRecord},
        scopes::Header,
    },
    model::{DeclaredWorkload, Field},
};

/// Returns the values of one scope. Returns `None` if the table sets no value or is not valid for a
/// scope.
pub(super) fn decode(mut table: Table<'_, '_, '_>, header: Header) -> Option<WorkloadDeclaration> {
    let before = table.findings.reported();
    let declares = Field::WORKLOAD_SCOPE.iter().any(|field| table.entry(*field).is_some());
    if !declares {
        table.report_empty("sets no value", Field::WORKLOAD_SCOPE);
    }
    let is_void = !declares || table.is_repeated() || !header.is_known();
    let misspelt = header.misspelt;
    let ReadRecord { record, .. } = record::read::<DeclaredWorkload>(&mut table, header);
    if let Some(workload) = &record {
        check_burst_rate(&mut table, workload);
    }
    let whole = !misspelt && table.findings.reported() == before && !has_misspelt_key(&table);
    let workload = record.filter(|_| !is_void)?;
    Some(WorkloadDeclaration { workload, whole, misspelt })
}

/// Returns true if a key is misspelt. The value might then have another meaning, such as another
/// unit.
fn has_misspelt_key(table: &Table<'_, '_, '_>) -> bool {
    Field::WORKLOAD_SCOPE
        .iter()
        .any(|field| table.entry(*field).is_some_and(|id| table.tree.node(id).key != field.key()))
}
