//! Adapts the example values of missing keys to the driver and to the project.

use std::collections::BTreeMap;

use crate::{
    builtin,
    configuration::Configuration,
    document::{DriverDeclaration, PartialContract, example},
    finding::{EditAction, Finding},
    model::{
        Capabilities, DriverClass, DriverContract, DriverName, Field, MaxInFlight, Name,
        record::{self, Literal},
    },
    source::Location,
    toml::{quote::quoted, rules::MISSING_KEY},
    workspace::Workspace,
};

/// The text before the path of a driver in the message of a finding.
const DRIVER: &str = " missing from `driver.";
/// The example of a support tier in a project that does not set `support_tiers`.
const TIER: &str = "tier2";

/// Replaces example values in the help and the fix of each finding about missing keys of a driver.
/// The new values are usual for the driver's class, meet the project's requirements and agree with
/// the keys that the driver has.
pub(super) fn adapt(
    findings: &mut [Finding<Location>],
    workspace: &Workspace,
    configuration: &Configuration,
) {
    let mut modules = BTreeMap::new();
    for finding in findings.iter_mut().filter(|finding| finding.rule == &MISSING_KEY) {
        let Some((_, path)) = finding.message.split_once(DRIVER) else { continue };
        let name = path.split(['.', '`']).next().unwrap_or_default();
        let declared = workspace.declared_driver(name);
        let Some(partial) = declared.and_then(DriverDeclaration::partial) else { continue };
        let class = class_of(partial, configuration);
        let module = modules.entry(class).or_insert_with(|| module_of(class, workspace));
        let mut values = texts(&partial.contract.name, class, module.as_deref(), configuration);
        values.extend(numbers(partial, configuration.vocabulary.like(class)));
        for (field, value) in values {
            replace(finding, field, &value);
        }
    }
}

/// Replaces the example of a key with a value.
fn replace(finding: &mut Finding<Location>, field: Field, value: &str) {
    let Some(example) = example::of(field) else { return };
    let [before, after] = [example, value].map(|value| format!("{} = {value}", field.key()));
    if let Some(help) = &mut finding.help {
        *help = help.replace(&before, &after);
    }
    let edits = finding.fix.iter_mut().flat_map(|fix| &mut fix.edits);
    for edit in edits {
        if let EditAction::Insert(text) | EditAction::InsertBelow(text) = &mut edit.change {
            *text = text.replace(&before, &after);
        }
    }
}

/// Returns the class of a driver, or a built-in class if the driver's class is missing or unknown.
fn class_of(partial: &PartialContract, configuration: &Configuration) -> DriverClass {
    let class = partial.contract.class;
    let is_read = !partial.unread.contains(&Field::Class);
    let known = is_read && configuration.vocabulary.contains(&class);
    if known { class } else { DriverClass::RelationalAdapter }
}

/// Returns the module of the built-in driver of a class, unless a driver of the workspace has this
/// module.
fn module_of(class: DriverClass, workspace: &Workspace) -> Option<String> {
    let like = workspace.vocabulary().like(class);
    let module = built_in(like)?.provider_module;
    let is_taken = workspace.drivers().any(|other| other.provider_module == module);
    (!is_taken).then(|| module.to_string())
}

fn built_in(class: DriverClass) -> Option<DriverContract> {
    builtin::workspace().drivers().find(|driver| driver.class == class).cloned()
}

/// Returns the values of the keys whose examples depend on the class or on the project.
fn texts(
    name: &DriverName,
    class: DriverClass,
    module: Option<&str>,
    configuration: &Configuration,
) -> Vec<(Field, String)> {
    let tier = configuration.support_tiers.last().map_or(TIER, Name::as_str);
    let mut values = vec![
        (Field::ProviderModule, quoted(module.unwrap_or_else(|| name.as_str()))),
        (Field::SupportTier, quoted(tier)),
    ];
    let required: Capabilities = configuration.required_capabilities(class);
    let labels: Vec<_> = required.iter().map(|capability| quoted(capability.label())).collect();
    if !labels.is_empty() {
        values.push((Field::Capabilities, format!("[{}]", labels.join(", "))));
    }
    values
}

/// Returns the numbers that are usual for the class, adapted to the numbers that the driver has.
fn numbers(partial: &PartialContract, class: DriverClass) -> Vec<(Field, String)> {
    let own_values = record::fields(&partial.contract);
    let own = |field| number(&own_values, field).filter(|_| !partial.unread.contains(&field));
    let model = built_in(class).unwrap_or_else(builtin::postgres_async_driver);
    let model_values = record::fields(&model);
    let model = |field| number(&model_values, field).unwrap_or_default();

    let (slots, depth) = (model(Field::MaxInFlight), model(Field::MaxQueueDepth));
    let fits_depth = |own: u64| own.saturating_mul(slots).div_ceil(depth.max(1));
    let slots_wanted = own(Field::MaxQueueDepth).map_or(slots, |own| fits_depth(own).max(slots));
    let slots_now = own(Field::MaxInFlight).unwrap_or(slots_wanted.min(MaxInFlight::MAX));
    let depth_now = if slots_now < slots { depth * slots_now / slots } else { depth };

    let below = |field, limit: Option<u64>| model(field).min(limit.unwrap_or(u64::MAX));
    let above = |field, limit: Option<u64>| model(field).max(limit.unwrap_or(0));
    let base = below(Field::BaseBackoffMs, own(Field::MaxBackoffMs));
    let base_now = own(Field::BaseBackoffMs).unwrap_or(base);
    let ceiling = above(Field::MaxBackoffMs, Some(base_now));
    let request = above(Field::RequestMs, own(Field::ConnectMs));
    let request = request.min(own(Field::DeadlineMs).unwrap_or(u64::MAX));
    let request_now = own(Field::RequestMs).unwrap_or(request);
    let connect = below(Field::ConnectMs, Some(request_now));
    let idle = below(Field::IdleMs, own(Field::LifetimeMs));
    // A deadline that ends before the last attempt starts would make that attempt useless.
    let attempts = model(Field::MaxAttempts);
    let longest = (request_now + own(Field::MaxBackoffMs).unwrap_or(ceiling)) * attempts;
    let has_time = own(Field::DeadlineMs).is_none_or(|deadline| deadline >= longest);
    let attempts = if has_time { attempts } else { 1 };
    let numbers = [
        (Field::MaxInFlight, slots_now),
        (Field::MaxQueueDepth, depth_now),
        (Field::ConnectMs, connect),
        (Field::RequestMs, request),
        (Field::IdleMs, idle),
        (Field::MaxAttempts, attempts),
        (Field::BaseBackoffMs, base),
        (Field::MaxBackoffMs, ceiling),
        (Field::JitterPercent, model(Field::JitterPercent)),
    ];
    numbers.map(|(field, number)| (field, number.to_string())).into()
}

fn number(values: &[(Field, Option<Literal<'_>>)], field: Field) -> Option<u64> {
    values.iter().find_map(|(of, value)| match value {
        Some(Literal::Number(number, _)) if *of == field => Some(*number),
        _ => None,
    })
}
