//! Compares the values that scopes declare, even if the values do not apply to any driver.

use std::collections::BTreeMap;

use super::{BenchmarkProfile, Field, FieldValue, Pairs, Scope, ScopedKind};
use crate::{
    diff::value::values,
    model::{Scoped, record::Record},
    workspace::Workspace,
};

/// A declared value that changed. The scope has the driver's name in the base.
#[derive(Clone, Debug)]
pub(super) struct DeclaredChange {
    pub(super) profile: BenchmarkProfile,
    pub(super) scope: Scope,
    pub(super) field: Field,
    pub(super) sides: [Option<FieldValue>; 2],
}

type Key = (BenchmarkProfile, Scope, Field);

/// Returns the declared values that differ between the sides.
pub(super) fn differing(pairs: &Pairs<'_>, kind: ScopedKind) -> Vec<DeclaredChange> {
    let mut values: BTreeMap<Key, [Option<FieldValue>; 2]> = BTreeMap::new();
    for (key, value) in declared(pairs.old, kind) {
        values.entry(key).or_default()[0] = Some(value);
    }
    for ((profile, scope, field), value) in declared(pairs.new, kind) {
        values.entry((profile, pairs.base_scope(&scope), field)).or_default()[1] = Some(value);
    }
    let changed = values.into_iter().filter(|(_, [old, new])| old != new);
    changed
        .map(|((profile, scope, field), sides)| DeclaredChange { profile, scope, field, sides })
        .collect()
}

fn declared(workspace: &Workspace, kind: ScopedKind) -> Vec<(Key, FieldValue)> {
    match kind {
        ScopedKind::Budget => workspace.budgets().flat_map(keyed).collect(),
        ScopedKind::Workload => workspace.workloads().flat_map(keyed).collect(),
    }
}

fn keyed(declared: &(impl Scoped + Record)) -> Vec<(Key, FieldValue)> {
    let key = |field| (declared.profile(), declared.scope().clone(), field);
    let set = values(declared).into_iter().filter_map(|(field, value)| Some((key(field), value?)));
    set.collect()
}
