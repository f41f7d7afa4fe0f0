//! Explains the values of contracts, budgets and workloads.

use super::{Explanation, OriginRole, ValueOrigin, ValuePlace};
use crate::{
    finding::{ContractPath, DeclarationId},
    model::{
        AbandonedWork, BenchmarkProfile, DeclaredWorkload, DriverContract, Effective, Field,
        RetryPolicy, Scope, Scoped,
        record::{Literal, Record, fields},
    },
    report::declare::toml,
    workspace::Workspace,
};

/// Explains a field of a contract.
pub fn contract_field(
    workspace: &Workspace,
    contract: &DriverContract,
    field: Field,
) -> Explanation {
    let path = format!("{}.{}", contract.name, field.path());
    let value = value_of(contract, field);
    let origin = workspace.origin(&contract.name, field).filter(|_| value.is_some());
    let Some((origin, value)) = origin.zip(value) else {
        return Explanation::of(path, Vec::new(), default_of(contract, field));
    };
    let set = origin_at(workspace, OriginRole::Set, origin.set_by, value);
    let through = origin.like.map(|like| {
        let value = written(workspace, &like);
        let declaration = "`like` of the driver".to_owned();
        let through = origin_at(workspace, OriginRole::Through, like, value);
        ValueOrigin { declaration, ..through }
    });
    let overridden = origin.overrides.map(|place| {
        let value = written(workspace, &place);
        origin_at(workspace, OriginRole::Overridden, place, value)
    });
    let origins = std::iter::once(set).chain(through).chain(overridden);
    Explanation::of(path, origins.collect(), None)
}

/// Returns the default, as TOML, of an optional field that a contract does not set.
fn default_of(contract: &DriverContract, field: Field) -> Option<String> {
    let has_budget = contract.retry_policy.retry_budget_percent.is_some();
    let default = if field == Field::MultiplierPercent {
        RetryPolicy::DEFAULT_MULTIPLIER
    } else if field == Field::RetryBudgetMin && has_budget {
        RetryPolicy::DEFAULT_RETRY_BUDGET_MIN
    } else {
        return None;
    };
    Some(default.to_string())
}

/// Explains a limit of the effective budget of a driver. Returns `None` if no scope declares a
/// budget.
pub fn budget_limit(
    workspace: &Workspace,
    contract: &DriverContract,
    profile: BenchmarkProfile,
    field: Field,
) -> Option<Explanation> {
    let scopes = workspace.effective_budget(contract, profile)?.scopes;
    let (key, origins) = scoped(workspace, scopes, field, DeclarationId::budget);
    let path = format!("budget.{}.{key}", profile.label());
    Some(Explanation::of(path, origins, None))
}

/// Explains a value of the effective workload of a driver. Returns `None` if no scope declares a
/// workload, or if the workload of a scope has an error.
pub fn workload_field(
    workspace: &Workspace,
    contract: &DriverContract,
    profile: BenchmarkProfile,
    field: Field,
) -> Option<Explanation> {
    let scopes = workspace.effective_workload(contract, profile)?;
    let (key, origins) = scoped(workspace, scopes, field, DeclarationId::workload);
    let path = format!("workload.{}.{key}", profile.label());
    let mut defaults = DeclaredWorkload::defaults(profile);
    let has_server_slots = scopes.setting(|load| load.server_slots).is_some();
    defaults.abandoned_work = Some(AbandonedWork::default_of(has_server_slots));
    let default = value_of(&defaults, field);
    Some(Explanation::of(path, origins, default))
}

/// Returns the scopes that set a field, the narrowest scope first. Also returns the field's key for
/// the unit that the narrowest scope uses.
fn scoped<D: Scoped + Record>(
    workspace: &Workspace,
    scopes: Effective<'_, D>,
    field: Field,
    id: fn(&D) -> DeclarationId,
) -> (&'static str, Vec<ValueOrigin>) {
    let mut effective_key = field.path();
    let mut origins: Vec<ValueOrigin> = Vec::new();
    for declared in scopes.iter() {
        let Some(literal) = literal_of(declared, field) else { continue };
        let key =
            if let Literal::Latency(_, unit) = literal { field.key_in(unit) } else { field.path() };
        if origins.is_empty() {
            effective_key = key;
        }
        let role = if origins.is_empty() { OriginRole::Set } else { OriginRole::Overridden };
        let origin = origin_at(workspace, role, id(declared).at(field), toml(literal));
        let declaration = match declared.scope() {
            Scope::All => "for all drivers".to_owned(),
            Scope::Class(class) => format!("for class `{}`", class.label()),
            Scope::Driver(name) => format!("for driver `{name}`"),
        };
        let other_key = (key != effective_key).then_some(key);
        origins.push(ValueOrigin { other_key, declaration, ..origin });
    }
    (effective_key, origins)
}

/// Returns the value of a field as TOML, if the record has one.
pub(super) fn value_of(record: &impl Record, field: Field) -> Option<String> {
    literal_of(record, field).map(toml)
}

fn literal_of(record: &impl Record, field: Field) -> Option<Literal<'_>> {
    let found = fields(record).into_iter().find(|(own, _)| *own == field);
    found.and_then(|(_, literal)| literal)
}

pub(super) fn origin_at(
    workspace: &Workspace,
    role: OriginRole,
    path: ContractPath,
    value: String,
) -> ValueOrigin {
    let declaration = if let DeclarationId::Template(name) = &path.subject {
        format!("template `{name}`")
    } else {
        String::new()
    };
    let place = place_of(workspace, path);
    ValueOrigin { role, place, value, other_key: None, declaration }
}

fn place_of(workspace: &Workspace, path: ContractPath) -> Option<ValuePlace> {
    let location = workspace.locate_places([path]).into_iter().next()?;
    Some(ValuePlace::new(workspace.sources().source(location.source), location.span))
}

/// Returns the text of a value, exactly as the document contains it.
fn written(workspace: &Workspace, path: &ContractPath) -> String {
    let location = workspace.locate_places([path.clone()]).into_iter().next();
    let slice = location.map(|it| workspace.sources().source(it.source).slice(it.span).to_owned());
    slice.unwrap_or_default()
}
