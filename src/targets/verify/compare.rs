//! Compares the effective values of a configuration with the values that `emit` writes.

use std::collections::BTreeSet;

use super::{Drift, drift, place};
use crate::{
    finding::Level,
    model::{DriverContract, Field},
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
            && !file.unknown.contains(line.setting.name)
            && file.values.is_there(line.setting)
    });
    lines.filter_map(|line| compare(contract, options, file, line)).collect()
}

fn compare(
    contract: &DriverContract,
    options: TargetOptions,
    file: &ReadConfiguration<'_>,
    line: &Line,
) -> Option<Drift> {
    let Line { setting, value: expected, .. } = *line;
    let real = file.values.get(setting.name);
    let (real_looseness, looseness) = (setting.looseness(real), setting.looseness(expected));
    if real_looseness == looseness {
        return None;
    }
    let is_looser = real_looseness > looseness;
    let entry = file.entry_of(setting.name);
    let (name, spelled) = (setting.name, setting.spelled(real));
    let is_number = is_number(setting);
    let verb = match setting.looseness(expected) {
        u64::MAX => "has",
        _ if is_number => "allows",
        _ => "needs",
    };
    let is = match entry {
        Some(_) => format!("`{name}` is {spelled}"),
        None => {
            format!("`{name}` is not set, and its default in {} is {spelled}", options.program())
        }
    };
    let says_limit = real_looseness == u64::MAX && real != u64::MAX;
    let no_limit = if says_limit { " (no limit)" } else { "" };
    let promised = promised(contract, setting, expected, &file.values);
    let expected_text = setting.spelled(expected);
    let help = match entry {
        Some(entry) if !entry.scope.is_empty() => format!("write `{expected_text}` here"),
        _ => help(line, options),
    };
    let at_most = if is_looser && is_number { "at most " } else { "" };
    let message = format!("{is}{no_limit}, but {promised} {verb} {at_most}{expected_text}");
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
        help: Some(help),
        ..drift(rule, setting.field, span, message)
    })
}

fn help(line: &Line, options: TargetOptions) -> String {
    let Line { setting, value, is_written, .. } = *line;
    if !is_written {
        return format!("remove `{}`", setting.name);
    }
    format!("write `{}`", options.dialect.syntax.assignment(setting.name, &setting.written(value)))
}

const fn is_number(setting: &Setting) -> bool {
    setting.range().is_some()
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
            let worst = setting.conversion.read(expected, values).unwrap_or(expected);
            format!("the worst case ({worst} ms)")
        }
        Conversion::Capability(capability) | Conversion::WithCapability(capability) => {
            let label = capability.label();
            if contract.capabilities.contains(capability) {
                format!("the capability `{label}`")
            } else {
                format!("a driver without the capability `{label}`")
            }
        }
        Conversion::Growth if contract.retry_policy.multiplier_percent.is_none() => {
            "a contract without `multiplier_percent`".to_owned()
        }
        Conversion::Run(_) => {
            let timeouts = &contract.timeout_policy;
            let request = timeouts.request_ms;
            let queue = timeouts.queue_ms.filter(|queue| queue.get() < request.get());
            let queue = queue.map(|queue| format!(" without `queue_ms` ({queue})"));
            format!("`request_ms` ({request}){}", queue.unwrap_or_default())
        }
        Conversion::Clients(_) => {
            let (slots, queue) = (contract.max_in_flight, contract.max_queue_depth);
            format!("`max_in_flight` ({slots}) + `max_queue_depth` ({queue})")
        }
        Conversion::Same
        | Conversion::Text
        | Conversion::Fixed(_)
        | Conversion::Wait
        | Conversion::Pool(_)
        | Conversion::Micros
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
        | Conversion::Context => {
            let key = setting.field.map_or("", Field::key);
            let promised = setting.conversion.promised(setting.field, contract);
            promised.map_or_else(
                || format!("a contract without `{key}`"),
                |(field, value)| format!("`{}` ({value})", field.key()),
            )
        }
    }
}
