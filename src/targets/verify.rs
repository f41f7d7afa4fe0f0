//! Compares the configuration of a target with a contract.

use std::collections::BTreeSet;

use super::{
    conversion::Conversion,
    emit::{self, Line},
    options::TargetOptions,
    pgbouncer::REOPENED,
    read::{Meaning, ReadConfiguration, ReadEntry, read},
    syntax::ini::INCLUDE,
    syntax::{Entry, redacted},
    table::Setting,
    values::SettingValues,
};
use crate::{
    finding::{Level, Rule},
    model::{DriverContract, Field},
    rules::target::{
        DRIFT_DEAD_SETTING, DRIFT_DEFAULT, DRIFT_LOOSER, DRIFT_REJECTED, DRIFT_STRICTER,
        DRIFT_UNKNOWN_SETTING, EMIT_IMPOSSIBLE,
    },
    source::{Span, offset},
    toml::spelling::{nearest, truncated},
};

/// The differences between a configuration and a contract.
#[derive(Debug)]
pub struct Verification {
    /// The differences, in the order of the text. Settings that the text does not contain come
    /// first.
    pub drifts: Vec<Drift>,
    /// The number of settings with a placeholder, which were not compared.
    pub placeholders: usize,
    /// The text for reports. Values that can be secret are hidden.
    pub public_text: String,
}

/// A difference between a configuration and a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The rule.
    pub rule: &'static Rule,
    /// The level of the rule, unless this difference has its own level.
    pub level: Level,
    /// The contract field. `None` if the setting concerns no field.
    pub field: Option<Field>,
    /// The problem.
    pub message: String,
    /// The meaning of the place in the configuration.
    pub label: &'static str,
    /// The help text.
    pub help: Option<String>,
    /// The place in the configuration. Empty at its start for a setting that it does not contain.
    pub span: Span,
}

/// Compares a configuration with what `emit` writes for a contract.
pub fn verify(contract: &DriverContract, options: TargetOptions, text: &str) -> Verification {
    let parts = read(text, &options);
    let mut drifts: Vec<_> =
        parts.iter().flat_map(|part| of_part(contract, options, part)).collect();
    drifts.sort_by_key(|drift| drift.span);
    let is_placeholder = |read: &&ReadEntry| matches!(read.meaning, Meaning::Placeholder);
    let entries = parts.iter().flat_map(|part| &part.entries);
    let placeholders = entries.filter(is_placeholder).count();
    Verification { drifts, placeholders, public_text: public(text, options, &parts) }
}

fn of_part(
    contract: &DriverContract,
    options: TargetOptions,
    part: &ReadConfiguration<'_>,
) -> Vec<Drift> {
    let mut drifts = rejected(part, options);
    if part.is_unreadable() {
        return drifts;
    }
    let refused: BTreeSet<_> = drifts.iter().filter_map(|drift| drift.field).collect();
    drifts.extend(part.entries.iter().filter_map(|entry| of_entry(entry, options)));
    drifts.extend(compared(contract, options, part, &refused));
    drifts
}

/// Returns a text in which the values of settings that concern no contract are hidden, because they
/// can be secret.
pub fn public_text(text: &str, options: TargetOptions) -> String {
    public(text, options, &read(text, &options))
}

fn public(text: &str, options: TargetOptions, parts: &[ReadConfiguration<'_>]) -> String {
    let has_faults = parts.iter().any(|part| !part.faults.is_empty());
    let shown = shown(parts);
    if has_faults || options.dialect.syntax.has_comments() {
        return redacted(text, &shown);
    }
    // Without faults and comments, all other text is punctuation.
    let entries = parts.iter().flat_map(|part| &part.entries);
    let hidden = entries.map(|read| read.entry.value_span).filter(|span| !shown.contains(span));
    let mut hidden: Vec<_> = hidden.collect();
    hidden.sort_unstable();
    let mut start = 0;
    let mut open = Vec::new();
    for span in hidden {
        open.push(Span::new(start, span.start));
        start = span.end;
    }
    open.push(Span::new(start, offset(text.len())));
    redacted(text, &open)
}

/// Returns the bytes of names, and of values that cannot be secret.
fn shown(parts: &[ReadConfiguration<'_>]) -> Vec<Span> {
    let spans = parts.iter().flat_map(|part| &part.entries).flat_map(|read| {
        // A value of the table's settings is a number or a word.
        let is_public = !matches!(
            read.meaning,
            Meaning::Irrelevant | Meaning::Unknown | Meaning::OfOtherDialect(_)
        );
        let value = is_public.then_some(read.entry.value_span);
        // The separator between the name and the value, too.
        let separator = Span::new(read.entry.key_span.end, read.entry.value_span.start);
        [Some(read.entry.key_span), Some(separator), value].into_iter().flatten()
    });
    spans.collect()
}

fn drift(rule: &'static Rule, field: Option<Field>, span: Span, message: String) -> Drift {
    Drift { rule, level: rule.level, field, message, label: "", help: None, span }
}

/// Returns the place of an entry: its value, or its name if it has no value.
fn place(entry: &Entry) -> Span {
    if entry.value.is_empty() { entry.key_span } else { entry.value_span }
}

/// Reports combinations of settings with which the program does not start.
fn rejected(file: &ReadConfiguration<'_>, options: TargetOptions) -> Vec<Drift> {
    let faults = file.faults.iter().map(|fault| {
        let message = format!("{} cannot read the file: {}", options.program(), fault.message);
        drift(&DRIFT_REJECTED, None, fault.span, message)
    });
    let refusals = options.dialect.refusals.iter();
    let refused = refusals.filter(|refusal| options.setting(refusal.setting).is_some());
    let refused = refused.filter(|refusal| (refusal.is_refused)(&file.values)).map(|refusal| {
        let span = file.entry_of(refusal.setting).map_or(file.start, place);
        let message =
            format!("{} {}: {}", options.program(), options.dialect.failure, refusal.message);
        drift(&DRIFT_REJECTED, Some(refusal.field), span, message)
    });
    faults.chain(refused).collect()
}

/// Reports an entry that has no effect, or that the program refuses or does not know.
fn of_entry(read: &ReadEntry, options: TargetOptions) -> Option<Drift> {
    let ReadEntry { entry, meaning } = read;
    let (program, name) = (options.program(), truncated(&entry.key));
    let (refuses, failure) = (options.dialect.refuses_unknown, options.dialect.failure);
    let unless_known = |message: String, field| {
        if refuses {
            return drift(
                &DRIFT_REJECTED,
                field,
                entry.key_span,
                format!("{program} {failure}: {message}"),
            );
        }
        drift(
            &DRIFT_DEAD_SETTING,
            field,
            entry.key_span,
            format!("{program} ignores `{name}`: {message}"),
        )
    };
    Some(match meaning {
        Meaning::Irrelevant => return of_special_line(entry),
        Meaning::Value(..) | Meaning::Placeholder => return None,
        Meaning::Lowered(setting, value) => lowered(entry, setting, *value, options),
        Meaning::Ignored(reason) => {
            let message = format!("{program} ignores `{name}`: {reason}");
            drift(&DRIFT_DEAD_SETTING, None, entry.key_span, message)
        }
        Meaning::Overridden(setting) => {
            let message =
                format!("`{name}` has no effect: a later line sets `{}` again", setting.name);
            let dead = drift(&DRIFT_DEAD_SETTING, setting.field, entry.key_span, message);
            Drift { help: Some("remove the line".to_owned()), ..dead }
        }
        Meaning::Invalid(setting, reason) => {
            let message = format!("{program} {failure}: `{name}` {reason}");
            let rejected = drift(&DRIFT_REJECTED, setting.field, place(entry), message);
            let has_comment = entry.value.contains(['#', ';']);
            let help = "move the comment to its own line: it is a part of the value";
            Drift { help: has_comment.then(|| help.to_owned()), ..rejected }
        }
        Meaning::OfOtherRole(setting) => {
            let role = setting.role.unwrap_or_default();
            let own = options.role.unwrap_or_default();
            let message = format!("`{name}` has no effect: it is for a {role}, not for a {own}");
            drift(&DRIFT_DEAD_SETTING, setting.field, entry.key_span, message)
        }
        Meaning::OfOtherVersion(setting) => {
            let since = setting.since.map(|since| format!(", only since {since}"));
            let since = since.unwrap_or_default();
            unless_known(format!("`{name}` is not in this version{since}"), setting.field)
        }
        Meaning::OfOtherDialect(product) => {
            unless_known(format!("`{name}` is a setting of {product}"), None)
        }
        Meaning::Unknown => {
            let message = format!("`{name}` is not a known setting of {program}");
            let unknown = drift(&DRIFT_UNKNOWN_SETTING, None, entry.key_span, message);
            Drift { help: intended(&entry.key, options), ..unknown }
        }
    })
}

/// Reports a line that is not a setting and changes the meaning of settings.
fn of_special_line(entry: &Entry) -> Option<Drift> {
    match entry.key.as_str() {
        INCLUDE => {
            let message = format!(
                "`{INCLUDE}` names a file that driverc does not read, so settings that it can set \
                 are not compared"
            );
            Some(drift(&DRIFT_UNKNOWN_SETTING, None, entry.key_span, message))
        }
        REOPENED => {
            let message =
                format!("`{REOPENED}` occurs again, so all settings above it have no effect");
            let dead = drift(&DRIFT_DEAD_SETTING, None, entry.key_span, message);
            Some(Drift { help: Some("remove the line".to_owned()), ..dead })
        }
        _ => None,
    }
}

fn lowered(entry: &Entry, setting: &'static Setting, value: u64, options: TargetOptions) -> Drift {
    let (program, name) = (options.program(), truncated(&entry.key));
    let message = format!("{program} lowers `{name}` to {value}, its maximum");
    let help = options.dialect.syntax.assignment(setting.name, &setting.written(value));
    Drift {
        help: Some(format!("write `{help}`")),
        ..drift(&DRIFT_DEAD_SETTING, setting.field, place(entry), message)
    }
}

fn intended(key: &str, options: TargetOptions) -> Option<String> {
    let names = options.settings().map(|setting| setting.name);
    let others = options.dialect.others.iter().filter(|name| !name.ends_with(['.', '_']));
    let name = nearest(key, names.chain(others.copied()))?;
    Some(format!("did you mean `{name}`?"))
}

/// Compares the effective values with those that `emit` writes.
fn compared(
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
    let verb = if is_number { "allows" } else { "needs" };
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
                || format!("`{key}`"),
                |(field, value)| format!("`{}` ({value})", field.key()),
            )
        }
    }
}
