//! Compares the effective values of a configuration with the values that `emit` writes.

use std::collections::BTreeSet;

use super::{Drift, drift, joint, place};
use crate::{
    finding::Level,
    model::{DriverContract, Field, QueueMs},
    rules::target::{DRIFT_DEFAULT, DRIFT_LOOSER, DRIFT_STRICTER, EMIT_IMPOSSIBLE},
    targets::{
        conversion::Conversion,
        emit::{self, Line},
        options::TargetOptions,
        read::ReadConfiguration,
        table::Setting,
        values::SettingValues,
    },
};

/// Compares the effective values with those that `emit` writes.
pub(super) fn compared(
    contract: &DriverContract,
    options: TargetOptions,
    file: &ReadConfiguration<'_>,
    refused: &BTreeSet<Field>,
) -> Vec<Drift> {
    let context =
        |setting: &&Setting| matches!(setting.conversion, Conversion::Factor | Conversion::Context);
    let mut values = SettingValues::new(&options);
    for setting in options.settings().filter(context) {
        if let Some(value) = file.values.explicit(setting.name) {
            values.set(setting, value);
        }
    }
    let stated = emit::state(contract, &options, values);
    let losses = emit::losses(contract, options, &stated);
    let impossible = losses.iter().filter(|finding| finding.rule == &EMIT_IMPOSSIBLE);
    let impossible: BTreeSet<_> = impossible.filter_map(|finding| finding.place.field).collect();
    let lines = stated.lines.iter().filter(|line| {
        let is_left_out = |field| impossible.contains(&field) || refused.contains(&field);
        line.setting.field.is_some_and(|field| !is_left_out(field))
            && is_promised(contract, line.setting)
            && !file.unknown.contains(line.setting.name)
            && !file.dead.contains(line.setting.name)
            && file.values.is_there(line.setting)
            && !is_replaced(file, line.setting)
    });
    lines.filter_map(|line| compare(contract, options, (file, &stated.values), line)).collect()
}

fn compare(
    contract: &DriverContract,
    options: TargetOptions,
    (file, stated): (&ReadConfiguration<'_>, &SettingValues<'_>),
    line: &Line,
) -> Option<Drift> {
    let Line { setting, value: expected, .. } = *line;
    let real = file.values.get(setting.name);
    // The nominal backoff says little without its factor.
    let is_nominal = matches!(setting.conversion, Conversion::RandomFirst(_));
    if is_nominal && setting.conversion.partners().iter().any(|name| file.unknown.contains(name)) {
        return None;
    }
    let looseness_in = |value, values| {
        if is_nominal {
            setting.conversion.read(value, values)
        } else {
            Some(setting.looseness(value))
        }
    };
    let real_looseness = looseness_in(real, &file.values)?;
    let looseness = looseness_in(expected, stated)?;
    let is_looser = real_looseness > looseness;
    let context = joint::Context { contract, options, values: &file.values };
    if real_looseness == looseness
        || context.keeps_promise(line, is_looser)
        || is_promised_backoff(contract, setting, &file.values, stated)
    {
        return None;
    }
    let entry = file.entry_of(setting.name);
    let is_number = is_number(setting);
    let verb = match setting.looseness(expected) {
        u64::MAX => "has",
        _ if is_number => "allows",
        _ => "needs",
    };
    let is = effective(file, options, (setting, real));
    let promised = promised(contract, setting, expected, &file.values);
    let expected_text = setting.spelled(expected);
    let at_most = if is_looser && is_number { "at most " } else { "" };
    let message = format!("{is}, but {promised} {verb} {at_most}{expected_text}");
    let (rule, level) = match (entry, is_looser) {
        (Some(_), true) => (&DRIFT_LOOSER, DRIFT_LOOSER.level),
        (Some(_), false) => (&DRIFT_STRICTER, DRIFT_STRICTER.level),
        (None, true) => (&DRIFT_DEFAULT, Level::Warn),
        (None, false) => (&DRIFT_DEFAULT, Level::Info),
    };
    let span = entry.map_or(file.start, place);
    Some(Drift {
        level,
        label: if is_looser { "looser than the contract" } else { "stricter than the contract" },
        help: Some(help(line, file, options)),
        ..drift(rule, setting.field, span, message)
    })
}

/// Returns true if a first backoff with a factor that `emit` does not write is the contract's.
fn is_promised_backoff(
    contract: &DriverContract,
    setting: &Setting,
    file: &SettingValues<'_>,
    stated: &SettingValues<'_>,
) -> bool {
    let Conversion::RandomFirst(factor) = setting.conversion else { return false };
    let promised = setting.conversion.promised(setting.field, contract);
    let real = setting.conversion.read(file.get(setting.name), file);
    file.get(factor) != stated.get(factor) && real == promised.map(|(_, number)| number)
}

/// Returns true if the contract limits the setting. Without `lifetime_ms`, every lifetime is allowed
/// that does not affect other settings.
const fn is_promised(contract: &DriverContract, setting: &Setting) -> bool {
    let is_lifetime = matches!(setting.conversion, Conversion::Lifetime(_));
    !is_lifetime || contract.timeout_policy.lifetime_ms.is_some()
}

/// Returns true if the file contains the setting, and the program uses another value.
fn is_replaced(file: &ReadConfiguration<'_>, setting: &Setting) -> bool {
    file.entry_of(setting.name).is_some() && file.values.replacement(setting).is_some()
}

/// Returns the text of a value, and says if it means that there is no limit.
pub(in crate::targets) fn with_limit(setting: &Setting, value: u64) -> String {
    let says_limit = setting.is_unlimited(value) && value != u64::MAX;
    format!("{}{}", setting.spelled(value), if says_limit { " (no limit)" } else { "" })
}

/// Returns the value that the program uses, and where it comes from, as a clause.
fn effective(
    file: &ReadConfiguration<'_>,
    options: TargetOptions,
    (setting, real): (&Setting, u64),
) -> String {
    let (name, spelled) = (setting.name, default_text(file, setting, real));
    match (file.entry_of(name), file.values.replacement(setting)) {
        (Some(_), _) => format!("`{name}` is {spelled}"),
        (None, Some((_, condition))) => {
            format!("`{name}` is not set, and {} uses {spelled}: {condition}", options.program())
        }
        (None, None) => {
            format!("`{name}` is not set, and its default in {} is {spelled}", options.program())
        }
    }
}

/// Returns the text of the effective value. A default can depend on the machine.
fn default_text(file: &ReadConfiguration<'_>, setting: &Setting, real: u64) -> String {
    let is_default = file.values.explicit(setting.name).is_none();
    let text = setting.default_text.filter(|_| is_default);
    text.map_or_else(|| with_limit(setting, real), str::to_owned)
}

/// Returns what to write instead, and where.
fn help(line: &Line, file: &ReadConfiguration<'_>, options: TargetOptions) -> String {
    let Line { setting, value, is_written, .. } = *line;
    let entry = file.entry_of(setting.name);
    if entry.is_some_and(|entry| !entry.scope.is_empty()) {
        return format!("write `{}` here", setting.spelled(value));
    }
    if entry.is_some_and(|entry| file.in_url.contains(&entry.key_span)) {
        let name = setting.name.rsplit(['.', ' ']).next().unwrap_or(setting.name);
        return format!("in the URL, write `{name}={}`", setting.spelled(value));
    }
    if !is_written {
        return format!("remove `{}`", setting.name);
    }
    format!("write `{}`", options.dialect.syntax.assignment(setting.name, &setting.written(value)))
}

const fn is_number(setting: &Setting) -> bool {
    setting.range().is_some()
}

/// Returns the time of a request and, if it is a part of it, of its wait.
fn request_without_wait(contract: &DriverContract) -> String {
    let timeouts = &contract.timeout_policy;
    let request = timeouts.request_ms.get();
    let queue = timeouts.queue_ms.map(QueueMs::get).filter(|queue| *queue < request);
    let queue = queue.map(|queue| format!(" without `queue_ms` ({queue})"));
    format!("`request_ms` ({request}){}", queue.unwrap_or_default())
}

/// Returns the part of the contract that a setting states.
fn promised(
    contract: &DriverContract,
    setting: &Setting,
    expected: u64,
    values: &SettingValues<'_>,
) -> String {
    match setting.conversion {
        Conversion::Deadline(_) | Conversion::DeadlineMicros
            if contract.timeout_policy.deadline_ms.is_none() =>
        {
            let worst = setting.conversion.read(expected, values);
            format!("the worst case ({} ms)", worst.unwrap_or(expected))
        }
        Conversion::Capability(capability) | Conversion::WithCapability(capability) => {
            let has = contract.capabilities.contains(capability);
            let driver = if has { "the capability" } else { "a driver without the capability" };
            format!("{driver} `{}`", capability.label())
        }
        Conversion::Growth if contract.retry_policy.multiplier_percent.is_none() => {
            "a contract without `multiplier_percent`".to_owned()
        }
        Conversion::Run(_) => request_without_wait(contract),
        Conversion::Without(added) => {
            let request = contract.timeout_policy.request_ms.get();
            format!("`request_ms` ({request}) without `{added}` ({})", values.get(added))
        }
        Conversion::Clients(_) => format!(
            "`max_in_flight` ({}) + `max_queue_depth` ({})",
            contract.max_in_flight, contract.max_queue_depth
        ),
        Conversion::Same
        | Conversion::Text
        | Conversion::Fixed(_)
        | Conversion::Selector
        | Conversion::Wait
        | Conversion::IdleBelow(_)
        | Conversion::Lifetime(_)
        | Conversion::RandomFirst(_)
        | Conversion::RandomFactor
        | Conversion::Idle(_)
        | Conversion::Pool(_)
        | Conversion::Micros
        | Conversion::AttemptMicros
        | Conversion::Hundredths
        | Conversion::RetryBudgetMin
        | Conversion::WithoutRetryBudget
        | Conversion::FirstBackoff
        | Conversion::FirstBackoffMicros
        | Conversion::AtLeastFirst
        | Conversion::AtLeastFirstMicros
        | Conversion::Symmetric20Micros
        | Conversion::Growth
        | Conversion::DeadlineMicros
        | Conversion::Retries
        | Conversion::Symmetric20
        | Conversion::Deadline(_)
        | Conversion::Batches { .. }
        | Conversion::Factor
        | Conversion::Context => match setting.conversion.promised(setting.field, contract) {
            Some((field, value)) => format!("`{}` ({value})", field.key()),
            None => format!("a contract without `{}`", setting.field.map_or("", Field::key)),
        },
    }
}
