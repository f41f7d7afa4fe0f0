//! `driverc target`: lists targets and shows their tables. Also resolves the options that choose a
//! dialect, role and version.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{
    Failure, Outcome,
    arguments::{Color, TableFormat, TargetWords, Targets},
    output,
    outputs::{self, Output},
};
use crate::{
    configuration::TargetFiles,
    document::size,
    model::{DriverName, Name, Prose},
    project::{Project, ProjectError},
    report::rules::markdown_page,
    targets::{
        Dialect, InvalidChoice, Setting, TARGETS, TargetChoice, TargetOptions, TargetTable,
        ValueRange, index, page, syntax,
    },
};

pub(super) fn run(command: &Targets, color: Color) -> Result<Outcome, Failure> {
    let outputs = outputs::of(&command.output_format, None)?;
    outputs::write(&outputs, |output| {
        rendered(command.target, output, color).map(String::into_bytes)
    })?;
    Ok(Outcome::Clean)
}

fn rendered(
    target: Option<&'static TargetTable>,
    output: &Output<'_, TableFormat>,
    color: Color,
) -> Result<String, Failure> {
    let style = output::style(color, output.file);
    Ok(match (output.format, target) {
        (TableFormat::Text, None) => list(),
        (TableFormat::Text, Some(target)) => markdown_page(&page(target), &style),
        (TableFormat::Markdown, None) => index(TARGETS),
        (TableFormat::Markdown, Some(target)) => page(target),
        (TableFormat::Json, target) => json_text(target)?,
    })
}

fn list() -> String {
    let width = TARGETS.iter().map(|target| target.name.len()).max().unwrap_or_default();
    let line = |target: &&TargetTable| {
        let dialects: Vec<_> = target.dialects.iter().map(|dialect| dialect.name).collect();
        format!("{:<width$}  {}  ({})\n", target.name, target.title, dialects.join(", "))
    };
    TARGETS.iter().map(line).collect()
}

fn json_text(target: Option<&'static TargetTable>) -> Result<String, Failure> {
    let shown = TARGETS.iter().filter(|it| target.is_none_or(|target| target.name == it.name));
    let targets: Vec<_> = shown.map(|target| of_target(target)).collect();
    let value = json!({ "schema_version": 1, "targets": targets });
    let text = serde_json::to_string_pretty(&value).map_err(|error| Failure::json(&error))?;
    Ok(text + "\n")
}

fn of_target(target: &'static TargetTable) -> Value {
    let dialects: Vec<_> = target.dialects.iter().map(of_dialect).collect();
    json!({ "name": target.name, "title": target.title, "roles": target.roles, "dialects": dialects })
}

fn of_dialect(dialect: &'static Dialect) -> Value {
    let settings: Vec<_> = dialect.settings.iter().map(of_setting).collect();
    json!({
        "name": dialect.name,
        "product": dialect.product,
        "version": dialect.measured.to_string(),
        "oldest_version": dialect.oldest.to_string(),
        "settings": settings,
    })
}

fn of_setting(setting: &'static Setting) -> Value {
    let defaults: Vec<_> = setting.defaults.iter().collect();
    let defaults: Vec<_> = defaults
        .into_iter()
        .map(|(since, value)| json!({ "since": since.to_string(), "value": setting.spelled(*value) }))
        .collect();
    let (min, max, words) = match setting.values {
        ValueRange::Integer { min, max, .. } => (Some(json!(min)), Some(json!(max)), None),
        // Times have no maximum of their own.
        ValueRange::Duration { min, .. } => (Some(json!(setting.spelled(min))), None, None),
        ValueRange::Decimal { min, max } => {
            (Some(json!(setting.spelled(min))), Some(json!(setting.spelled(max))), None)
        }
        ValueRange::List(_) | ValueRange::Text => (None, None, None),
        ValueRange::Words(words) => {
            (None, None, Some(words.iter().map(|word| word[0]).collect::<Vec<_>>()))
        }
    };
    json!({
        "name": setting.name,
        "aliases": setting.aliases,
        "field": setting.field.map(crate::model::Field::path),
        "min": min,
        "max": max,
        "words": words,
        "defaults": defaults,
        "role": setting.role,
        "since": setting.since.map(|version| version.to_string()),
        "until": setting.until.map(|version| version.to_string()),
        "meaning": setting.meaning,
        "source": setting.source,
    })
}

/// Returns the target's options that the command line chooses.
pub(super) fn options(
    target: &'static TargetTable,
    words: &TargetWords,
) -> Result<TargetOptions, Failure> {
    let version = words.target_version.map(|version| version.to_string());
    let choice = TargetChoice {
        target: target.name,
        dialect: words.dialect.as_deref(),
        role: words.role.as_deref(),
        version: version.as_deref(),
    };
    choice.options().map_err(|invalid| Failure::new(invalid.to_string()))
}

/// A table of `[[emit]]` or `[[verify]]`.
pub(super) struct Declared<'c> {
    pub(super) driver: &'c DriverName,
    pub(super) options: TargetOptions,
    pub(super) files: &'c [Prose<1>],
}

/// Returns a table of `[[emit]]` or `[[verify]]` with its target's options.
pub(super) fn declared_files<'c>(
    table: &str,
    files: &'c TargetFiles,
) -> Result<Declared<'c>, Failure> {
    let TargetFiles { target, driver, dialect, role, version, files } = files;
    let (Some(target), Some(driver)) = (target, driver) else {
        return Err(Failure::new(format!("`[[{table}]]` needs `target` and `driver`")));
    };
    let text = |name: &'c Option<Name>| name.as_ref().map(Name::as_str);
    let choice = TargetChoice {
        target: target.as_str(),
        dialect: text(dialect),
        role: text(role),
        version: text(version),
    };
    let in_table =
        |invalid: InvalidChoice| Failure::new(format!("`[[{table}]]` of `{driver}`: {invalid}"));
    let options = choice.options().map_err(in_table)?;
    Ok(Declared { driver, options, files })
}

/// Returns the text of a configuration. Fails if the syntax has a lower limit for the size.
pub(super) fn text_of(
    name: &str,
    bytes: Vec<u8>,
    options: TargetOptions,
) -> Result<String, Failure> {
    match options.dialect.syntax.most_bytes() {
        Some(most) if bytes.len() > most => {
            let most = size(most as u64);
            Err(Failure::new(format!("`{name}` is larger than {most}, the limit for JSON")))
        }
        _ => syntax::decoded(bytes).ok_or_else(|| Failure::not_text(name)),
    }
}

/// Returns the path of a file that the configuration names. The path is relative to the working
/// directory where possible. Fails if it leads out of the project.
pub(super) fn in_project(project: &Project, file: &Prose<1>) -> Result<PathBuf, Failure> {
    let path = project.absolute(&project.root().join(file.as_str()));
    let name = project.display(&path);
    match project.boundary.allow_output(&path) {
        Ok(()) => Ok(PathBuf::from(name)),
        Err(refusal) => Err(Failure::project(&ProjectError::Refused { name, refusal })),
    }
}
