//! Compares the configuration of a target with a contract.

mod compare;
mod joint;
mod public;
mod texts;

use std::collections::BTreeSet;

pub(super) use self::compare::with_limit;
pub use self::public::public_text;

use self::{
    compare::compared,
    public::{displayed, public},
};
use super::{
    instances::named,
    options::TargetOptions,
    read::{Meaning, ReadConfiguration, ReadEntry, chosen, read},
    syntax::ini::INCLUDE,
    syntax::{BYTE_ORDER_MARK, Entry, NOT_STATED},
    table::Setting,
};
use crate::{
    finding::{Level, Rule},
    model::{DriverContract, Field},
    rules::target::{DRIFT_DEAD_SETTING, DRIFT_REJECTED, DRIFT_UNKNOWN_SETTING},
    source::{LineIndex, Span},
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
    /// The text for reports. Values that can be secret are hidden. Empty if there are no
    /// differences.
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
    let parts = read(text, &options, contract.name.as_str());
    let chosen = chosen(&parts, &contract.name);
    let lines = LineIndex::new(text);
    let mut drifts: Vec<_> =
        chosen.iter().flat_map(|part| of_part(contract, options, part, &lines)).collect();
    drifts.extend(not_compared(&parts, chosen.len()));
    drifts.sort_by_key(|drift| drift.span);
    // Parts can share settings.
    let mut seen = BTreeSet::new();
    drifts.retain(|drift| seen.insert((drift.span, drift.message.clone())));
    let placeholders = placeholders(&chosen);
    let public_text = if drifts.is_empty() { String::new() } else { public(text, options, &parts) };
    Verification { drifts, placeholders, public_text }
}

/// Reports the parts that do not have the driver's name, if another part has it.
fn not_compared(parts: &[ReadConfiguration<'_>], compared: usize) -> Option<Drift> {
    if compared == parts.len() {
        return None;
    }
    let message = format!(
        "driverc compares only the lists of settings with the name of the driver: {compared} of {}",
        parts.len()
    );
    Some(drift(&DRIFT_UNKNOWN_SETTING, None, parts[0].start, message))
}

/// Returns the number of placeholders. Several settings can be in one.
fn placeholders(parts: &[&ReadConfiguration<'_>]) -> usize {
    let entries = parts.iter().flat_map(|part| &part.entries);
    let placeholders = entries.filter(|read| {
        matches!(read.meaning, Meaning::Placeholder) && read.entry.value != NOT_STATED
    });
    placeholders.map(|read| read.entry.key_span).collect::<BTreeSet<_>>().len()
}

fn of_part(
    contract: &DriverContract,
    options: TargetOptions,
    part: &ReadConfiguration<'_>,
    lines: &LineIndex<'_>,
) -> Vec<Drift> {
    let mut drifts = rejected(part, options);
    if part.is_unreadable() {
        return drifts;
    }
    drifts.extend(
        part.ignored.iter().map(|ignored| {
            drift(&DRIFT_DEAD_SETTING, None, ignored.span, ignored.message.to_owned())
        }),
    );
    drifts.extend(
        part.not_computed
            .iter()
            .map(|fault| drift(&DRIFT_UNKNOWN_SETTING, None, fault.span, fault.message.to_owned())),
    );
    if let Some(selector) = part.empty_selector(options) {
        drifts.push(without_selection(part, selector, options));
        return drifts;
    }
    let refused: BTreeSet<_> = drifts.iter().filter_map(|drift| drift.field).collect();
    drifts.extend(part.entries.iter().filter_map(|entry| of_entry(entry, options, lines)));
    drifts.extend(replaced(part, options));
    drifts.extend(compared(contract, options, part, &refused));
    drifts.extend(texts::compared(contract, options, part));
    drifts.into_iter().map(|drift| of_instance(drift, &part.instance)).collect()
}

fn of_instance(drift: Drift, instance: &str) -> Drift {
    let help = drift.help.map(|help| named(&help, instance));
    Drift { message: named(&drift.message, instance), help, ..drift }
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

/// Reports settings that apply to nothing.
fn without_selection(
    part: &ReadConfiguration<'_>,
    selector: &'static Setting,
    options: TargetOptions,
) -> Drift {
    let name = selector.name;
    let message = format!("{} ignores settings without a method in `{name}`", options.program());
    let span = part.entry_of(name).map_or(part.start, place);
    let help = options.dialect.syntax.assignment(name, &selector.written(1));
    Drift {
        help: Some(format!("for all methods, write `{help}`")),
        ..drift(&DRIFT_DEAD_SETTING, None, span, message)
    }
}

/// Reports an entry that has no effect, or that the program refuses or does not know.
fn of_entry(read: &ReadEntry, options: TargetOptions, lines: &LineIndex<'_>) -> Option<Drift> {
    let ReadEntry { entry, meaning } = read;
    let (program, name) = (options.program(), displayed(read, options, lines));
    let failure = options.dialect.failure;
    let unless_known =
        |message: String, field| refused_or_ignored(entry, &name, &message, (field, options));
    Some(match meaning {
        Meaning::Irrelevant => return of_special_line(entry, options),
        Meaning::Value(..) | Meaning::Texts(..) | Meaning::Placeholder => return None,
        Meaning::Expression(setting) => expression(entry, setting),
        Meaning::Lowered(setting, value) => lowered(entry, setting, *value, options),
        Meaning::Ignored(reason) => {
            let message = format!("{program} ignores {name}: {reason}");
            drift(&DRIFT_DEAD_SETTING, None, entry.key_span, message)
        }
        Meaning::Dead(setting, reason) => {
            let message = format!("{name} has no effect: {reason}");
            drift(&DRIFT_DEAD_SETTING, setting.field, entry.key_span, message)
        }
        Meaning::Overridden(setting, by) => {
            let by = if *by > entry.key_span { "a later line" } else { "the URL" };
            let message = format!("{name} has no effect: {by} sets `{}` again", setting.name);
            let dead = drift(&DRIFT_DEAD_SETTING, setting.field, entry.key_span, message);
            Drift { help: Some("remove the line".to_owned()), ..dead }
        }
        Meaning::Invalid(setting, reason) => {
            let message = format!("{program} {failure}: {name} {reason}");
            let rejected = drift(&DRIFT_REJECTED, setting.field, place(entry), message);
            let has_comment = entry.value.contains(['#', ';']);
            let help = "move the comment to its own line: it is a part of the value";
            Drift { help: has_comment.then(|| help.to_owned()), ..rejected }
        }
        Meaning::OfOtherRole(setting) => of_other_role(entry, setting, options),
        Meaning::OfOtherVersion(setting) => {
            let since = setting.since.map(|since| format!(", only since {since}"));
            let since = since.unwrap_or_default();
            unless_known(format!("{name} is not in this version{since}"), setting.field)
        }
        Meaning::OfOtherDialect(product) => {
            unless_known(format!("{name} is a setting of {product}"), None)
        }
        Meaning::Unknown => unknown(entry, &name, options),
    })
}

/// Reports a setting that the program does not have.
fn refused_or_ignored(
    entry: &Entry,
    name: &str,
    message: &str,
    (field, options): (Option<Field>, TargetOptions),
) -> Drift {
    let (program, failure) = (options.program(), options.dialect.failure);
    if options.dialect.refuses_unknown {
        let message = format!("{program} {failure}: {message}");
        return drift(&DRIFT_REJECTED, field, entry.key_span, message);
    }
    let message = format!("{program} ignores {name}: {message}");
    drift(&DRIFT_DEAD_SETTING, field, entry.key_span, message)
}

/// Reports a setting that the table does not contain. The table can lack settings of a newer version,
/// but not those near a setting in it.
fn unknown(entry: &Entry, name: &str, options: TargetOptions) -> Drift {
    let help = intended(&entry.key, options);
    if options.dialect.refuses_unknown && help.is_some() {
        let message = format!("{name} is not one of its settings");
        return Drift { help, ..refused_or_ignored(entry, name, &message, (None, options)) };
    }
    let message = format!("{name} is not a known setting of {}", options.program());
    Drift { help, ..drift(&DRIFT_UNKNOWN_SETTING, None, entry.key_span, message) }
}

/// Reports settings that the program replaces because of other settings.
fn replaced(part: &ReadConfiguration<'_>, options: TargetOptions) -> Vec<Drift> {
    let set = options.settings().filter(|setting| !part.unknown.contains(setting.name));
    let replaced = set.filter_map(|setting| {
        let entry = part.entry_of(setting.name)?;
        let (value, condition) = part.values.replacement(setting)?;
        let (program, name) = (options.program(), setting.name);
        let own = setting.spelled(part.values.own(name));
        let value = with_limit(setting, value);
        let message = format!("{program} uses {value} instead of `{name}` = {own}: {condition}");
        Some(drift(&DRIFT_DEAD_SETTING, setting.field, place(entry), message))
    });
    replaced.collect()
}

/// Reports a line that is not a setting and changes the meaning of settings.
fn of_special_line(entry: &Entry, options: TargetOptions) -> Option<Drift> {
    match entry.key.as_str() {
        INCLUDE => {
            let message = format!(
                "`{INCLUDE}` names a file that driverc does not read, so settings that it can set \
                 are not compared"
            );
            Some(drift(&DRIFT_UNKNOWN_SETTING, None, entry.key_span, message))
        }
        line if options.dialect.resets.contains(&line) => {
            let message = format!("`{line}` occurs again, so all settings above it have no effect");
            let dead = drift(&DRIFT_DEAD_SETTING, None, entry.key_span, message);
            Some(Drift { help: Some("remove the line".to_owned()), ..dead })
        }
        _ => None,
    }
}

fn expression(entry: &Entry, setting: &Setting) -> Drift {
    let name = truncated(&entry.key);
    let message = format!("driverc does not compute the value of `{name}`, so it is not compared");
    drift(&DRIFT_UNKNOWN_SETTING, setting.field, place(entry), message)
}

fn of_other_role(entry: &Entry, setting: &Setting, options: TargetOptions) -> Drift {
    let (name, role) = (truncated(&entry.key), setting.role.unwrap_or_default());
    let own = options.role.unwrap_or_default();
    let message = format!("`{name}` has no effect: it is for a {role}, not for a {own}");
    drift(&DRIFT_DEAD_SETTING, setting.field, entry.key_span, message)
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

/// Returns what an unknown name probably means.
fn intended(key: &str, options: TargetOptions) -> Option<String> {
    if key.starts_with(BYTE_ORDER_MARK) {
        return Some(
            "save the file without a byte order mark: it is a part of the name".to_owned(),
        );
    }
    let names = options.settings().map(|setting| setting.name);
    let others = options.dialect.others.iter().filter(|name| !name.ends_with(['.', '_']));
    let names = names.chain(others.copied());
    // The names of the objects around a name are not misspelt.
    let is_nested = options.dialect.syntax.is_nested();
    let object = key.rsplit_once('.').filter(|_| is_nested).map_or("", |(object, _)| object);
    let in_object = |name: &'static str| {
        let (parent, last) = name.rsplit_once('.').filter(|_| is_nested).unwrap_or(("", name));
        (parent == object).then_some(last)
    };
    let own = key.strip_prefix(object).map_or(key, |rest| rest.trim_start_matches('.'));
    let last = nearest(own, names.filter_map(in_object))?;
    let dot = if object.is_empty() { "" } else { "." };
    Some(format!("did you mean `{object}{dot}{last}`?"))
}
