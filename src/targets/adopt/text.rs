//! The text of an adopted contract.

use std::fmt::{Arguments, Write};

use super::Adopted;
use crate::{
    model::{DriverName, Field},
    source::escaped,
    targets::options::TargetOptions,
};

/// The required keys that the configuration of a client seldom states, with what to write.
const TEXTS: [(&str, &[Field], &str); 5] = [
    ("provider_module", &[Field::ProviderModule], "the module of the client"),
    ("capabilities", &[Field::Capabilities], "what the driver can do"),
    ("support_tier", &[Field::SupportTier], "the support tier"),
    ("tuning_guide", &[Field::TuningGuide], "the document that explains the values"),
    (
        "telemetry",
        &[Field::TimeoutMetric, Field::RetryMetric, Field::LatencyMetric, Field::InFlightMetric],
        "the names of the metrics",
    ),
];

/// Returns the comments that say where the contract comes from.
pub(super) fn header(
    options: TargetOptions,
    file: &str,
    (chosen, parts): (usize, usize),
) -> String {
    let file = escaped(file);
    let role = options.role.map(|role| format!(" ({role})")).unwrap_or_default();
    let mut header = format!("# From `{file}`, read as settings of {}{role}.\n", options.program());
    if chosen < parts {
        let named = format_args!(
            "# driverc read only the lists of settings with the name of the driver: {chosen} of {parts}.\n"
        );
        put(&mut header, named);
    }
    if chosen > 1 {
        put(
            &mut header,
            format_args!("# The file has {chosen} lists of settings; each value is the loosest.\n"),
        );
    }
    header
}

/// Returns the required keys without a value, each with a reason.
pub(super) fn left_out(
    texts: &[(Field, String)],
    values: &[Adopted],
    notes: &[(Field, String)],
) -> Vec<(String, String)> {
    let has_text = |field: &Field| texts.iter().any(|(own, _)| own == field);
    let class = ("class".to_owned(), "name it with `--class`".to_owned());
    let class = (!has_text(&Field::Class)).then_some(class);
    let own = TEXTS.iter().filter(|(_, fields, _)| !fields.iter().all(has_text));
    let own = own.map(|(key, _, what)| ((*key).to_owned(), (*what).to_owned()));
    let is_absent = |field: Field| !values.iter().any(|adopted| adopted.field == field);
    let unknown = notes.iter().filter(|(field, _)| is_absent(*field));
    let unknown = unknown.map(|(field, note)| (field.path().to_owned(), note.clone()));
    class.into_iter().chain(own).chain(unknown).collect()
}

/// Returns the table with its comments. All text of the configuration is escaped.
pub(super) fn rendered(
    header: &str,
    driver: &DriverName,
    (values, texts): (&[Adopted], &[(Field, String)]),
    proposals: &[(Field, String)],
    left_out: &[(String, String)],
) -> String {
    let mut text = header.to_owned();
    if !left_out.is_empty() {
        text += "# Left out:\n";
    }
    for (key, reason) in left_out {
        put(&mut text, format_args!("# - `{key}`: {}\n", escaped(reason)));
    }
    put(&mut text, format_args!("[driver.{driver}]\n"));
    let number = |Adopted { field, value, origin }: &Adopted| {
        (*field, format!("{} = {value}  # {}", field.key(), escaped(origin)))
    };
    let mut lines: Vec<_> = values.iter().map(number).chain(texts.iter().cloned()).collect();
    lines.sort_by_key(|(field, _)| *field);
    lines.extend(proposals.iter().map(|(field, line)| (*field, format!("# {line}"))));
    for table in ["", "timeout_policy", "retry_policy", "telemetry"] {
        let is_in = |field: Field| field.path().rsplit_once('.').map_or("", |(it, _)| it) == table;
        let lines: Vec<_> = lines.iter().filter(|(field, _)| is_in(*field)).collect();
        if !table.is_empty() && !lines.is_empty() {
            put(&mut text, format_args!("\n[driver.{driver}.{table}]\n"));
        }
        for (_, line) in lines {
            put(&mut text, format_args!("{line}\n"));
        }
    }
    text
}

fn put(text: &mut String, line: Arguments<'_>) {
    // Writing to a string does not fail.
    _ = text.write_fmt(line);
}
