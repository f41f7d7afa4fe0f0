//! Writes the documentation of targets from their tables.

use std::fmt::{Arguments, Write};

use super::{
    conversion::Conversion,
    notation::Notation,
    options::TargetOptions,
    syntax::Syntax,
    table::{Behaviour, Dialect, Fidelity, Gap, Looseness, Setting, TargetTable, ValueRange},
};

/// Returns the list of all targets, in Markdown.
pub fn index(targets: &[&TargetTable]) -> String {
    let mut text =
        "| target | product | dialects | roles |\n| --- | --- | --- | --- |\n".to_owned();
    for target in targets {
        let dialects: Vec<_> = target.dialects.iter().map(|it| format!("`{}`", it.name)).collect();
        let roles: Vec<_> = target.roles.iter().map(|role| format!("`{role}`")).collect();
        let (name, title) = (target.name, target.title);
        let (dialects, roles) = (dialects.join(", "), roles.join(", "));
        put(
            &mut text,
            format_args!("| [`{name}`]({name}.md) | {title} | {dialects} | {roles} |\n"),
        );
    }
    text
}

/// Returns the mapping of a target, in Markdown.
pub fn page(target: &'static TargetTable) -> String {
    let mut text = format!("# {}: {}\n\n{}\n", target.name, target.title, target.summary);
    for dialect in target.dialects {
        text += &of_dialect(target, dialect);
    }
    if !target.notes.is_empty() {
        text += "\n## Notes\n\n";
        for note in target.notes {
            put(&mut text, format_args!("- {note}\n"));
        }
    }
    text
}

fn of_dialect(target: &'static TargetTable, dialect: &'static Dialect) -> String {
    let Dialect { name, product, measured, oldest, proof, failure, .. } = dialect;
    let mut text = format!(
        "\n## Dialect `{name}`\n\nThis table is for {product} {measured}. `--target-version` accepts \
         {oldest} and newer. {proof}\n\n"
    );
    text +=
        "| contract | setting | value | default | fidelity |\n| --- | --- | --- | --- | --- |\n";
    for setting in dialect.settings {
        text += &row(target, dialect, setting);
    }
    text +=
        "\nThe meaning of each setting:\n\n| setting | meaning | source |\n| --- | --- | --- |\n";
    for setting in dialect.settings {
        let limits = limits(setting.role, setting.since, setting.until);
        let (name, meaning, source) = (setting.name, setting.meaning, setting.source);
        put(&mut text, format_args!("| `{name}`{limits} | {meaning} | `{source}` |\n"));
    }
    if let Syntax::Yaml { template, .. } = dialect.syntax {
        put(
            &mut text,
            format_args!(
                "\nThe places of the settings, in a file that `emit` writes:\n\n```yaml\n{template}```\n"
            ),
        );
    }
    text += "\nThe contract keys without a setting:\n\n";
    for gap in dialect.gaps {
        text += &of_gap(gap);
    }
    if !dialect.ignored.is_empty() {
        put(&mut text, format_args!("\n{product} ignores these settings:\n\n"));
    }
    for (name, reason) in dialect.ignored {
        put(&mut text, format_args!("- `{name}`: {reason}.\n"));
    }
    if !dialect.dead.is_empty() {
        text += "\nThese settings can have no effect:\n\n";
    }
    for dead in dialect.dead {
        put(&mut text, format_args!("- `{}`: {}.\n", dead.setting, dead.reason));
    }
    if !dialect.refusals.is_empty() {
        put(&mut text, format_args!("\n{product} {failure} if one of these conditions fails:\n\n"));
    }
    for refusal in dialect.refusals {
        put(&mut text, format_args!("- {}.\n", refusal.message));
    }
    text
}

fn row(
    target: &'static TargetTable,
    dialect: &'static Dialect,
    setting: &'static Setting,
) -> String {
    let options = TargetOptions::with(target, dialect);
    let field = setting.field.map_or_else(|| "–".to_owned(), |field| format!("`{}`", field.path()));
    let names = std::iter::once(&setting.name).chain(setting.aliases);
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    let value = Conversion::description(setting);
    let limits = limits(setting.role, setting.since, setting.until);
    let range = match setting.values {
        ValueRange::Integer { .. } if setting.notation == Notation::Spring => {
            "a time, such as `500ms` or `5s`".to_owned()
        }
        ValueRange::Integer { .. } if setting.notation == Notation::Suffixed => {
            "milliseconds, or a time such as `5s`".to_owned()
        }
        ValueRange::Integer { min, max, .. } => {
            let is_seconds = matches!(setting.notation, Notation::Seconds | Notation::WholeSeconds);
            let unit = if is_seconds { " s" } else { "" };
            let [min, max] = [min, max].map(|number| setting.notation.spelled(number));
            format!("{min}–{max}{unit}")
        }
        ValueRange::Duration { min: 0, .. } => "a time".to_owned(),
        ValueRange::Duration { min, form, .. } => format!("from {}", form.spelled(min)),
        ValueRange::Decimal { min, max } if max >= u64::MAX / 2 => {
            format!("from {}", super::syntax::units::decimal(min))
        }
        ValueRange::Decimal { min, max } => {
            format!("{}–{}", super::syntax::units::decimal(min), super::syntax::units::decimal(max))
        }
        ValueRange::List("") => "a name".to_owned(),
        ValueRange::List(_) => "a list".to_owned(),
        ValueRange::Text if setting.field.is_some_and(super::texts::is_list) => "a list".to_owned(),
        ValueRange::Text => "a text".to_owned(),
        ValueRange::Words(words) => {
            let words: Vec<_> = words.iter().map(|it| format!("`{}`", it[0])).collect();
            words.join(", ")
        }
    };
    let default = setting.default_text.map_or_else(|| default(options, setting), str::to_owned);
    let fidelity = fidelity(setting);
    format!("| {field} | {names}{limits} | {value}; {range} | {default} | {fidelity} |\n")
}

fn default(options: TargetOptions, setting: &'static Setting) -> String {
    let unlimited = |value| {
        let is_unlimited = setting.is_unlimited(value) && value != u64::MAX;
        if is_unlimited { " (no limit)" } else { "" }
    };
    let defaults: Vec<_> = setting
        .defaults
        .iter()
        .map(|(since, value)| {
            let since = if *since == options.dialect.oldest {
                String::new()
            } else {
                format!(" since {since}")
            };
            format!("{}{}{since}", setting.spelled(*value), unlimited(*value))
        })
        .collect();
    defaults.join(", ")
}

const fn fidelity(setting: &Setting) -> &'static str {
    match (setting.field, setting.fidelity) {
        (None, _) => "–",
        (_, Fidelity::Exact) if matches!(setting.notation, Notation::WholeSeconds) => {
            "exact for whole seconds"
        }
        (_, Fidelity::Exact) => "exact",
        (_, Fidelity::Stricter) => "stricter",
        (_, Fidelity::Looser(Looseness::WaitNotIncluded(_))) => {
            "looser: the wait in the queue is not included"
        }
        (_, Fidelity::Looser(Looseness::CountsItems(_))) => "looser: it does not count requests",
        (_, Fidelity::Looser(Looseness::WaitAdds)) => {
            "looser without `queue_ms`: the wait in the queue adds to it"
        }
        (_, Fidelity::Looser(Looseness::EndsAfterAttempt)) => {
            "looser: it only prevents further attempts"
        }
        (_, Fidelity::Looser(Looseness::Periodic(_))) => {
            "looser: the program looks only from time to time"
        }
    }
}

fn of_gap(gap: &Gap) -> String {
    let limits = limits(gap.role, gap.since, gap.until);
    let always = match gap.behaviour {
        Behaviour::Nothing
        | Behaviour::OneAttempt
        | Behaviour::DecorrelatedJitter
        | Behaviour::OnlyTotal(_)
        | Behaviour::OnlyTotalOfOneAttempt(_)
        | Behaviour::TimesFirst(_) => String::new(),
        Behaviour::Multiplier(percent) | Behaviour::Jitter(percent) => {
            format!(" always {percent}%,")
        }
    };
    format!("- `{}`{limits}:{always} {}.\n", gap.field.path(), gap.meaning)
}

fn limits(
    role: Option<&str>,
    since: Option<super::Version>,
    until: Option<super::Version>,
) -> String {
    let role = role.map(|role| format!("{role}s"));
    let since = since.map(|since| format!("since {since}"));
    let until = until.map(|until| format!("before {until}"));
    let limits: Vec<_> = [role, since, until].into_iter().flatten().collect();
    if limits.is_empty() { String::new() } else { format!(" ({})", limits.join(", ")) }
}

fn put(text: &mut String, line: Arguments<'_>) {
    // Writing to a string does not fail.
    _ = text.write_fmt(line);
}
