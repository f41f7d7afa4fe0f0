//! Compares the texts of a configuration with the texts of the contract.

use super::{Drift, drift, place};
use crate::{
    model::{DriverContract, Field},
    rules::target::{DRIFT_DEFAULT, DRIFT_LOOSER, DRIFT_STRICTER},
    targets::{
        options::TargetOptions,
        read::ReadConfiguration,
        syntax::Entry,
        table::Setting,
        texts::{self, spelled},
    },
};

/// Reports texts that differ from the contract. Messages never contain a text of the file, which can
/// be a misplaced password.
pub(super) fn compared(
    contract: &DriverContract,
    options: TargetOptions,
    file: &ReadConfiguration<'_>,
) -> Vec<Drift> {
    let settings = texts::settings(options).filter(|(it, _)| !file.unknown.contains(it.name));
    let drifts = settings.filter_map(|(setting, field)| {
        let promised = texts::of(contract, field);
        let Some((entry, real)) = file.texts_of(setting.name) else {
            return Some(absent(setting, field, &promised, options, file));
        };
        differing(setting, field, (&promised, real), entry, options)
    });
    drifts.collect()
}

fn absent(
    setting: &Setting,
    field: Field,
    promised: &[String],
    options: TargetOptions,
    file: &ReadConfiguration<'_>,
) -> Drift {
    let (name, key) = (setting.name, field.key());
    let message = format!("`{name}` is not set, but `{key}` is {}", spelled(promised, field));
    let absent = drift(&DRIFT_DEFAULT, Some(field), file.start, message);
    Drift { help: Some(help(setting, field, promised, options)), ..absent }
}

/// Returns the difference between promised and real texts. A missing word of a list is a promise
/// that the program does not keep, and an additional word is more than the promise.
fn differing(
    setting: &Setting,
    field: Field,
    (promised, real): (&[String], &[String]),
    entry: &Entry,
    options: TargetOptions,
) -> Option<Drift> {
    let (name, key) = (setting.name, field.key());
    let missing: Vec<_> = promised.iter().filter(|it| !real.contains(it)).cloned().collect();
    let is_longer = real.iter().any(|it| !promised.contains(it));
    let (rule, label, message) = match (missing.is_empty(), texts::is_list(field), is_longer) {
        (false, true, _) => {
            let missing = spelled(&missing, field);
            let message = format!("`{name}` lacks {missing}, which `{key}` contains");
            (&DRIFT_LOOSER, "less than the contract promises", message)
        }
        (false, false, _) => {
            let promised = spelled(promised, field);
            let message = format!("`{name}` differs from `{key}`, which is {promised}");
            (&DRIFT_LOOSER, "differs from the contract", message)
        }
        (true, _, true) => {
            let message = format!("`{name}` contains more than `{key}`");
            (&DRIFT_STRICTER, "more than the contract promises", message)
        }
        (true, _, false) => return None,
    };
    let help = Some(help(setting, field, promised, options));
    Some(Drift { label, help, ..drift(rule, Some(field), place(entry), message) })
}

fn help(setting: &Setting, field: Field, promised: &[String], options: TargetOptions) -> String {
    let syntax = options.dialect.syntax;
    let value = syntax.written(promised, texts::is_list(field));
    let words = syntax.assignment(setting.name, &value);
    format!("write `{}`", words.split_whitespace().collect::<Vec<_>>().join(" "))
}
