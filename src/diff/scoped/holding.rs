//! Computes the effective values of a budget or workload for one driver.

use std::collections::BTreeMap;

use super::{ChangedItem, DeclarationId, DriverChange, Field, FieldValue, Pairs, Scope};
use crate::{
    diff::{token::token, value::values},
    model::{
        AbandonedWork, BenchmarkProfile, DeclaredWorkload, Effective, EffectiveBudget,
        EffectiveWorkload, Scoped, record::Record,
    },
    signature::budget_signature,
    workspace::Workspace,
};

/// A kind of declaration that has scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopedKind {
    Budget,
    Workload,
}

/// An effective value, and the scope that sets the value.
#[derive(Clone, Debug)]
pub(super) struct EffectiveItem {
    pub(super) field: Field,
    pub(super) value: FieldValue,
    pub(super) scope: Scope,
}

impl ScopedKind {
    pub(super) const fn subject(self, profile: BenchmarkProfile, scope: Scope) -> DeclarationId {
        match self {
            Self::Budget => DeclarationId::Budget(profile, scope),
            Self::Workload => DeclarationId::Workload(profile, scope),
        }
    }

    pub(super) const fn contract(self, profile: BenchmarkProfile, scope: Scope) -> ChangedItem {
        match self {
            Self::Budget => ChangedItem::Budget(profile, scope),
            Self::Workload => ChangedItem::Workload(profile, scope),
        }
    }

    /// Returns the effective values of both sides. Returns `None` if the values are equal, or if
    /// only one side has a budget because the driver gained or lost the capability that claims the
    /// profile.
    pub(super) fn changed(
        self,
        pairs: &Pairs<'_>,
        pair: DriverChange<'_>,
        profile: BenchmarkProfile,
    ) -> Option<[Vec<EffectiveItem>; 2]> {
        match self {
            Self::Budget => {
                let [old, new] = budgets(pairs, pair, profile);
                let claims =
                    [pairs.old.claims(pair.old, profile), pairs.new.claims(pair.new, profile)];
                let by_claim = old.is_some() != new.is_some() && claims[0] != claims[1];
                let changed = old != new && !by_claim;
                changed.then(|| [old, new].map(|budget| budget.map_or(vec![], limits)))
            }
            Self::Workload => {
                let old = pairs.old.effective_workload(pair.old, profile);
                let new = pairs.new.effective_workload(pair.new, profile);
                let changed = old != new;
                changed.then(|| [old, new].map(|workload| workload.map_or(vec![], load)))
            }
        }
    }

    /// Returns the token of a field in the signature of a scope. Workloads have no signature.
    pub(super) fn token(
        self,
        workspace: &Workspace,
        profile: BenchmarkProfile,
        scope: &Scope,
        field: Field,
    ) -> Option<String> {
        if self == Self::Workload {
            return None;
        }
        let budget = workspace.declared_budget(profile, scope)?;
        token(&budget_signature(budget), field)
    }
}

/// Returns the budgets of both sides that apply to a driver.
fn budgets<'w>(
    pairs: &Pairs<'w>,
    pair: DriverChange<'_>,
    profile: BenchmarkProfile,
) -> [Option<EffectiveBudget<'w>>; 2] {
    [pairs.old.applying_budget(pair.old, profile), pairs.new.applying_budget(pair.new, profile)]
}

/// Returns the values that scopes set. Each value comes from the narrowest scope that sets it.
fn set<D: Scoped + Record>(effective: Effective<'_, D>) -> BTreeMap<Field, EffectiveItem> {
    let mut held = BTreeMap::new();
    for declared in effective.iter() {
        for (field, value) in values(declared) {
            let Some(value) = value else { continue };
            let scope = || declared.scope().clone();
            held.entry(field).or_insert_with(|| EffectiveItem { field, value, scope: scope() });
        }
    }
    held
}

fn limits(budget: EffectiveBudget<'_>) -> Vec<EffectiveItem> {
    set(budget.scopes).into_values().collect()
}

/// Returns the values of a workload. Defaults belong to the narrowest scope of the workload.
fn load(workload: EffectiveWorkload<'_>) -> Vec<EffectiveItem> {
    if workload.missing().next().is_some() {
        return Vec::new();
    }
    let mut held = set(workload);
    let continues = workload.complete().is_some_and(|load| load.continues_abandoned_work());
    let abandoned = if continues { AbandonedWork::Continues } else { AbandonedWork::Cancelled };
    for (field, value) in values(&DeclaredWorkload::defaults(workload.profile)) {
        // The default depends on `server_slots`.
        let none = if field == Field::AbandonedWork { abandoned.label() } else { "none" };
        let value = value.unwrap_or_else(|| FieldValue::text(none));
        let scope = || workload.narrowest.scope.clone();
        held.entry(field).or_insert_with(|| EffectiveItem { field, value, scope: scope() });
    }
    held.into_values().collect()
}
